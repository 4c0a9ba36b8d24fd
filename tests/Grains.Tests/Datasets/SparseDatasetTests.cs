using System.Runtime.InteropServices;
using System.Text.Json;
using OrleansCluster.Client;
using OrleansCluster.Contracts;
using OrleansCluster.Contracts.Api;
using OrleansCluster.Datasets;
using OrleansCluster.Families.Mixtures;
using OrleansCluster.Grains.Tests.Fixtures;
using OrleansCluster.Monitoring;
using OrleansCluster.Numerics.Rows;
using OrleansCluster.Serving;
using OrleansCluster.Training;
using static OrleansCluster.Grains.Tests.Training.CrashedJob;

namespace OrleansCluster.Grains.Tests.Datasets;

/// <summary>Rows that are stored without their zeros: what comes of them is what comes of the same rows with their zeros.</summary>
public sealed class SparseDatasetTests(SharedCluster shared)
{
    private const int Columns = 12, RowCount = 70_000;

    private readonly ClusteringClient _client = shared.NewTenant().Client();

    [Fact]
    public async Task Training_and_answers_have_the_bits_of_dense_rows()
    {
        float[] values = Values(RowCount);
        DatasetVersion dense = await _client.Import("dense", values, Columns), sparse = await Import(_client, "sparse", values);
        (sparse.Layout, dense.Layout, sparse.Shards, sparse.Rows).ShouldBe((DatasetLayouts.Sparse, "", 2, RowCount));
        sparse.Columns.ShouldBe(dense.Columns);
        sparse.Bytes.ShouldBeLessThan(dense.Bytes);

        TrainingReport ofDense = await _client.Train(Rows.Request("dense", "dense")), ofSparse = await _client.Train(Rows.Request("sparse", "sparse"));
        (ofSparse.Digest, ofSparse.Objective, ofSparse.Stop).ShouldBe((ofDense.Digest, ofDense.Objective, ofDense.Stop));
        ofSparse.Iterations.Select(iteration => (iteration.Objective, iteration.Moved))
            .ShouldBe(ofDense.Iterations.Select(iteration => (iteration.Objective, iteration.Moved)));

        (byte[] labels, byte[] distances) = await Assign("dense", "dense");
        foreach ((string model, string dataset) in new[] { ("sparse", "sparse"), ("sparse", "dense"), ("dense", "sparse") })
        {
            (byte[] others, byte[] farOthers) = await Assign(model, dataset);
            others.AsSpan().SequenceEqual(labels).ShouldBeTrue($"{model} {dataset}");
            farOthers.AsSpan().SequenceEqual(distances).ShouldBeTrue($"{model} {dataset}");
        }
    }

    [Fact]
    public async Task What_rows_looked_like_is_what_dense_rows_do_and_observed_ones_compare_alike()
    {
        float[] values = Values(3000);
        await _client.Import("dense", values, Columns);
        await Import(_client, "sparse", values);
        await _client.Train(Rows.Request("dense", "dense"));
        await _client.Train(Rows.Request("sparse", "sparse"));
        JsonElement[] profiles = [.. await Task.WhenAll(new[] { "dense", "sparse" }.Select(async model =>
            JsonDocument.Parse((await _client.Models.PackageAsync(model, 1))!.Profile).RootElement.GetProperty("profile")))];
        profiles[1].GetRawText().ShouldBe(profiles[0].GetRawText());

        var reports = new List<DriftDocument>();
        foreach (string model in new[] { "dense", "sparse" })
        {
            RowsPayload rows = RowsPayloads.Of(Values(1000).Select((value, i) => i % Columns == 5 ? value + 1 : value).ToArray(), Columns);
            Observation seen = await _client.Monitor.ObserveAsync(model, new ObserveQuery { Version = 1, Rows = rows });
            DriftReport told = await _client.Monitor.CompareAsync(model, new DriftQuery { Version = 1, Window = "rows", Counts = seen.Counts });
            reports.Add(JsonSerializer.Deserialize(told.Document.Span, ApiJson.Default.DriftDocument)!);
        }

        reports[1].Causes.ShouldBe(reports[0].Causes);
        reports[1].Drifted.ShouldBeTrue();
    }

    [Fact]
    public async Task Of_many_columns_those_are_compared_that_varied_most()
    {
        const int Wide = 5000;
        var random = new Random(3);
        var rows = new MemoryStream();
        byte[] asked = new byte[200 * Wide * sizeof(float)];
        for (int i = 0; i < 400; i++)
        {
            // Of 4,990 columns a row has one, of the last ten it has one that is far greater.
            (int rare, int often) = (random.Next(Wide - 10), Wide - 10 + random.Next(10));
            rows.Write([.. Entry(2), .. Entry(rare), .. Entry(often), .. BitConverter.GetBytes(1f), .. BitConverter.GetBytes(10f)]);
            if (i % 2 == 0)
                BitConverter.TryWriteBytes(asked.AsSpan(((i / 2 * Wide) + often) * sizeof(float)), 30f);
        }

        await using (IDatasetImport import = await _client.Datasets.ImportAsync(Rows.Schema("wide", Wide) with { Layout = DatasetLayouts.Sparse }))
        {
            await import.AppendAsync(rows.ToArray(), default, []);
            await import.CommitAsync();
        }

        await _client.Train(Rows.Request("wide", "wide"));
        ProfileDocument profile = JsonSerializer.Deserialize(
            (await _client.Models.PackageAsync("wide", 1))!.Profile.Span, ContractJson.Default.ProfileFile)!.Profile;
        (profile.Columns.Length, profile.LeftOut, profile.Rows).ShouldBe((256, Wide - 256, 400));
        profile.Columns.TakeLast(10).Select(column => column.Name).ShouldBe(Enumerable.Range(Wide - 9, 10).Select(j => $"x{j}"));
        profile.Columns.ShouldAllBe(column => column.Counts.Sum() == 400 && column.Maximum > 0);

        var payload = new RowsPayload { Columns = Wide, Precision = "f4", Values = asked };
        Observation seen = await _client.Monitor.ObserveAsync("wide", new ObserveQuery { Version = 1, Rows = payload });
        DriftReport told = await _client.Monitor.CompareAsync("wide", new DriftQuery { Version = 1, Window = "rows", Counts = seen.Counts });
        DriftDocument report = JsonSerializer.Deserialize(told.Document.Span, ApiJson.Default.DriftDocument)!;
        (report.LeftOut, report.LooksForModes, report.Columns.Length, report.Drifted).ShouldBe((Wide - 256, false, 256, true));
        report.Columns.Where(column => column.Drifted).Select(column => column.Name).ShouldBe(profile.Columns.TakeLast(10).Select(column => column.Name));
        report.Fits.ShouldContain(fit => fit.Name == "inertia_per_row" && fit.Drifted);
        static byte[] Entry(int value) => BitConverter.GetBytes(value);
    }

    [Fact]
    public async Task Rows_are_read_with_their_zeros()
    {
        float[] values = Values(3000);
        DatasetVersion sparse = await Import(_client, "rows", values);
        var read = new List<float>();
        await foreach (DatasetRows rows in _client.Datasets.ReadAsync(sparse, [.. Enumerable.Range(0, Columns)]))
            read.AddRange(MemoryMarshal.Cast<byte, float>(rows.Values.Span));
        read.ShouldBe(values);
    }

    [Fact]
    public async Task They_are_read_and_copied_without_their_zeros()
    {
        float[] values = Values(3000);
        DatasetVersion sparse = await Import(_client, "rows", values);
        var read = new List<byte>();
        await foreach (DatasetRows rows in _client.Datasets.ReadSparseAsync(sparse))
            read.AddRange(rows.Values.Span);
        CollectionsMarshal.AsSpan(read).SequenceEqual(Bytes(values)).ShouldBeTrue();
        ClusteringClient other = shared.NewTenant().Client();
        (DatasetVersion copy, int copied) = await _client.CopyDatasetAsync("rows", other);
        (copy.Manifest, copy.Layout, copied).ShouldBe((sparse.Manifest, DatasetLayouts.Sparse, 1));
        (await _client.CopyDatasetAsync("rows", other)).Copied.ShouldBe(0);
        DatasetVersion dense = await _client.Import("dense", values, Columns);
        (await Should.ThrowAsync<ClusteringException>(async () => await _client.Datasets.ReadSparseAsync(dense).GetAsyncEnumerator().MoveNextAsync()))
            .Message.ShouldBe("The rows of 'dense' are stored with their zeros: ask for them so.");
    }

    [Fact]
    public async Task Appended_rows_are_the_version_of_all_rows()
    {
        float[] values = Values(RowCount);
        DatasetVersion first = await Import(_client, "points", values[..(66_000 * Columns)]);
        await using IDatasetImport import = await _client.Datasets.AppendAsync(first, "more");
        await import.AppendAsync(Bytes(values[(66_000 * Columns)..]), default, []);
        DatasetVersion appended = await import.CommitAsync();
        appended.Manifest.ShouldBe((await Import(_client, "whole", values)).Manifest);
        for (int shard = 0; shard < appended.Shards; shard++)
            (await _client.Datasets.VerifyAsync(appended, shard)).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_needs_dense_rows_says_so()
    {
        await Import(_client, "rows", Values(500));
        TrainingRequest request = Rows.Request("rows", "model");
        await Refused(request with { Options = new MixtureOptions { K = 3 } }, "A Gaussian mixture is trained on dense rows: import these with --dense.");
        await Refused(request with { Preparation = "scale=standard" }, "prepare nothing, or import these with --dense.");
    }

    [Fact]
    public async Task A_plan_tells_bytes_of_values_that_are_there()
    {
        DatasetVersion version = await Import(_client, "rows", Values(500));
        PlannedTraining plan = (await _client.Jobs.PlanAsync(Rows.Request("rows", "model"))).ShouldNotBeNull();
        plan.Rows.ShouldBe(500);
        // Header, footer and what fills parts up are no rows.
        plan.MappedBytes.ShouldBeInRange(version.Bytes - 320, version.Bytes);
        plan.Refusal.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_sample_for_silhouettes_that_is_too_large_with_its_zeros_is_refused()
    {
        const int Wide = 20_000, Count = 900;
        byte[] rows = [.. Enumerable.Range(0, Count).SelectMany(row => Row(1, row % Wide, 1))];
        await using IDatasetImport import = await _client.Datasets.ImportAsync(Rows.Schema("wide", Wide) with { Layout = DatasetLayouts.Sparse });
        await import.AppendAsync(rows, default, []);
        await import.CommitAsync();
        TrainingRequest request = Rows.Request("wide", "model");
        await Refused(
            request with { Options = request.KMeans() with { LargestK = 9 } },
            "at most 838 rows are taken: ask for --silhouette-rows 838, or for one number of clusters.");
    }

    [Fact]
    public async Task Rows_that_are_not_written_right_are_refused()
    {
        await Refuse([1, 0, 0, 0], "not whole sparse rows");
        await Refuse(Row(1, Columns, 1), "column 12 behind -1, of 12");
        await Refuse([2, 0, 0, 0, 3, 0, 0, 0, 2, 0, 0, 0, 0, 0, 128, 63, 0, 0, 128, 63], "column 2 behind 3");
        await Refuse(Row(1, 2, 0), "a sparse row has a 0");
        await Refuse(Row(1, 2, float.NaN), "is not a finite number");
        (await Should.ThrowAsync<ClusteringException>(() => _client.Datasets.ImportAsync(Rows.Schema("rows") with { Layout = "dense" })))
            .Message.ShouldContain("no layout 'dense'");
    }

    [Fact]
    public async Task A_job_that_is_killed_ends_with_the_bits_of_dense_rows()
    {
        using var home = new TemporaryHome();
        string digest;
        await using (ClusterFixture cluster = await ClusterFixture.StartAsync(new ClusterSetup { Home = home.Path }))
        {
            float[] values = Values(2000);
            await cluster.Client().Import("dense", values, Columns);
            await Import(cluster.Client(), "points", values);
            digest = (await cluster.Client().Train(CrashedRequest with { Dataset = "dense", Model = "dense" })).Digest;
        }

        await RunUntilWriteFails(home.Path, new WriteFaults { FailFrom = 8 });
        await using ClusterFixture again = await ClusterFixture.StartAsync(Setup(home.Path) with { AutoResume = true });
        (await again.Client().Finish(JobId)).State.ShouldBe(JobState.Succeeded);
        TrainingReport report = (await again.Client().Jobs.ReportAsync(JobId))!;
        (report.Digest, report.Resumed).ShouldBe((digest, 1));
    }

    private static float[] Values(int rows)
    {
        float[] values = Rows.Clouds(rows, Columns);
        // Each row has a few of the columns, by its number.
        for (int i = 0; i < values.Length; i++)
        {
            if ((i / Columns * 7 + (i % Columns * 5)) % 4 != 0)
                values[i] = 0;
        }

        return values;
    }

    private static byte[] Bytes(float[] values) => SparseRowBytes.Of(SparseBlock.Of(new RowBlock(values, Columns)));

    private static byte[] Row(int entries, int column, float value) =>
        [.. BitConverter.GetBytes(entries), .. BitConverter.GetBytes(column), .. BitConverter.GetBytes(value)];

    private static async Task<DatasetVersion> Import(ClusteringClient client, string name, float[] values)
    {
        await using IDatasetImport import = await client.Datasets.ImportAsync(Rows.Schema(name, Columns) with { Layout = DatasetLayouts.Sparse });
        await import.AppendAsync(Bytes(values), default, []);
        return await import.CommitAsync();
    }

    private async Task<(byte[] Labels, byte[] Distances)> Assign(string model, string dataset)
    {
        var labels = new List<byte>();
        var distances = new List<byte>();
        await foreach (Assignments some in _client.Models.AssignDatasetAsync(model, 1, dataset, 1))
        {
            labels.AddRange(some.Labels.Span);
            distances.AddRange(some.Distances.Span);
        }

        return ([.. labels], [.. distances]);
    }

    private async Task Refused(TrainingRequest request, string message) =>
        (await Should.ThrowAsync<ClusteringException>(() => _client.Jobs.StartAsync(request))).Message.ShouldEndWith(message);

    private async Task Refuse(byte[] rows, string message)
    {
        await using IDatasetImport import = await _client.Datasets.ImportAsync(Rows.Schema("bad", Columns) with { Layout = DatasetLayouts.Sparse });
        (await Should.ThrowAsync<ClusteringException>(() => import.AppendAsync(rows, default, []))).Message.ShouldContain(message);
    }
}
