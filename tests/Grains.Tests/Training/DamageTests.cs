using OrleansCluster.Client;
using OrleansCluster.Datasets;
using OrleansCluster.Grains.Tests.Fixtures;
using OrleansCluster.Training;

namespace OrleansCluster.Grains.Tests.Training;

public sealed class DamageTests
{
    [Fact]
    public async Task A_damaged_shard_fails_the_job_naming_the_file_and_publishes_nothing()
    {
        using var home = new TemporaryHome();
        await using ClusterFixture cluster = await ClusterFixture.StartAsync(new ClusterSetup { Home = home.Path });
        ClusteringClient client = cluster.Client();
        DatasetVersion dataset = await client.Import("points", Rows.Clouds(150_000));
        string shard = await Damage(cluster, home, dataset);

        JobStatus end = await client.Finish(await client.Jobs.StartAsync(Rows.Request("points", "m")));
        end.State.ShouldBe(JobState.Failed);
        end.Error.ShouldContain(shard);
        end.Error.ShouldContain("damaged");
        (await client.Models.FindAsync("m")).ShouldBeNull();
    }

    [Fact]
    public async Task A_missing_shard_fails_the_job_naming_the_file()
    {
        using var home = new TemporaryHome();
        await using ClusterFixture cluster = await ClusterFixture.StartAsync(new ClusterSetup { Home = home.Path });
        ClusteringClient client = cluster.Client();
        string shard = await ShardFile(cluster, home, await client.Import("points", Rows.Clouds(1000)));
        File.Delete(shard);

        JobStatus end = await client.Finish(await client.Jobs.StartAsync(Rows.Request("points", "m")));
        end.State.ShouldBe(JobState.Failed);
        end.Error.ShouldContain(shard);
    }

    [Fact]
    public async Task A_lost_checkpoint_costs_the_way_back_to_it_and_is_told()
    {
        using var home = new TemporaryHome();
        await using ClusterFixture cluster = await ClusterFixture.StartAsync(new ClusterSetup { Home = home.Path });
        ClusteringClient client = cluster.Client();
        await client.Import("points", Rows.Clouds(20_000));
        TrainingRequest request = Rows.Request("points", "m", restarts: 20);
        string[] before = Blobs(home);
        string job = await client.Jobs.StartAsync(request);
        await client.Jobs.SuspendAsync(job);
        string checkpoint = Blobs(home).Except(before).ShouldHaveSingleItem();
        File.Delete(checkpoint);

        await client.Jobs.ResumeAsync(job);
        (await client.Finish(job)).State.ShouldBe(JobState.Succeeded);
        TrainingReport report = (await client.Jobs.ReportAsync(job))!;
        report.Warnings.ShouldContain(warning => warning.Contains(checkpoint, StringComparison.Ordinal));
        report.Digest.ShouldBe((await client.Train(request)).Digest);
    }

    [Fact]
    public async Task Only_rows_and_what_a_version_is_made_of_are_left_of_finished_jobs()
    {
        using var home = new TemporaryHome();
        await using ClusterFixture cluster =
            await ClusterFixture.StartAsync(new ClusterSetup { Home = home.Path, Training = options => options.CheckpointInterval = TimeSpan.Zero });
        ClusteringClient client = cluster.Client();
        await client.Import("points", Rows.Clouds(5_000));
        Blobs(home).Length.ShouldBe(2, "a shard and the manifest");
        await client.Train(Rows.Request("points", "m"));
        Blobs(home).Length.ShouldBe(7, "and parameters, anchor rows, a report, a profile and a package");
    }

    [Fact]
    public async Task A_damaged_state_file_is_named()
    {
        using var home = new TemporaryHome();
        await using (ClusterFixture cluster = await ClusterFixture.StartAsync(new ClusterSetup { Home = home.Path }))
            await cluster.Client().Import("points", Rows.Clouds(1000));
        string file = Directory.EnumerateFiles(Path.Combine(home.Path, "grains", "dataset")).ShouldHaveSingleItem();
        byte[] bytes = await File.ReadAllBytesAsync(file);
        bytes[^10] ^= 1;
        await File.WriteAllBytesAsync(file, bytes);

        await using ClusterFixture again = await ClusterFixture.StartAsync(new ClusterSetup { Home = home.Path });
        Exception e = await Should.ThrowAsync<Exception>(() => again.Client().Jobs.StartAsync(Rows.Request("points", "m")));
        e.ShouldBeOfType<ClusteringException>().Message.ShouldContain(file);
    }

    private static string[] Blobs(TemporaryHome home) => Directory.GetFiles(Path.Combine(home.Path, "blobs"), "*", SearchOption.AllDirectories);

    private static async Task<string> Damage(ClusterFixture cluster, TemporaryHome home, DatasetVersion dataset)
    {
        string file = await ShardFile(cluster, home, dataset);
        byte[] bytes = await File.ReadAllBytesAsync(file);
        bytes[bytes.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(file, bytes);
        return file;
    }

    private static async Task<string> ShardFile(ClusterFixture cluster, TemporaryHome home, DatasetVersion dataset)
    {
        DatasetManifest manifest = DatasetManifest.Decode(await cluster.Service<IBlobStore>().ReadAsync(dataset.Manifest));
        string hash = manifest.Shards[^1].Hash;
        return Path.Combine(home.Path, "blobs", hash[..2], hash[2..4], hash);
    }
}
