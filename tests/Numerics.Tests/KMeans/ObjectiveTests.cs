using OrleansCluster.Numerics.Encoding;
using OrleansCluster.Numerics.KMeans;
using OrleansCluster.Numerics.Parallelism;
using OrleansCluster.Numerics.Rows;
using OrleansCluster.Numerics.Statistics;
using OrleansCluster.Numerics.Training;

namespace OrleansCluster.Numerics.Tests.KMeans;

public sealed class ObjectiveTests
{
    // Clusters a hundred-thousandth of the range wide: Q − 2cS + Wc² cancels ten digits, which float64 alone does not have to spare.
    [Theory]
    [InlineData(1e-5, 0, false)]
    [InlineData(1e-5, 1e6, true)]
    [InlineData(1e-3, 1e6, false)]
    [InlineData(1, 0, true)]
    public void The_objective_of_an_iteration_survives_cancellation(double spread, double offset, bool weighted)
    {
        const int Count = 2000;
        var rows = new RowBlock(Train.Blobs(31, Count, 2, 5, spread * 20, offset), 2, weighted ? Train.WeightsFor(31, Count) : default);
        var trainer = new KMeansTrainer(KMeansSpec.Create(5, seed: 2, tolerance: 0), 2);
        IShardWorker[] workers = Train.Workers(rows, 300);
        int iterations = 0;
        while (trainer.Next is { } step)
        {
            double? expected = KMeansCentroids(step) is { } centroids ? Train.Objective(rows, centroids) : null;
            foreach (TrainingEvent happened in trainer.Advance(
                StatisticMerge.Merge([.. workers.Select(w => w.Execute(step, Sequential.Instance))]), Sequential.Instance))
            {
                if (happened is not IterationEnded ended)
                    continue;
                iterations++;
                ended.Objective.ShouldBe(expected!.Value, expected.Value * 1e-9);
            }
        }

        iterations.ShouldBeGreaterThan(0);
        trainer.Result!.Objective.ShouldBe(Train.Objective(rows, trainer.Result.Model.Centroids), trainer.Result.Objective * 1e-13);
    }

    private static double[]? KMeansCentroids(EncodedStep step)
        => Numerics.KMeans.Steps.KMeansStep.Decode(step.Bytes) is Numerics.KMeans.Steps.LloydStep lloyd ? lloyd.Current : null;
}
