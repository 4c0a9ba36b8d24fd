using OrleansCluster.Bench.Kernels;
using OrleansCluster.Numerics.Parallelism;

namespace OrleansCluster.Bench;

/// <summary>Rows around k centres: centres of the given spread, in units of the rows' noise.</summary>
public sealed record Workload(string Name, int Rows, int Columns, int K, double Spread) : ICosts
{
    public static Workload[] KMeans { get; } =
    [
        new("km-1m-32-64", 1_000_000, 32, 64, 5),
        new("km-2m-8-16", 2_000_000, 8, 16, 5),
        new("km-500k-16-256", 500_000, 16, 256, 3),
        new("km-200k-128-1k", 200_000, 128, 1024, 1),
    ];

    /// <summary>Of a score for each row and centre.</summary>
    public Cost Cost => new((double)Rows * K * Columns, 4.0 * Rows * Columns, Double: false);

    public override string ToString() => Name;

    /// <summary>The rows, and k of them to start from.</summary>
    public (float[] Values, double[] Start) Make(IParallel parallel)
    {
        var random = new Random(20261121);
        double[] centres = [.. Enumerable.Range(0, K * Columns).Select(_ => Normal(random) * Spread)];
        double[] scales = [.. Enumerable.Range(0, K * Columns).Select(_ => 0.5 + random.NextDouble())];
        var values = new float[Rows * Columns];
        const int Parts = 100;
        parallel.For(Parts, part =>
        {
            var own = new Random(part);
            for (int i = Rows / Parts * part; i < Rows / Parts * (part + 1); i++)
            {
                int c = own.Next(K) * Columns;
                for (int j = 0; j < Columns; j++)
                    values[(i * Columns) + j] = (float)(centres[c + j] + (Normal(own) * scales[c + j]));
            }
        });
        var start = new double[K * Columns];
        for (int c = 0; c < K; c++)
        {
            int row = random.Next(Rows);
            for (int j = 0; j < Columns; j++)
                start[(c * Columns) + j] = values[(row * Columns) + j];
        }

        return (values, start);
    }

    private static double Normal(Random random)
        => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
