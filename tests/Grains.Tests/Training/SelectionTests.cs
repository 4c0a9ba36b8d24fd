using OrleansCluster.Client;
using OrleansCluster.Families.KMeans;
using OrleansCluster.Families.Mixtures;
using OrleansCluster.Grains.Tests.Fixtures;
using OrleansCluster.Tenancy;
using OrleansCluster.Training;

namespace OrleansCluster.Grains.Tests.Training;

/// <summary>Choices among numbers of clusters through the same coordinator, reducers and partitions as trainings of one number.</summary>
public sealed class SelectionTests(LargeImportedHome imported) : IClassFixture<LargeImportedHome>
{
    [Theory]
    [InlineData("silhouette")]
    [InlineData("elbow")]
    [InlineData("bic")]
    [InlineData("held-out")]
    public async Task Threads_fan_in_and_a_kill_change_no_bit_of_the_choice(string criterion)
    {
        TrainingRequest request = Request(criterion);
        TrainingReport whole = await Train(request, silos: 1, threads: 1, fanIn: 16);
        TrainingReport threaded = await Train(request, silos: 2, threads: 3, fanIn: 2);
        TrainingReport resumed = await KillAndResume(request);

        whole.Selection.Select(tried => tried.K).ShouldBe([2, 3, 4, 5]);
        CriterionRecord[] all = [.. whole.Selection.SelectMany(tried => tried.Criteria)];
        foreach (TrainingReport report in new[] { threaded, resumed })
        {
            report.Digest.ShouldBe(whole.Digest);
            report.K.ShouldBe(whole.K);
            report.Selection.SelectMany(tried => tried.Criteria).ShouldBe(all);
            report.Restarts.Length.ShouldBe(request.Options!.Starts());
        }

        resumed.Resumed.ShouldBeGreaterThan(0);
        whole.Iterations.ShouldNotBeEmpty();
    }

    private static TrainingRequest Request(string criterion) => criterion is "bic" or "held-out"
        ? new TrainingRequest
        {
            Dataset = "points",
            Model = "model",
            Options = new MixtureOptions { K = 2, LargestK = 5, Select = criterion, Covariance = "diag", MaxIterations = 4, Seed = 7, Restarts = 2 },
        }
        : new TrainingRequest
        {
            Dataset = "points",
            Model = "model",
            Options = new KMeansOptions { K = 2, LargestK = 5, Select = criterion, MaxIterations = 4, Seed = 7, Restarts = 2, SilhouetteRows = 500 },
        };

    private async Task<TrainingReport> Train(TrainingRequest request, short silos, int threads, int fanIn)
    {
        using var home = new TemporaryHome();
        imported.CopyTo(home.Path);
        await using ClusterFixture cluster = await ClusterFixture.StartAsync(
            new ClusterSetup { Home = home.Path, Silos = silos, Threads = threads, Training = options => options.FanIn = fanIn });
        ClusteringClient client = cluster.Client();
        (await client.Datasets.FindAsync("points"))!.Shards.ShouldBeGreaterThan(2);
        return await client.Train(request);
    }

    private async Task<TrainingReport> KillAndResume(TrainingRequest request)
    {
        using var home = new TemporaryHome();
        imported.CopyTo(home.Path);
        // Some twenty writes into the job: checkpoints of the second or third number of clusters.
        var setup = new ClusterSetup { Home = home.Path, Training = options => options.CheckpointInterval = TimeSpan.Zero };
        await using (ClusterFixture cluster = await ClusterFixture.StartAsync(setup with { Faults = new WriteFaults { FailFrom = 25 } }))
        {
            await Job(cluster).Start(request);
            (await cluster.Client().Finish("job")).State.ShouldBe(JobState.Interrupted);
            await cluster.KillAsync();
        }

        await using (ClusterFixture cluster = await ClusterFixture.StartAsync(setup))
        {
            ClusteringClient client = cluster.Client();
            await client.Jobs.ResumeAsync("job");
            JobStatus end = await client.Finish("job");
            end.State.ShouldBe(JobState.Succeeded, end.Error);
            return (await client.Jobs.ReportAsync("job"))!;
        }
    }

    private static ITrainingGrain Job(ClusterFixture cluster) => cluster.Grains.GetGrain<ITrainingGrain>(GrainKeys.For("default", "job"));
}
