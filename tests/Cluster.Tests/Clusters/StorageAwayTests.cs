using OrleansCluster.Cluster.Tests.Parts;

namespace OrleansCluster.Cluster.Tests.Clusters;

/// <summary>Redis is away for a real minute, in which other tests can run.</summary>
public sealed class StorageAwayTests
{
    [Fact]
    public async Task A_job_pauses_while_the_storage_is_away_for_a_minute()
    {
        await using RedisServer redis = await RedisServer.StartAsync();
        await using var cluster = new SiloCluster("Clustering=redis", "Connection=" + redis.Connection);
        await cluster.StartAsync(2);
        await Job.ImportAsync(cluster.Client);
        string job = await cluster.Client.Jobs.StartAsync(Job.Request());
        await Job.ReachedAsync(cluster.Client, job, 2);
        await redis.PauseAsync();
        // Far longer than a checkpoint's interval and a failed write's timeout together: the job meets the absence, and so do the silos' signs of life.
        await Task.Delay(TimeSpan.FromMinutes(1));
        await redis.ResumeAsync();
        (await Job.FinishAsync(cluster.Client, job)).ShouldBe(Job.Digest);
    }
}
