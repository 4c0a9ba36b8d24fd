using System.Collections.Immutable;
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
    private readonly double[] centroids;
    private readonly int columns;
    private readonly double[] weights;
    private readonly double[] offsets;
    private readonly double[] squared;
    private readonly double[] distances;
    private WeightTotals totals;

    /// <param name="centroids">k × d, row-major.</param>
    /// <param name="columns">Number of columns d, at least 1.</param>
    public DispersionStatistic(ReadOnlySpan<double> centroids, int columns)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        if (centroids.Length % columns != 0)
            throw new ArgumentException($"{centroids.Length} values are not whole centroids of {columns} columns.", nameof(centroids));
        this.centroids = centroids.ToArray();
        this.columns = columns;
        int k = centroids.Length / columns;
        (weights, squared, distances, offsets) = (new double[k], new double[k], new double[k], new double[centroids.Length]);
    }

    /// <summary>Takes in rows.</summary>
    /// <param name="rows">Rows of d columns, with or without weights.</param>
    /// <param name="labels">The cluster of each row.</param>
    /// <exception cref="ArgumentException">Columns or lengths do not agree, or a label is out of range; the message names the row.</exception>
    public void Accumulate(RowBlock rows, ReadOnlySpan<int> labels)
    {
        ArgumentNullException.ThrowIfNull(rows);
        if (rows.Columns != columns || labels.Length != rows.Rows)
            throw new ArgumentException($"{rows.Rows} rows of {rows.Columns} columns with {labels.Length} labels, for centroids of {columns} columns.");
        double[] row = new double[columns];
        for (int i = 0; i < rows.Rows; i++)
        {
            int c = labels[i];
            if ((uint)c >= (uint)weights.Length)
                throw new ArgumentException($"Row {rows.FirstRow + i} has the label {c}; there are {weights.Length} clusters.", nameof(labels));
            rows.CopyRow(i, row);
            double weight = rows.Weights.Length == 0 ? 1 : rows.Weights.Span[i];
            ReadOnlySpan<double> centroid = centroids.AsSpan(c * columns, columns);
            double distance = Distance.Squared(row, centroid);
            totals = totals.With(weight);
            weights[c] += weight;
            squared[c] += weight * distance;
            distances[c] += weight * Math.Sqrt(distance);
            for (int j = 0; j < columns; j++)
                offsets[(c * columns) + j] += weight * (row[j] - centroid[j]);
        }
    }

    /// <summary>Adds what another shard took in, for the same centroids.</summary>
    /// <exception cref="ArgumentException">The centroids differ.</exception>
    public void MergeFrom(DispersionStatistic other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (!centroids.AsSpan().SequenceEqual(other.centroids))
            throw new ArgumentException("Dispersions around different centroids cannot be merged.", nameof(other));
        totals = totals.With(other.totals);
        Add(weights, other.weights);
        Add(squared, other.squared);
        Add(distances, other.distances);
        Add(offsets, other.offsets);
    }

    /// <summary>The dispersions of the clusters.</summary>
    public ClusterDispersions Finish()
    {
        double[] means = [.. centroids];
        double[] inertias = new double[weights.Length];
        double[] meanDistances = new double[weights.Length];
        for (int c = 0; c < weights.Length; c++)
        {
            if (!(weights[c] > 0))
                continue;
            double shift = 0;
            for (int j = 0; j < columns; j++)
            {
                double offset = offsets[(c * columns) + j] / weights[c];
                means[(c * columns) + j] += offset;
                shift += offset * offset;
            }

            inertias[c] = Math.Max(0, squared[c] - (weights[c] * shift));
            meanDistances[c] = distances[c] / weights[c];
        }

        return new ClusterDispersions(columns, [.. weights], [.. means], [.. inertias], [.. meanDistances], totals);
    }

    internal void Write(ByteWriter writer)
    {
        writer.Int32(columns);
        writer.Doubles(centroids);
        writer.Doubles(weights);
        writer.Doubles(offsets);
        writer.Doubles(squared);
        writer.Doubles(distances);
        writer.Int64(totals.Rows);
        writer.Double(totals.Sum);
        writer.Double(totals.Squares);
        writer.Int64(totals.Fractions);
    }

    /// <exception cref="InvalidDataException">The parts do not agree.</exception>
    internal static DispersionStatistic Read(ByteReader reader)
    {
        int columns = reader.Int32();
        double[] centroids = reader.Doubles();
        if (columns < 1 || centroids.Length % columns != 0)
            throw new InvalidDataException($"{centroids.Length} values are not whole centroids of {columns} columns.");
        var statistic = new DispersionStatistic(centroids, columns);
        foreach (double[] target in new[] { statistic.weights, statistic.offsets, statistic.squared, statistic.distances })
        {
            double[] values = reader.Doubles();
            if (values.Length != target.Length)
                throw new InvalidDataException($"The dispersions of {statistic.weights.Length} clusters are damaged: {values.Length} values where {target.Length} belong.");
            values.CopyTo(target, 0);
        }

        statistic.totals = new WeightTotals(reader.Int64(), reader.Double(), reader.Double(), reader.Int64());
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
