using OrleansCluster.Cluster.Tests.Parts;
using OrleansCluster.Models;
using OrleansCluster.Training;

namespace OrleansCluster.Cluster.Tests.Clusters;

/// <summary>Three silo processes on Redis: whatever happens to them, the bits are those of one process.</summary>
public sealed class RedisTests
{
    [Fact]
    public async Task The_digest_is_the_same_with_a_silo_killed_with_one_added_and_after_a_restart_of_all()
    {
        await using RedisServer redis = await RedisServer.StartAsync();
        await using var cluster = new SiloCluster("Clustering=redis", "Connection=" + redis.Connection);
        await cluster.StartAsync(3);
        await Job.ImportAsync(cluster.Client);
        int seed = Environment.TickCount;
        var random = new Random(seed);

        string killed = await cluster.Client.Jobs.StartAsync(Job.Request());
        await Job.ReachedAsync(cluster.Client, killed, 1 + random.Next(20));
        cluster.Kill(random.Next(3));
        (await Job.FinishAsync(cluster.Client, killed)).ShouldBe(Job.Digest, $"seed {seed}");

        string joined = await cluster.Client.Jobs.StartAsync(Job.Request());
        await cluster.StartAsync(1);
        (await Job.FinishAsync(cluster.Client, joined)).ShouldBe(Job.Digest);

        await cluster.StopAsync();
        await cluster.StartAsync(2);
        ModelSummary model = (await cluster.Client.Models.FindAsync("model"))!;
        model.Versions.Select(version => version.Training.Digest).ShouldBe([Job.Digest, Job.Digest]);
        (await cluster.Client.Jobs.FindAsync(killed))!.State.ShouldBe(JobState.Succeeded);
        (await cluster.Client.Datasets.FindAsync("rows"))!.Shards.ShouldBe(Job.Shards);
    }

    [Fact]
    public async Task The_digest_is_the_same_on_one_two_three_and_five_silos()
    {
        await using RedisServer redis = await RedisServer.StartAsync();
        await using var cluster = new SiloCluster("Clustering=redis", "Connection=" + redis.Connection);
        foreach (int silos in (int[])[1, 2, 3, 5])
        {
            await cluster.StartAsync(silos - cluster.Count);
            if (silos == 1)
                await Job.ImportAsync(cluster.Client);
            string job = await cluster.Client.Jobs.StartAsync(Job.Request());
            (await Job.FinishAsync(cluster.Client, job)).ShouldBe(Job.Digest, $"{silos} silos");
        }
    }

    [Fact]
    public async Task A_job_goes_on_when_all_silos_were_killed_and_one_comes_back()
    {
        await using RedisServer redis = await RedisServer.StartAsync();
        await using var cluster = new SiloCluster("Clustering=redis", "Connection=" + redis.Connection);
        await cluster.StartAsync(2);
        await Job.ImportAsync(cluster.Client);
        string job = await cluster.Client.Jobs.StartAsync(Job.Request());
        await Job.ReachedAsync(cluster.Client, job, 3);
        cluster.Kill(0);
        cluster.Kill(0);
        // Nobody asks for the job: the newcomer finds it by itself.
        await cluster.StartAsync(1);
        (await Job.FinishAsync(cluster.Client, job)).ShouldBe(Job.Digest);
        (await cluster.Client.Jobs.ReportAsync(job))!.Resumed.ShouldBeGreaterThan(0);
    }
}
