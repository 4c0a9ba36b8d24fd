using OrleansCluster.Numerics.Mixtures;
using OrleansCluster.Numerics.Parallelism;
using OrleansCluster.Numerics.Rows;
using OrleansCluster.Numerics.Selection;
using OrleansCluster.Numerics.Statistics;
using OrleansCluster.Numerics.Tests.Selection;
using OrleansCluster.Numerics.Training;

namespace OrleansCluster.Numerics.Tests.Mixtures;

/// <summary>Of several restarts some cannot go on: the best of the others is the result.</summary>
public sealed class FailedRestartTests
{
    /// <summary>A pile of equal rows beside two clouds: who starts near it collapses.</summary>
    private static readonly RowBlock Rows = MakeRows();

    private static MixtureSpec Spec(int restarts) => MixtureSpec.Create(
        3, init: MixtureInit.PlusPlus, restarts: restarts, seed: 1, collapse: CollapsePolicy.Fail, maxIterations: 60);

    [Fact]
    public void The_best_of_those_that_worked_is_kept_and_the_others_are_named()
    {
        RestartEnded[] alone = Ended(out int[] failed);
        failed.Length.ShouldBeInRange(1, alone.Length - 1);
        MixtureResult result = MixtureCase.Train(Spec(alone.Length), Rows, 100).Result!;
        result.Restarts.ShouldBe(alone);
        result.Objective.ShouldBe(alone.Where(one => one.Stop != RestartEnded.Failed).Max(one => one.Objective));
        result.Restart.ShouldBe(Array.FindIndex(alone, one => one.Objective == result.Objective));
        string warning = result.Warnings[0];
        warning.ShouldStartWith($"{failed.Length} of {alone.Length} restarts failed, and the best of the others is kept. Restart");
        warning.ShouldContain("collapsed");
        alone[failed[0]].ShouldBe(new RestartEnded(failed[0], alone[failed[0]].Iterations, double.NaN, "failed"));
    }

    [Fact]
    public void Interruptions_change_neither_result_nor_warnings()
    {
        MixtureResult whole = MixtureCase.Train(Spec(8), Rows, 100).Result!;
        var trainer = new MixtureTrainer(Spec(8), 2);
        IShardWorker[] workers = MixtureCase.Workers(Rows, 100, null);
        while (trainer.Next is { } step)
        {
            byte[] state = trainer.Save();
            trainer = MixtureTrainer.Restore(state);
            trainer.Save().ShouldBe(state);
            trainer.Advance(StatisticMerge.Merge([.. workers.Select(worker => worker.Execute(step, Sequential.Instance))], kinds: MixtureStatistics.Kinds),
                Sequential.Instance);
        }

        trainer.Result!.Model.Digest.ShouldBe(whole.Model.Digest);
        trainer.Result.Restarts.ShouldBe(whole.Restarts);
        trainer.Result.Warnings.ShouldBe(whole.Warnings);
    }

    [Fact]
    public void Where_all_fail_the_error_has_every_reason_once()
    {
        // Two values and no floor: every start ends on them.
        double[] values = [.. Enumerable.Range(0, 40).Select(i => i % 2 == 0 ? 0.0 : 100)];
        MixtureSpec spec = MixtureSpec.Create(2, restarts: 3, regularization: 0);
        Should.Throw<TrainingException>(() => MixtureCase.Train(spec, new RowBlock(values, 1))).Message
            .ShouldBe(
                "All 3 restarts failed. Restarts 0, 1, 2: The covariance of component 0 after iteration 0 is not positive definite. Columns depend on each "
                    + "other, "
                    + "or it has fewer rows than columns. Use a regularization above 0, leave out columns that others determine, or ask for diag covariances.");
        Should.Throw<TrainingException>(() => MixtureCase.Train(MixtureSpec.Create(2, regularization: 0), new RowBlock(values, 1))).Message
            .ShouldStartWith("The covariance of component 0");
    }

    [Fact]
    public void In_a_range_they_fail_within_their_number()
    {
        RestartEnded[] alone = Ended(out int[] failed);
        MixtureSpec spec = Spec(alone.Length) with { K = 2 };
        SelectionTrainer trainer = MixtureSelection.Create(spec, 4, SelectionCriterion.Bic, 2);
        List<TrainingEvent> events = SelectionCase.Run(trainer, SelectionCase.MixtureWorkers(Rows, 100));
        trainer.Trials.Single(trial => trial.K == 3).Objective.ShouldBe(MixtureCase.Train(Spec(alone.Length), Rows, 100).Result!.Objective);
        events.OfType<TrainingWarning>().ShouldContain(warning =>
            warning.Message.StartsWith(
                $"k = 3: {failed.Length} of {alone.Length} restarts failed, and the best of the others is kept.", StringComparison.Ordinal));
        events.OfType<RestartEnded>().Select(ended => ended.Restart).ShouldBe(Enumerable.Range(0, 3 * alone.Length));
        SelectionTrainer resumed = SelectionCase.RunInterrupted(
            MixtureSelection.Create(spec, 4, SelectionCriterion.Bic, 2), SelectionCase.MixtureWorkers(Rows, 100), MixtureSelection.Restore);
        MixtureSelection.Result(resumed)!.Model.Digest.ShouldBe(MixtureSelection.Result(trainer)!.Model.Digest);
    }

    [Fact]
    public void Warnings_of_restarts_that_are_not_kept_are_not_told()
    {
        // Rows with one more cluster than points: every restart would say so.
        double[] values = [.. Enumerable.Range(0, 60).Select(i => (double)(i % 3))];
        KMeans.Train.Run(Numerics.KMeans.KMeansSpec.Create(5, restarts: 6), new RowBlock(values, 1)).Warnings
            .ShouldHaveSingleItem().ShouldBe("The rows have fewer distinct values than clusters were asked for: there are 3 clusters.");
    }

    [Fact]
    public void A_k_means_start_that_empties_a_cluster_is_one_bad_restart()
    {
        double[] values = [.. Enumerable.Range(0, 60).Select(i => (double)(i % 3))];
        var spec = Numerics.KMeans.KMeansSpec.Create(3, "random", restarts: 12, seed: 1, empty: "fail");
        Numerics.KMeans.KMeansResult result = KMeans.Train.Run(spec, new RowBlock(values, 1), 16);
        result.Model.Centroids.Order().ShouldBe([0, 1, 2]);
        int failed = result.Restarts.Count(one => one.Stop == RestartEnded.Failed);
        failed.ShouldBeInRange(1, 11);
        result.Warnings[0].ShouldStartWith($"{failed} of 12 restarts failed, and the best of the others is kept. Restart");
        result.Warnings[0].ShouldContain("became empty in iteration 1");
    }

    /// <summary>How each restart ends: a training of one restart more adds the next, and nothing else.</summary>
    private static RestartEnded[] Ended(out int[] failed)
    {
        var events = new List<TrainingEvent>();
        MixtureCase.Train(Spec(8), Rows, 100, told: events.Add);
        RestartEnded[] ended = [.. events.OfType<RestartEnded>()];
        failed = [.. ended.Where(one => one.Stop == RestartEnded.Failed).Select(one => one.Restart)];
        return ended;
    }

    private static RowBlock MakeRows()
    {
        double[] values = MixtureCase.Clusters(84, 300, 2, 2, 4);
        for (int i = 0; i < 12; i++)
            (values[i * 20], values[(i * 20) + 1]) = (values[202] + 4, values[203] + 4);
        return new RowBlock(values, 2);
    }
}
