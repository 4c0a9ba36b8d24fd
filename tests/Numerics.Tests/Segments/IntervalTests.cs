using OrleansCluster.Numerics.Segments;

namespace OrleansCluster.Numerics.Tests.Segments;

/// <summary>Intervals of figures, and segments beside others, before and over time.</summary>
public sealed class IntervalTests
{
    private static readonly bool[] Truths = [.. Enumerable.Range(0, 200).Select(i => i * 7 % 10 < 4)];

    private static readonly double[] Scores = [.. Enumerable.Range(0, 200)
        .Select(i => Math.Round((i * 37 % 101 / 100.0 * 0.6) + (Truths[i] && i % 5 != 0 ? 0.4 : 0), 2))];

    /// <summary>Three standard errors of such a percentile of 1,000 values.</summary>
    private const double Close = 0.011;

    /// <summary>Percentiles of 20,000 resamples of scikit-learn's figures by numpy's generator; of the calibration error the other way round.</summary>
    [Theory]
    [InlineData("f1", 0.65185185, 0.80851064)]
    [InlineData("auc", 0.81076408, 0.91719822)]
    [InlineData("brier", 0.12573775, 0.16889272)]
    [InlineData("calibration_error", 0.0557, 0.1383)]
    public void Figures_without_a_closed_interval_have_the_bootstraps(string name, double low, double high)
    {
        FigureInterval found = Bootstrap.Of(Rows(), Ordered()).Single(figure => figure.Name == name);
        found.Low.ShouldBe(low, Close);
        found.High.ShouldBe(high, Close);
    }

    [Fact]
    public void Drawing_again_gives_the_same_bits_and_shares_have_wilsons_interval()
    {
        IReadOnlyList<FigureInterval> one = Bootstrap.Of(Rows(), Ordered());
        one.ShouldBe(Bootstrap.Of(Rows(), Ordered()));
        FigureInterval accuracy = one.Single(figure => figure.Name == "accuracy");
        (accuracy.Low, accuracy.High).ShouldBe(new Proportion(159, 200).Interval());
    }

    [Fact]
    public void Numbers_have_the_bootstraps_interval_of_their_root()
    {
        var rows = new OutcomeRows([.. Enumerable.Range(0, 200).Select(i => ((i * 29 % 11) - 5) / 2.0)]);
        FigureInterval root = Bootstrap.Of(rows, [.. Enumerable.Range(0, 200)]).Single(figure => figure.Name == "rmse");
        // By numpy, 20,000 resamples.
        root.Low.ShouldBe(1.48492424, Close);
        root.High.ShouldBe(1.6796577, Close);
    }

    [Fact]
    public void Of_many_rows_some_are_drawn_and_the_interval_is_as_narrow_as_that_of_all()
    {
        // Yes and no alternate, a third of the yes are said: by the delta method the F1 of n rows has the standard deviation that is checked here.
        const int Rows = 40_000;
        bool[] truths = [.. Enumerable.Range(0, Rows).Select(i => i % 2 == 0)], said = [.. Enumerable.Range(0, Rows).Select(i => i % 6 == 0)];
        FigureInterval f1 = Bootstrap.Of(new OutcomeRows(truths, said, []), [.. Enumerable.Range(0, Rows)]).Single(figure => figure.Name == "f1");
        f1.Value.ShouldBe(0.5, 1e-3);
        // F = 2a / (2a + b) of the shares a = 1/6 and b = 1/3 of a multinomial: dF/da = 2b/(2a + b)² = 1.5, dF/db = −2a/(2a + b)² = −0.75.
        double variance = ((1.5 * 1.5 / 6) + (0.75 * 0.75 / 3) - Math.Pow((1.5 / 6) - (0.75 / 3), 2)) / Rows;
        (f1.High - f1.Low).ShouldBe(2 * 1.96 * Math.Sqrt(variance), 0.1 * 2 * 1.96 * Math.Sqrt(variance));
    }

    [Fact]
    public void The_difference_of_two_shares_has_newcombes_interval()
    {
        // His own example (Statistics in Medicine 17, 1998, table II, method 10): 56 of 70 and 48 of 80.
        (double less, double low, double high) = new Proportion(48, 80).Below(new Proportion(56, 70));
        (Math.Round(less, 4), Math.Round(low, 4), Math.Round(high, 4)).ShouldBe((0.2, 0.0524, 0.3339));
    }

    [Fact]
    public void Lags_have_numpys_percentiles()
    {
        LabelLag lag = LabelLag.Of([86_400, 60, 240, 120, 180, -5]);
        (lag.Median, lag.Longest, lag.Early).ShouldBe((150, 86_400, 1));
        lag.Ninth.ShouldBe(43_320, 1e-6);
    }

    [Fact]
    public void Segments_are_told_since_before_over_time_and_without_rows_that_wait()
    {
        // Forty rows of a and of b; of b the second half is wrong now, and nothing was before. Every tenth row waits.
        var by = new SegmentColumn("g", [.. Enumerable.Range(0, 80).Select(i => i % 2)], ["a", "b"]);
        bool[] waits = [.. Enumerable.Range(0, 80).Select(i => i % 20 >= 18)];
        var now = new SegmentTable(new OutcomeRows([.. Enumerable.Range(0, 80).Select(i => i % 2 == 0 || i < 40)]), [by], waits, "accuracy", 30);
        var before = new SegmentTable(new OutcomeRows([.. Enumerable.Repeat(true, 80)]), [by], [], "accuracy", 30);

        (now.Segments[0].Name, now.Segments[0].Rows, now.Segments[0].Waiting.Length, now.Segments[0].Drop).ShouldBe(("g=b", 36, 4, 0.5));
        SegmentChange worst = now.Since(before)[0];
        (worst.Now.Name, worst.Drop, worst.Before.Rows).ShouldBe(("g=b", 0.5, 40));
        worst.Chance.ShouldBeLessThan(1e-5);
        now.Over(now.Segments[0], [.. Enumerable.Range(0, 80).Select(i => (long)(i / 40))])
            .Select(part => (part.Window, part.Part.Rows, part.Part.Waiting.Length, part.Part.Value, now.IsEnough(part.Part)))
            .ShouldBe([(0, 18, 2, 1, false), (1, 18, 2, 0, false)]);
    }

    private static OutcomeRows Rows() => new(Truths, [.. Scores.Select(score => score >= 0.5)], Scores);

    private static int[] Ordered() => Rows().InOrder(Enumerable.Range(0, 200));
}
