namespace OrleansCluster.Numerics.Kernels;

/// <summary>What one worker's slices change in the sums of a shard. Integers: the order in which slices and workers add does not matter.</summary>
internal sealed unsafe class SumDelta
{
    private readonly AlignedBuffer<long> sums = new();
    private readonly AlignedBuffer<long> counts = new();
    private readonly AlignedBuffer<long> weights = new();
    private readonly AlignedBuffer<double> row = new();
    private readonly AlignedBuffer<float> tile = new();

    /// <summary>k × d.</summary>
    public long* Sums => sums.Pointer;

    public long* Counts => counts.Pointer;

    /// <summary>Used when rows have weights; else a row counts as one unit of weight.</summary>
    public long* Weights => weights.Pointer;

    public long Moved { get; set; }

    /// <summary>Rows that the fast path left to canonical distances.</summary>
    public long Unsure { get; set; }

    /// <summary>Room for one row.</summary>
    public double* Row(int columns) => row.Reserve(columns);

    /// <summary>Room to turn a tile of rows around.</summary>
    public float* Tile(int columns) => tile.Reserve(NearestKernel.TileRows * Transpose.Stride(columns));

    /// <summary>All zero, for k clusters of d columns.</summary>
    public void Clear(int k, int columns)
    {
        sums.Reserve(checked(k * columns));
        counts.Reserve(k);
        weights.Reserve(k);
        sums.Span.Clear();
        counts.Span.Clear();
        weights.Span.Clear();
        (Moved, Unsure) = (0, 0);
    }

    /// <summary>Adds the change to totals of the same shape.</summary>
    /// <param name="totals">The sums to change.</param>
    /// <param name="unitWeight">The weight, in units, of a row without one; null when rows have weights.</param>
    public void AddTo(KMeans.AssignmentSums totals, long? unitWeight)
    {
        for (int i = 0; i < totals.Sums.Length; i++)
            totals.Sums[i] += Sums[i];
        for (int c = 0; c < totals.K; c++)
        {
            totals.Counts[c] += Counts[c];
            totals.Weights[c] += unitWeight is long unit ? unit * Counts[c] : Weights[c];
        }
    }
}
