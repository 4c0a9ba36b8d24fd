using OrleansCluster.Numerics.Encoding;
using OrleansCluster.Numerics.KMeans;
using OrleansCluster.Numerics.KMeans.Steps;
using OrleansCluster.Numerics.Mixtures;
using OrleansCluster.Numerics.Mixtures.Components;
using OrleansCluster.Numerics.Parallelism;
using OrleansCluster.Numerics.Rows;
using OrleansCluster.Numerics.Selection;
using OrleansCluster.Numerics.Tests.KMeans;
using OrleansCluster.Numerics.Tests.Mixtures;
using OrleansCluster.Numerics.Training;

namespace OrleansCluster.Numerics.Tests.Selection;

/// <summary>Passes over the rows that do not depend on what is trained are made once for all numbers of clusters and all starts.</summary>
public sealed class SharedSurveyTests
{
    private const int Columns = 2;

    private static readonly RowBlock Rows = new(MixtureCase.Clusters(8, 600, Columns, 4, distance: 5), Columns);

    [Theory]
    [InlineData(MixtureInit.KMeans, 1)]
    [InlineData(MixtureInit.PlusPlus, 1)]
    [InlineData(MixtureInit.RandomResponsibilities, 0)]
    public void Rows_are_surveyed_once_for_all_mixtures_and_their_starts(MixtureInit init, int ranges)
    {
        MixtureSpec Spec(int k) => MixtureSpec.Create(k, CovarianceForm.Diagonal, init, restarts: 3, seed: 4);
        SelectionTrainer trainer = MixtureSelection.Create(Spec(2), 5, SelectionCriterion.Bic, Columns);
        EncodedStep first = new RangesStep(Columns).Encode();
        IShardWorker[] workers = SelectionCase.MixtureWorkers(Rows);
        (int surveys, int starts) = (0, 0);
        while (trainer.Next is { } step)
        {
            surveys += trainer.Phase == "survey" ? 1 : 0;
            starts += step.Bytes.Span.SequenceEqual(first.Bytes.Span) ? 1 : 0;
            trainer.Advance(workers[0].Execute(step, Sequential.Instance), Sequential.Instance);
        }

        (surveys, starts).ShouldBe((2, ranges));
        foreach (SelectionTrial trial in trainer.Trials)
            trial.Objective.ShouldBe(MixtureCase.Train(Spec(trial.K), Rows).Result!.Objective);
        int chosen = MixtureSelection.Result(trainer)!.Model.K;
        MixtureSelection.Result(trainer)!.Model.Digest.ShouldBe(MixtureCase.Train(Spec(chosen), Rows).Result!.Model.Digest);
    }

    [Fact]
    public void Rows_are_surveyed_once_for_all_numbers_of_means()
    {
        SelectionTrainer trainer = KMeansSelection.Create(
            KMeansSpec.Create(1, restarts: 2, seed: 3), 5, SelectionCriterion.DaviesBouldin, Columns, silhouetteRows: 50);
        int surveys = 0;
        IShardWorker[] workers = SelectionCase.KMeansWorkers(Rows);
        while (trainer.Next is { } step)
        {
            surveys += trainer.Phase == "survey" ? 1 : 0;
            trainer.Advance(workers[0].Execute(step, Sequential.Instance), Sequential.Instance);
        }

        surveys.ShouldBe(2);
        foreach (SelectionTrial trial in trainer.Trials)
            trial.Objective.ShouldBe(Train.Run(KMeansSpec.Create(trial.K, restarts: 2, seed: 3), Rows).Objective);
    }

    [Fact]
    public void A_number_beyond_the_rows_is_left_out_as_without_a_survey()
    {
        var few = new RowBlock(new double[] { 1, 2, 4, 8, 9, 20 }, 2);
        SelectionTrainer trainer = MixtureSelection.Create(MixtureSpec.Create(1, CovarianceForm.Spherical, seed: 1), 5, SelectionCriterion.Bic, 2);
        List<TrainingEvent> events = SelectionCase.Run(trainer, SelectionCase.MixtureWorkers(few));
        trainer.Trials.Select(trial => trial.K).ShouldBe([1, 2, 3]);
        events.OfType<TrainingWarning>().Select(warning => warning.Message)
            .ShouldContain("k = 4 and more are left out: k is 4, but there are only 3 rows of positive weight: ask for at most 3 components.");
    }
}
