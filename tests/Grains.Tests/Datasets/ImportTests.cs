using System.Collections.Immutable;
using System.Runtime.InteropServices;
using OrleansCluster.Client;
using OrleansCluster.Datasets;
using OrleansCluster.Grains.Tests.Fixtures;

namespace OrleansCluster.Grains.Tests.Datasets;

public sealed class ImportTests
{
    private readonly SharedCluster.Tenant _tenant;
    private readonly ClusteringClient _client;

    public ImportTests(SharedCluster shared)
    {
        _tenant = shared.NewTenant();
        _client = _tenant.Client();
    }

    [Fact]
    public async Task The_same_rows_are_the_same_version_however_they_are_cut()
    {
        float[] values = Rows.Clouds(100_000);
        DatasetVersion whole = await _client.Import("points", values);
        await using IDatasetImport import = await _client.Datasets.ImportAsync(Rows.Schema("points"));
        byte[] bytes = MemoryMarshal.AsBytes(values.AsSpan()).ToArray();
        int cut = 12_345 * 8;
        await import.AppendAsync(bytes.AsMemory(0, cut), default, []);
        await import.AppendAsync(bytes.AsMemory(cut), default, []);
        DatasetVersion pieces = await import.CommitAsync();

        pieces.Version.ShouldBe(1);
        pieces.Manifest.ShouldBe(whole.Manifest);
        (await _client.Datasets.ListAsync()).ShouldHaveSingleItem().Version.ShouldBe(1);
    }

    [Fact]
    public async Task Other_rows_are_the_next_version_and_the_earlier_one_stays()
    {
        await _client.Import("points", Rows.Clouds(1000));
        DatasetVersion second = await _client.Import("points", Rows.Clouds(1001));

        second.Version.ShouldBe(2);
        (await _client.Datasets.FindAsync("points"))!.Rows.ShouldBe(1001);
        (await _client.Datasets.FindAsync("points", 1))!.Rows.ShouldBe(1000);
        (await _client.Datasets.FindAsync("points", 3)).ShouldBeNull();
        (await _client.Datasets.FindAsync("others")).ShouldBeNull();
    }

    [Fact]
    public async Task Columns_weights_and_ids_are_described()
    {
        DatasetSchema schema = Rows.Schema("named") with { Precision = "f8", Columns = ["a"], IdColumn = "id", WeightColumn = "w" };
        await using IDatasetImport import = await _client.Datasets.ImportAsync(schema);
        double[] values = [1, 5, 3];
        await import.AppendAsync(MemoryMarshal.AsBytes(values.AsSpan()).ToArray(), new double[] { 1, 2, 0.5 }, ["p", "q", "r"]);
        DatasetVersion version = await import.CommitAsync();

        version.IdColumn.ShouldBe("id");
        version.WeightColumn.ShouldBe("w");
        version.Precision.ShouldBe("f8");
        version.Columns.ShouldHaveSingleItem().ShouldBe(new ColumnInfo { Name = "a", Minimum = 1, Maximum = 5, Mean = 3 });
    }

    [Fact]
    public async Task An_import_that_is_abandoned_leaves_no_version()
    {
        await using (IDatasetImport import = await _client.Datasets.ImportAsync(Rows.Schema("points")))
            await import.AppendAsync(new byte[800], default, []);
        (await _client.Datasets.ListAsync()).ShouldBeEmpty();
        (await _client.Datasets.FindAsync("points")).ShouldBeNull();
    }

    [Fact]
    public async Task A_message_that_arrives_twice_counts_once_and_a_gap_is_refused()
    {
        IImportGrain import = _tenant.Grain<IImportGrain>("session");
        await import.Begin(Rows.Schema("points"));
        await import.Append(Message(0));
        await import.Append(Message(0));
        await import.Append(Message(1));
        ImportRows early = Message(2 + (2 * WireLimits.PiecesInFlight));
        (await Should.ThrowAsync<ClusteringException>(() => import.Append(early))).Message.ShouldContain("message 2 belongs");
        DatasetVersion version = await import.Commit();
        version.Rows.ShouldBe(20);
        (await import.Commit()).Version.ShouldBe(version.Version, "asking again answers the same version");
        (await Should.ThrowAsync<ClusteringException>(() => import.Append(Message(2)))).Message.ShouldContain("no import under way");
    }

    [Fact]
    public async Task Messages_are_written_in_their_order_in_whatever_order_they_arrive()
    {
        float[] values = Rows.Clouds(20 * 10);
        DatasetVersion whole = await _client.Import("points", values);
        IImportGrain import = _tenant.Grain<IImportGrain>("shuffled");
        await import.Begin(Rows.Schema("points"));
        byte[] bytes = MemoryMarshal.AsBytes(values.AsSpan()).ToArray();
        // Each twice, from behind.
        await Task.WhenAll(Enumerable.Range(0, 20).Reverse().SelectMany(i => new[] { i, i })
            .Select(i => import.Append(Message(i) with { Values = bytes.AsMemory(i * 80, 80) })));
        DatasetVersion version = await import.Commit();
        (version.Version, version.Manifest).ShouldBe((1, whole.Manifest));
    }

    [Fact]
    public async Task All_messages_under_way_hear_of_a_value_that_is_refused()
    {
        IImportGrain import = _tenant.Grain<IImportGrain>("refused");
        await import.Begin(Rows.Schema("points"));
        byte[] bad = MemoryMarshal.AsBytes([1, float.PositiveInfinity]).ToArray();
        Task[] sent = [.. Enumerable.Range(0, 8).Reverse().Select(i => import.Append(i == 3 ? Message(i) with { Values = bad } : Message(i)))];
        foreach (Task late in sent[..5])
            (await Should.ThrowAsync<ClusteringException>(() => late)).Message.ShouldContain("x2");
        (await Should.ThrowAsync<ClusteringException>(() => import.Commit())).Message.ShouldContain("no import under way");
    }

    [Fact]
    public async Task A_value_that_is_no_number_is_refused_with_its_place_and_nothing_is_committed()
    {
        await using IDatasetImport import = await _client.Datasets.ImportAsync(Rows.Schema("points"));
        float[] values = [1, 2, 3, float.NaN];
        string message =
            (await Should.ThrowAsync<ClusteringException>(() => import.AppendAsync(MemoryMarshal.AsBytes(values.AsSpan()).ToArray(), default, []))).Message;
        message.ShouldContain("x2");
        (await Should.ThrowAsync<ClusteringException>(() => import.CommitAsync())).Message.ShouldContain("failed before");
        (await _client.Datasets.FindAsync("points")).ShouldBeNull();
    }

    [Fact]
    public async Task A_lost_answer_is_asked_for_again_and_the_rows_count_once()
    {
        var grain = new ForgetfulImport(_tenant.Grain<IImportGrain>("lossy"));
        DatasetSchema schema = Rows.Schema("points");
        await grain.Begin(schema);
        await using var import = new DatasetImport(new ImportSession(grain), schema);
        await import.AppendAsync(new byte[80], default, []);
        await import.AppendAsync(new byte[80], default, []);
        (await import.CommitAsync()).Rows.ShouldBe(20);
        grain.Lost.ShouldBe(3);
    }

    [Fact]
    public async Task Rows_that_do_not_fit_the_schema_are_refused()
    {
        await using IDatasetImport import = await _client.Datasets.ImportAsync(Rows.Schema("points"));
        (await Should.ThrowAsync<ClusteringException>(() => import.AppendAsync(new byte[7], default, []))).Message.ShouldContain("not whole rows");
        (await Should.ThrowAsync<ClusteringException>(() => import.AppendAsync(new byte[8], new double[] { 1 }, []))).Message.ShouldContain(
            "has no weight column");
        (await Should.ThrowAsync<ClusteringException>(() => _client.Datasets.ImportAsync(Rows.Schema("a/b")))).Message.ShouldContain("contains '/'");
        (await Should.ThrowAsync<ClusteringException>(() => _client.Datasets.ImportAsync(Rows.Schema("points", precision: "f2")))).Message.ShouldContain(
            "f4 or f8");
        (await Should.ThrowAsync<ClusteringException>(() => import.CommitAsync())).Message.ShouldContain("no rows");
    }

    /// <summary>Does everything, and loses the first answer to each message.</summary>
    private sealed class ForgetfulImport(IImportGrain inner) : IImportGrain
    {
        private readonly HashSet<string> _seen = [];

        public int Lost { get; private set; }

        public Task Begin(DatasetSchema schema, CancellationToken cancellation = default) => inner.Begin(schema, cancellation);

        public async Task Append(ImportRows rows, CancellationToken cancellation = default)
        {
            await inner.Append(rows, cancellation);
            LoseFirst($"append {rows.Sequence}");
        }

        public Task Continue(int version, int shard, CancellationToken cancellation = default) => inner.Continue(version, shard, cancellation);

        public async Task AddCategories(ImportCategories categories, CancellationToken cancellation = default)
        {
            await inner.AddCategories(categories, cancellation);
            LoseFirst($"categories {categories.Column} {categories.First}");
        }

        public Task Expect(ImmutableArray<ExpectationResult> expectations, CancellationToken cancellation = default) =>
            inner.Expect(expectations, cancellation);

        public async Task<DatasetVersion> Commit(CancellationToken cancellation = default)
        {
            DatasetVersion version = await inner.Commit(cancellation);
            LoseFirst("commit");
            return version;
        }

        public Task Abort(CancellationToken cancellation = default) => inner.Abort(cancellation);

        private void LoseFirst(string what)
        {
            if (!_seen.Add(what))
                return;
            Lost++;
            throw new TimeoutException("the answer was lost");
        }
    }

    private static ImportRows Message(long sequence) => new() { Sequence = sequence, Values = new byte[80], Ids = ImmutableArray<string>.Empty };
}
