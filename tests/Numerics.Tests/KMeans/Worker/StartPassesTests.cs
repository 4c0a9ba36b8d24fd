using OrleansCluster.Numerics.Distances;
using OrleansCluster.Numerics.Exact;
using OrleansCluster.Numerics.KMeans.Sphere;
using OrleansCluster.Numerics.KMeans.Steps;
using OrleansCluster.Numerics.KMeans.Worker;
using OrleansCluster.Numerics.Parallelism;
using OrleansCluster.Numerics.Randomness;
using OrleansCluster.Numerics.Rows;
using OrleansCluster.Numerics.Simd;
using OrleansCluster.Numerics.Statistics;
using OrleansCluster.Numerics.Tests.Distances;

namespace OrleansCluster.Numerics.Tests.KMeans.Worker;

/// <summary>The passes of the starts against their definitions, row by row, in every vector width.</summary>
public sealed class StartPassesTests
{
    private static readonly Work Alone = new(Sequential.Instance, default);

    public static TheoryData<string> Kinds => [.. KernelCase.Kinds];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Potentials_are_sums_of_terms_that_are_rounded_once(string kind)
    {
        var random = new Random(kind.Length);
        for (int round = 0; round < 12; round++)
        {
            KernelCase c = Case(random, kind, round, random.Next(1, 12));
            (_, double[] squared) = Nearest(c.Rows, c.Centroids);
            foreach (int count in new[] { 0, 1, 6, 8, 11 })
            {
                double[] candidates = [.. Enumerable.Range(0, count).SelectMany(_ => Row(c.Rows, random.Next(c.Rows.Rows)))];
                // The grid of a training, one that rounds most terms, and one beyond what float64 takes apart.
                foreach (int unit in new[] { Unit(squared), Unit(squared) + 90, -1010 })
                {
                    if (unit < -1000 && squared.Max() > 0)
                        continue;
                    var step = new PotentialStep(c.Frame, unit, c.Centroids, candidates);
                    Int128[] expected = Potentials(c, squared, step);
                    foreach (SimdWidth width in KernelCase.Widths)
                        Passes(c, width).Potential(step, Alone).Values.ShouldBe(expected, $"{c.Name}, {count} candidates, unit {unit}, {width}");
                }
            }
        }
    }

    [Theory]
    [InlineData(-1074)]
    [InlineData(-1200)]
    [InlineData(-1001)]
    [InlineData(-1000)]
    [InlineData(0)]
    [InlineData(800)]
    [InlineData(801)]
    public unsafe void Terms_of_any_size_may_meet_any_grid(int unit)
    {
        var random = new Random(unit);
        // From far below the grid to its greatest term, on ties of the rounding too.
        double[] squared = [.. Enumerable.Range(0, 999)
            .Select(i => Math.ScaleB(i % 3 == 0 ? (2 * random.Next(1 << 20)) + 1 : 1 + random.NextDouble(), Math.Min(unit + random.Next(-60, 106), 1000)))];
        double[] weights = [.. squared.Select((_, i) => i % 4 * 0.25)];
        int[] labels = [.. squared.Select(_ => random.Next(4))];
        foreach (bool weighted in new[] { false, true })
        {
            // Of the five labels one is nobody's.
            var expected = new Int128[5];
            for (int i = 0; i < squared.Length; i++)
                expected[labels[i]] += weighted && weights[i] <= 0.25 ? 0 : FixedPoint.FromDouble((weighted ? weights[i] : 1) * squared[i], unit);
            foreach (SimdWidth width in KernelCase.Widths)
            {
                var sums = new Int128[5];
                fixed (double* s = squared, w = weights)
                {
                    var terms = new PotentialKernel.Terms(squared.Length, s, weighted ? w : null, 2, unit);
                    PotentialKernel.For(width).Sum(terms).ShouldBe(expected.Aggregate((a, b) => a + b), $"{width}");
                    PotentialKernel.For(width).AddByLabel(terms, labels, sums);
                }

                sums.ShouldBe(expected, $"{width}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_round_takes_the_rows_whose_numbers_say_so(string kind)
    {
        var random = new Random(kind.Length);
        for (int round = 0; round < 12; round++)
        {
            KernelCase c = Case(random, kind, round, 1);
            (_, double[] squared) = Nearest(c.Rows, c.Centroids);
            double potential = squared.Select((s, i) => s * Weight(c.Rows, i)).Sum();
            var step = new SampleStep(c.Frame, c.Centroids, 20, potential, new Draws((ulong)random.NextInt64(), Purpose.ParallelRound, round, 3));
            long[] expected = [.. Enumerable.Range(0, c.Rows.Rows)
                .Where(i => Counts(c, i) && step.Draws.Uniform(Id(c, i)) * potential < 20 * (Weight(c.Rows, i) * squared[i])).Select(i => Id(c, i))];
            foreach (SimdWidth width in KernelCase.Widths)
            {
                RowSelection taken = Passes(c, width).Sample(step, Alone);
                taken.Rows.Select(row => row.Row).ShouldBe(expected, $"{c.Name}, {width}");
                taken.Rows.ShouldAllBe(row => row.Values.SequenceEqual(Row(c.Rows, (int)(row.Row - c.Rows.FirstRow))));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_race_ends_with_the_first_arrivals(string kind)
    {
        var random = new Random(kind.Length);
        for (int round = 0; round < 16; round++)
        {
            KernelCase c = Case(random, kind, round, 2);
            double[] centroids = round % 3 == 0 ? [] : c.Centroids;
            (int[] labels, double[] squared) = Nearest(c.Rows, centroids);
            var step = new RaceStep(c.Frame, centroids, random.Next(1, 9), new Draws((ulong)random.NextInt64(), Purpose.PlusPlus, 0, round));
            (double Rank, long Row, int Label)[] expected =
            [
                .. Enumerable.Range(0, c.Rows.Rows)
                    .Where(i => Counts(c, i) && Weight(c.Rows, i) * squared[i] > 0)
                    .Select(i => (step.Draws.Arrival(Id(c, i), Weight(c.Rows, i) * squared[i]), Id(c, i), labels[i]))
                    .Order()
                    .Take(step.Count),
            ];
            foreach (SimdWidth width in KernelCase.Widths)
            {
                foreach (int threads in new[] { 1, 3 })
                {
                    RowSelection drawn = Passes(c, width).Race(step, new Work(new Threads(threads), default));
                    drawn.Rows.Select(row => (row.Rank, row.Row, row.Label)).ShouldBe(expected, $"{c.Name}, {width}, {threads} threads");
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Centres_that_are_appended_are_weighed_as_if_they_had_always_been_there(string kind)
    {
        var random = new Random(kind.Length);
        for (int round = 0; round < 8; round++)
        {
            int k = random.Next(1, 90);
            KernelCase c = Case(random, kind, round, k);
            (int[] labels, double[] squared) = Nearest(c.Rows, c.Centroids);
            var expected = new Int128[k];
            for (int i = 0; i < labels.Length; i++)
                expected[labels[i]] += c.Frame.QuantizeWeight(Weight(c.Rows, i));
            int d = c.Rows.Columns;
            foreach (SimdWidth width in KernelCase.Widths)
            {
                StartPasses passes = Passes(c, width);
                // A few at a time, one alone among them.
                for (int known = 1; known < k; known += known == 1 ? 1 : random.Next(1, 40))
                    passes.Weigh(new WeighStep(c.Frame, c.Centroids[..(known * d)]), Alone);
                passes.Weigh(new WeighStep(c.Frame, c.Centroids), Alone).Values.ShouldBe(expected, $"{c.Name}, {width}");
                int unit = Unit(squared);
                var step = new PotentialStep(c.Frame, unit, c.Centroids, []);
                passes.Potential(step, Alone).Values.ShouldBe(Potentials(c, squared, step), $"{c.Name}, {width}");
            }
        }
    }

    private static KernelCase Case(Random random, string kind, int round, int k)
        => KernelCase.Make(
            random.Next(), kind, random.Next(1, round % 4 == 0 ? 5000 : 600), random.Next(1, 20), k, single: round % 2 == 0, weighted: round % 4 > 1);

    private static StartPasses Passes(KernelCase c, SimdWidth width) => new(new RowReader(c.Rows), width, KMeansGeometry.Euclidean);

    private static Int128[] Potentials(KernelCase c, double[] squared, PotentialStep step)
    {
        int d = c.Rows.Columns;
        int count = step.Candidates.Length / d;
        var sums = new Int128[Math.Max(1, count)];
        for (int i = 0; i < squared.Length; i++)
        {
            if (!Counts(c, i))
                continue;
            double[] row = Row(c.Rows, i);
            for (int t = 0; t < sums.Length; t++)
            {
                double least = count == 0 ? squared[i] : Math.Min(squared[i], Distance.Squared((ReadOnlySpan<double>)row, step.Candidates.AsSpan(t * d, d)));
                sums[t] += FixedPoint.FromDouble(Weight(c.Rows, i) * least, step.Unit);
            }
        }

        return sums;
    }

    private static (int[] Labels, double[] Squared) Nearest(RowBlock rows, double[] centroids)
    {
        var labels = new int[rows.Rows];
        var squared = new double[rows.Rows];
        for (int i = 0; i < labels.Length; i++)
            (labels[i], squared[i]) = centroids.Length == 0 ? (-1, 1) : (Distance.Nearest(Row(rows, i), centroids, out double least), least);
        return (labels, squared);
    }

    private static bool Counts(KernelCase c, int row) => c.Frame.QuantizeWeight(Weight(c.Rows, row)) > 0;

    private static int Unit(double[] squared) => FixedPoint.UnitFor(4.0 * squared.Length, 4 * Math.Max(squared.Max(), 1e-300));

    private static long Id(KernelCase c, int row) => c.Rows.FirstRow + row;

    private static double Weight(RowBlock rows, int row) => rows.Weights.IsEmpty ? 1 : rows.Weights.Span[row];

    private static double[] Row(RowBlock rows, int row)
    {
        var values = new double[rows.Columns];
        rows.CopyRow(row, values);
        return values;
    }
}
