namespace OrleansCluster.Numerics.Kernels;

/// <summary>
/// Scratch of the slices that one worker runs, and what they change in the sums of a shard. Those are integers: the order in which
/// slices and workers add does not matter.
/// </summary>
internal sealed unsafe class SliceWork
{
    private readonly AlignedBuffer<long> sums = new();
    private readonly AlignedBuffer<long> counts = new();
    private readonly AlignedBuffer<long> weights = new();
    private readonly AlignedBuffer<double> row = new();
    private readonly AlignedBuffer<float> turn = new();
    private readonly AlignedBuffer<float> tiles = new();
    private readonly AlignedBuffer<float> least = new();
    private readonly AlignedBuffer<int> moves = new();
    private GroupBatch? groups;

    /// <summary>k × d.</summary>
    public long* Sums => sums.Pointer;

    public long* Counts => counts.Pointer;

    /// <summary>Used when rows have weights; else a row counts as one unit of weight.</summary>
    public long* Weights => weights.Pointer;

    public long Moved { get; set; }

    /// <summary>Rows whose scores were computed.</summary>
    public long Scored { get; set; }

    /// <summary>Distances computed one by one, besides those of <see cref="Scored"/> rows.</summary>
    public long Evaluated { get; set; }

    /// <summary>Rows that the scores left to canonical distances.</summary>
    public long Unsure { get; set; }

    /// <summary>Room for one row.</summary>
    public double* Row(int columns) => row.Reserve(columns);

    /// <summary>Room to turn a tile of rows around.</summary>
    public float* Turn(int columns) => turn.Reserve(RowTiles.Scratch(columns));

    /// <summary>Room for packed tiles.</summary>
    public float* Tiles(int count, int columns) => tiles.Reserve(count * NearestKernel.TileRows * columns);

    /// <summary>Room for so many values of each row of a tile.</summary>
    public float* Least(int count) => least.Reserve(count * NearestKernel.TileRows);

    /// <summary>Room for rows that are scored against some groups of centres.</summary>
    public GroupBatch Groups => groups ??= new GroupBatch();

    /// <summary>Room to list rows that move.</summary>
    public int* Moves(int count) => moves.Reserve(count);

    /// <summary>All zero, for k clusters of d columns.</summary>
    public void Clear(int k, int columns)
    {
        sums.Reserve(checked(k * columns));
        counts.Reserve(k);
        weights.Reserve(k);
        sums.Span.Clear();
        counts.Span.Clear();
        weights.Span.Clear();
        (Moved, Scored, Evaluated, Unsure) = (0, 0, 0, 0);
    }

    /// <summary>Adds the change to totals of the same shape.</summary>
    /// <param name="totals">The sums to change.</param>
    /// <param name="unitWeight">The weight, in units, of a row without one; null when rows have weights.</param>
    public void AddTo(KMeans.AssignmentSums totals, long? unitWeight)
    {
        Span<long> sums = totals.Sums, counts = totals.Counts, weights = totals.Weights;
        for (int i = 0; i < sums.Length; i++)
            sums[i] += Sums[i];
        for (int c = 0; c < counts.Length; c++)
        {
            counts[c] += Counts[c];
            weights[c] += unitWeight is long unit ? unit * Counts[c] : Weights[c];
        }
    }
}
