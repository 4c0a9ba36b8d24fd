using OrleansCluster.Numerics.Mixtures;
using OrleansCluster.Numerics.Parallelism;
using OrleansCluster.Numerics.Rows;
using OrleansCluster.Numerics.Selection;
using OrleansCluster.Numerics.Tests.KMeans;
using OrleansCluster.Numerics.Tests.Mixtures;
using OrleansCluster.Numerics.Training;

namespace OrleansCluster.Numerics.Tests.Selection;

/// <summary>Numbers of components judged by rows that the fits did not see.</summary>
public sealed class HeldOutTests
{
    private const int Columns = 2;

    private static readonly RowBlock Rows = new(MixtureCase.Clusters(3, 900, Columns, 3, distance: 6), Columns);

    private static MixtureSpec Spec(int k) => MixtureSpec.Create(k, restarts: 2, seed: 9, tolerance: 1e-6, maxIterations: 300);

    [Fact]
    public void Its_values_are_those_of_separate_trainings_and_the_choice_is_trained_on_all_rows()
    {
        var holdOut = new HoldOut(9, 0.3);
        bool[] held = [.. Enumerable.Range(0, Rows.Rows).Select(i => holdOut.Has(i))];
        held.Count(one => one).ShouldBeInRange(210, 330);
        SelectionTrainer trainer = MixtureSelection.Create(Spec(1), 5, SelectionCriterion.HeldOut, Columns, 0.3);
        SelectionCase.Run(trainer, SelectionCase.MixtureWorkers(Rows));

        // Weight 0 is absent, so a training on the rows that are left starts from the same draws: their ids stay.
        RowBlock fitted = Rows.WithWeights(held.Select(one => one ? 0.0 : 1.0).ToArray());
        foreach (SelectionTrial trial in trainer.Trials)
        {
            MixtureResult alone = MixtureCase.Train(Spec(trial.K), fitted).Result!;
            trial.Objective.ShouldBe(alone.Objective);
            var densities = new double[Rows.Rows];
            new MixtureScorer(alone.Model).Score(Rows, 1, densities, new int[Rows.Rows], default, Sequential.Instance);
            double mean = densities.Where((_, i) => held[i]).Average();
            trial.Value(SelectionCriterion.HeldOut).ShouldBe(mean, 1e-12 * Math.Abs(mean));
        }

        int best = trainer.Trials.MaxBy(trial => trial.Value(SelectionCriterion.HeldOut))!.K;
        best.ShouldBe(3);
        MixtureResult result = MixtureSelection.Result(trainer)!;
        result.Model.Digest.ShouldBe(MixtureCase.Train(Spec(best), Rows).Result!.Model.Digest);
        // The starts of the last training follow those of all five numbers.
        result.Restart.ShouldBeInRange(10, 11);
        result.Sizes.Sum().ShouldBe(Rows.Rows);
    }

    [Fact]
    public void Held_out_rows_weigh_what_they_weigh()
    {
        double[] weights = [.. Enumerable.Range(0, Rows.Rows).Select(i => i % 5 == 0 ? 0.0 : 1 + (i % 3))];
        RowBlock weighted = Rows.WithWeights(weights);
        SelectionTrainer trainer = MixtureSelection.Create(Spec(1), 2, SelectionCriterion.HeldOut, Columns);
        SelectionCase.Run(trainer, SelectionCase.MixtureWorkers(weighted));
        var holdOut = new HoldOut(9, 0.2);
        RowBlock fitted = Rows.WithWeights(weights.Select((weight, i) => holdOut.Has(i) ? 0 : weight).ToArray());
        MixtureModel model = MixtureCase.Train(Spec(1), fitted).Result!.Model;
        var densities = new double[Rows.Rows];
        new MixtureScorer(model).Score(Rows, 1, densities, new int[Rows.Rows], default, Sequential.Instance);
        int[] held = [.. Enumerable.Range(0, Rows.Rows).Where(i => holdOut.Has(i))];
        double mean = held.Sum(i => weights[i] * densities[i]) / held.Sum(i => weights[i]);
        trainer.Trials[0].Value(SelectionCriterion.HeldOut).ShouldBe(mean, 1e-12 * Math.Abs(mean));
    }

    [Fact]
    public void Which_rows_are_held_out_depends_on_neither_shards_nor_threads_nor_interruptions()
    {
        SelectionTrainer Begin() => MixtureSelection.Create(Spec(1), 4, SelectionCriterion.HeldOut, Columns);
        // Sums of moments depend on how rows are cut into shards, as a dataset version's are; which rows they sum does not.
        (SelectionTrainer whole, SelectionTrainer cut, SelectionTrainer threaded) = (Begin(), Begin(), Begin());
        SelectionCase.Run(whole, SelectionCase.MixtureWorkers(Rows));
        SelectionCase.Run(cut, SelectionCase.MixtureWorkers(Rows, 128));
        SelectionCase.Run(threaded, SelectionCase.MixtureWorkers(Rows, 128), new Threads(3));
        SelectionTrainer interrupted = SelectionCase.RunInterrupted(Begin(), SelectionCase.MixtureWorkers(Rows, 128), MixtureSelection.Restore);
        foreach ((SelectionTrial one, SelectionTrial other) in whole.Trials.Zip(cut.Trials))
            one.Value(SelectionCriterion.HeldOut).ShouldBe(other.Value(SelectionCriterion.HeldOut), 1e-6);
        foreach (SelectionTrainer other in new[] { threaded, interrupted })
        {
            MixtureSelection.Result(other)!.Model.Digest.ShouldBe(MixtureSelection.Result(cut)!.Model.Digest);
            other.Trials.SelectMany(trial => trial.Values).ShouldBe(cut.Trials.SelectMany(trial => trial.Values));
        }
    }

    [Fact]
    public void Where_no_row_is_held_out_it_says_so()
    {
        var few = new RowBlock(new double[] { 1, 2, 4, 8 }, 1);
        SelectionTrainer trainer = MixtureSelection.Create(MixtureSpec.Create(1), 2, SelectionCriterion.HeldOut, 1, 1e-9);
        Should.Throw<TrainingException>(() => SelectionCase.Run(trainer, SelectionCase.MixtureWorkers(few))).Message.ShouldContain("larger share");
    }

    [Fact]
    public void Where_no_row_is_left_to_fit_it_says_so()
    {
        var few = new RowBlock(new double[] { 1, 2, 4, 8 }, 1);
        SelectionTrainer trainer = MixtureSelection.Create(MixtureSpec.Create(1), 2, SelectionCriterion.HeldOut, 1, 1 - 1e-9);
        Should.Throw<TrainingException>(() => SelectionCase.Run(trainer, SelectionCase.MixtureWorkers(few))).Message
            .ShouldStartWith("Every row of positive weight was held out of the fit, or there is none: hold a smaller share than");
    }

    [Fact]
    public void A_choice_that_cannot_be_trained_on_all_rows_gives_way_to_the_next_best()
    {
        // A pile of equal rows: on a part of the rows some starts do not end on it.
        double[] values = MixtureCase.Clusters(84, 300, Columns, 2, 4);
        for (int i = 0; i < 12; i++)
            (values[i * 20], values[(i * 20) + 1]) = (values[202] + 4, values[203] + 4);
        var rows = new RowBlock(values, Columns);
        int gaveWay = 0;
        for (ulong seed = 0; seed < 40 && gaveWay == 0; seed++)
        {
            MixtureSpec spec = MixtureSpec.Create(1, init: MixtureInit.PlusPlus, seed: seed, collapse: CollapsePolicy.Fail, maxIterations: 60);
            SelectionTrainer trainer = MixtureSelection.Create(spec, 4, SelectionCriterion.HeldOut, Columns, 0.4);
            List<TrainingEvent> events = SelectionCase.Run(trainer, SelectionCase.MixtureWorkers(rows));
            TrainingWarning[] after = [.. events.OfType<TrainingWarning>()
                .Where(warning => warning.Message.Contains("left out after all", StringComparison.Ordinal))];
            if (after.Length == 0)
                continue;
            gaveWay++;
            MixtureResult result = MixtureSelection.Result(trainer)!;
            trainer.Trials.Length.ShouldBe(
                4 - events.OfType<TrainingWarning>().Count(warning => warning.Message.Contains("left out", StringComparison.Ordinal)));
            result.Model.K.ShouldBe(trainer.Trials[SelectionTrial.Choose(trainer.Trials, SelectionCriterion.HeldOut)].K);
            result.Model.Digest.ShouldBe(MixtureCase.Train(spec with { K = result.Model.K }, rows).Result!.Model.Digest);
            // Its restart follows those of all numbers, and of the trainings on all rows that failed.
            result.Restart.ShouldBe(4 + after.Length);
            SelectionTrainer resumed = SelectionCase.RunInterrupted(
                MixtureSelection.Create(spec, 4, SelectionCriterion.HeldOut, Columns, 0.4), SelectionCase.MixtureWorkers(rows), MixtureSelection.Restore);
            MixtureSelection.Result(resumed)!.Model.Digest.ShouldBe(result.Model.Digest);
            MixtureSelection.Result(resumed)!.Restart.ShouldBe(result.Restart);
        }

        gaveWay.ShouldBe(1);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(double.NaN)]
    public void A_share_lies_between_nothing_and_all(double share)
        => Should.Throw<ArgumentException>(() => MixtureSelection.Create(Spec(1), 3, SelectionCriterion.HeldOut, Columns, share))
            .Message.ShouldContain("above 0 and below 1");
}
