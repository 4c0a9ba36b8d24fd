using System.Runtime.InteropServices;
using OrleansCluster.Client;
using OrleansCluster.Datasets;
using OrleansCluster.Grains.Tests.Fixtures;

namespace OrleansCluster.Grains.Tests.Datasets;

public sealed class AppendTests(SharedCluster shared)
{
    private readonly ClusteringClient _client = shared.NewTenant().Client();

    /// <summary>Full shards are shared, the last is filled up, and the sums are those of all rows: the manifest is the same, to the byte.</summary>
    [Fact]
    public async Task Rows_that_are_appended_are_the_version_of_all_rows()
    {
        float[] values = Rows.Clouds(150_000);
        DatasetVersion first = await _client.Import("points", values[..(2 * 70_000)]);
        await using IDatasetImport import = await _client.Datasets.AppendAsync(first, "more");
        await import.AppendAsync(MemoryMarshal.AsBytes(values.AsSpan(2 * 70_000)).ToArray(), default, []);
        DatasetVersion appended = await import.CommitAsync();

        (appended.Version, appended.Rows, appended.Source).ShouldBe((2, 150_000L, "more"));
        appended.Manifest.ShouldBe((await _client.Import("whole", values)).Manifest);
        (await _client.Datasets.FindAsync("points", 1))!.Manifest.ShouldBe(first.Manifest);
        for (int shard = 0; shard < appended.Shards; shard++)
            (await _client.Datasets.VerifyAsync(appended, shard)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Another_version_made_meanwhile_is_not_passed_over()
    {
        DatasetVersion first = await _client.Import("points", Rows.Clouds(100));
        await using IDatasetImport import = await _client.Datasets.AppendAsync(first, "more");
        await import.AppendAsync(new byte[80], default, []);
        await _client.Import("points", Rows.Clouds(101));
        (await Should.ThrowAsync<ClusteringException>(() => import.CommitAsync())).Message.ShouldBe(
            "The dataset 'points' got version 2 while rows were appended to the one before. Append them again.");
        (await _client.Datasets.FindAsync("points"))!.Rows.ShouldBe(101);
    }
}
