using OrleansCluster.Numerics.Distances;
using OrleansCluster.Numerics.Parallelism;
using OrleansCluster.Numerics.Rows;
using OrleansCluster.Numerics.Simd;
using OrleansCluster.Numerics.Tests.KMeans.Assign;

namespace OrleansCluster.Numerics.Tests.Distances;

/// <summary>Assignment to fixed centres and canonical distances in bulk, against one row at a time.</summary>
public sealed class NearestCentroidTests
{
    public static TheoryData<string> Kinds => [.. KernelCase.Kinds];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Labels_and_distances_are_canonical(string kind)
    {
        var random = new Random(kind.Length + 100);
        for (int round = 0; round < 12; round++)
        {
            KernelCase c = KernelCase.Make(random.Next(), kind, random.Next(1, 1500), random.Next(1, 41), random.Next(1, round % 3 == 0 ? 300 : 20),
                single: round % 2 == 0, weighted: false);
            foreach (SimdWidth width in KernelCase.Widths)
            {
                var nearest = new NearestCentroid(c.Centroids, c.K, c.Rows.Columns, width);
                var labels = new int[c.Rows.Rows];
                var squared = new double[c.Rows.Rows];
                nearest.Assign(c.Rows, labels, squared, new ShardAssignerTests.Threads(2));
                Check(c, labels, squared, $"{c.Name}; {width}");
                Array.Clear(labels);
                nearest.Assign(c.Rows, labels, [], Sequential.Instance);
                Check(c, labels, null, $"{c.Name}; {width}, labels only");
            }
        }
    }

    [Fact]
    public void Many_callers_at_once()
    {
        KernelCase c = KernelCase.Make(1, "offset", 3000, 7, 40, single: false, weighted: false);
        var nearest = new NearestCentroid(c.Centroids, c.K, 7);
        Parallel.For(0, 8, _ =>
        {
            var labels = new int[c.Rows.Rows];
            var squared = new double[c.Rows.Rows];
            nearest.Assign(c.Rows, labels, squared, Sequential.Instance);
            Check(c, labels, squared, c.Name);
        });
    }

    [Fact]
    public void Says_what_does_not_fit()
    {
        var nearest = new NearestCentroid([1, 2, 3, 4], 2, 2);
        var rows = new RowBlock(new float[6], 3);
        Should.Throw<ArgumentException>(() => nearest.Assign(rows, new int[2], [], Sequential.Instance))
            .Message.ShouldContain("Rows of 3 columns for centres of 2");
        Should.Throw<ArgumentException>(() => nearest.Assign(new RowBlock(new float[6], 2), new int[2], [], Sequential.Instance))
            .Message.ShouldContain("3 rows need as many labels");
        Should.Throw<ArgumentException>(() => new NearestCentroid([1, 2, 3], 2, 2)).Message.ShouldContain("3 values are not 2 centres of 2 columns");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Update_keeps_the_least_canonical_distance(bool single)
    {
        for (int d = 1; d < 40; d += 3)
        {
            KernelCase c = KernelCase.Make(d, "plain", 203, d, 5, single, weighted: false);
            const int First = 3;
            const int Count = 190;
            double[] minimum = [.. Enumerable.Repeat(double.PositiveInfinity, Count)];
            for (int centre = 0; centre < c.K; centre++)
                SquaredDistances.Update(c.Rows, First, Count, c.Centroids.AsSpan(centre * d, d), minimum);
            var row = new double[d];
            for (int i = 0; i < Count; i++)
            {
                c.Rows.CopyRow(First + i, row);
                Distance.Nearest(row, c.Centroids, out double squared);
                minimum[i].ShouldBe(squared);
            }
        }

        Should.Throw<ArgumentException>(() => SquaredDistances.Update(new RowBlock(new float[6], 2), 1, 3, new double[2], new double[3]));
        Should.Throw<ArgumentException>(
            () => SquaredDistances.ToAssigned(new RowBlock(new float[6], 2), 0, 3, new double[4], new int[] { 0, 1, 2 }, new double[3]))
            .Message.ShouldContain("Row 2 has the label 2 of 2 centres");
    }

    private static void Check(KernelCase c, int[] labels, double[]? squared, string name)
    {
        var row = new double[c.Rows.Columns];
        for (int i = 0; i < labels.Length; i++)
        {
            c.Rows.CopyRow(i, row);
            int expected = Distance.Nearest(row, c.Centroids, out double distance);
            labels[i].ShouldBe(expected, $"{name}, row {i}");
            if (squared is not null)
                BitConverter.DoubleToInt64Bits(squared[i]).ShouldBe(BitConverter.DoubleToInt64Bits(distance), $"{name}, row {i}");
        }
    }
}
