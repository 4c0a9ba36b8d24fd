using OrleansCluster.Numerics.Parallelism;

namespace OrleansCluster.Numerics.KMeans.Start;

/// <summary>Clusters the candidates of a start among themselves: a k-means of its own, so that what starts a training need not know trainings.</summary>
internal interface ICandidateClustering
{
    /// <param name="values">c × d, row-major.</param>
    /// <param name="columns">d.</param>
    /// <param name="weights">Of each candidate, above 0.</param>
    /// <param name="k">Below c.</param>
    /// <param name="seed">Of its draws.</param>
    /// <param name="parallel">Where it runs.</param>
    /// <returns>At most k centres.</returns>
    double[] Cluster(double[] values, int columns, double[] weights, int k, ulong seed, IParallel parallel);
}
