using OrleansCluster.Numerics.Distances;
using OrleansCluster.Numerics.Exact;
using OrleansCluster.Numerics.Parallelism;
using OrleansCluster.Numerics.Rows;

namespace OrleansCluster.Numerics.KMeans.Assign;

/// <summary>
/// Assigns the rows of one shard to their nearest centres and sums them, as written in docs/numerics.md: the oracle that every
/// faster way is compared with. Keeps the labels of the centres it saw last.
/// </summary>
public sealed class ScalarAssigner : IAssigner
{
    private const int SliceRows = 4096;

    private readonly RowBlock _rows;
    private readonly ColumnFrame _frame;
    private readonly int[] _labels;
    private readonly int[] _earlier;
    private double[]? _labelled;

    public ScalarAssigner(RowBlock rows, ColumnFrame frame)
    {
        if (rows.Columns != frame.Columns)
            throw new ArgumentException($"Rows of {rows.Columns} columns in a frame of {frame.Columns}.", nameof(frame));
        (_rows, _frame) = (rows, frame);
        _labels = new int[rows.Rows];
        _earlier = new int[rows.Rows];
    }

    /// <summary>The label of each row under the centres of the last <see cref="Assign"/>.</summary>
    public ReadOnlySpan<int> Labels => _labels;

    /// <summary>Assigns every row and sums the clusters: new ones with each call.</summary>
    /// <param name="centroids">k × d, row-major.</param>
    /// <param name="k">Number of centres.</param>
    /// <param name="previous">The centres that <see cref="AssignmentSums.Moved"/> compares with (of any number); null: every row counts as moved.</param>
    /// <param name="plain">Without acceleration; this class has none, so that it makes no difference.</param>
    /// <param name="parallel">Where slices of rows run.</param>
    /// <param name="cancellation">Looked at between slices; a cancelled call leaves no labels behind.</param>
    public AssignmentSums Assign(double[] centroids, int k, double[]? previous, bool plain, IParallel parallel, CancellationToken cancellation)
    {
        int d = _rows.Columns;
        if (k < 1 || centroids.Length != (long)k * d)
            throw new ArgumentException($"{centroids.Length} values are not {k} centres of {d} columns.", nameof(centroids));
        var total = new AssignmentSums(k, d);
        if (previous is not null && _labelled is not null && SameBits(_labelled, previous))
            _labels.CopyTo(_earlier.AsSpan());
        else if (previous is not null)
            total.Distances += Label(previous, _earlier, parallel, cancellation);

        _labelled = null;
        total.Distances += Label(centroids, _labels, parallel, cancellation);
        _labelled = (double[])centroids.Clone();
        Sum(total, previous is not null, parallel);
        return total;
    }

    private long Label(double[] centroids, int[] target, IParallel parallel, CancellationToken cancellation)
    {
        parallel.For((_rows.Rows + SliceRows - 1) / SliceRows, slice =>
        {
            cancellation.ThrowIfCancellationRequested();
            var row = new double[_rows.Columns];
            for (int i = slice * SliceRows; i < Math.Min(_rows.Rows, (slice + 1) * SliceRows); i++)
            {
                _rows.CopyRow(i, row);
                target[i] = Distance.Nearest(row, centroids, out _);
            }
        });
        return (long)_rows.Rows * (centroids.Length / _rows.Columns);
    }

    private void Sum(AssignmentSums total, bool compare, IParallel parallel)
    {
        int parts = Math.Max(1, Math.Min(parallel.Workers, _rows.Rows / SliceRows));
        var sums = new AssignmentSums[parts];
        parallel.For(parts, part =>
        {
            var own = new AssignmentSums(total.K, total.Columns);
            int end = (int)((long)_rows.Rows * (part + 1) / parts);
            for (int i = (int)((long)_rows.Rows * part / parts); i < end; i++)
            {
                own.Counts[_labels[i]]++;
                if (!compare || _labels[i] != _earlier[i])
                    own.Moved++;
            }

            SumRows(own, (int)((long)_rows.Rows * part / parts), end);
            sums[part] = own;
        });
        foreach (AssignmentSums own in sums)
            total.Add(own);
    }

    private void SumRows(AssignmentSums own, int start, int end)
    {
        int d = _rows.Columns;
        var row = new double[d];
        ReadOnlySpan<double> weights = _rows.Weights.Span;
        for (int i = start; i < end; i++)
        {
            double weight = weights.IsEmpty ? 1 : weights[i];
            if (weight == 0)
                continue;
            _rows.CopyRow(i, row);
            own.Weights[_labels[i]] += _frame.QuantizeWeight(weight);
            Span<long> sums = own.Sums.Slice(_labels[i] * d, d);
            for (int j = 0; j < d; j++)
                sums[j] += _frame.Quantize(j, row[j], weight);
        }
    }

    private static bool SameBits(double[] a, double[] b)
        => System.Runtime.InteropServices.MemoryMarshal.AsBytes(a.AsSpan())
            .SequenceEqual(System.Runtime.InteropServices.MemoryMarshal.AsBytes(b.AsSpan()));
}
