using System.Numerics;
using System.Runtime.CompilerServices;
using OrleansCluster.Numerics.Distances;
using OrleansCluster.Numerics.Simd;

namespace OrleansCluster.Numerics.KMeans.Assign;

/// <summary>
/// Scratch of the slices that one worker runs, and what they change in the sums of a shard. Those are integers: the order in which
/// slices and workers add does not matter.
/// </summary>
internal sealed unsafe class SliceWork
{
    private readonly AlignedBuffer<long> _sums = new();
    private readonly AlignedBuffer<long> _counts = new();
    private readonly AlignedBuffer<long> _weights = new();
    private readonly AlignedBuffer<int> _changed = new();
    private readonly AlignedBuffer<bool> _isChanged = new();
    private int _changes;
    private bool _allChanged;
    private readonly AlignedBuffer<double> _row = new();
    private readonly AlignedBuffer<float> _turn = new();
    private readonly AlignedBuffer<float> _tiles = new();
    private readonly AlignedBuffer<float> _least = new();
    private readonly AlignedBuffer<int> _moves = new();
    private GroupBatch? _groups;
    private ScreenBatch? _screens;

    /// <summary>k × d.</summary>
    public long* Sums => _sums.Pointer;

    public long* Counts => _counts.Pointer;

    /// <summary>Used when rows have weights; else a row counts as one unit of weight.</summary>
    public long* Weights => _weights.Pointer;

    public long Moved { get; set; }

    /// <summary>Rows whose scores were computed.</summary>
    public long Scored { get; set; }

    /// <summary>Distances computed one by one, besides those of <see cref="Scored"/> rows.</summary>
    public long Evaluated { get; set; }

    /// <summary>Rows that the scores left to canonical distances.</summary>
    public long Unsure { get; set; }

    /// <summary>Room for one row.</summary>
    public double* Row(int columns) => _row.Reserve(columns);

    /// <summary>Room to turn a tile of rows around.</summary>
    public float* Turn(int columns) => _turn.Reserve(RowTiles.Scratch(columns));

    /// <summary>Room for packed tiles.</summary>
    public float* Tiles(int count, int columns) => _tiles.Reserve(count * NearestKernel.TileRows * columns);

    /// <summary>Room for so many values of each row of a tile.</summary>
    public float* Least(int count) => _least.Reserve(count * NearestKernel.TileRows);

    /// <summary>Room for rows that are scored against some groups of centres.</summary>
    public GroupBatch Groups => _groups ??= new GroupBatch();

    /// <summary>Room for rows that are screened.</summary>
    public ScreenBatch Screens => _screens ??= new ScreenBatch();

    /// <summary>Room to list rows that move.</summary>
    public int* Moves(int count) => _moves.Reserve(count);

    /// <summary>Notes that a cluster's sums change.</summary>
    public void Change(int cluster)
    {
        if (_isChanged.Pointer[cluster])
            return;
        _isChanged.Pointer[cluster] = true;
        _changed.Pointer[_changes++] = cluster;
    }

    /// <summary>Notes that any cluster's sums may change.</summary>
    public void ChangeAll() => _allChanged = true;

    /// <summary>All zero, for k clusters of d columns.</summary>
    public void Clear(int k, int columns)
    {
        if (_counts.Length != k || _sums.Length != checked(k * columns))
        {
            _sums.Reserve(k * columns);
            _counts.Reserve(k);
            _weights.Reserve(k);
            _changed.Reserve(k);
            _isChanged.Reserve(k);
            _isChanged.Span.Clear();
            _changes = 0;
            _allChanged = true;
        }

        if (_allChanged)
        {
            _sums.Span.Clear();
            _counts.Span.Clear();
            _weights.Span.Clear();
        }

        foreach (int cluster in Changed)
        {
            SumsOf(_sums.Span, cluster).Clear();
            (Counts[cluster], Weights[cluster], _isChanged.Pointer[cluster]) = (0, 0, false);
        }

        (_changes, _allChanged) = (0, false);
        (Moved, Scored, Evaluated, Unsure) = (0, 0, 0, 0);
    }

    /// <summary>Adds the change to totals of the same shape.</summary>
    /// <param name="totals">The sums to change.</param>
    /// <param name="unitWeight">The weight, in units, of a row without one; null when rows have weights.</param>
    public void AddTo(AssignmentSums totals, long? unitWeight)
    {
        if (_allChanged)
        {
            Add(totals.Sums, _sums.Span);
            for (int c = 0; c < totals.K; c++)
                AddCount(totals, c, unitWeight);
            return;
        }

        foreach (int cluster in Changed)
        {
            Add(SumsOf(totals.Sums, cluster), SumsOf(_sums.Span, cluster));
            AddCount(totals, cluster, unitWeight);
        }
    }

    private ReadOnlySpan<int> Changed => _changed.Span[.._changes];

    private Span<long> SumsOf(Span<long> all, int cluster)
    {
        int columns = _sums.Length / _counts.Length;
        return all.Slice(cluster * columns, columns);
    }

    private void AddCount(AssignmentSums totals, int cluster, long? unitWeight)
    {
        totals.Counts[cluster] += Counts[cluster];
        totals.Weights[cluster] += unitWeight is long unit ? unit * Counts[cluster] : Weights[cluster];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Add(Span<long> target, ReadOnlySpan<long> source)
    {
        int i = 0;
        for (; i <= target.Length - Vector<long>.Count; i += Vector<long>.Count)
            (new Vector<long>(target[i..]) + new Vector<long>(source[i..])).CopyTo(target[i..]);
        for (; i < target.Length; i++)
            target[i] += source[i];
    }
}
