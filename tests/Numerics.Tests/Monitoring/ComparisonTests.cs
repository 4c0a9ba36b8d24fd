using OrleansCluster.Numerics.Monitoring;

namespace OrleansCluster.Numerics.Tests.Monitoring;

/// <summary>Figures of drift are those of scipy 1.10 on the same cells (values at the middles of their bins, those outside at their mean).</summary>
public sealed class ComparisonTests
{
    private static readonly DriftRules Rules = new();

    [Fact]
    public void Numbers_have_the_figures_of_scipy()
    {
        double[] before = [.. Enumerable.Range(0, 500).Select(i => i * 37 % 101 / 10.0)];
        double[] now = [.. Enumerable.Range(0, 300).Select(i => (i * 53 % 97 / 9.0) + 0.7)];
        var bins = ValueBins.Even(before.Min(), before.Max());
        DriftFigures figures = Comparison.Of(bins, Counts(bins, before), Counts(bins, now), Rules, tests: 1);
        figures.Present.ShouldBe(300);
        figures.KolmogorovSmirnov.ShouldBe(0.13, 1e-12);
        // scipy.special.kolmogorov(sqrt(n·m / (n + m))·D).
        figures.KolmogorovSmirnovChance.ShouldBe(0.003537437001363304, 1e-12);
        figures.Wasserstein.ShouldBe(0.3437024696724849, 1e-12);
        (figures.MeanBefore, figures.Mean).ShouldBe((4.9994, 6.005185185185185), new Near(1e-12));
        figures.Shift.ShouldBe(0.34468193934817903, 1e-12);
        figures.StabilityIndex.ShouldBe(0.14639806686561863, 1e-12);
        figures.KullbackLeibler.ShouldBe(0.06963367156066447, 1e-12);
        figures.JensenShannon.ShouldBe(0.16005910263446022, 1e-12);
        figures.ChiSquare.ShouldBe(25.377952234088074, 1e-10);
        figures.ChiSquareChance.ShouldBe(0.001341035514730581, 1e-12);
        (figures.Outside.Before, figures.Outside.Now).ShouldBe((0, 39 / 300.0));
        figures.Outside.IsDrifted.ShouldBeTrue();
        // Large, but by chance in one of 280 comparisons: not called drift.
        figures.IsShaped.ShouldBeFalse();
    }

    [Fact]
    public void Counts_without_an_order_have_the_figures_of_scipy_and_empty_cells_count_as_evidently_has_it()
    {
        DriftFigures figures = Comparison.Unordered([50, 30, 20, 0], [40, 10, 45, 5], Rules, tests: 1);
        figures.StabilityIndex.ShouldBe(0.7548783110303924, 1e-12);
        figures.KullbackLeibler.ShouldBe(0.476630347826296, 1e-12);
        figures.JensenShannon.ShouldBe(0.3199224360835588, 1e-12);
        (figures.ChiSquare, figures.ChiSquareChance).ShouldBe((25.726495726495727, 1.0881392140534904e-05), new Near(1e-11));
        figures.IsDrifted.ShouldBeTrue();
        double.IsNaN(figures.Wasserstein).ShouldBeTrue();
    }

    [Theory]
    [InlineData(3.84, 1, 0.05004352124870519)]
    [InlineData(0.1, 3, 0.9918374237318764)]
    [InlineData(120, 65, 3.952451906986193e-05)]
    [InlineData(30, 65, 0.9999395642482716)]
    [InlineData(10, 2, 0.006737946999085468)]
    [InlineData(1500, 63, 6.590558937858189e-272)]
    public void The_tail_of_chi_square_is_scipys(double value, int degrees, double expected) =>
        Tails.ChiSquare(value, degrees).ShouldBe(expected, 1e-11 * expected);

    [Theory]
    [InlineData(0.2, 0.999999999999495)]
    [InlineData(0.5, 0.9639452436648751)]
    [InlineData(0.99, 0.2808738392255489)]
    [InlineData(1, 0.26999967167735456)]
    [InlineData(1.36, 0.049485876755377876)]
    [InlineData(3, 3.045995948942526e-08)]
    public void The_tail_of_kolmogorovs_distribution_is_scipys(double value, double expected) =>
        Tails.Kolmogorov(value).ShouldBe(expected, 1e-12 * expected);

    [Fact]
    public void A_column_that_was_constant_and_is_not_any_more_has_drifted_boundlessly()
    {
        var bins = ValueBins.Even(3, 3);
        DriftFigures figures = Comparison.Of(bins, Counts(bins, new double[500]), Counts(bins, [.. Enumerable.Repeat(3.0, 200)]), Rules, 1);
        (figures.Wasserstein, figures.IsDrifted).ShouldBe((double.PositiveInfinity, true));
        Comparison.Of(bins, Counts(bins, [3, 3]), Counts(bins, [3, 3, 3]), Rules, 1).IsDrifted.ShouldBeFalse();
    }

    [Fact]
    public void Missing_values_and_categories_that_were_not_there_are_told_by_their_shares()
    {
        var bins = ValueBins.Places(3);
        double[] before = [.. Enumerable.Range(0, 1000).Select(i => (double)(i % 3))];
        double[] now = [.. before.Select((place, i) => i % 10 == 0 ? double.NaN : i % 7 == 0 ? 8 : place)];
        DriftFigures figures = Comparison.Of(bins, Counts(bins, before), Counts(bins, now), Rules, 1);
        figures.Missing.ShouldBe(new ShareChange(0, 0.1, true));
        // Of the 900 that are there, 143 multiples of 7 without the 15 of 70.
        figures.Outside.ShouldBe(new ShareChange(0, 128 / 900.0, true));
    }

    private static BinCounts Counts(ValueBins bins, double[] values)
    {
        var counts = new BinCounts(bins.Count);
        foreach (double value in values)
            counts.Add(bins, value);
        return counts;
    }

    private sealed class Near(double tolerance) : IEqualityComparer<(double, double)>
    {
        public bool Equals((double, double) x, (double, double) y) =>
            Math.Abs(x.Item1 - y.Item1) <= tolerance && Math.Abs(x.Item2 - y.Item2) <= tolerance;

        public int GetHashCode((double, double) pair) => 0;
    }
}
