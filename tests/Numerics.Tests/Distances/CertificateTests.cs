using OrleansCluster.Numerics.Distances;
using OrleansCluster.Numerics.Parallelism;
using OrleansCluster.Numerics.Rows;
using OrleansCluster.Numerics.Simd;

namespace OrleansCluster.Numerics.Tests.Distances;

/// <summary>Attempts to break the proven bound on the scores' error, and to have a wrong label certified.</summary>
public sealed unsafe class CertificateTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(16)]
    [InlineData(64)]
    [InlineData(200)]
    public void A_search_for_the_worst_error_stays_within_the_bound(int d)
    {
        foreach (SimdWidth width in KernelCase.Widths)
        {
            double worst = 0;
            for (int restart = 0; restart < 6; restart++)
                worst = Math.Max(worst, Climb(d, width, new Random((100 * d) + restart)));
            worst.ShouldBeLessThanOrEqualTo(1, $"d = {d}, {width}: the error of a score exceeds half the bound");
            worst.ShouldBeGreaterThan(0.02, $"d = {d}, {width}: the search is too weak to mean anything");
        }
    }

    [Fact]
    public void Rows_at_the_very_border_get_the_canonical_label()
    {
        var random = new Random(11);
        for (int round = 0; round < 150; round++)
        {
            int d = random.Next(1, 50);
            double offset = round % 3 == 0 ? 0 : Math.Pow(10, random.Next(-3, 7));
            bool single = round % 2 == 0;
            double[] a = [.. Enumerable.Range(0, d).Select(_ => offset + random.NextDouble())];
            double[] b = [.. Enumerable.Range(0, d).Select(_ => offset + random.NextDouble())];
            const int Rows = 200;
            var values = new double[Rows * d];
            for (int i = 0; i < Rows; i++)
            {
                // Off the middle by all powers of two: from far within the bound to far outside it, on either side.
                double off = i % 4 == 0 ? 0 : Math.ScaleB(random.Next(2) == 0 ? 1 : -1, -random.Next(8, 60));
                for (int j = 0; j < d; j++)
                    values[(i * d) + j] = a[j] + ((b[j] - a[j]) * (0.5 + off));
            }

            RowBlock rows = single ? new RowBlock(Array.ConvertAll(values, v => (float)v), d) : new RowBlock(values, d);
            double[] centroids = [.. a, .. b, .. a];
            foreach (SimdWidth width in KernelCase.Widths)
            {
                var labels = new int[Rows];
                new NearestCentroid(centroids, 3, d, width).Assign(rows, labels, [], Sequential.Instance);
                var row = new double[d];
                for (int i = 0; i < Rows; i++)
                {
                    rows.CopyRow(i, row);
                    labels[i].ShouldBe(Distance.Nearest(row, centroids, out _), $"round {round}, {width}, row {i}, d = {d}, offset {offset}");
                }
            }
        }
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData("512", true)]
    [InlineData("256", true)]
    [InlineData("128", true)]
    [InlineData("scalar", true)]
    [InlineData("1024", false)]
    public void The_width_can_be_forced(string? setting, bool valid)
    {
        if (!valid)
        {
            Should.Throw<ArgumentException>(() => SimdSelection.Choose(setting)).Message.ShouldContain("use 512, 256, 128 or scalar");
            return;
        }

        SimdSelection.IsSupported(SimdSelection.Choose(setting)).ShouldBeTrue();
        SimdSelection.Choose("scalar").ShouldBe(SimdWidth.Scalar);
    }

    /// <summary>Changes a row and a centre, number by number, to make the error as great a share of the bound as it can.</summary>
    private static double Climb(int d, SimdWidth width, Random random)
    {
        double[] x = [.. Enumerable.Range(0, d).Select(_ => Start(random))];
        double[] c = [.. Enumerable.Range(0, d).Select(_ => Start(random))];
        double best = Share(x, c, width);
        for (int step = 0; step < 400; step++)
        {
            double[] changed = random.Next(2) == 0 ? x : c;
            int j = random.Next(d);
            double kept = changed[j];
            changed[j] = random.Next(3) switch
            {
                0 => kept * (1 + ((random.NextDouble() - 0.5) * 1e-6)),
                1 => kept * (1 + ((random.NextDouble() - 0.5) * 0.1)),
                _ => Start(random),
            };
            double share = Share(x, c, width);
            if (share >= best)
                best = share;
            else
                changed[j] = kept;
        }

        return best;
    }

    private static double Start(Random random) => (random.NextDouble() - 0.4) * Math.ScaleB(1, random.Next(-2, 3));

    /// <summary>|score − (½|c|² − x·c)| as a share of half the certificate's bound, the score as the kernel gives it.</summary>
    private static double Share(double[] x, double[] c, SimdWidth width)
    {
        int d = x.Length;
        bool single = d % 2 == 0;
        if (single)
            x = Array.ConvertAll(x, v => (double)(float)v);
        var table = new CentroidTable();
        table.Set(c, 1, new double[d], 0);
        var tiles = new AlignedBuffer<float>();
        var norms = new AlignedBuffer<float>();
        var turn = new AlignedBuffer<float>();
        tiles.Reserve(32 * d);
        norms.Reserve(32);
        turn.Reserve(RowTiles.Scratch(d));
        RowBlock rows = single ? new RowBlock(Array.ConvertAll(x, v => (float)v), d) : new RowBlock(x, d);
        RowTiles.For(width).Pack(rows, 0, 1, TileFrame.Of(new double[d], 0), tiles.Pointer, norms.Pointer, turn.Pointer);
        int* labels = stackalloc int[32];
        float* scores = stackalloc float[64];
        uint unsure;
        NearestKernel.For(width).Label(tiles.Pointer, norms.Pointer, 1, table, labels, &unsure, scores);
        double exact = 0;
        double norm = 0;
        for (int j = 0; j < d; j++)
        {
            exact += c[j] * ((0.5 * c[j]) - x[j]);
            norm += x[j] * x[j];
        }

        ((double)norms.Pointer[0]).ShouldBeGreaterThanOrEqualTo(Math.Sqrt(norm));
        Certificate e = table.Certificate;
        double bound = e.Constant + (norms.Pointer[0] * (e.Linear + ((double)norms.Pointer[0] * e.Quadratic)));
        GC.KeepAlive(tiles);
        GC.KeepAlive(norms);
        GC.KeepAlive(turn);
        return Math.Abs(scores[0] - exact) / (0.5 * bound);
    }
}
