using System.Runtime.InteropServices;
using OrleansCluster.Client;
using OrleansCluster.Datasets;
using OrleansCluster.Grains.Tests.Fixtures;

namespace OrleansCluster.Grains.Tests.Datasets;

/// <summary>Rows of a dataset, read back.</summary>
public sealed class ReadingTests(SharedCluster shared)
{
    private readonly ClusteringClient _client = shared.NewTenant().Client();

    [Fact]
    public async Task Columns_ids_and_weights_come_back_in_order_over_all_shards()
    {
        const int Rows = 70_000;
        double[] values = [.. Enumerable.Range(0, Rows * 3).Select(i => i / 8.0)];
        double[] weights = [.. Enumerable.Range(0, Rows).Select(i => (double)(i % 5))];
        DatasetSchema schema = new() { Name = "rows", Columns = ["a", "b", "c"], Precision = "f8", IdColumn = "id", WeightColumn = "w" };
        DatasetVersion dataset;
        await using (IDatasetImport import = await _client.Datasets.ImportAsync(schema))
        {
            await import.AppendAsync(MemoryMarshal.AsBytes(values.AsSpan()).ToArray(), weights, [.. Enumerable.Range(0, Rows).Select(Id)]);
            dataset = await import.CommitAsync();
        }

        dataset.Shards.ShouldBe(2);
        (List<double> read, List<double> weighed, List<string> ids) = ([], [], []);
        await foreach (DatasetRows rows in _client.Datasets.ReadAsync(dataset, [2, 0]))
        {
            rows.Values.Length.ShouldBe(rows.Rows * 2 * sizeof(double));
            rows.Values.Length.ShouldBeLessThanOrEqualTo(WireLimits.PieceBytes);
            read.AddRange(MemoryMarshal.Cast<byte, double>(rows.Values.Span));
            weighed.AddRange(MemoryMarshal.Cast<byte, double>(rows.Weights.Span));
            ids.AddRange(rows.Ids);
        }

        read.SequenceEqual(Enumerable.Range(0, Rows).SelectMany(i => new[] { values[(i * 3) + 2], values[i * 3] })).ShouldBeTrue();
        weighed.SequenceEqual(weights).ShouldBeTrue();
        ids.SequenceEqual(Enumerable.Range(0, Rows).Select(Id)).ShouldBeTrue();

        // Ids of any length: long ones make shorter messages.
        static string Id(int row) => row % 1000 == 0 ? new string('x', 1000) + row : $"r{row}";
    }

    [Fact]
    public async Task Rows_that_are_not_there_are_refused()
    {
        DatasetVersion points = await _client.Import("points", Rows.Clouds(100));
        await Refused(points with { Version = 9 }, [0], "no version 9 of the dataset 'points'");
        await Refused(points with { Name = "nothing" }, [0], "no version 1 of the dataset 'nothing'");
        await Refused(points, [2], "2 columns: other ones were asked for");
        await Refused(points with { Shards = 2 }, [0], "1 shards");
    }

    private async Task Refused(DatasetVersion dataset, int[] columns, string why) =>
        (await Should.ThrowAsync<ClusteringException>(async () =>
        {
            await foreach (DatasetRows _ in _client.Datasets.ReadAsync(dataset, [.. columns]))
            {
            }
        })).Message.ShouldContain(why);
}
