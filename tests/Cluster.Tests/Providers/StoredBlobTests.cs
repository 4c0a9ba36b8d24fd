using System.Runtime.InteropServices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using OrleansCluster.Client;
using OrleansCluster.Client.Storage;
using OrleansCluster.Cluster.Tests.Clusters;
using OrleansCluster.Cluster.Tests.Parts;
using OrleansCluster.Datasets;
using OrleansCluster.Silo.Clustering;
using OrleansCluster.Silo.Storage;

namespace OrleansCluster.Cluster.Tests.Providers;

/// <summary>What nothing names goes where content is in a server, too: in a database, and in a storage account.</summary>
public sealed class StoredBlobTests
{
    private static readonly TimeSpan Age = TimeSpan.FromHours(1);

    [Fact]
    public async Task What_nothing_names_goes_from_a_database()
    {
        await using PostgresServer server = await PostgresServer.StartEmptyAsync();
        await CollectAsync(server, async client =>
        {
            // Whatever a silo has a copy of: what is stored counts.
            DatasetVersion dataset = (await client.Datasets.FindAsync("stays"))!;
            await ExecuteAsync(server, "update oc_blob_parts set bytes = set_byte(bytes, 4096, 255 - get_byte(bytes, 4096)) where length(bytes) > 65536");
            (await client.Datasets.VerifyAsync(dataset, 0)).ShouldContain("its content is not what its name says");
        });
    }

    [Fact]
    public async Task What_nothing_names_goes_from_a_storage_account()
    {
        await using AzuriteServer server = await AzuriteServer.StartAsync();
        await CollectAsync(server, _ => Task.CompletedTask);
    }

    [Fact]
    public async Task Parts_of_a_blob_that_never_came_to_its_end_go_from_a_database_and_are_named_by_nobody_then()
    {
        await using PostgresServer server = await PostgresServer.StartEmptyAsync();
        string folder = Directory.CreateTempSubdirectory("stored-blobs-").FullName;
        try
        {
            await using PostgresBlobStore store = await PostgresBlobStore.OpenAsync(server.Connection, new LocalBlobCache(folder, 1 << 20), default);
            byte[] content = new byte[(2 << 20) + 17];
            new Random(1).NextBytes(content);
            string whole = await store.PutAsync(content);
            // A process that was killed, and one that paused.
            BlobWriter killed = store.Create();
            await killed.WriteAsync(new byte[(3 << 20) + 5]);
            await using BlobWriter paused = store.Create();
            await paused.WriteAsync(new byte[1 << 20]);
            (await store.RemoveUnfinishedAsync(DateTimeOffset.UtcNow - Age)).ShouldBe(0);
            await ExecuteAsync(server, "update oc_blob_parts set written = written - interval '2 hours' where upload > 1");
            // Something came to it since: it is on its way.
            await paused.WriteAsync(new byte[1 << 20]);
            (await store.RemoveUnfinishedAsync(DateTimeOffset.UtcNow - Age)).ShouldBe(3 << 20);
            (await store.RemoveUnfinishedAsync(DateTimeOffset.UtcNow - Age)).ShouldBe(0);
            await ExecuteAsync(server, "update oc_blob_parts set written = written - interval '2 hours'");
            (await store.RemoveUnfinishedAsync(DateTimeOffset.UtcNow - Age)).ShouldBe(2 << 20);
            (await Should.ThrowAsync<BlobStoreException>(() => paused.CommitAsync())).Message.ShouldContain("collected as left over");
            (await store.ReadAsync(whole)).ShouldBe(content);
            (await store.ListAsync().ToListAsync()).ShouldBe([whole]);
            await killed.DisposeAsync();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>One silo whose content is in the server.</summary>
    private static async Task CollectAsync(Server server, Func<ClusteringClient, Task> last)
    {
        string folder = Directory.CreateTempSubdirectory("stored-blobs-").FullName;
        try
        {
            int port = ChildProcess.FreePort();
            string[] settings =
            [
                $"Folder={folder}", $"SiloPort={port}", $"GatewayPort={ChildProcess.FreePort()}", $"Primary=127.0.0.1:{port}", "Threads=1", "Rehearse=false",
                $"Blobs={server.Kind}", $"BlobConnection={server.Connection}", $"Cache={Path.Combine(folder, "cache")}",
            ];
            using IHost silo = await SiloProcess.CreateAsync(settings.Select(SiloCluster.Pair));
            await silo.StartAsync();
            IGrainFactory grains = silo.Services.GetRequiredService<IGrainFactory>();
            await CollectAsync(grains);
            await last(new ClusteringClient(grains));
            await silo.StopAsync();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task CollectAsync(IGrainFactory grains)
    {
        var client = new ClusteringClient(grains);
        DatasetVersion stays = await ImportAsync(client, "stays", 70_000);
        await ImportAsync(client, "goes", 66_000);
        StorageUsage usage = await new StorageCare(grains).UsageAsync();
        usage.Unnamed.ShouldBe(0);
        (await new StorageCare(grains).CollectAsync(Age)).Blobs.ShouldBe(0);
        await client.Datasets.DeleteAsync("goes", 0);
        // A storage account tells times in whole seconds.
        await Task.Delay(TimeSpan.FromSeconds(2));
        DateTimeOffset between = DateTimeOffset.UtcNow;
        await Task.Delay(TimeSpan.FromSeconds(2));

        // Rows on their way: their shard is younger than what is collected.
        await using IDatasetImport import = await client.Datasets.ImportAsync(Schema("comes"));
        await import.AppendAsync(Rows(70_000, 7), default, []);
        var care = new StorageCare(grains, new Clock(between + Age));
        StorageCollection planned = await care.CollectAsync(Age, dryRun: true);
        // Two shards and the manifest.
        (planned.Blobs, planned.IsDone).ShouldBe((3, false));
        planned.Bytes.ShouldBeGreaterThan(66_000 * 2 * sizeof(float));
        StorageCollection gone = await care.CollectAsync(Age);
        (gone.Blobs, gone.Bytes, gone.IsDone).ShouldBe((3, planned.Bytes, true));
        DatasetVersion came = await import.CommitAsync();
        foreach (DatasetVersion dataset in new[] { stays, came })
        {
            for (int shard = 0; shard < dataset.Shards; shard++)
                (await client.Datasets.VerifyAsync(dataset, shard)).ShouldBeEmpty();
        }

        (await care.CollectAsync(Age)).Blobs.ShouldBe(0);
        (await care.UsageAsync()).Unnamed.ShouldBe(0);

        // What is old by then and not named yet goes, and the import says so; done again, it is whole.
        await using (IDatasetImport late = await client.Datasets.ImportAsync(Schema("late")))
        {
            await late.AppendAsync(Rows(140_000, 9), default, []);
            var future = new StorageCare(grains, new Clock(DateTimeOffset.UtcNow + Age + Age));
            long collected = 0;
            for (int attempt = 0; attempt < 100 && collected == 0; attempt++)
            {
                // A shard is made lasting while others are written.
                collected = (await future.CollectAsync(Age)).Blobs;
                if (collected == 0)
                    await Task.Delay(TimeSpan.FromMilliseconds(100));
            }

            collected.ShouldBeGreaterThan(0);
            // A shard that was written by then, or one in the middle of being written.
            (await Should.ThrowAsync<ClusteringException>(() => late.CommitAsync())).Message
                .ShouldMatch("was collected (before anything named it|as left over)");
        }

        (await ImportAsync(client, "late", 140_000)).Version.ShouldBe(1);
    }

    private static DatasetSchema Schema(string name) => new() { Name = name, Columns = ["x", "y"], Precision = "f4", Source = "test" };

    private static byte[] Rows(int rows, int seed)
    {
        var random = new Random(seed);
        var values = new float[2 * rows];
        for (int i = 0; i < values.Length; i++)
            values[i] = random.NextSingle();
        return MemoryMarshal.AsBytes(values.AsSpan()).ToArray();
    }

    private static async Task<DatasetVersion> ImportAsync(ClusteringClient client, string name, int rows)
    {
        await using IDatasetImport import = await client.Datasets.ImportAsync(Schema(name));
        await import.AppendAsync(Rows(rows, rows), default, []);
        return await import.CommitAsync();
    }

    private static async Task ExecuteAsync(PostgresServer server, string sql)
    {
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(server.Connection);
        await using NpgsqlCommand command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>A clock that stands still.</summary>
    private sealed class Clock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
