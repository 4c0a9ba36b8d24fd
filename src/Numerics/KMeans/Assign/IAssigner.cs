using OrleansCluster.Numerics.Parallelism;

namespace OrleansCluster.Numerics.KMeans.Assign;

/// <summary>Assigns the rows of one shard to their nearest centres and sums them; keeps labels, and perhaps more, for the next call.</summary>
internal interface IAssigner
{
    /// <summary>The label of each row under the centres of the last <see cref="Assign"/>; of no meaning after a call that failed.</summary>
    ReadOnlySpan<int> Labels { get; }

    /// <summary>Assigns every row and sums the clusters. The sums may be those it keeps: they hold until the next call.</summary>
    /// <param name="centroids">k × d, row-major, finite. May be kept: nobody may change them.</param>
    /// <param name="k">Number of centres, at least 1.</param>
    /// <param name="previous">The centres that <see cref="AssignmentSums.Moved"/> compares with (of any number); null: every row counts as moved.</param>
    /// <param name="plain">Without acceleration.</param>
    /// <param name="parallel">Where slices of rows run.</param>
    /// <param name="cancellation">Looked at between slices; a cancelled call leaves no labels behind.</param>
    AssignmentSums Assign(double[] centroids, int k, double[]? previous, bool plain, IParallel parallel, CancellationToken cancellation);
}
