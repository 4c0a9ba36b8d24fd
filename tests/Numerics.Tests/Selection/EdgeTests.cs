using OrleansCluster.Numerics.KMeans;
using OrleansCluster.Numerics.Mixtures;
using OrleansCluster.Numerics.Mixtures.Components;
using OrleansCluster.Numerics.Parallelism;
using OrleansCluster.Numerics.Rows;
using OrleansCluster.Numerics.Selection;
using OrleansCluster.Numerics.Statistics;
using OrleansCluster.Numerics.Tests.Mixtures;
using OrleansCluster.Numerics.Training;

namespace OrleansCluster.Numerics.Tests.Selection;

/// <summary>Choices where criteria end: as many clusters as rows, rows without spread, weights of any sum, lists of numbers.</summary>
public sealed class EdgeTests
{
    /// <summary>Four corners of a square of side 10, five rows each.</summary>
    private static readonly RowBlock Corners = new(Enumerable.Range(0, 20).SelectMany(i => new[] { i / 10 * 10.0, i / 5 % 2 * 10.0 }).ToArray(), 2);

    /// <summary>Rows of which no two are alike, at distances that grow.</summary>
    private static readonly RowBlock Few = new(new double[] { 0, 1, 3, 7, 15, 31 }, 1);

    public static TheoryData<SelectionCriterion> OfKMeans => [.. SelectionCriteria.OfKMeans];

    [Theory]
    [InlineData(SelectionCriterion.Silhouette, 1)]
    [InlineData(SelectionCriterion.CalinskiHarabasz, double.PositiveInfinity)]
    [InlineData(SelectionCriterion.DaviesBouldin, 0)]
    public void Perfect_clusters_win(SelectionCriterion criterion, double value)
    {
        SelectionTrainer trainer = KMeansSelection.Create(KMeansSpec.Create(2, restarts: 4), 7, criterion, 2);
        List<TrainingEvent> events = SelectionCase.Run(trainer, SelectionCase.KMeansWorkers(Corners));
        KMeansSelection.Result(trainer)!.Model.K.ShouldBe(4);
        trainer.Trials[2].Value(criterion).ShouldBe(value);
        // Of numbers above the distinct rows it is said once which they are.
        events.OfType<TrainingWarning>().Count(warning => warning.Message.Contains("fewer distinct values", StringComparison.Ordinal)).ShouldBe(1);
        events.OfType<TrainingWarning>()
            .ShouldContain(warning => warning.Message == "k = 5..7: The rows have fewer distinct values than clusters were asked for: there are 4 clusters.");
    }

    [Theory]
    [InlineData("relocate", new[] { 2, 4, 5, 8 }, "k = 5, 8: The rows have fewer distinct values than clusters were asked for: there are 4 clusters.")]
    [InlineData("drop", new[] { 3, 6 }, "k = 6: The rows have fewer distinct values than clusters were asked for: there are 4 clusters.")]
    [InlineData(
        "fail", new[] { 2, 3, 5, 8 },
            "k = 5 and more are left out: The rows have fewer distinct values than the 5 clusters asked for: ask for at most 4, or allow empty clusters to "
                + "be dropped.")]
    public void One_warning_names_the_numbers_above_the_distinct_rows(string empty, int[] numbers, string warning)
    {
        // Saved and restored before every step: what is to be told at the end is kept.
        SelectionTrainer trainer = KMeansSelection.Create(KMeansSpec.Create(2, restarts: 4, empty: empty), numbers, SelectionCriterion.Silhouette, 2);
        IShardWorker[] workers = SelectionCase.KMeansWorkers(Corners, 7);
        var events = new List<TrainingEvent>();
        while (trainer.Next is { } step)
        {
            trainer = KMeansSelection.Restore(trainer.Save());
            events.AddRange(trainer.Advance(
                StatisticMerge.Merge([.. workers.Select(worker => worker.Execute(step, Sequential.Instance))], kinds: trainer.Statistics),
                    Sequential.Instance));
        }

        events.OfType<TrainingWarning>().Select(told => told.Message).Where(told => told.Contains("distinct", StringComparison.Ordinal)).ShouldHaveSingleItem()
            .ShouldBe(warning);
        trainer.Trials.Select(trial => trial.K).ShouldBe(empty == "fail" ? [2, 3] : numbers);
    }

    [Theory]
    [MemberData(nameof(OfKMeans))]
    public void No_criterion_chooses_one_cluster_or_as_many_as_rows(SelectionCriterion criterion)
    {
        SelectionTrainer trainer = KMeansSelection.Create(KMeansSpec.Create(1, restarts: 4), Few.Rows, criterion, 1);
        SelectionCase.Run(trainer, SelectionCase.KMeansWorkers(Few));
        foreach (SelectionTrial end in new[] { trainer.Trials[0], trainer.Trials[^1] })
            end.Values.ShouldAllBe(value => double.IsNaN(value.Value));
        KMeansSelection.Result(trainer)!.Model.K.ShouldBeInRange(2, 5);
    }

    [Theory]
    [InlineData(CovarianceForm.Full, SelectionCriterion.Bic)]
    [InlineData(CovarianceForm.Tied, SelectionCriterion.Bic)]
    [InlineData(CovarianceForm.Diagonal, SelectionCriterion.Aic)]
    [InlineData(CovarianceForm.Spherical, SelectionCriterion.Icl)]
    public void Components_of_single_rows_have_no_criterion(CovarianceForm form, SelectionCriterion criterion)
    {
        SelectionTrainer trainer = MixtureSelection.Create(MixtureSpec.Create(1, form, restarts: 4), Few.Rows, criterion, 1);
        SelectionCase.Run(trainer, SelectionCase.MixtureWorkers(Few));
        // As many components as rows: each on the floor about one row, whose likelihood the floor alone decides.
        SelectionTrial all = trainer.Trials[^1];
        all.K.ShouldBe(Few.Rows);
        all.Values.ShouldAllBe(value => double.IsNaN(value.Value));
        double.IsFinite(trainer.Trials[0].Value(criterion)).ShouldBeTrue();
        MixtureSelection.Result(trainer)!.Model.K.ShouldBeLessThan(Few.Rows);
    }

    [Fact]
    public void Single_rows_about_which_one_covariance_is_flat_have_no_criterion()
    {
        // Of five rows four components of one covariance: a pair, whose line is all that it knows, and three single rows.
        var rows = new RowBlock(new double[] { 0, 0, 1, 5, 3, 2, 9, 9, 4, 4.5 }, 2);
        SelectionTrainer trainer = MixtureSelection.Create(MixtureSpec.Create(1, CovarianceForm.Tied, restarts: 4), 5, SelectionCriterion.Bic, 2);
        SelectionCase.Run(trainer, SelectionCase.MixtureWorkers(rows));
        trainer.Trials.Select(trial => double.IsNaN(trial.Value(SelectionCriterion.Bic))).ShouldBe([false, false, false, true, true]);
    }

    [Fact]
    public void Equal_rows_that_are_many_have_a_criterion_and_it_chooses_them()
    {
        SelectionTrainer trainer = MixtureSelection.Create(MixtureSpec.Create(1, restarts: 4), 6, SelectionCriterion.Bic, 2);
        List<TrainingEvent> events = SelectionCase.Run(trainer, SelectionCase.MixtureWorkers(Corners));
        MixtureSelection.Result(trainer)!.Model.K.ShouldBe(4);
        // ln p = −ln 4 − ln 2π − ln(10⁻⁶ · 25) in every row, 23 parameters.
        double logDensity = -Math.Log(4) - Math.Log(2 * Math.PI) - Math.Log(25e-6);
        trainer.Trials[3].Objective.ShouldBe(logDensity, 1e-9);
        trainer.Trials[3].Value(SelectionCriterion.Bic).ShouldBe((-40 * logDensity) + (23 * Math.Log(20)), 1e-7);
        trainer.Trials.Length.ShouldBe(4);
        events.OfType<TrainingWarning>().Select(warning => warning.Message)
            .ShouldContain("k = 5 and more are left out: k is 5, but the rows have only 4 distinct values: ask for at most 4 components.");
    }

    [Fact]
    public void A_common_factor_of_relative_weights_changes_no_choice_and_no_value()
    {
        double[] values = [.. Enumerable.Range(0, 120).SelectMany(i => new[] { (i % 2 * 8) + ((i * 37 % 60) / 30.0), (i * 53 % 60) / 30.0 })];
        foreach (SelectionCriterion criterion in new[] { SelectionCriterion.Bic, SelectionCriterion.Aic, SelectionCriterion.Icl })
        {
            SelectionTrainer plain = Choose(criterion, new RowBlock(values, 2), WeightMeaning.Count, out _);
            foreach (double factor in new[] { 1, 1.0 / 128, 1.0 / (1 << 20), 1024 })
            {
                var weighted = new RowBlock(values, 2, Enumerable.Repeat(factor, 120).ToArray());
                SelectionTrainer scaled = Choose(criterion, weighted, WeightMeaning.Relative, out List<TrainingWarning> none);
                // Powers of two: all sums are the same but for their exponents.
                scaled.Trials.SelectMany(trial => trial.Values).ShouldBe(plain.Trials.SelectMany(trial => trial.Values), $"{criterion} {factor}");
                none.ShouldNotContain(warning => warning.Message.Contains("weights", StringComparison.Ordinal));
                MixtureSelection.Result(scaled)!.Criteria.Size.ShouldBe(120);
                Choose(criterion, weighted, WeightMeaning.Count, out List<TrainingWarning> told);
                told.Count(warning => warning.Message.StartsWith("The weights add up to", StringComparison.Ordinal)).ShouldBe(factor < 1 ? 1 : 0);
            }
        }

        static SelectionTrainer Choose(SelectionCriterion criterion, RowBlock rows, WeightMeaning meaning, out List<TrainingWarning> warnings)
        {
            SelectionTrainer trainer = MixtureSelection.Create(MixtureSpec.Create(1, restarts: 2, weights: meaning), 6, criterion, 2);
            warnings = [.. SelectionCase.Run(trainer, SelectionCase.MixtureWorkers(rows, 50)).OfType<TrainingWarning>()];
            return trainer;
        }
    }

    [Fact]
    public void Relative_weights_weigh_rows_against_each_other_as_far_as_they_are_effective()
    {
        // Every second row weighs a quarter: (60 · 1.25)² / (60 · 1.0625).
        double[] values = MixtureCase.Clusters(4, 120, 2, 2, 6);
        var rows = new RowBlock(values, 2, Enumerable.Range(0, 120).Select(i => i % 2 == 0 ? 1.0 : 0.25).ToArray());
        MixtureResult counted = MixtureCase.Train(MixtureSpec.Create(2, weights: WeightMeaning.Count), rows).Result!;
        MixtureResult relative = MixtureCase.Train(MixtureSpec.Create(2, weights: WeightMeaning.Relative), rows).Result!;
        relative.Model.Digest.ShouldBe(counted.Model.Digest);
        relative.Objective.ShouldBe(counted.Objective);
        double size = 75 * 75 / 63.75;
        relative.Criteria.Size.ShouldBe(size, 1e-12);
        relative.Criteria.LogLikelihood.ShouldBe(size * counted.Objective, 1e-9);
        relative.Criteria.Bic.ShouldBe((-2 * size * counted.Objective) + (11 * Math.Log(size)), 1e-9);
        counted.Criteria.Bic.ShouldBe((-2 * 75 * counted.Objective) + (11 * Math.Log(75)), 1e-9);
        MixtureResult unsaid = MixtureCase.Train(MixtureSpec.Create(2, weights: WeightMeaning.Either), rows).Result!;
        unsaid.Criteria.ShouldBe(relative.Criteria);
        unsaid.Warnings.ShouldContain(
            "The weights add up to 75, but 120 rows have one: they cannot count rows, so BIC, AIC and ICL take them for relative ones. Say so with --weights "
                + "relative.");
        relative.Warnings.ShouldNotContain(warning => warning.Contains("weights", StringComparison.Ordinal));
        counted.Warnings.ShouldContain(
            "The weights add up to 75, but 120 rows have one: they do not count rows, which is what BIC, AIC and ICL take them for. Say so with --weights "
                + "relative, or give counts.");
    }

    [Theory]
    [InlineData(SelectionCriterion.Silhouette)]
    [InlineData(SelectionCriterion.CalinskiHarabasz)]
    public void Relative_weights_choose_means_whatever_their_sum(SelectionCriterion criterion)
    {
        double[] values = [.. Enumerable.Range(0, 90).Select(i => (i % 3 * 10) + ((i * 37 % 90) / 45.0))];
        SelectionTrainer plain = Choose(new RowBlock(values, 1), WeightMeaning.Count, out _);
        var weighted = new RowBlock(values, 1, Enumerable.Repeat(1.0 / 1024, 90).ToArray());
        SelectionTrainer relative = Choose(weighted, WeightMeaning.Relative, out _);
        relative.Trials.SelectMany(trial => trial.Values).ShouldBe(plain.Trials.SelectMany(trial => trial.Values));
        KMeansSelection.Result(relative)!.Model.K.ShouldBe(3);
        // As counts they are a tenth of a row in all: nothing can be said, and why is.
        SelectionTrainer counted = KMeansSelection.Create(KMeansSpec.Create(2), 5, criterion, 1);
        var events = new List<TrainingEvent>();
        Should.Throw<TrainingException>(() => LocalTraining.Run(counted, SelectionCase.KMeansWorkers(weighted), Sequential.Instance, events.Add))
            .Message.ShouldContain("cannot choose");
        events.OfType<TrainingWarning>()
            .Count(warning => warning.Message.StartsWith("The weights add up to 0.087890625, but 90 rows have one", StringComparison.Ordinal)).ShouldBe(1);

        SelectionTrainer Choose(RowBlock rows, WeightMeaning meaning, out List<TrainingEvent> events)
        {
            SelectionTrainer trainer = KMeansSelection.Create(KMeansSpec.Create(2, restarts: 2), [2, 3, 4, 5], criterion, 1, weights: meaning);
            events = SelectionCase.Run(trainer, SelectionCase.KMeansWorkers(rows));
            return trainer;
        }
    }

    [Fact]
    public void Numbers_may_be_any_and_are_trained_as_if_alone()
    {
        RowBlock rows = new(MixtureCase.Clusters(11, 400, 2, 4, 6), 2);
        SelectionTrainer Begin() => KMeansSelection.Create(KMeansSpec.Create(2, restarts: 3, seed: 5), [2, 4, 8, 16], SelectionCriterion.CalinskiHarabasz, 2);
        SelectionTrainer trainer = Begin();
        List<TrainingEvent> events = SelectionCase.Run(trainer, SelectionCase.KMeansWorkers(rows, 100));
        trainer.Trials.Select(trial => trial.K).ShouldBe([2, 4, 8, 16]);
        events.OfType<RestartEnded>().Select(ended => ended.Restart).ShouldBe(Enumerable.Range(0, 12));
        KMeansResult chosen = KMeansSelection.Result(trainer)!;
        chosen.Model.Digest.ShouldBe(KMeans.Train.Run(KMeansSpec.Create(chosen.Model.K, restarts: 3, seed: 5), rows, 100).Model.Digest);
        chosen.Restart.ShouldBe((trainer.Trials.Select(trial => trial.K).ToList().IndexOf(chosen.Model.K) * 3) + chosen.Restart % 3);
        SelectionTrainer resumed = SelectionCase.RunInterrupted(Begin(), SelectionCase.KMeansWorkers(rows, 100), KMeansSelection.Restore);
        KMeansSelection.Result(resumed)!.Model.Digest.ShouldBe(chosen.Model.Digest);
    }

    [Theory]
    [InlineData(new[] { 4 }, "at least two")]
    [InlineData(new[] { 4, 2 }, "2 is out of place")]
    [InlineData(new[] { 0, 2 }, "0 is out of place")]
    [InlineData(new[] { 2, 4, 4 }, "4 is out of place")]
    public void Numbers_that_are_no_choice_are_refused(int[] numbers, string why)
        => Should.Throw<ArgumentException>(() => KMeansSelection.Create(KMeansSpec.Create(2), numbers, SelectionCriterion.Silhouette, 1))
            .Message.ShouldContain(why);

    [Theory]
    [InlineData(new[] { double.NaN, 2, 3, 3 }, true, 2)]
    [InlineData(new[] { double.NaN, 2, 1, 1 }, false, 2)]
    [InlineData(new[] { 1, double.PositiveInfinity, 2 }, true, 1)]
    [InlineData(new[] { double.NegativeInfinity, double.NaN }, true, -1)]
    [InlineData(new[] { double.PositiveInfinity, 7 }, false, 1)]
    [InlineData(new double[0], true, -1)]
    public void The_best_value_is_one_that_is_there(double[] values, bool more, int best) => SelectionTrial.Best(values, more).ShouldBe(best);
}
