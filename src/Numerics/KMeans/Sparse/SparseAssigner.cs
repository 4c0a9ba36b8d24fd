using System.Runtime.InteropServices;
using OrleansCluster.Numerics.Exact;
using OrleansCluster.Numerics.KMeans.Assign;
using OrleansCluster.Numerics.KMeans.Worker;
using OrleansCluster.Numerics.Parallelism;
using OrleansCluster.Numerics.Rows;

namespace OrleansCluster.Numerics.KMeans.Sparse;

/// <summary>
/// Assigns the sparse rows of one shard to their nearest centres and sums the clusters: the bits of <see cref="ScalarAssigner"/> for the rows made dense, at a
/// cost of entries × centres. Of a row without weight a sum takes what its entries are above a zero; what zeros add to a column is the same for all of them,
/// and is added for as many rows as a cluster has. Sums are kept and changed for rows that moved.
/// </summary>
internal sealed class SparseAssigner : IAssigner
{
    private readonly SparseBlock _rows;
    private readonly ColumnFrame _frame;

    /// <summary>What a zero adds to each column.</summary>
    private readonly long[] _zeros;
    private int[] _labels;
    private int[] _fresh;
    private double[]? _labelled;

    /// <summary>Sums above zeros, k × d; of rows with weights all of them.</summary>
    private long[] _sums = [];
    private long[] _counts = [];
    private long[] _weights = [];
    private AssignmentSums? _told;

    public SparseAssigner(SparseBlock rows, ColumnFrame frame)
    {
        if (rows.Columns != frame.Columns)
            throw new ArgumentException($"Rows of {rows.Columns} columns in a frame of {frame.Columns}.", nameof(frame));
        (_rows, _frame) = (rows, frame);
        (_labels, _fresh) = (new int[rows.Rows], new int[rows.Rows]);
        ScaleExponent = ScaleOf(frame);
        _zeros = new long[rows.Columns];
        for (int j = 0; j < _zeros.Length && rows.Weights.IsEmpty; j++)
        {
            // Where no row is 0 that may lie beyond the grid, and is added nowhere.
            if (Math.Abs(frame.Origins[j]) <= Math.ScaleB(1, frame.RangeExponents[j]))
                _zeros[j] = frame.Quantize(j, 0, 1);
        }
    }

    public ReadOnlySpan<int> Labels => _labels;

    /// <summary>s: coordinates of scores are multiplied by 2^s.</summary>
    public int ScaleExponent { get; }

    /// <summary>Rows of the last <see cref="Assign"/> that canonical distances decided.</summary>
    public long Unsure { get; private set; }

    /// <summary>Makes centres ready, or finds them ready; given where they lie, and where they are made.</summary>
    public Func<double[], IParallel, SparseCentres>? Prepare { get; set; }

    /// <summary>The power of two that brings the farthest value to about 1: scores of sparse rows are about 0 and not about the columns' origins.</summary>
    public static int ScaleOf(ColumnFrame frame)
    {
        double farthest = 0;
        for (int j = 0; j < frame.Columns; j++)
            farthest = Math.Max(farthest, Math.Abs(frame.Origins[j]) + Math.ScaleB(1, frame.RangeExponents[j]));
        return SparseCentres.ScaleOf(farthest);
    }

    /// <inheritdoc/>
    public AssignmentSums Assign(double[] centroids, int k, double[]? previous, bool plain, IParallel parallel, CancellationToken cancellation)
    {
        int d = _rows.Columns;
        if (k < 1 || centroids.Length != (long)k * d)
            throw new ArgumentException($"{centroids.Length} values are not {k} centres of {d} columns.", nameof(centroids));
        bool known = previous is not null && _labelled is not null && SameBits(_labelled, previous);
        bool kept = known && _counts.Length == k;
        // What a cancelled call leaves behind is of no use.
        _labelled = null;
        Unsure = 0;
        long distances = 0;
        if (previous is not null && !known)
        {
            Label(new SparseCentres(previous, 0, d, ScaleExponent, parallel), _labels, parallel, cancellation);
            distances += (long)_rows.Rows * (previous.Length / d);
        }

        Label(Prepare?.Invoke(centroids, parallel) ?? new SparseCentres(centroids, 0, d, ScaleExponent, parallel), _fresh, parallel, cancellation);
        distances += (long)_rows.Rows * k;
        int[] moved = previous is null ? [.. Enumerable.Range(0, _rows.Rows)] : [.. Enumerable.Range(0, _rows.Rows).Where(row => _labels[row] != _fresh[row])];
        if (!kept)
            (_sums, _counts, _weights) = (new long[k * d], new long[k], new long[k]);
        Change(kept ? moved : null, parallel);
        (_labels, _fresh, _labelled) = (_fresh, _labels, centroids);
        return Tell(k, moved.Length, distances, parallel);
    }

    private static bool SameBits(double[] a, double[] b)
        => ReferenceEquals(a, b) || MemoryMarshal.AsBytes(a.AsSpan()).SequenceEqual(MemoryMarshal.AsBytes(b.AsSpan()));

    private void Label(SparseCentres centres, int[] target, IParallel parallel, CancellationToken cancellation)
        => Unsure += SparseScorer.Label(_rows, centres, target, new Work(parallel, cancellation));

    /// <summary>Takes rows out of the clusters that they were in, and into those that they are in now; each thread for some of the clusters.</summary>
    /// <param name="moved">The rows; null: all come, and none was anywhere.</param>
    /// <param name="parallel">Where it runs.</param>
    private void Change(int[]? moved, IParallel parallel)
    {
        int parts = Math.Min(4 * parallel.Workers, _counts.Length), count = moved?.Length ?? _rows.Rows;
        parallel.For(parts, part =>
        {
            var values = new double[_rows.LongestRow];
            for (int i = 0; i < count; i++)
            {
                int row = moved is null ? i : moved[i];
                if (moved is not null && _labels[row] % parts == part)
                    Add(row, _labels[row], -1, values);
                if (_fresh[row] % parts == part)
                    Add(row, _fresh[row], 1, values);
            }
        });
    }

    private void Add(int row, int cluster, long sign, double[] values)
    {
        _counts[cluster] += sign;
        Span<long> sums = _sums.AsSpan(cluster * _rows.Columns, _rows.Columns);
        ReadOnlySpan<uint> columns = _rows.ColumnsOf(row);
        _rows.CopyValues(row, values);
        if (_rows.Weights.IsEmpty)
        {
            for (int i = 0; i < columns.Length; i++)
            {
                int j = (int)columns[i];
                sums[j] += sign * (_frame.Quantize(j, values[i], 1) - _zeros[j]);
            }

            return;
        }

        double weight = _rows.Weights.Span[row];
        if (weight == 0)
            return;
        _weights[cluster] += sign * _frame.QuantizeWeight(weight);
        // What a zero adds depends on the weight.
        for (int i = 0, j = 0; j < sums.Length; j++)
        {
            bool isEntry = i < columns.Length && columns[i] == j;
            sums[j] += sign * _frame.Quantize(j, isEntry ? values[i] : 0, weight);
            i += isEntry ? 1 : 0;
        }
    }

    private AssignmentSums Tell(int k, int moved, long distances, IParallel parallel)
    {
        int d = _rows.Columns;
        if (_told?.K != k)
            _told = new AssignmentSums(k, d);
        AssignmentSums told = _told;
        (told.Moved, told.Distances) = (moved, distances);
        long one = _frame.QuantizeWeight(1);
        parallel.For(k, c =>
        {
            long rows = _counts[c];
            told.Counts[c] = rows;
            told.Weights[c] = _rows.Weights.IsEmpty ? rows * one : _weights[c];
            ReadOnlySpan<long> sums = _sums.AsSpan(c * d, d), zeros = _zeros;
            Span<long> target = told.Sums.Slice(c * d, d);
            for (int j = 0; j < target.Length; j++)
                target[j] = sums[j] + (rows * zeros[j]);
        });
        return told;
    }
}
