using OrleansCluster.Numerics.KMeans;
using OrleansCluster.Numerics.Rows;
using OrleansCluster.Numerics.Training;

namespace OrleansCluster.Numerics.Tests.KMeans;

public sealed class TrainingTests
{
    [Fact]
    public void Four_points_by_hand()
    {
        // From 0 and 10: {0, 2} and {9, 11} at once; the objective at the start is 0 + 4 + 1 + 1.
        var spec = KMeansSpec.Create(2, "given", new double[] { 0, 10 });
        var events = new List<TrainingEvent>();
        KMeansResult result = Train.Run(spec, new RowBlock(new double[] { 0, 2, 9, 11 }, 1), told: events.Add);

        result.Model.Centroids.ShouldBe([1, 10]);
        result.Sizes.ShouldBe([2, 2]);
        result.Objective.ShouldBe(4);
        result.Spread.ShouldBe([1, 1]);
        result.Stop.ShouldBe("converged");
        IterationEnded[] iterations = [.. events.OfType<IterationEnded>()];
        iterations.Length.ShouldBe(2);
        iterations[0].ShouldBe(new IterationEnded(0, 1, 6, 1, 4, 8));
        iterations[1].Objective.ShouldBe(4);
        (iterations[1].Shift, iterations[1].Moved).ShouldBe((0, 0));
    }

    [Theory]
    [InlineData("parallel")]
    [InlineData("k-means++")]
    [InlineData("random")]
    public void Every_start_reaches_the_objective_it_reports(string init)
    {
        var rows = new RowBlock(Train.Blobs(1, 3000, 3, 8), 3);
        KMeansResult result = Train.Run(KMeansSpec.Create(8, init, restarts: 3, seed: 5), rows, 512);
        result.Model.K.ShouldBe(8);
        result.Objective.ShouldBe(Train.Objective(rows, result.Model.Centroids), result.Objective * 1e-12);
        result.Sizes.Sum().ShouldBe(3000);
        result.Restarts.Count.ShouldBe(3);
        result.Objective.ShouldBe(result.Restarts.Min(r => r.Objective));
        result.Restarts[result.Restart].Stop.ShouldBe(result.Stop);
        result.Warnings.ShouldBeEmpty();
    }
}
