using OrleansCluster.Numerics.Distances;

namespace OrleansCluster.Numerics.Tests.KMeans.Sparse;

/// <summary>Distances of sparse rows against the definition, column by column: the same bits, whatever way is taken.</summary>
public sealed class SparseDistanceTests
{
    public static TheoryData<string> Kinds => ["normal", "halves", "integers", "wide", "tiny", "zeros", "huge", "steps"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_way_has_the_bits_of_the_definition(string kind)
    {
        var random = new Random(kind.Length + 17);
        for (int round = 0; round < 60; round++)
        {
            int d = random.Next(1, 700);
            double[] centre = [.. Enumerable.Range(0, d).Select(_ => Value(random, kind))];
            SparseDistance[] ways =
            [
                new MergedDistance(centre, d - centre.Count(value => value == 0)), new PlainDistance(centre), new DistanceChain(centre),
                SparseDistance.To(centre, 1), SparseDistance.To(centre, 1000),
            ];
            for (int i = 0; i < 20; i++)
            {
                uint[] columns = [.. Enumerable.Range(0, d).Where(_ => random.Next(d) < 12).Select(j => (uint)j)];
                double[] values = [.. columns.Select(_ => Value(random, kind))];
                var row = new double[d];
                for (int e = 0; e < columns.Length; e++)
                    row[columns[e]] = values[e];
                long expected = BitConverter.DoubleToInt64Bits(Distance.Squared(row, centre));
                foreach (SparseDistance way in ways)
                    BitConverter.DoubleToInt64Bits(way.Squared(columns, values)).ShouldBe(expected, $"{kind}, {way.GetType().Name}");
            }
        }
    }

    private static double Value(Random random, string kind) => kind switch
    {
        "normal" => random.NextDouble() - 0.3,
        // Squares that lie half way between units of sums, often.
        "halves" => Math.ScaleB(random.Next(1, 4), -random.Next(0, 28)),
        "integers" => random.Next(-2, 3),
        "wide" => Math.ScaleB(random.NextDouble(), random.Next(-200, 200)),
        "tiny" => Math.ScaleB(random.NextDouble(), -random.Next(470, 545)),
        "zeros" => random.Next(30) == 0 ? random.NextDouble() : 0,
        "huge" => Math.ScaleB(random.NextDouble(), random.Next(480, 512)),
        // A sum that climbs through many powers of two, and stays long in some.
        _ => random.Next(100) == 0 ? Math.ScaleB(1 + random.NextDouble(), random.Next(0, 30)) : 1e-3 * random.NextDouble(),
    };
}
