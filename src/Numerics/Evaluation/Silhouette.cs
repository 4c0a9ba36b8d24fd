using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using OrleansCluster.Numerics.Parallelism;
using OrleansCluster.Numerics.Rows;

namespace OrleansCluster.Numerics.Evaluation;

/// <summary>A mean silhouette and how sure it is.</summary>
/// <param name="Mean">Weighted mean over the rows, −1 … 1; NaN where there is none: with fewer than two clusters, or when no cluster has two rows.</param>
/// <param name="StandardError">
/// Standard deviation of the rows' silhouettes over √weight: how far the mean of another such sample would lie, typically. It takes the silhouettes for
/// independent, though each is measured against the same sample. NaN like the mean.
/// </param>
/// <param name="Weight">Weight of the rows.</param>
/// <param name="Clusters">Mean silhouette of each label 0 … k − 1; null where no row has it, or none of another.</param>
public sealed record SilhouetteScore(double Mean, double StandardError, double Weight, ImmutableArray<double?> Clusters);

/// <summary>
/// The silhouette of a row: (b − a) / max(a, b) with a its mean distance to the other rows of its cluster and b the least mean distance to the
/// rows of another; 0 for a row alone in its cluster, NaN where there is no other. Exact over the rows given: all of them, or a sample.
/// </summary>
/// <remarks>
/// P. Rousseeuw, J. Computational and Applied Mathematics 20 (1987) 53–65. Time O(n² d), memory O(n d) and O(n) a worker: meant for up to some ten thousand
/// rows. A row of weight w counts as w equal rows. Distances are summed in four fixed lanes, so every processor gives the same bits.
/// </remarks>
public static class Silhouette
{
    private const int RowsPerSlice = 64;

    /// <summary>Mean, standard error and means by cluster.</summary>
    /// <param name="rows">n rows.</param>
    /// <param name="labels">n labels ≥ 0.</param>
    /// <param name="parallel">Where to run.</param>
    /// <exception cref="ArgumentException">Lengths do not agree, or a label is negative.</exception>
    public static SilhouetteScore Score(RowBlock rows, ReadOnlyMemory<int> labels, IParallel? parallel = null)
    {
        double[] values = Values(rows, labels, parallel);
        ReadOnlySpan<double> weights = rows.Weights.Span;
        int k = 0;
        foreach (int label in labels.Span)
            k = Math.Max(k, label + 1);
        double[] sums = new double[k];
        double[] totals = new double[k];
        double sum = 0;
        double total = 0;
        for (int i = 0; i < values.Length; i++)
        {
            double weight = weights.Length == 0 ? 1 : weights[i];
            sum += weight * values[i];
            total += weight;
            sums[labels.Span[i]] += weight * values[i];
            totals[labels.Span[i]] += weight;
        }

        // Rows alone in their clusters are 0 by agreement, which says nothing of clusters when all are.
        double mean = totals.Any(own => own > 1) ? sum / total : double.NaN;
        double squares = 0;
        for (int i = 0; i < values.Length; i++)
            squares += (weights.Length == 0 ? 1 : weights[i]) * (values[i] - mean) * (values[i] - mean);
        double error = Math.Sqrt(squares / (total - 1) / total);
        return new SilhouetteScore(
            mean, error, total, [.. Enumerable.Range(0, k).Select(c => totals[c] > 0 && !double.IsNaN(sums[c]) ? sums[c] / totals[c] : (double?)null)]);
    }

    /// <summary>The silhouette of each row, in row order.</summary>
    /// <inheritdoc cref="Score"/>
    public static double[] Values(RowBlock rows, ReadOnlyMemory<int> labels, IParallel? parallel = null)
    {
        ArgumentNullException.ThrowIfNull(rows);
        if (labels.Length != rows.Rows)
            throw new ArgumentException($"{labels.Length} labels for {rows.Rows} rows.", nameof(labels));
        Sample sample = new(rows, labels.Span);
        double[] values = new double[rows.Rows];
        if (sample.IsAlone)
        {
            Array.Fill(values, double.NaN);
            return values;
        }

        (parallel ?? Sequential.Instance).For((rows.Rows + RowsPerSlice - 1) / RowsPerSlice, slice =>
        {
            double[] distances = new double[rows.Rows];
            int end = Math.Min(rows.Rows, (slice + 1) * RowsPerSlice);
            for (int at = slice * RowsPerSlice; at < end; at++)
                values[sample.Order[at]] = sample.Value(at, distances);
        });
        return values;
    }

    /// <summary>The rows sorted by cluster and stored by column, so that distances to a cluster are one run of memory.</summary>
    private sealed class Sample
    {
        private readonly int _n;
        private readonly int _columns;
        private readonly double[] _byColumn;
        private readonly double[] _weights;
        private readonly double[] _totals;
        private readonly int[] _starts;

        public Sample(RowBlock rows, ReadOnlySpan<int> labels)
        {
            (_n, _columns) = (rows.Rows, rows.Columns);
            int k = 0;
            for (int i = 0; i < _n; i++)
            {
                if (labels[i] < 0)
                    throw new ArgumentException($"Row {rows.FirstRow + i} has the label {labels[i]}; leave rows without a cluster out.", nameof(labels));
                k = Math.Max(k, labels[i] + 1);
            }

            int[] keys = labels.ToArray();
            Order = [.. Enumerable.Range(0, _n).OrderBy(i => keys[i])];
            _starts = new int[k + 1];
            _totals = new double[k];
            _weights = new double[_n];
            _byColumn = new double[_n * _columns];
            double[] row = new double[_columns];
            for (int at = 0; at < _n; at++)
            {
                int i = Order[at];
                rows.CopyRow(i, row);
                for (int j = 0; j < _columns; j++)
                    _byColumn[(j * _n) + at] = row[j];
                _weights[at] = rows.Weights.Length == 0 ? 1 : rows.Weights.Span[i];
                _totals[keys[i]] += _weights[at];
                _starts[keys[i] + 1]++;
            }

            for (int c = 0; c < k; c++)
                _starts[c + 1] += _starts[c];
            IsAlone = _totals.Count(total => total > 0) < 2;
        }

        /// <summary>Whether there are not two clusters to compare.</summary>
        public bool IsAlone { get; }

        /// <summary>Row indexes by cluster, then row.</summary>
        public int[] Order { get; }

        public double Value(int at, double[] distances)
        {
            Distances(at, distances);
            int own = 0;
            while (_starts[own + 1] <= at)
                own++;
            if (!(_totals[own] > 1))
                return 0;
            double inside = 0;
            double outside = double.PositiveInfinity;
            for (int c = 0; c < _totals.Length; c++)
            {
                if (!(_totals[c] > 0))
                    continue;
                double sum = Sum(distances.AsSpan(_starts[c].._starts[c + 1]), _weights.AsSpan(_starts[c].._starts[c + 1]));
                if (c == own)
                    inside = sum / (_totals[c] - 1);
                else
                    outside = Math.Min(outside, sum / _totals[c]);
            }

            double greater = Math.Max(inside, outside);
            return greater > 0 ? (outside - inside) / greater : 0;
        }

        private void Distances(int at, double[] distances)
        {
            Array.Clear(distances);
            ref double to = ref MemoryMarshal.GetArrayDataReference(distances);
            for (int j = 0; j < _columns; j++)
            {
                ReadOnlySpan<double> column = _byColumn.AsSpan(j * _n, _n);
                ref double from = ref MemoryMarshal.GetReference(column);
                double x = column[at];
                Vector256<double> own = Vector256.Create(x);
                int t = 0;
                for (; t <= _n - 4; t += 4)
                {
                    Vector256<double> difference = own - Vector256.LoadUnsafe(ref from, (nuint)t);
                    (Vector256.LoadUnsafe(ref to, (nuint)t) + (difference * difference)).StoreUnsafe(ref to, (nuint)t);
                }

                for (; t < _n; t++)
                    distances[t] += (x - column[t]) * (x - column[t]);
            }

            int s = 0;
            for (; s <= _n - 4; s += 4)
                Vector256.Sqrt(Vector256.LoadUnsafe(ref to, (nuint)s)).StoreUnsafe(ref to, (nuint)s);
            for (; s < _n; s++)
                distances[s] = Math.Sqrt(distances[s]);
        }

        private static double Sum(ReadOnlySpan<double> distances, ReadOnlySpan<double> weights)
        {
            Vector256<double> lanes = Vector256<double>.Zero;
            int t = 0;
            for (; t <= distances.Length - 4; t += 4)
                lanes += Vector256.Create(distances[t..]) * Vector256.Create(weights[t..]);
            double sum = lanes[0] + lanes[1] + (lanes[2] + lanes[3]);
            for (; t < distances.Length; t++)
                sum += distances[t] * weights[t];
            return sum;
        }
    }
}
