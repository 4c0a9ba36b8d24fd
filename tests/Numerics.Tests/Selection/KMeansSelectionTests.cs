using OrleansCluster.Numerics.Distances;
using OrleansCluster.Numerics.Evaluation;
using OrleansCluster.Numerics.KMeans;
using OrleansCluster.Numerics.Parallelism;
using OrleansCluster.Numerics.Rows;
using OrleansCluster.Numerics.Selection;
using OrleansCluster.Numerics.Statistics;
using OrleansCluster.Numerics.Tests.KMeans;
using OrleansCluster.Numerics.Training;

namespace OrleansCluster.Numerics.Tests.Selection;

public sealed class KMeansSelectionTests
{
    private const int Columns = 3;

    /// <summary>Four clusters, each as far from the others as the corners of a tetrahedron.</summary>
    private static readonly RowBlock Rows = new(
        Train.Blobs(5, 700, Columns, 1, spread: 0.8).Select((value, i) => value + (i / Columns % 4 == i % Columns ? 10.0 : 0)).ToArray(), Columns);

    [Theory]
    [InlineData(SelectionCriterion.Silhouette)]
    [InlineData(SelectionCriterion.CalinskiHarabasz)]
    [InlineData(SelectionCriterion.DaviesBouldin)]
    [InlineData(SelectionCriterion.Elbow)]
    public void Every_criterion_finds_four_clear_clusters_and_keeps_the_training_of_four(SelectionCriterion criterion)
    {
        KMeansSpec spec = KMeansSpec.Create(1, restarts: 3, seed: 2);
        SelectionTrainer trainer = KMeansSelection.Create(spec, 7, criterion, Columns);
        List<TrainingEvent> events = SelectionCase.Run(trainer, SelectionCase.KMeansWorkers(Rows));

        trainer.Trials.Select(trial => trial.K).ShouldBe([1, 2, 3, 4, 5, 6, 7]);
        KMeansResult result = KMeansSelection.Result(trainer)!;
        result.Model.K.ShouldBe(4);
        KMeansResult alone = Train.Run(KMeansSpec.Create(4, restarts: 3, seed: 2), Rows);
        result.Model.Digest.ShouldBe(alone.Model.Digest);
        result.Objective.ShouldBe(trainer.Trials[3].Objective);
        result.Restart.ShouldBe(9 + trainer.Trials[3].Start);
        events.OfType<RestartEnded>().Select(ended => ended.Restart).ShouldBe(Enumerable.Range(0, 21));
    }

    [Fact]
    public void Values_are_those_of_the_indices_over_all_rows()
    {
        SelectionTrainer trainer = KMeansSelection.Create(KMeansSpec.Create(1, seed: 2), 5, SelectionCriterion.Silhouette, Columns);
        SelectionCase.Run(trainer, SelectionCase.KMeansWorkers(Rows, 97));
        foreach (SelectionTrial trial in trainer.Trials)
        {
            double[] centroids = Train.Run(KMeansSpec.Create(trial.K, seed: 2), Rows).Model.Centroids;
            int[] labels = [.. Enumerable.Range(0, Rows.Rows).Select(i => Distance.Nearest(Rows.Float64.Span.Slice(i * Columns, Columns), centroids, out _))];
            if (trial.K == 1)
            {
                trial.Values.Where(value => value.Criterion != SelectionCriterion.Elbow).ShouldAllBe(value => double.IsNaN(value.Value));
                continue;
            }

            SilhouetteScore score = Silhouette.Score(Rows, labels);
            trial.Value(SelectionCriterion.Silhouette).ShouldBe(score.Mean, 1e-12);
            trial.Values[0].StandardError.ShouldBe(score.StandardError, 1e-12);
            var dispersions = new DispersionStatistic(centroids, Columns);
            dispersions.Accumulate(Rows, labels);
            trial.Value(SelectionCriterion.CalinskiHarabasz).ShouldBe(InternalIndices.CalinskiHarabasz(dispersions.Finish()), 1e-6);
            trial.Value(SelectionCriterion.DaviesBouldin).ShouldBe(InternalIndices.DaviesBouldin(dispersions.Finish()), 1e-12);
        }
    }

    [Fact]
    public void A_sample_of_the_rows_estimates_the_silhouette_within_its_error()
    {
        SelectionTrainer all = KMeansSelection.Create(KMeansSpec.Create(2, seed: 2), 5, SelectionCriterion.Silhouette, Columns);
        SelectionTrainer some = KMeansSelection.Create(KMeansSpec.Create(2, seed: 2), 5, SelectionCriterion.Silhouette, Columns, silhouetteRows: 200);
        SelectionCase.Run(all, SelectionCase.KMeansWorkers(Rows));
        SelectionCase.Run(some, SelectionCase.KMeansWorkers(Rows));
        foreach ((SelectionTrial whole, SelectionTrial sampled) in all.Trials.Zip(some.Trials))
        {
            sampled.Values[0].StandardError.ShouldBeInRange(1e-4, 0.07);
            sampled.Values[0].Value.ShouldNotBe(whole.Values[0].Value);
            sampled.Values[0].Value.ShouldBe(whole.Values[0].Value, 4 * sampled.Values[0].StandardError);
        }
    }

    [Fact]
    public void A_row_of_weight_zero_is_absent_from_every_criterion()
    {
        double[] weights = [.. Enumerable.Range(0, Rows.Rows).Select(i => i % 7 == 3 ? 0.0 : 1.0)];
        double[] without = [.. Enumerable.Range(0, Rows.Rows).Where(i => i % 7 != 3).SelectMany(i => Rows.Float64.Slice(i * Columns, Columns).ToArray())];
        double[] means = [.. Rows.Float64.Span[..(3 * Columns)]];
        var weighted = new KMeansTrial(new KMeansTrainer(KMeansSpec.Create(3, "given", means), Columns), Columns, new KMeansJudging(5000, WeightMeaning.Count));
        var absent = new KMeansTrial(new KMeansTrainer(KMeansSpec.Create(3, "given", means), Columns), Columns, new KMeansJudging(5000, WeightMeaning.Count));
        LocalTraining.Run(weighted, SelectionCase.KMeansWorkers(Rows.WithWeights(weights)), Sequential.Instance);
        LocalTraining.Run(absent, SelectionCase.KMeansWorkers(new RowBlock(without, Columns)), Sequential.Instance);
        foreach ((CriterionValue one, CriterionValue other) in weighted.Trial!.Values.Zip(absent.Trial!.Values))
            one.Value.ShouldBe(other.Value, 1e-9 * Math.Abs(other.Value), one.Criterion.ToString());
    }

    [Fact]
    public void Threads_and_interruptions_change_no_bit()
    {
        SelectionTrainer Begin()
            => KMeansSelection.Create(KMeansSpec.Create(2, restarts: 2, seed: 3), 6, SelectionCriterion.Elbow, Columns, silhouetteRows: 150);
        SelectionTrainer plain = Begin();
        SelectionCase.Run(plain, SelectionCase.KMeansWorkers(Rows, 256));
        SelectionTrainer threaded = Begin();
        SelectionCase.Run(threaded, SelectionCase.KMeansWorkers(Rows, 256), new Threads(3));
        SelectionTrainer interrupted = SelectionCase.RunInterrupted(Begin(), SelectionCase.KMeansWorkers(Rows, 256), KMeansSelection.Restore);
        foreach (SelectionTrainer other in new[] { threaded, interrupted })
        {
            KMeansSelection.Result(other)!.Model.Digest.ShouldBe(KMeansSelection.Result(plain)!.Model.Digest);
            KMeansSelection.Result(other)!.Restart.ShouldBe(KMeansSelection.Result(plain)!.Restart);
            other.Trials.SelectMany(trial => trial.Values).ShouldBe(plain.Trials.SelectMany(trial => trial.Values));
        }
    }

    [Fact]
    public void Warns_where_criteria_disagree_and_where_a_start_got_stuck()
    {
        // Eight tight blobs at unequal distances, and starts that often miss some of them.
        double[] centres = [0, 0, 9, 1, 3, 20, 40, 2, 41, 30, 70, 50, 75, 0, 76, 3];
        double[] values = [.. Train.Blobs(1, 400, 2, 1, spread: 0.3).Select((value, i) => value + centres[(i / 2 % 8 * 2) + (i % 2)])];
        var rows = new RowBlock(values, 2);
        List<string> told = [];
        for (ulong seed = 0; seed < 12; seed++)
        {
            SelectionTrainer trainer = KMeansSelection.Create(KMeansSpec.Create(2, "random", seed: seed), 11, SelectionCriterion.Silhouette, 2);
            List<string> warnings = [.. SelectionCase.Run(trainer, SelectionCase.KMeansWorkers(rows)).OfType<TrainingWarning>()
                .Select(warning => warning.Message)];
            told.AddRange(warnings);
            bool stuck = trainer.Trials.Any(trial => trainer.Trials.Any(fewer => fewer.K < trial.K && fewer.Objective < trial.Objective));
            warnings.Any(message => message.Contains("got stuck", StringComparison.Ordinal)).ShouldBe(stuck);
        }

        told.ShouldContain(message => message.Contains("The criteria disagree: silhouette chooses k = ", StringComparison.Ordinal));
        told.ShouldContain(message => message.Contains("got stuck: its inertia is greater than that of k = ", StringComparison.Ordinal));
    }

    [Fact]
    public void Refuses_what_it_cannot_choose_among()
    {
        KMeansSpec two = KMeansSpec.Create(2);
        Should.Throw<ArgumentException>(() => KMeansSelection.Create(two, 2, SelectionCriterion.Silhouette, 1)).Message.ShouldContain("2..2");
        Should.Throw<ArgumentException>(() => KMeansSelection.Create(two, 3, SelectionCriterion.Elbow, 1)).Message.ShouldContain("three");
        Should.Throw<ArgumentException>(() => KMeansSelection.Create(two, 4, SelectionCriterion.Bic, 1)).Message.ShouldContain("bic");
        Should.Throw<ArgumentException>(() => KMeansSelection.Create(two, 4, SelectionCriterion.Silhouette, 1, 1)).Message.ShouldContain("at least 2");
        Should.Throw<ArgumentException>(
            () => KMeansSelection.Create(KMeansSpec.Create(2, "given", new double[] { 1, 2 }), 4, SelectionCriterion.Silhouette, 1));
        SelectionTrainer equal = KMeansSelection.Create(two, 3, SelectionCriterion.Silhouette, 1);
        Should.Throw<TrainingException>(() => SelectionCase.Run(equal, SelectionCase.KMeansWorkers(new RowBlock(new double[] { 4, 4, 4, 4 }, 1))))
            .Message.ShouldContain("silhouette cannot choose");
    }
}
