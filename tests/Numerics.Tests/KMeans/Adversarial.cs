using OrleansCluster.Numerics.Rows;

namespace OrleansCluster.Numerics.Tests.KMeans;

/// <summary>Data that finds out shortcuts: ties, duplicates, offsets, denormals, columns of very different widths.</summary>
internal static class Adversarial
{
    private const int Count = 1000;

    public static IReadOnlyList<string> Names { get; } =
        ["blobs", "float32", "weighted", "ties", "duplicates", "offset", "offset32", "denormal", "huge column", "constant column"];

    public static RowBlock Rows(string name) => name switch
    {
        "blobs" => new RowBlock(Train.Blobs(1, Count, 3, 7), 3),
        "float32" => new RowBlock(Narrow(Train.Blobs(2, Count, 5, 7)), 5),
        "weighted" => new RowBlock(Train.Blobs(3, Count, 3, 7), 3, Train.WeightsFor(3, Count)),
        // Points of a small lattice: rows halfway between centres everywhere.
        "ties" => new RowBlock(Lattice(4, 5), 2),
        "duplicates" => new RowBlock(Lattice(5, 2), 2),
        "offset" => new RowBlock(Train.Blobs(6, Count, 3, 7, offset: 1e6), 3),
        "offset32" => new RowBlock(Narrow(Train.Blobs(7, Count, 3, 7, offset: 1e6)), 3, Train.WeightsFor(7, Count)),
        "denormal" => new RowBlock(Scaled(Train.Blobs(8, Count, 3, 7), 3, double.Epsilon * 100, double.Epsilon, 1), 3),
        "huge column" => new RowBlock(Scaled(Train.Blobs(9, Count, 3, 7), 3, 1, 1e100, 1e-100), 3),
        "constant column" => new RowBlock(Scaled(Train.Blobs(10, Count, 3, 7, offset: 5), 3, 1, 0, 0.001), 3, Train.WeightsFor(10, Count)),
        _ => throw new ArgumentOutOfRangeException(nameof(name)),
    };

    private static float[] Narrow(double[] values) => [.. values.Select(v => (float)v)];

    private static double[] Lattice(int seed, int side)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, Count * 2).Select(_ => (double)random.Next(side))];
    }

    private static double[] Scaled(double[] values, int columns, params double[] factors)
        => [.. values.Select((v, i) => v * factors[i % columns])];
}
