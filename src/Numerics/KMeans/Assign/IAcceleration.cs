namespace OrleansCluster.Numerics.KMeans.Assign;

/// <summary>
/// A way to label rows that spares distances: it keeps bounds of its own from step to step, which change time and never bits.
/// What all of them share is in the <see cref="Labelling"/> they are given.
/// </summary>
internal interface IAcceleration
{
    /// <summary>Takes new centres: bounds are carried over to them, or begin anew. Returns how many rows a slice should have at least.</summary>
    /// <param name="centres">The centres.</param>
    /// <param name="earlier">Those of the step before, when they are still known.</param>
    /// <param name="hold">Whether the bounds it kept hold for the centres before these, and <see cref="Travel"/> has advanced to these.</param>
    int Prepare(CentreTables centres, CentreTables? earlier, bool hold);

    /// <summary>Labels rows that follow each other. Slices run at the same time.</summary>
    /// <param name="source">The rows as they came.</param>
    /// <param name="begin">The first, the first of a tile.</param>
    /// <param name="end">The one after the last.</param>
    /// <param name="work">Scratch of whoever does it.</param>
    void Slice(RowSource source, int begin, int end, SliceWork work);

    /// <summary>All slices ran.</summary>
    void Complete();
}
