using OrleansCluster.Numerics.Exact;
using OrleansCluster.Numerics.KMeans.Assign;
using OrleansCluster.Numerics.Rows;
using OrleansCluster.Numerics.Simd;

namespace OrleansCluster.Numerics.Tests.Distances;

/// <summary>Rows and centres of every awkward kind, made from a seed.</summary>
internal sealed class KernelCase
{
    public static readonly string[] Kinds =
    [
        "plain", "integers", "duplicates", "offset", "denormal", "tiny", "huge-column", "one-huge-column", "near-ties", "far-outlier", "constant-column",
            "zero",
    ];

    private KernelCase(RowBlock rows, double[] centroids, int k, ColumnFrame frame, string name)
        => (Rows, Centroids, K, Frame, Name) = (rows, centroids, k, frame, name);

    public RowBlock Rows { get; }

    public double[] Centroids { get; }

    public int K { get; }

    public ColumnFrame Frame { get; }

    public string Name { get; }

    public static IEnumerable<SimdWidth> Widths => Enum.GetValues<SimdWidth>().Where(SimdSelection.IsSupported);

    public static KernelCase Make(int seed, string kind, int n, int d, int k, bool single, bool weighted)
    {
        var random = new Random(seed);
        var values = new double[n * d];
        for (int i = 0; i < values.Length; i++)
            values[i] = Value(random, kind, i % d, values, i, d);
        if (single)
        {
            for (int i = 0; i < values.Length; i++)
                values[i] = (float)Math.Clamp(values[i], -1e38, 1e38);
        }

        double[] weights = weighted ? [.. Enumerable.Range(0, n).Select(_ => random.Next(4) == 0 ? 0 : random.NextDouble() * 3)] : [];
        if (weighted)
            weights[0] = 1;
        var centroids = new double[k * d];
        for (int c = 0; c < k; c++)
        {
            int row = random.Next(n);
            int other = random.Next(n);
            int how = random.Next(4);
            for (int j = 0; j < d; j++)
            {
                double x = values[(row * d) + j];
                double y = values[(other * d) + j];
                centroids[(c * d) + j] = how switch
                {
                    0 => x,
                    1 => x + ((y - x) * 0.5),
                    2 when c > 0 => centroids[((c - 1) * d) + j],
                    2 => y,
                    _ => x + ((y - x) * random.NextDouble()),
                };
            }
        }

        RowBlock rows = single
            ? new RowBlock(Array.ConvertAll(values, v => (float)v), d, weights)
            : new RowBlock(values, d, weights);
        return new KernelCase(
            rows, centroids, k, FrameOf(values, weights, n, d), $"seed {seed}, {kind}, {n}×{d}, k={k}, {(single ? "f4" : "f8")}, weights: {weighted}");
    }

    /// <summary>One Lloyd step from sums: where the next centres are.</summary>
    public double[] Step(AssignmentSums sums, double[] centroids)
    {
        var next = (double[])centroids.Clone();
        for (int c = 0; c < sums.K; c++)
        {
            for (int j = 0; j < sums.Columns && sums.Weights[c] > 0; j++)
                next[(c * sums.Columns) + j] = Frame.Mean(j, sums.Sums[(c * sums.Columns) + j], sums.Weights[c]);
        }

        return next;
    }

    private static ColumnFrame FrameOf(double[] values, double[] weights, int n, int d)
    {
        double[] minima = [.. Enumerable.Repeat(double.PositiveInfinity, d)];
        double[] maxima = [.. Enumerable.Repeat(double.NegativeInfinity, d)];
        for (int i = 0; i < values.Length; i++)
        {
            if (weights.Length != 0 && weights[i / d] == 0)
                continue;
            minima[i % d] = Math.Min(minima[i % d], values[i]);
            maxima[i % d] = Math.Max(maxima[i % d], values[i]);
        }

        double greatest = weights.Length == 0 ? 1 : weights.Max();
        return ColumnFrame.FromRanges(minima, maxima, greatest, weights.Length == 0 ? n : weights.Sum() * 1.000001);
    }

    private static double Value(Random random, string kind, int column, double[] values, int i, int d)
    {
        double normal = random.NextDouble() + random.NextDouble() - random.NextDouble() - random.NextDouble();
        return kind switch
        {
            "integers" => random.Next(-2, 3),
            "duplicates" => i >= 5 * d ? values[i - (5 * d)] : normal,
            "offset" => 1e6 + normal,
            "denormal" => normal * 1e-40,
            "tiny" => normal * 1e-200,
            "huge-column" => normal * (column == 0 ? 1e30 : 1),
            "one-huge-column" => normal * (column == d - 1 ? 1e100 : 1e-3),
            "near-ties" => random.Next(-1, 2) + (random.Next(-2, 3) * 1e-7),
            "far-outlier" => random.Next(200) == 0 ? normal * 1e7 : normal,
            "constant-column" => column == 0 ? 7 : normal * 1e-3,
            "zero" => 0,
            _ => normal,
        };
    }
}
