using OrleansCluster.Grains.Tests.Fixtures;
using OrleansCluster.Tenancy;
using OrleansCluster.Training;

namespace OrleansCluster.Grains.Tests.Training;

/// <summary>A job with many writes to be killed at.</summary>
internal static class CrashedJob
{
    public const string JobId = "job";

    public static TrainingRequest CrashedRequest => Rows.Request("points", "model", k: 4, restarts: 2, seed: 3);

    /// <summary>Checkpoints after every step, so that there are many writes to be killed at.</summary>
    public static ClusterSetup Setup(string home) => new() { Home = home, Training = options => options.CheckpointInterval = TimeSpan.Zero };

    public static ITrainingGrain Job(ClusterFixture cluster) => cluster.Grains.GetGrain<ITrainingGrain>(GrainKeys.For("default", JobId));

    public static async Task<(string Digest, int Writes)> Undisturbed(ImportedHome imported)
    {
        using var home = new TemporaryHome();
        imported.CopyTo(home.Path);
        var counting = new WriteFaults();
        await using ClusterFixture cluster = await ClusterFixture.StartAsync(Setup(home.Path) with { Faults = counting });
        await Job(cluster).Start(CrashedRequest);
        (await cluster.Client().Finish(JobId)).State.ShouldBe(JobState.Succeeded);
        return ((await cluster.Client().Jobs.ReportAsync(JobId))!.Digest, counting.Writes);
    }

    public static async Task RunUntilWriteFails(string home, WriteFaults faults, TrainingRequest? request = null)
    {
        ClusterFixture cluster = await ClusterFixture.StartAsync(Setup(home) with { Faults = faults });
        try
        {
            await Job(cluster).Start(request ?? CrashedRequest);
            await Task.WhenAny(faults.Reached, cluster.Client().Finish(JobId));
        }
        catch (Exception e) when (e is ClusteringException or OrleansException)
        {
            // The start itself met the failing write.
        }

        await cluster.KillAsync();
    }
}
