using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using OrleansCluster.Client;
using OrleansCluster.Client.Http;
using OrleansCluster.Datasets;
using OrleansCluster.Families.KMeans;
using OrleansCluster.Models;
using OrleansCluster.Models.Gates;
using OrleansCluster.Models.Routing;
using OrleansCluster.Serving;
using OrleansCluster.Tenancy;
using OrleansCluster.Training;

namespace OrleansCluster.Web.Tests.Clients;

/// <summary>What every way to a cluster answers: the same bits, and the same refusals, as the grains themselves.</summary>
public abstract class ClientSuite(Service service)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>The way that is tried.</summary>
    protected abstract IClusteringClient Client { get; }

    private IClusteringClient Grains => service.Client;

    [Fact]
    public async Task The_audit_log_is_read_page_by_page()
    {
        AuditPage newest = await Client.Audit.PageAsync(cancellation: Stop);
        Same(await Client.Audit.PageAsync(newest.Page + 9, Stop) with { Entries = 0, Head = "" }, new AuditPage
        {
            Page = newest.Page + 9,
            Entries = 0,
            Head = "",
            Lines = [],
        });
        (await Client.Audit.VerifyAsync(cancellation: Stop)).Broken.ShouldBe(0);
        foreach (string line in newest.Lines)
            AuditChain.Open(line).ShouldNotBeNull();
    }

    [Fact]
    public async Task Rows_are_imported_appended_read_and_verified()
    {
        string name = service.Name("rows");
        var schema = new DatasetSchema
        {
            Name = name,
            Columns = ["x", "who"],
            Precision = "f8",
            IdColumn = "id",
            WeightColumn = "w",
            Source = "a test",
            Types = ["number", "category"],
        };
        await using (IDatasetImport import = await Client.Datasets.ImportAsync(schema, Stop))
        {
            await import.AppendAsync(Bytes(1.5, 0, double.NaN, 1), new double[] { 1, 2.5 }, ["a", "b"], Stop);
            await import.AddCategoriesAsync(1, 0, ["Ä", "b"], Stop);
            DatasetVersion first = await import.CommitAsync(Stop);
            (first.Version, first.Rows, first.Source, first.Columns[0].Missing).ShouldBe((1, 2, "a test", 1));
            first.Columns[1].Categories.ShouldBe(["Ä", "b"]);
            Same(await import.CommitAsync(Stop), first);
        }

        DatasetVersion before = (await Client.Datasets.FindAsync(name, cancellation: Stop))!;
        await using (IDatasetImport more = await Client.Datasets.AppendAsync(before, "more", Stop))
        {
            await more.AppendAsync(Bytes(3, 0), new double[] { 4 }, ["c"], Stop);
            await more.AddCategoriesAsync(1, 0, before.Columns[1].Categories, Stop);
            var expected = new ExpectationResult { Expectation = "more < 3", Broken = 1 };
            await more.ExpectAsync([expected], Stop);
            DatasetVersion grown = await more.CommitAsync(Stop);
            grown.Rows.ShouldBe(3);
            grown.Expectations.ShouldBe([expected]);
        }

        await SameAsync(client => client.Datasets.FindAsync(name, 1, Stop));
        await SameAsync(client => client.Datasets.FindAsync(name, 0, Stop));
        (await Client.Datasets.FindAsync(name, 3, Stop)).ShouldBeNull();
        DatasetVersion now = (await Client.Datasets.FindAsync(name, cancellation: Stop))!;
        DatasetRows[] rows = await Client.Datasets.ReadAsync(now, [1, 0], Stop).ToArrayAsync(Stop);
        MemoryMarshal.Cast<byte, double>(rows[0].Values.Span).ToArray().ShouldBe([0, 1.5, 1, double.NaN, 0, 3]);
        rows[0].Ids.ShouldBe(["a", "b", "c"]);
        (await Client.Datasets.VerifyAsync(now, 0, Stop)).ShouldBeEmpty();
        await SameRefusalAsync(client => client.Datasets.VerifyAsync(now, 7, Stop));
        await SameRefusalAsync(async client => await client.Datasets.ReadAsync(now, [9], Stop).ToArrayAsync(Stop));
        await SameRefusalAsync(client => client.Datasets.FindAsync("no name", 0, Stop));
        (await Client.Datasets.ListAsync(Stop)).ShouldContain(dataset => dataset.Name == name && dataset.Version == 2);
    }

    [Fact]
    public async Task Rows_are_imported_and_read_without_their_zeros()
    {
        // Of three columns: 0 0 2, nothing, 1 0 3.
        byte[] rows = [.. Number(1), .. Number(2), .. Bytes(2), .. Number(0), .. Number(2), .. Number(0), .. Number(2), .. Bytes(1, 3)];
        var schema = new DatasetSchema { Name = service.Name("sparse"), Columns = ["a", "b", "c"], Precision = "f8", Layout = DatasetLayouts.Sparse };
        await using IDatasetImport import = await Client.Datasets.ImportAsync(schema, Stop);
        await import.AppendAsync(rows, default, [], Stop);
        DatasetVersion made = await import.CommitAsync(Stop);
        (made.Rows, made.Layout, made.Columns[0].Maximum, made.Columns[1].Maximum).ShouldBe((3, DatasetLayouts.Sparse, 1, 0));
        DatasetRows read = (await Client.Datasets.ReadSparseAsync(made, Stop).ToArrayAsync(Stop)).ShouldHaveSingleItem();
        (read.Rows, read.Values.Span.SequenceEqual(rows)).ShouldBe((3, true));
        DatasetRows dense = (await Client.Datasets.ReadAsync(made, [2, 0], Stop).ToArrayAsync(Stop)).ShouldHaveSingleItem();
        MemoryMarshal.Cast<byte, double>(dense.Values.Span).ToArray().ShouldBe([2, 0, 0, 0, 3, 1]);
        static byte[] Number(int value) => BitConverter.GetBytes(value);
    }

    [Fact]
    public async Task Rows_that_cannot_be_taken_are_refused_where_they_are_sent()
    {
        string name = service.Name("bad");
        await SameRefusalAsync(client => client.Datasets.ImportAsync(new DatasetSchema { Name = name, Columns = ["x", "x"], Precision = "f8" }, Stop));
        await SameRefusalAsync(async client =>
        {
            await using IDatasetImport import = await client.Datasets.ImportAsync(
                new DatasetSchema { Name = name, Columns = ["x"], Precision = "f8" }, Stop);
            await import.AppendAsync(Bytes(1, double.NaN), default, [], Stop);
            await import.CommitAsync(Stop);
            return true;
        });
        (await Client.Datasets.FindAsync(name, cancellation: Stop)).ShouldBeNull();
    }

    [Fact]
    public async Task A_training_is_started_once_watched_to_its_end_and_retrained()
    {
        string name = service.Name();
        await service.UploadAsync(name, Service.Corners);
        var request = new TrainingRequest
        {
            Dataset = name,
            Model = name,
            By = "somebody",
            Options = new KMeansOptions { K = 3, Seed = ulong.MaxValue, Restarts = 2 },
        };
        string job = await Client.Jobs.StartAsync(request, service.Name("job"), Stop);
        (await Client.Jobs.StartAsync(request, job, Stop)).ShouldBe(job);
        List<ProgressPage> pages = await Client.Jobs.WatchAsync(job, Stop).ToListAsync(Stop);
        pages[^1].Status.State.ShouldBe(JobState.Succeeded, pages[^1].Status.Error);
        int iterations = pages.Sum(page => page.Iterations.Length);
        (await Client.Jobs.WatchAsync(job, pages[0].Cursor, Stop).ToListAsync(Stop)).Sum(page => page.Iterations.Length)
            .ShouldBe(iterations - pages[0].Iterations.Length);
        await SameAsync(client => client.Jobs.ReportAsync(job, Stop));
        await SameAsync(client => client.Jobs.FindAsync(job, Stop));
        (await Client.Jobs.ReportAsync(job, Stop))!.Options.Seed.ShouldBe(ulong.MaxValue);
        (await Client.Jobs.CancelAsync(job, Stop)).State.ShouldBe(JobState.Succeeded);
        (await Client.Jobs.ResumeAsync(job, Stop)).State.ShouldBe(JobState.Succeeded);

        string again = await Client.Jobs.RetrainAsync(new RetrainingOrder { Model = name, Dataset = name, Fresh = true, Seed = 3 }, Stop);
        (await Client.Jobs.WatchAsync(again, Stop).ToListAsync(Stop))[^1].Status.Version.ShouldBe(2);
        (await Client.Models.EventsAsync(name, Stop).ToListAsync(Stop))[^1].By.ShouldBe("somebody");
        (await Client.Jobs.ListAsync(Stop)).Select(one => one.Id).ShouldContain(again);

        await SameRefusalAsync(client => client.Jobs.StartAsync(request with { Dataset = "nowhere" }, Stop));
        await SameRefusalAsync(client => client.Jobs.StartAsync(request with { Options = new KMeansOptions { K = 0 } }, Stop));
        await SameRefusalAsync(client => client.Jobs.StartAsync(request with { Options = new KMeansOptions { K = 2, Tolerance = double.NaN } }, Stop));
        await SameRefusalAsync(client => client.Jobs.StartAsync(request with { Options = new KMeansOptions { K = 5 } }, job, Stop));
        await SameRefusalAsync(client => client.Jobs.RetrainAsync(new RetrainingOrder { Model = "nothing", Dataset = name }, Stop));
        await SameRefusalAsync(client => client.Jobs.ResumeAsync("nojob", Stop));
        await SameRefusalAsync(async client => await client.Jobs.WatchAsync("nojob", Stop).ToListAsync(Stop));
        (await Client.Jobs.FindAsync("nojob", Stop)).ShouldBeNull();
    }

    [Fact]
    public async Task A_training_starts_from_rows_that_are_given()
    {
        string name = service.Name();
        await service.UploadAsync(name, Service.Corners);
        var options = new KMeansOptions { K = 3, Init = ITrainingOptions.Given, InitialCentroids = Bytes(0, 10, 0, 0, 10, 0) };
        string job = await Client.Jobs.StartAsync(new TrainingRequest { Dataset = name, Model = name, Options = options }, Stop);
        (await Client.Jobs.WatchAsync(job, Stop).ToListAsync(Stop))[^1].Status.State.ShouldBe(JobState.Succeeded);
        // Clusters keep the order that they were given in.
        ModelParameters parameters = (await Client.Models.ParametersAsync(name, cancellation: Stop))!;
        MemoryMarshal.Cast<byte, double>(parameters.Centroids.Span).ToArray().ShouldBe([0, 10, 0, 0, 10, 0]);
    }

    [Fact]
    public async Task Versions_are_told_to_the_bit()
    {
        string model = await service.SharedAsync("two versions", () => service.ModelAsync(versions: 2, family: "gmm"));
        await SameAsync(client => client.Models.FindAsync(model, Stop));
        await SameAsync(client => client.Models.VersionAsync(model, 0, Stop));
        await SameAsync(client => client.Models.VersionAsync(model, 2, Stop));
        await SameAsync(client => client.Models.VersionAsync(model, 9, Stop));
        await SameAsync(client => client.Models.ParametersAsync(model, 2, Stop));
        await SameAsync(client => client.Models.PackageAsync(model, 1, Stop));
        await SameAsync(client => client.Models.AlignmentAsync(model, 2, Stop));
        await SameAsync(client => client.Models.AlignmentAsync(model, 1, Stop));
        await SameAsync(client => client.Models.CompareAsync(model, 1, 2, Stop));
        await SameAsync(client => client.Models.DistancesAsync(model, 1, 2, Stop));
        await SameAsync(client => client.Models.DivergenceAsync(model, 1, 2, 5000, 7, Stop));
        await SameAsync(client => client.Models.ResolveAsync(new ModelReference(model, 2), Stop));
        await SameAsync(client => client.Models.ResolveAsync(new ModelReference(model, 0, ModelReference.Newest), Stop));
        await SameAsync(client => client.Models.ResolveAsync(new ModelReference(model, 0, "none"), Stop));
        await SameAsync(client => client.Models.RouteAsync(model, Stop));
        await SameAsync(client => client.Models.AgreementAsync(model, Stop));
        await SameAsync(client => client.Models.PolicyAsync(model, Stop));
        await SameAsync(async client => (await client.Models.EventsAsync(model, Stop).ToListAsync(Stop)).ToImmutableArray());
        (await Client.Models.ListAsync(Stop)).Select(one => one.Name).ShouldContain(model);
        await SameRefusalAsync(client => client.Models.CompareAsync(model, 1, 8, Stop));
        await SameRefusalAsync(client => client.Models.FindAsync("a/b", Stop));
    }

    [Fact]
    public async Task Questions_are_answered_to_the_bit()
    {
        string plain = await service.SharedAsync(), dense = await service.SharedAsync("gmm");
        var rows = new RowsPayload { Precision = "f8", Columns = 2, Values = Bytes(0.1, 0.2, 9.5, 0.25, 1 / 3.0, 11), Keys = Bytes(1, 2, 3) };
        var narrow = new RowsPayload { Precision = "f4", Columns = 2, Values = MemoryMarshal.AsBytes<float>([0.1f, 0.2f]).ToArray() };
        await SameAsync(client => client.Models.AssignAsync(plain, 0, rows, Stop));
        await SameAsync(client => client.Models.AssignAsync(plain, 1, narrow, Stop));
        await SameAsync(client => client.Models.ScoreAsync(dense, new ScoreQuery { Version = 1, Top = 3, Rows = rows }, Stop));
        await SameAsync(client => client.Models.ExplainAsync(dense, new ExplainQuery { Version = 0, Rows = rows with { Keys = default } }, Stop));
        var sample = new SampleQuery { Version = 1, Seed = ulong.MaxValue, FirstRow = 1L << 40, Rows = 10, Component = 1 };
        await SameAsync(client => client.Models.SampleAsync(dense, sample, Stop));
        await SameAsync(client => client.Models.SampleAsync(dense, sample with { Component = -1 }, Stop));
        await SameAsync(async client => (await client.Models.AssignDatasetAsync(plain, 0, plain, 0, Stop).ToListAsync(Stop)).ToImmutableArray());

        await SameRefusalAsync(client => client.Models.AssignAsync(plain, 0, rows with { Values = Bytes(0, 1, double.NaN, 2), Keys = default }, Stop));
        await SameRefusalAsync(client => client.Models.AssignAsync(plain, 0, rows with { Columns = 3 }, Stop));
        await SameRefusalAsync(client => client.Models.AssignAsync(plain, 0, rows with { Columns = 0 }, Stop));
        await SameRefusalAsync(client => client.Models.AssignAsync("nothing", 0, rows, Stop));
        await SameRefusalAsync(client => client.Models.AssignAsync(plain, 4, rows, Stop));
        await SameRefusalAsync(client => client.Models.ScoreAsync(plain, new ScoreQuery { Version = 0, Top = 1, Rows = rows }, Stop));
        await SameRefusalAsync(client => client.Models.ScoreAsync(dense, new ScoreQuery { Version = 0, Top = 0, Rows = rows }, Stop));
        await SameRefusalAsync(client => client.Models.SampleAsync(plain, sample, Stop));
        await SameRefusalAsync(async client => await client.Models.AssignDatasetAsync(plain, 0, "nothing", 0, Stop).ToListAsync(Stop));
    }

    [Fact]
    public async Task Models_that_prepare_their_rows_are_asked_by_texts_times_and_gaps()
    {
        string model = await service.SharedAsync("visitors", () => Visitors.TrainAsync(service, "gmm"));
        await SameAsync(client => client.Models.AssignAsync(model, 0, Visitors.Rows, Stop));
        await SameAsync(client => client.Models.ScoreAsync(model, new ScoreQuery { Version = 0, Top = 2, Rows = Visitors.Rows }, Stop));
        await SameAsync(client => client.Models.ExplainAsync(model, new ExplainQuery { Version = 0, Rows = Visitors.Rows }, Stop));
        await SameRefusalAsync(client => client.Models.AssignAsync(model, 0, Visitors.Rows with { Types = Visitors.Rows.Types.RemoveAt(0) }, Stop));
    }

    [Fact]
    public async Task Changes_are_made_once_of_what_was_seen_and_told_in_the_audit_trail()
    {
        string model = await service.ModelAsync(versions: 2);
        ModelInfo now = (await Client.Models.FindAsync(model, Stop))!.Info;
        ModelChange promotion = Client.Models.Change(now, "Ada", "größer = besser & schneller");
        now = await Client.Models.SetAliasAsync(model, promotion, "champion", 1, Stop);
        Same(await Client.Models.SetAliasAsync(model, promotion, "champion", 1, Stop), now);
        now = await Client.Models.SetAliasAsync(model, Client.Models.Change(now), "champion", 2, Stop);
        now = await Client.Models.RollbackAsync(model, Client.Models.Change(now), "champion", Stop);
        now.Default.ShouldBe(1);
        now = await Client.Models.SetAliasAsync(model, Client.Models.Change(now), "other", 2, Stop);
        now = await Client.Models.RemoveAliasAsync(model, Client.Models.Change(now, "", "not needed"), "other", Stop);
        now = await Client.Models.DescribeAsync(model, Client.Models.Change(now), 0, "what\nit is", Stop);
        now = await Client.Models.TagAsync(model, Client.Models.Change(now), 2, [new ModelTag { Key = "stage", Value = "b" }], Stop);
        now = await Client.Models.NameClusterAsync(
            model, Client.Models.Change(now), new ClusterNote { Cluster = 1, Name = "Östlich", Colour = "#aabbcc", Note = "n" }, Stop);
        var policy = new GatePolicy { Rules = [new GateRule { Metric = GateMetrics.Churn, Limit = 0.1, Otherwise = GateVerdicts.None }] };
        now = await Client.Models.SetPolicyAsync(model, Client.Models.Change(now), policy, Stop);
        await SameAsync(client => client.Models.PolicyAsync(model, Stop));
        (await Client.Models.PolicyAsync(model, Stop))!.Rules.ShouldBe(policy.Rules);
        now = await Client.Models.SetPolicyAsync(model, Client.Models.Change(now), null, Stop);
        (await Client.Models.PolicyAsync(model, Stop)).ShouldBeNull();
        now = await Client.Models.SetRouteAsync(model, Client.Models.Change(now), new RouteChange
        {
            Kind = RouteChangeKind.Set,
            Shares = [new RouteShare { Version = 1, Slots = 6667 }, new RouteShare { Version = 2, Slots = 3333 }],
        }, Stop);
        RouteStatus route = (await Client.Models.RouteAsync(model, Stop))!;
        route.Shares.Select(share => share.Slots).Order().ShouldBe([3333, 6667]);
        // A route divides rows by their keys, which travel with them.
        var rows = new RowsPayload
        {
            Precision = "f8",
            Columns = 2,
            Values = Bytes([.. Enumerable.Repeat(0.0, 80)]),
            Keys = RowKeys.Of([.. Enumerable.Range(0, 40).Select(key => key.ToString(CultureInfo.InvariantCulture))]),
        };
        Assignments answered = await Client.Models.AssignAsync(model, 0, rows, Stop);
        answered.RowVersions().Distinct().Order().ShouldBe([1, 2]);
        Same(answered, await Grains.Models.AssignAsync(model, 0, rows, Stop));
        now = await Client.Models.SetRouteAsync(model, Client.Models.Change(now), new RouteChange
        {
            Kind = RouteChangeKind.Canary,
            Version = 2,
            Steps = [100, 10000],
            Every = TimeSpan.FromMinutes(90),
            Guards = new CanaryGuards { LeastRows = 7 },
        }, Stop);
        (await Client.Models.RouteAsync(model, Stop))!.Route!.Canary!.Guards!.LeastRows.ShouldBe(7);
        now = await Client.Models.SetRouteAsync(model, Client.Models.Change(now), new RouteChange { Kind = RouteChangeKind.Abort }, Stop);
        ImmutableArray<RetentionVerdict> verdicts = await Client.Models.PruneAsync(
            model, Client.Models.Change(now), new RetentionPolicy { Keep = 1, DryRun = true, YoungerThan = TimeSpan.FromDays(1) }, Stop);
        verdicts.Select(verdict => verdict.Pruned).ShouldBe([false, false]);

        List<ModelEvent> trail = await Client.Models.EventsAsync(model, Stop).ToListAsync(Stop);
        ModelEvent first = trail.Single(entry => entry.Change == promotion.Id);
        (first.By, first.Reason).ShouldBe(("Ada", "größer = besser & schneller"));
        trail.ShouldContain(entry => entry.Kind == ModelEvents.AliasRemoved && entry.Reason == "not needed");
        trail.Select(entry => entry.Revision).ShouldBe(Enumerable.Range(1, trail.Count).Reverse().Select(revision => (long)revision));
        // Another change came first.
        await SameRefusalAsync(client => client.Models.SetAliasAsync(model, client.Models.Change(now with { Revision = 1 }), "champion", 2, Stop));
        await SameRefusalAsync(client => client.Models.SetAliasAsync(model, client.Models.Change(now), "champion", 9, Stop));
        await SameRefusalAsync(client => client.Models.RemoveAliasAsync(model, client.Models.Change(now), "none", Stop));
        await SameRefusalAsync(client => client.Models.PruneAsync(model, client.Models.Change(now), new RetentionPolicy { Keep = 0 }, Stop));
        await SameRefusalAsync(client => client.Models.SetRouteAsync(model, client.Models.Change(now), new RouteChange { Kind = RouteChangeKind.Set }, Stop));
    }

    [Fact]
    public async Task Whoever_gives_up_is_told_so()
    {
        string model = await service.SharedAsync();
        using var stopped = new CancellationTokenSource();
        await stopped.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() =>
            Client.Models.AssignDatasetAsync(model, 0, model, 0, stopped.Token).ToArrayAsync(stopped.Token).AsTask());
    }

    /// <summary>The little-endian bytes of numbers.</summary>
    protected static byte[] Bytes(params double[] values) => MemoryMarshal.AsBytes(values.AsSpan()).ToArray();

    private static void Same<T>(T actual, T expected) => WireFormat.Write(actual).ShouldBe(WireFormat.Write(expected));

    private async Task SameAsync<T>(Func<IClusteringClient, Task<T>> ask) => Same(await ask(Client), await ask(Grains));

    private async Task SameRefusalAsync<T>(Func<IClusteringClient, Task<T>> ask)
    {
        ClusteringException expected = await Should.ThrowAsync<ClusteringException>(() => ask(Grains)),
            actual = await Should.ThrowAsync<ClusteringException>(() => ask(Client));
        actual.Message.ShouldBe(expected.Message);
        (actual.Row, actual.Column, actual.Problem).ShouldBe((expected.Row, expected.Column, expected.Problem));
    }
}
