using OrleansCluster.Client;
using OrleansCluster.Families.KMeans;
using OrleansCluster.Families.Mixtures;
using OrleansCluster.Grains.Tests.Fixtures;
using OrleansCluster.Training;

namespace OrleansCluster.Grains.Tests.Training;

/// <summary>What a job's status tells of its restarts, and of the version once there is one.</summary>
public sealed class BestSoFarTests
{
    private static readonly KMeansOptions KMeans = new() { K = 2, LargestK = 4, Restarts = 2 };
    private static readonly MixtureOptions Mixture = new() { K = 2, LargestK = 4, Restarts = 2, Select = "held-out" };

    [Theory]
    [InlineData(0, 2)]
    [InlineData(1, 2)]
    [InlineData(2, 3)]
    [InlineData(5, 4)]
    [InlineData(6, 0)]
    public void Restarts_are_numbered_on_through_all_numbers_of_clusters(int restart, int k) => BestSoFar.CurrentK(Mixture, restart).ShouldBe(k);

    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 4)]
    [InlineData(5, 9)]
    [InlineData(6, 0)]
    public void A_list_of_numbers_is_gone_through_in_its_order(int restart, int k) =>
        BestSoFar.CurrentK(new KMeansOptions { K = 2, LargestK = 9, Numbers = "2,4,9", Restarts = 2 }, restart).ShouldBe(k);

    [Fact]
    public void Only_restarts_of_the_same_number_of_clusters_compare()
    {
        RestartRecord[] ended = [Ended(0, 9), Ended(1, 8), Ended(2, 5), Ended(3, 6)];
        BestSoFar.Of(ended, KMeans, lessIsBetter: true, restart: 1).ShouldBe(8);
        BestSoFar.Of(ended, KMeans, lessIsBetter: true, restart: 3).ShouldBe(5);
        BestSoFar.Of(ended, KMeans, lessIsBetter: true, restart: 4).ShouldBe(double.NaN);
        BestSoFar.Of([Ended(0, double.NaN), Ended(1, 7)], KMeans, lessIsBetter: true, restart: 1).ShouldBe(7);
        BestSoFar.Of([Ended(0, 7), Ended(1, double.NaN)], KMeans, lessIsBetter: true, restart: 1).ShouldBe(7);
        // A likelihood is the better the greater it is.
        BestSoFar.Of(ended, Mixture, lessIsBetter: false, restart: 3).ShouldBe(6);
    }

    [Fact]
    public async Task A_job_that_is_done_tells_the_published_number_and_objective()
    {
        using var home = new TemporaryHome();
        await using ClusterFixture cluster = await ClusterFixture.StartAsync(new ClusterSetup { Home = home.Path });
        ClusteringClient client = cluster.Client();
        await client.Import("points", Rows.Clouds(3_000));
        TrainingReport report = await client.Train(new TrainingRequest
        {
            Dataset = "points",
            Model = "model",
            Options = new KMeansOptions { K = 2, LargestK = 6, Restarts = 3, Seed = 7 },
        });
        JobStatus status = (await client.Jobs.FindAsync(report.Job))!;
        (status.K, status.Objective, status.Version).ShouldBe((report.K, report.Objective, report.Version));
        // The last restart is of another number of clusters, so that this can fail.
        report.Restarts[^1].Objective.ShouldNotBe(report.Objective);
        JobStatus listed = (await client.Jobs.ListAsync()).ShouldHaveSingleItem();
        (listed.K, listed.Objective, listed.Version).ShouldBe((report.K, report.Objective, report.Version));
    }

    private static RestartRecord Ended(int restart, double objective) => new() { Restart = restart, Iterations = 3, Objective = objective, Stop = "converged" };
}
