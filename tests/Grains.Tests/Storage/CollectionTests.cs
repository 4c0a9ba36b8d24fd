using System.Runtime.InteropServices;
using OrleansCluster.Client;
using OrleansCluster.Client.Storage;
using OrleansCluster.Datasets;
using OrleansCluster.Grains.Tests.Fixtures;
using OrleansCluster.Models;
using OrleansCluster.Silo.Storage;

namespace OrleansCluster.Grains.Tests.Storage;

/// <summary>What nothing names goes, and nothing else.</summary>
public sealed class CollectionTests : IAsyncLifetime
{
    private static readonly TimeSpan Age = TimeSpan.FromHours(1);

    private readonly TemporaryHome _home = new();
    private ClusterFixture _cluster = null!;

    private ClusteringClient Client => _cluster.Client();

    private StorageCare Storage => new(_cluster.Grains);

    private string Root => new HomeLayout(_home.Path).Blobs;

    public async ValueTask InitializeAsync() => _cluster = await ClusterFixture.StartAsync(new ClusterSetup { Home = _home.Path });

    public async ValueTask DisposeAsync()
    {
        await _cluster.DisposeAsync();
        _home.Dispose();
    }

    /// <summary>Has all that is stored been written long ago.</summary>
    private void GrowOld()
    {
        foreach (string file in Blobs())
            File.SetLastWriteTimeUtc(file, DateTime.UtcNow - TimeSpan.FromDays(3));
    }

    private string[] Blobs() => [.. Directory.GetFiles(Root, "*", SearchOption.AllDirectories).Where(file => Path.GetFileName(file).Length == 64)];

    private async Task<ModelChange> Change(string model) => Client.Models.Change((await Client.Models.FindAsync(model))!.Info);

    /// <summary>In one home, because age is of all that it has.</summary>
    [Fact]
    public async Task What_nothing_names_goes_and_nothing_else()
    {
        await Garbage_goes_and_everything_works_as_before();
        // What the job that was cancelled had named.
        (await Storage.CollectAsync(Age)).Blobs.ShouldBe(1);
        await What_is_young_or_comes_to_be_named_meanwhile_stays();
    }

    private async Task Garbage_goes_and_everything_works_as_before()
    {
        // Things of every kind: versions that share shards, a tenant that nobody made, a preparation, a history with an archive, a job that waits.
        float[] rows = Rows.Clouds(70_000);
        DatasetVersion first = await Client.Import("points", rows[..^20]);
        await using (IDatasetImport import = await Client.Datasets.AppendAsync(first, "more"))
        {
            await import.AppendAsync(MemoryMarshal.AsBytes(rows.AsSpan(^20)).ToArray(), default, []);
            await import.CommitAsync();
        }

        await Client.Import("gone", Rows.Clouds(300, seed: 9));
        await _cluster.Client("unmade").Import("theirs", Rows.Clouds(40, seed: 3));
        await Client.Train(Rows.Request("points", "m", 3) with { Preparation = "scale=standard" });
        await Client.Train(Rows.Request("points", "m", 4) with { Preparation = "scale=standard" });
        for (int change = 0; change < 66; change++)
            await Client.Models.DescribeAsync("m", await Change("m"), 0, $"{change}");
        await Client.Train(Rows.Request("points", "other", 3));
        string job = await Client.Jobs.StartAsync(Rows.Request("points", "m", 5, restarts: 10_000) with { Preparation = "scale=standard" });
        await Client.Jobs.SuspendAsync(job);
        (await Storage.CollectAsync(Age)).Blobs.ShouldBe(0);
        int before = Blobs().Length;
        GrowOld();
        string[] all = Blobs();

        await Client.Datasets.DeleteAsync("gone", 0);
        await Client.Models.DeleteAsync("other", await Change("other"), 0);
        StorageCollection planned = await Storage.CollectAsync(Age, dryRun: true);
        Blobs().Length.ShouldBeLessThanOrEqualTo(before);
        StorageUsage usage = await Storage.UsageAsync();
        usage.Bytes.ShouldBe(Blobs().Sum(file => new FileInfo(file).Length));
        usage.Tenants.Select(tenant => tenant.Tenant).ShouldBe(["default", "unmade"]);
        usage.Tenants[0].Audit.ShouldBeGreaterThan(0);
        (usage.Tenants.Sum(tenant => tenant.Datasets + tenant.Models + tenant.Jobs + tenant.Shared + tenant.Audit) + usage.Shared + usage.Unnamed)
            .ShouldBe(usage.Bytes);
        StorageCollection gone = await Storage.CollectAsync(Age);
        (gone.Blobs, gone.Bytes).ShouldBe((planned.Blobs, planned.Bytes));
        gone.Blobs.ShouldBeGreaterThanOrEqualTo(2);
        (await Storage.UsageAsync()).Unnamed.ShouldBe(0);

        // All of it is there, as it is stored.
        foreach ((string tenant, string name, int version) in new[] { ("default", "points", 1), ("default", "points", 2), ("unmade", "theirs", 1) })
        {
            DatasetVersion dataset = (await _cluster.Client(tenant).Datasets.FindAsync(name, version))!;
            for (int shard = 0; shard < dataset.Shards; shard++)
                (await _cluster.Client(tenant).Datasets.VerifyAsync(dataset, shard)).ShouldBeEmpty();
        }

        (await Client.Models.EventsAsync("m").CountAsync()).ShouldBe(68);
        (await Client.Models.CompareAsync("m", 1, 2)).From.ShouldBe(1);
        (await Client.Models.PackageAsync("m", 1))!.Profile.Length.ShouldBeGreaterThan(0);
        await Client.Jobs.ResumeAsync(job);
        await Client.Jobs.CancelAsync(job);
        all.Length.ShouldBeGreaterThan(Blobs().Length);
    }

    private async Task What_is_young_or_comes_to_be_named_meanwhile_stays()
    {
        DatasetVersion first = await Client.Import("young", Rows.Clouds(140_000));
        (await Should.ThrowAsync<ClusteringException>(Storage.CollectAsync(TimeSpan.FromMinutes(1)))).Message.ShouldContain("may be about to be named");
        // Rows on their way behind a version that is deleted: its shards are theirs until they see that it is gone.
        await using IDatasetImport append = await Client.Datasets.AppendAsync(first, "more");
        await Client.Datasets.DeleteAsync("young", 1);
        StorageCollection kept = await Storage.CollectAsync(Age);
        kept.Blobs.ShouldBe(0);
        kept.Young.ShouldBeGreaterThan(65_536 * 2 * sizeof(float));
        GrowOld();
        (await Storage.CollectAsync(Age)).Blobs.ShouldBeGreaterThan(2);
        (await Should.ThrowAsync<ClusteringException>(() => append.CommitAsync())).Message.ShouldContain("was deleted while rows were appended");

        // An import that finds what it was about to name collected publishes nothing; done again, it is whole.
        await using (IDatasetImport import = await Client.Datasets.ImportAsync(Rows.Schema("again")))
        {
            int before = Blobs().Length;
            await import.AppendAsync(MemoryMarshal.AsBytes(Rows.Clouds(70_000, seed: 5).AsSpan()).ToArray(), default, []);
            // A shard is made lasting while others are written.
            SpinWait.SpinUntil(() => Blobs().Length > before, TimeSpan.FromSeconds(30)).ShouldBeTrue();
            GrowOld();
            await Storage.CollectAsync(Age);
            (await Should.ThrowAsync<ClusteringException>(() => import.CommitAsync())).Message.ShouldContain("was collected before anything named it");
        }

        (await Client.Datasets.FindAsync("again")).ShouldBeNull();
        (await Client.Import("again", Rows.Clouds(70_000, seed: 5))).Version.ShouldBe(1);
    }
}
