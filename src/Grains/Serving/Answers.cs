using System.Runtime.InteropServices;
using OrleansCluster.Families;
using OrleansCluster.Numerics.Evaluation;
using OrleansCluster.Numerics.Parallelism;
using OrleansCluster.Numerics.Rows;

namespace OrleansCluster.Serving;

/// <summary>What capabilities of a model answer, as it travels. Clusters are places in the parameters.</summary>
internal static class Answers
{
    /// <summary>Rows of one message of samples take at most this many bytes.</summary>
    private const int MostSampleBytes = 4 << 20;

    /// <exception cref="ClusteringException">A row has no answer.</exception>
    public static Assignments Assign(this ILabels model, RowBlock rows, int version, IParallel parallel)
    {
        var labels = new byte[rows.Rows * sizeof(int)];
        var distances = new byte[rows.Rows * sizeof(double)];
        model.Answer(rows, MemoryMarshal.Cast<byte, int>(labels.AsSpan()), MemoryMarshal.Cast<byte, double>(distances.AsSpan()), parallel);
        return new Assignments { Version = version, Labels = labels, Distances = distances };
    }

    /// <exception cref="ClusteringException">A row has no answer.</exception>
    public static Assignments Assign(this ISparseLabels model, SparseBlock rows, int version, IParallel parallel)
    {
        var labels = new byte[rows.Rows * sizeof(int)];
        var distances = new byte[rows.Rows * sizeof(double)];
        model.Assign(rows, MemoryMarshal.Cast<byte, int>(labels.AsSpan()), MemoryMarshal.Cast<byte, double>(distances.AsSpan()), parallel);
        int without = FiniteValues.FirstOther(MemoryMarshal.Cast<byte, double>(distances.AsSpan()));
        if (without >= 0)
            throw RowChecks.NoAnswer(rows.ToDense(without, 1), without);
        return new Assignments { Version = version, Labels = labels, Distances = distances };
    }

    /// <param name="model">The model.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="top">Parts to tell of each row, at most as many as there are.</param>
    /// <param name="version">The version that answers.</param>
    /// <param name="parallel">Where slices run.</param>
    /// <exception cref="ClusteringException">A row has no density that float64 can hold.</exception>
    public static Scores Score(this IDensities model, RowBlock rows, int top, int version, IParallel parallel)
    {
        RowChecks.CheckFinite(rows);
        var densities = new byte[rows.Rows * sizeof(double)];
        var parts = new byte[rows.Rows * top * sizeof(int)];
        var shares = new byte[rows.Rows * top * sizeof(double)];
        model.Score(
            rows, top, MemoryMarshal.Cast<byte, double>(densities.AsSpan()), MemoryMarshal.Cast<byte, int>(parts.AsSpan()), MemoryMarshal.Cast<byte,
                double>(shares.AsSpan()), parallel);
        RowChecks.CheckAnswers(rows, MemoryMarshal.Cast<byte, double>(densities.AsSpan()));
        return new Scores
        {
            Version = version,
            Top = top,
            LogDensities = densities,
            Components = parts,
            Responsibilities = shares,
            Threshold = model.Threshold
        };
    }

    /// <param name="model">The model.</param>
    /// <param name="query">What to draw.</param>
    /// <param name="part">Place of the part that all rows come from; −1: all.</param>
    /// <param name="columns">Number of columns.</param>
    /// <param name="version">The version that answers.</param>
    /// <param name="parallel">Where slices run.</param>
    /// <exception cref="ClusteringException">The rows are too many for one call.</exception>
    public static Samples Sample(this ISamples model, SampleQuery query, int part, int columns, int version, IParallel parallel)
    {
        if (query.Rows < 0 || query.FirstRow < 0 || (long)query.Rows * columns * sizeof(double) > MostSampleBytes)
        {
            throw new ClusteringException(
                $"{query.Rows} rows from row {query.FirstRow} on cannot be drawn in one call: ask for at most {MostSampleBytes / sizeof(double) / columns}, "
                    + "from row 0 or later.");
        }

        var values = new double[query.Rows * columns];
        var parts = new int[query.Rows];
        model.Sample(query.Seed, part, query.FirstRow, values, parts, parallel);
        return new Samples
        {
            Version = version,
            Values = MemoryMarshal.AsBytes<double>(values).ToArray(),
            Components = MemoryMarshal.AsBytes<int>(parts).ToArray()
        };
    }

    /// <exception cref="ClusteringException">The models are of two kinds.</exception>
    public static DivergenceEstimate Diverge(this IDivergences model, IDivergences other, DivergenceQuery query, int rows, IParallel parallel)
    {
        MonteCarloEstimate estimate = model.Diverge(other, query.Seed, query.FirstRow, rows, parallel)
            ?? throw new ClusteringException($"Versions {query.From} and {query.To} are models of two kinds, whose densities do not compare.");
        return new DivergenceEstimate { Rows = estimate.Samples, Value = estimate.Value, Squares = estimate.Squares };
    }
}
