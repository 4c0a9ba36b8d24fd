using System.Collections.Immutable;
using System.Runtime.Intrinsics;
using OrleansCluster.Numerics.Distances;
using OrleansCluster.Numerics.Encoding;
using OrleansCluster.Numerics.Rows;
using OrleansCluster.Numerics.Statistics;

namespace OrleansCluster.Numerics.Evaluation;

/// <summary>
/// How rows lie around their centroids, shard by shard: what the Calinski–Harabasz and Davies–Bouldin indices are made of.
/// Everything is measured from the given centroids, so large offsets cost no digits. Sums of float64: merge shards in shard order.
/// </summary>
public sealed class DispersionStatistic
{
    private readonly double[] _centroids;
    private readonly int _columns;
    private readonly double[] _weights;
    private readonly double[] _offsets;
    private readonly double[] _squared;
    private readonly double[] _distances;
    private WeightTotals _totals;

    /// <param name="centroids">k × d, row-major.</param>
    /// <param name="columns">Number of columns d, at least 1.</param>
    public DispersionStatistic(ReadOnlySpan<double> centroids, int columns)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        if (centroids.Length % columns != 0)
            throw new ArgumentException($"{centroids.Length} values are not whole centroids of {columns} columns.", nameof(centroids));
        _centroids = centroids.ToArray();
        _columns = columns;
        int k = centroids.Length / columns;
        (_weights, _squared, _distances, _offsets) = (new double[k], new double[k], new double[k], new double[centroids.Length]);
    }

    /// <summary>Takes in rows.</summary>
    /// <param name="rows">Rows of d columns, with or without weights.</param>
    /// <param name="labels">The cluster of each row.</param>
    /// <exception cref="ArgumentException">Columns or lengths do not agree, or a label is out of range; the message names the row.</exception>
    public void Accumulate(RowBlock rows, ReadOnlySpan<int> labels)
    {
        ArgumentNullException.ThrowIfNull(rows);
        if (rows.Columns != _columns || labels.Length != rows.Rows)
            throw new ArgumentException($"{rows.Rows} rows of {rows.Columns} columns with {labels.Length} labels, for centroids of {_columns} columns.");
        double[] row = new double[_columns];
        for (int i = 0; i < rows.Rows; i++)
        {
            int c = labels[i];
            if ((uint)c >= (uint)_weights.Length)
                throw new ArgumentException($"Row {rows.FirstRow + i} has the label {c}; there are {_weights.Length} clusters.", nameof(labels));
            rows.CopyRow(i, row);
            Take(row, rows.Weights.Length == 0 ? 1 : rows.Weights.Span[i], c, Distance.Squared(row, _centroids.AsSpan(c * _columns, _columns)));
        }
    }

    /// <summary>Takes in sparse rows, whose zeros lie away from the centroids like other values.</summary>
    /// <param name="rows">Rows of d columns.</param>
    /// <param name="labels">The cluster of each row, one of those that there are.</param>
    /// <param name="squared">D of each row to the centroid of its cluster.</param>
    internal void Accumulate(SparseBlock rows, ReadOnlySpan<int> labels, ReadOnlySpan<double> squared)
    {
        double[] row = new double[_columns];
        for (int i = 0; i < rows.Rows; i++)
        {
            rows.CopyRow(i, row);
            Take(row, rows.Weights.IsEmpty ? 1 : rows.Weights.Span[i], labels[i], squared[i]);
        }
    }

    private void Take(ReadOnlySpan<double> row, double weight, int cluster, double squared)
    {
        _totals = _totals.With(weight);
        _weights[cluster] += weight;
        _squared[cluster] += weight * squared;
        _distances[cluster] += weight * Math.Sqrt(squared);
        ReadOnlySpan<double> centroid = _centroids.AsSpan(cluster * _columns, _columns);
        Span<double> offsets = _offsets.AsSpan(cluster * _columns, _columns);
        int j = 0;
        for (; j <= row.Length - Vector256<double>.Count; j += Vector256<double>.Count)
            (Vector256.Create<double>(offsets[j..]) + (weight * (Vector256.Create(row[j..]) - Vector256.Create(centroid[j..])))).CopyTo(offsets[j..]);
        for (; j < row.Length; j++)
            offsets[j] += weight * (row[j] - centroid[j]);
    }

    /// <summary>Adds what another shard took in, for the same centroids.</summary>
    /// <exception cref="ArgumentException">The centroids differ.</exception>
    public void MergeFrom(DispersionStatistic other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (!_centroids.AsSpan().SequenceEqual(other._centroids))
            throw new ArgumentException("Dispersions around different centroids cannot be merged.", nameof(other));
        _totals = _totals.With(other._totals);
        Add(_weights, other._weights);
        Add(_squared, other._squared);
        Add(_distances, other._distances);
        Add(_offsets, other._offsets);
    }

    /// <summary>The dispersions of the clusters.</summary>
    public ClusterDispersions Finish()
    {
        double[] means = [.. _centroids];
        double[] inertias = new double[_weights.Length];
        double[] meanDistances = new double[_weights.Length];
        for (int c = 0; c < _weights.Length; c++)
        {
            if (!(_weights[c] > 0))
                continue;
            double shift = 0;
            for (int j = 0; j < _columns; j++)
            {
                double offset = _offsets[(c * _columns) + j] / _weights[c];
                means[(c * _columns) + j] += offset;
                shift += offset * offset;
            }

            inertias[c] = Math.Max(0, _squared[c] - (_weights[c] * shift));
            meanDistances[c] = _distances[c] / _weights[c];
        }

        return new ClusterDispersions(_columns, [.. _weights], [.. means], [.. inertias], [.. meanDistances], _totals);
    }

    internal void Write(ByteWriter writer)
    {
        writer.Int32(_columns);
        writer.Doubles(_centroids);
        writer.Doubles(_weights);
        writer.Doubles(_offsets);
        writer.Doubles(_squared);
        writer.Doubles(_distances);
        writer.Int64(_totals.Rows);
        writer.Double(_totals.Sum);
        writer.Double(_totals.Squares);
        writer.Int64(_totals.Fractions);
    }

    /// <exception cref="InvalidDataException">The parts do not agree.</exception>
    internal static DispersionStatistic Read(ByteReader reader)
    {
        int columns = reader.Int32();
        double[] centroids = reader.Doubles();
        if (columns < 1 || centroids.Length % columns != 0)
            throw new InvalidDataException($"{centroids.Length} values are not whole centroids of {columns} columns.");
        var statistic = new DispersionStatistic(centroids, columns);
        foreach (double[] target in new[] { statistic._weights, statistic._offsets, statistic._squared, statistic._distances })
        {
            double[] values = reader.Doubles();
            if (values.Length != target.Length)
                throw new InvalidDataException(
                    $"The dispersions of {statistic._weights.Length} clusters are damaged: {values.Length} values where {target.Length} belong.");
            values.CopyTo(target, 0);
        }

        statistic._totals = new WeightTotals(reader.Int64(), reader.Double(), reader.Double(), reader.Int64());
        return statistic;
    }

    private static void Add(double[] to, double[] from)
    {
        for (int t = 0; t < to.Length; t++)
            to[t] += from[t];
    }
}

/// <summary>Weights, means and dispersions of clusters.</summary>
/// <param name="Columns">Number of columns d.</param>
/// <param name="Weights">k total weights.</param>
/// <param name="Means">k × d means of the rows, row-major; a cluster without rows keeps its centroid.</param>
/// <param name="Inertias">k weighted sums of squared distances from the mean.</param>
/// <param name="MeanDistances">k weighted means of the distance from the centroid given to the statistic.</param>
/// <param name="Totals">The weights of all rows.</param>
public sealed record ClusterDispersions(
    int Columns,
    ImmutableArray<double> Weights,
    ImmutableArray<double> Means,
    ImmutableArray<double> Inertias,
    ImmutableArray<double> MeanDistances,
    WeightTotals Totals);
