using OrleansCluster.Client;
using OrleansCluster.Families.KMeans;
using OrleansCluster.Families.Mixtures;
using OrleansCluster.Grains.Tests.Fixtures;
using OrleansCluster.Tenancy;
using OrleansCluster.Training;

namespace OrleansCluster.Grains.Tests.Training;

/// <summary>Jobs of which some restarts, or some numbers of clusters, cannot go on.</summary>
public sealed class FailedRestartTests
{
    /// <summary>Three distinct rows: a start that draws one of them twice empties a cluster.</summary>
    private static readonly float[] Three = [.. Enumerable.Range(0, 600).SelectMany(i => new float[] { i % 3, i % 3 * 2 })];

    private static readonly TrainingRequest Request = new()
    {
        Dataset = "points",
        Model = "model",
        Options = new KMeansOptions { K = 3, Init = "random", Restarts = 12, Seed = 1, Empty = "fail" },
    };

    [Theory]
    [InlineData(3)]
    [InlineData(9)]
    [InlineData(14)]
    public async Task A_job_killed_at_a_write_keeps_the_good_ones_and_knows_the_bad_ones(int write)
    {
        using var home = new TemporaryHome();
        TrainingReport whole;
        await using (ClusterFixture cluster = await ClusterFixture.StartAsync(Setup(home.Path)))
        {
            await cluster.Client().Import("points", Three);
            whole = await cluster.Client().Train(Request);
        }

        int failed = whole.Restarts.Count(restart => restart.Stop == "failed");
        failed.ShouldBeInRange(1, 11);
        whole.Restarts.Length.ShouldBe(12);
        whole.Warnings.ShouldHaveSingleItem().ShouldStartWith($"{failed} of 12 restarts failed, and the best of the others is kept. Restart");

        using var crashed = new TemporaryHome();
        await using (ClusterFixture cluster = await ClusterFixture.StartAsync(Setup(crashed.Path)))
            await cluster.Client().Import("points", Three);
        await using (ClusterFixture cluster = await ClusterFixture.StartAsync(Setup(crashed.Path) with { Faults = new WriteFaults { FailFrom = write } }))
        {
            try
            {
                await Job(cluster).Start(Request);
                await cluster.Client().Finish("job");
            }
            catch (Exception e) when (e is ClusteringException or OrleansException)
            {
                // The write that failed was one of the start's own.
            }

            await cluster.KillAsync();
        }

        await using (ClusterFixture cluster = await ClusterFixture.StartAsync(Setup(crashed.Path)))
        {
            ClusteringClient client = cluster.Client();
            await Job(cluster).Start(Request);
            await client.Jobs.ResumeAsync("job");
            JobStatus end = await client.Finish("job");
            end.State.ShouldBe(JobState.Succeeded, end.Error);
            TrainingReport report = (await client.Jobs.ReportAsync("job"))!;
            report.Digest.ShouldBe(whole.Digest);
            report.Warnings.ShouldBe(whole.Warnings);
            report.Restarts.ShouldBe(whole.Restarts);
        }
    }

    [Fact]
    public async Task Where_all_fail_the_job_says_every_reason()
    {
        using var home = new TemporaryHome();
        await using ClusterFixture cluster = await ClusterFixture.StartAsync(Setup(home.Path));
        ClusteringClient client = cluster.Client();
        // Two of the three distinct rows are there once each: of random starts hardly one in a million finds both.
        await client.Import("points", [.. Enumerable.Range(0, 600).SelectMany(i => new float[] { i > 597 ? i : 0, 0 })]);
        JobStatus end = await client.Finish(await client.Jobs.StartAsync(Request));
        end.State.ShouldBe(JobState.Failed);
        end.Error.ShouldStartWith("All 12 restarts failed. Restart");
        (await client.Models.FindAsync("model")).ShouldBeNull();
    }

    [Fact]
    public async Task Numbers_of_clusters_may_be_a_list_and_weights_have_a_meaning()
    {
        using var home = new TemporaryHome();
        await using ClusterFixture cluster = await ClusterFixture.StartAsync(Setup(home.Path));
        ClusteringClient client = cluster.Client();
        await client.Import("points", Rows.Clouds(2_000));
        var options = new MixtureOptions { K = 2, LargestK = 7, Numbers = "2,4,7", Covariance = "diag", MaxIterations = 5, Weights = "relative" };
        var request = new TrainingRequest { Dataset = "points", Model = "model", Options = options };
        TrainingReport report = await client.Train(request);
        report.Selection.Select(tried => tried.K).ShouldBe([2, 4, 7]);
        report.Restarts.Length.ShouldBe(options.Starts());
        report.SampleSize.ShouldBe(2_000);
        await Refused(client, request with { Options = options with { Numbers = "2,x,7" } }, "k is 2,x,7, which is neither a whole number from 1");
        await Refused(client, request with { Options = options with { Numbers = "2,4,8" } }, "give the first and the last as K and LargestK");
        await Refused(client, request with { Options = options with { Numbers = "2,5,4,7" } }, "4 is out of place");
        await Refused(client, request with { Options = options with { Weights = "some" } }, "weights is 'some', which is not one of count, relative");
    }

    private static async Task Refused(ClusteringClient client, TrainingRequest request, string why) =>
        (await Should.ThrowAsync<ClusteringException>(() => client.Jobs.StartAsync(request))).Message.ShouldContain(why);

    private static ITrainingGrain Job(ClusterFixture cluster) => cluster.Grains.GetGrain<ITrainingGrain>(GrainKeys.For(GrainKeys.DefaultTenant, "job"));

    private static ClusterSetup Setup(string home) => new() { Home = home, Threads = 2, Training = options => options.CheckpointInterval = TimeSpan.Zero };
}
