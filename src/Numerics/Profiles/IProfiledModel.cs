using OrleansCluster.Numerics.Explanation;
using OrleansCluster.Numerics.Parallelism;
using OrleansCluster.Numerics.Rows;

namespace OrleansCluster.Numerics.Profiles;

/// <summary>Tells the cluster and the scores of rows.</summary>
public interface IProfiledModel
{
    /// <summary>The clusters' centres; null: it has none.</summary>
    IQuadraticClusters? Centres { get; }

    /// <param name="rows">Finite rows.</param>
    /// <param name="clusters">Out: one a row; −1: none.</param>
    /// <param name="scores">Out: for each score one value a row.</param>
    /// <param name="parallel">Where slices run.</param>
    void Tell(RowBlock rows, int[] clusters, double[][] scores, IParallel parallel);

    /// <summary>How badly a row fits, of which training makes the mean least: its squared distance, or its negative log-density. NaN: nobody tells.</summary>
    /// <param name="scores">What <see cref="Tell"/> tells of the row.</param>
    double Loss(ReadOnlySpan<double> scores);
}

/// <summary>The same of sparse rows, which need not be made dense.</summary>
public interface ISparseProfiledModel : IProfiledModel
{
    /// <inheritdoc cref="IProfiledModel.Tell"/>
    void Tell(SparseBlock rows, int[] clusters, double[][] scores, IParallel parallel);
}
