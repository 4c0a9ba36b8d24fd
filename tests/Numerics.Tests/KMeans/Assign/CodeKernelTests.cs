using OrleansCluster.Numerics.Distances;
using OrleansCluster.Numerics.KMeans.Assign;
using OrleansCluster.Numerics.Simd;
using OrleansCluster.Numerics.Tests.Distances;

namespace OrleansCluster.Numerics.Tests.KMeans.Assign;

/// <summary>Screening never says more of a score than is true, says the same in every width, and not much less than is true.</summary>
public sealed unsafe class CodeKernelTests
{
    public enum Values
    {
        Even,
        Heavy,

        /// <summary>Every code is the greatest there is: sums of products are as large as they can be.</summary>
        Extreme,
        Tiny,
        Zero,
        Huge,
    }

    public static TheoryData<Values, int> Cases
    {
        get
        {
            var cases = new TheoryData<Values, int>();
            foreach (Values kind in Enum.GetValues<Values>())
            {
                foreach (int columns in new[] { 17, 32, 130, CodeTable.MostColumns })
                    cases.Add(kind, columns);
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Bounds_are_below_scores_and_near_them(Values kind, int columns)
    {
        const int Rows = 7;
        const int K = 70;
        var random = new Random(columns + (int)kind);
        double[] centroids = [.. Enumerable.Range(0, K * columns).Select(_ => (double)Draw(random, kind))];
        float[] values = [.. Enumerable.Range(0, Rows * columns).Select(_ => Draw(random, kind))];
        TileFrame frame = TileFrame.Of(new double[columns], 0);
        float[]? first = null;
        foreach (SimdWidth width in KernelCase.Widths)
        {
            CodeKernel kernel = CodeKernel.For(width);
            var table = new CodeTable();
            table.Set(centroids, K, frame, default, kernel);
            int places = table.Panels * CodeTable.Panel;
            var row = new float[table.Stride];
            var codes = new byte[Rows * table.Stride];
            var facts = new float[Rows * CodeKernel.RowFacts];
            var bounds = new float[8 * places];
            int[] which = [0, 1, 2, 3, 4, 5, 6, -1];
            fixed (byte* code = codes)
            fixed (float* fact = facts, bound = bounds, one = row)
            fixed (int* rows = which)
            {
                for (int i = 0; i < Rows; i++)
                {
                    values.AsSpan(i * columns, columns).CopyTo(row);
                    kernel.Encode(
                        one, table.Stride, CodeKernel.Bias, (float)Certificate.NormLimit(0), code + (i * table.Stride), fact + (i * CodeKernel.RowFacts));
                }

                kernel.Screen(table, table.Panels, code, fact, rows, Rows, bound);
                for (int i = 0; i < Rows; i++)
                {
                    values.AsSpan(i * columns, columns).CopyTo(row);
                    for (int place = 0; place < K; place++)
                    {
                        int centre = table.Members[place];
                        double exact = 0, squared = 0, norm = 0;
                        for (int j = 0; j < columns; j++)
                        {
                            double x = values[(i * columns) + j], c = (float)centroids[(centre * columns) + j];
                            (exact, squared, norm) = (exact + (x * c), squared + (c * c), norm + (x * x));
                        }

                        double score = (0.5 * squared) - exact;
                        double size = (0.5 * squared) + Math.Sqrt(squared * norm);
                        double error = ((columns + 20) * Math.ScaleB(1, -24) * size) + 1e-35;
                        ((double)bound[(i * places) + place]).ShouldBeLessThanOrEqualTo(score + error, $"{width}, row {i}, centre {centre}");
                        // A unit is a 63rd of the greatest value, and what is left out at most half of one a column: twice each for row and centre.
                        double loss = Math.Sqrt(columns) / 63 * (
                            Peak(values, i, columns) * Math.Sqrt(squared) + Peak(centroids, centre, columns) * Math.Sqrt(norm));
                        ((double)bound[(i * places) + place])
                            .ShouldBeGreaterThanOrEqualTo(score - (1.1 * loss) - error - 1e-15, $"{width}, row {i}, centre {centre}");
                        // The sums of products are the same integers in every width; the norms are summed lane by lane.
                        ((double)bound[(i * places) + place])
                            .ShouldBe(first?[(i * places) + place] ?? bound[(i * places) + place], (4 * error) + (loss / 1000) + 1e-15, $"{width}");
                        ((double)BoundKernel.For(width).Score(one, table.Own(centre), table.Half(centre), table.Stride))
                            .ShouldBe(score, error, $"{width}, row {i}, centre {centre}");
                    }

                    for (int place = K; place < places; place++)
                        bounds[(i * places) + place].ShouldBeGreaterThan(1e37f);
                }
            }

            first ??= bounds;
        }
    }

    [Fact]
    public void Movers_come_first_the_farthest_before_the_others()
    {
        const int K = 100;
        const int D = 40;
        var random = new Random(5);
        double[] from = [.. Enumerable.Range(0, K * D).Select(_ => random.NextDouble())];
        double[] moved = [.. Enumerable.Range(0, K).Select(c => c % 3 == 0 ? 0 : random.NextDouble())];
        CodeKernel kernel = CodeKernel.For(SimdSelection.Current);
        TileFrame frame = TileFrame.Of(new double[D], 0);
        var before = new CodeTable();
        before.Set(from, K, frame, default, kernel);
        before.Movers.ShouldBe(0);
        double[] to = [.. from.Select((value, i) => value + (moved[i / D] / 7))];
        var table = new CodeTable();
        table.Set(to, K, frame, moved, kernel, before);
        table.Movers.ShouldBe(66);
        for (int place = 0; place < K; place++)
        {
            int centre = table.Members[place];
            table.Places[centre].ShouldBe(place);
            table.Moves[place].ShouldBeGreaterThanOrEqualTo((float)moved[centre]);
            table.Moves[place].ShouldBe((float)moved[centre], 1e-5f);
            table.Moves[place + 1].ShouldBeLessThanOrEqualTo(table.Moves[place]);
            for (int j = 0; j < D; j++)
                table.Own(centre)[j].ShouldBe(-(float)to[(centre * D) + j]);
        }
    }

    [Fact]
    public void Rows_and_candidates_out_of_range_are_told()
    {
        foreach (SimdWidth width in KernelCase.Widths)
        {
            CodeKernel kernel = CodeKernel.For(width);
            float[] row = [.. Enumerable.Repeat(1e20f, 32)];
            var codes = new byte[32];
            var facts = new float[CodeKernel.RowFacts];
            float[] bounds = [.. Enumerable.Range(0, 64).Select(i => (float)(i * 37 % 64))];
            var found = new int[64];
            fixed (float* values = row, fact = facts, bound = bounds)
            fixed (byte* code = codes)
            fixed (int* places = found)
            {
                kernel.Encode(values, 32, CodeKernel.Bias, 1e18f, code, fact);
                facts[3].ShouldBe(float.PositiveInfinity);
                row.ShouldAllBe(value => value == 0);
                codes.ShouldAllBe(value => value == CodeKernel.Bias);
                kernel.Least(bound, 64).ShouldBe(0);
                kernel.Candidates(bound, 64, 2, places, out float rest).ShouldBe(3);
                rest.ShouldBe(3);
                found.Take(3).Select(place => bounds[place]).ShouldBe([0, 1, 2], ignoreOrder: true);
            }
        }
    }

    private static float Draw(Random random, Values kind) => kind switch
    {
        Values.Even => (float)random.NextDouble() - 0.5f,
        Values.Heavy => (float)Math.Pow(random.NextDouble() - 0.5, 7),
        Values.Extreme => random.Next(2) == 0 ? 1 : -1,
        Values.Tiny => (float)((random.NextDouble() - 0.5) * 1e-33),
        Values.Huge => (float)((random.NextDouble() - 0.5) * 1e15),
        _ => 0,
    };

    private static double Peak(float[] values, int row, int columns) => values.Skip(row * columns).Take(columns).Max(Math.Abs);

    private static double Peak(double[] values, int row, int columns) => values.Skip(row * columns).Take(columns).Max(Math.Abs);
}
