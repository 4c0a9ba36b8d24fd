using OrleansCluster.Numerics.Segments;

namespace OrleansCluster.Numerics.Tests.Segments;

/// <summary>Figures of predictions are those of scikit-learn 1.2 and scipy 1.10 on the same rows.</summary>
public sealed class FiguresTests
{
    private static readonly bool[] Truths = [.. Enumerable.Range(0, 200).Select(i => i * 7 % 10 < 4)];

    private static readonly double[] Scores = [.. Enumerable.Range(0, 200)
        .Select(i => Math.Round((i * 37 % 101 / 100.0 * 0.6) + (Truths[i] && i % 5 != 0 ? 0.4 : 0), 2))];

    [Fact]
    public void Yes_and_no_have_the_figures_of_scikit_learn()
    {
        BinaryOutcomes outcomes = default;
        for (int i = 0; i < 200; i++)
            outcomes = outcomes.With(Truths[i], Scores[i] >= 0.5);
        outcomes.ShouldBe(new BinaryOutcomes(57, 18, 23, 102));
        (outcomes.Accuracy.Value, outcomes.Precision.Value, outcomes.Recall.Value).ShouldBe((0.795, 0.76, 0.7125));
        outcomes.F1.ShouldBe(0.7354838709677418, 1e-15);
        (outcomes.PositiveRate.Value, outcomes.FalsePositiveRate.Value).ShouldBe((75 / 200.0, 18 / 120.0));
        (outcomes - new BinaryOutcomes(7, 8, 3, 2)).Rows.ShouldBe(180);
    }

    [Fact]
    public void Scores_have_the_figures_of_scikit_learn()
    {
        var rows = new OutcomeRows(Truths, [.. Scores.Select(score => score >= 0.5)], Scores);
        OutcomeFigures figures = rows.Of(rows.InOrder(Enumerable.Range(0, 200)));
        (figures.Right.Value, figures.Outcomes).ShouldBe((0.795, new BinaryOutcomes(57, 18, 23, 102)));
        figures.Auc.ShouldBe(0.8665625, 1e-12);
        figures.Brier.ShouldBe(0.14686, 1e-12);
        figures.Calibration.ShouldBe(0.1113, 1e-12);
        double.IsNaN(new OutcomeRows([true, true], [true, true], [0.1, 0.2]).Of([0, 1]).Auc).ShouldBeTrue();
        new OutcomeRows([true, false], [true, true], [1, 7]).AreProbabilities.ShouldBeFalse();
    }

    [Theory]
    [InlineData(45, 60, 0.6276792992295218, 0.8422347746994333)]
    [InlineData(0, 30, 0, 0.11351339317396875)]
    [InlineData(30, 30, 0.8864866068260312, 1)]
    public void Wilsons_interval_is_scipys(long hits, long cases, double low, double high)
    {
        (double Low, double High) interval = new Proportion(hits, cases).Interval();
        interval.Low.ShouldBe(low, 1e-12);
        interval.High.ShouldBe(high, 1e-12);
    }

    [Fact]
    public void Chances_are_scipys_and_are_corrected_after_holm()
    {
        Proportion.Chance(new Proportion(45, 60), new Proportion(100, 120)).ShouldBe(0.1829619829979034, 1e-12);
        // Holm by hand: 0.01 · 4, max(0.02 · 3, …), max(0.03 · 2, …), max(0.04 · 1, …).
        Proportion.Holm([0.04, 0.01, 0.03, 0.02]).ShouldBe([0.06, 0.04, 0.06, 0.06], 1e-15);
        Proportion.Holm([0.9, 0.6]).ShouldBe([1, 1]);
    }

    [Fact]
    public void Numbers_have_the_errors_of_scikit_learn()
    {
        double[] errors = [.. Enumerable.Range(0, 200).Select(i => ((i * 29 % 11) - 5) / 2.0)];
        Errors all = errors.Aggregate(default(Errors), (sum, error) => sum.With(error));
        (all.Mean, Math.Round(all.Root, 12)).ShouldBe((1.3675, Math.Round(1.5846923991740478, 12)));
        Errors some = errors[..80].Aggregate(default(Errors), (sum, error) => sum.With(error));
        // Welch's statistic under the normal distribution, by scipy.stats.norm.
        Errors.Chance(some, all - some).ShouldBe(0.9856768959629284, 1e-9);
        // The delta method by numpy.
        (double share, double low, double high) = some.Over(all - some);
        (Math.Round(share, 9), Math.Round(low, 9), Math.Round(high, 9)).ShouldBe((0.001524390, -0.165004740, 0.168053521));
    }
}
