using OrleansCluster.Numerics.Rows;

namespace OrleansCluster.Datasets.Tests;

public sealed class SparseShardTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FileBlobStore _store;

    public SparseShardTests() => _store = new FileBlobStore(_folder["blobs"]);

    public static TheoryData<Precision, bool, bool> Kinds => new()
    {
        { Precision.Float32, false, false }, { Precision.Float64, true, false }, { Precision.Float32, false, true }, { Precision.Float64, true, true },
    };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task What_goes_in_comes_out_however_it_is_cut(Precision precision, bool weights, bool ids)
    {
        RowBlock rows = Sample(precision, weights);
        string[] keys = ids ? [.. Enumerable.Range(0, rows.Rows).Select(i => $"row {i}")] : [];
        (DatasetManifest manifest, string hash) = await Write(rows, keys, rows.Rows, isSparse: true);
        (await Write(rows, keys, 37, isSparse: true)).Hash.ShouldBe(hash);
        (DatasetManifest dense, _) = await Write(rows, keys, rows.Rows, isSparse: false);
        manifest.Columns.ShouldBe(dense.Columns);
        manifest.Bytes.ShouldBeLessThan(dense.Bytes);
        DatasetManifest read = DatasetManifest.Decode(await _store.ReadAsync(hash));
        read.Schema.IsSparse.ShouldBeTrue();
        read.Encode().ShouldBe(manifest.Encode());

        string path = await _store.LocalPathAsync(manifest.Shards[0].Hash);
        ShardCheck.Find(path, manifest, 0).ShouldBeNull();
        using MappedShard shard = MappedShard.Open(path, firstRow: 5);
        (shard.Count, shard.Columns, shard.Precision, shard.HasIds).ShouldBe((rows.Rows, rows.Columns, precision, ids));
        SampleRows.ValuesOf(shard.Dense(0, rows.Rows)).ShouldBe(SampleRows.ValuesOf(rows));
        SampleRows.ValuesOf(shard.Dense(11, 3)).ShouldBe(SampleRows.ValuesOf(rows.Slice(11, 3)));
        shard.Sparse!.Slice(11, 3).ToDense(0, 3).FirstRow.ShouldBe(16);
        shard.Weights.ToArray().ShouldBe(rows.Weights.ToArray());
        if (ids)
            shard.Id(7).ShouldBe("row 7");
        Should.Throw<DataFormatException>(() => shard.Rows).Message.ShouldContain("--dense");
    }

    [Fact]
    public async Task Damage_is_found()
    {
        (DatasetManifest manifest, _) = await Write(Sample(Precision.Float64, false), [], 1000, isSparse: true);
        byte[] whole = File.ReadAllBytes(await _store.LocalPathAsync(manifest.Shards[0].Hash));
        foreach (int at in new[] { 5, 30, 70, 1000, whole.Length - 80, whole.Length - 40 })
        {
            byte[] changed = [.. whole];
            changed[at] ^= 0x10;
            string path = _folder.Write($"changed{at}", changed);
            Should.Throw<DataFormatException>(() => MappedShard.Open(path)).Message.ShouldContain(path);
        }

        string cut = _folder.Write("cut", whole[..^64]);
        Should.Throw<DataFormatException>(() => MappedShard.Open(cut)).Message.ShouldContain("its end is missing");
    }

    [Fact]
    public async Task A_store_of_manifests_reads_dense_ones_as_ever()
    {
        (DatasetManifest dense, _) = await Write(Sample(Precision.Float32, false), [], 1000, isSparse: false);
        System.Text.Encoding.UTF8.GetString(dense.Encode()).ShouldStartWith("{\"format\":1,\"precision\"");
        DatasetManifest.Decode(dense.Encode()).Schema.IsSparse.ShouldBeFalse();
        byte[] strange = System.Text.Encoding.UTF8.GetBytes(
            System.Text.Encoding.UTF8.GetString((await Write(Sample(Precision.Float32, false), [], 1000, isSparse: true)).Manifest.Encode())
                .Replace("\"layout\":\"sparse\"", "\"layout\":\"other\"", StringComparison.Ordinal));
        Should.Throw<DataFormatException>(() => DatasetManifest.Decode(strange)).Message.ShouldContain("no layout 'other'");
    }

    [Fact]
    public void Times_have_no_place_among_sparse_columns() =>
        Should.Throw<DataFormatException>(() => new RowSchema(["a"], Precision.Float64, types: [Numerics.Preparation.ColumnType.Time], isSparse: true))
            .Message.ShouldContain("numbers alone");

    private static RowBlock Sample(Precision precision, bool weights)
    {
        var random = new Random(3);
        double[] values = [.. Enumerable.Range(0, 300 * 40).Select(i => i % 40 != 39 && random.Next(9) > 0 ? 0 : Math.Round(random.NextDouble() - 0.4, 3))];
        double[] each = weights ? [.. Enumerable.Range(0, 300).Select(i => (double)(i % 4))] : [];
        return precision == Precision.Float64 ? new RowBlock(values, 40, each) : new RowBlock(values.Select(value => (float)value).ToArray(), 40, each);
    }

    private async Task<(DatasetManifest Manifest, string Hash)> Write(RowBlock rows, string[] ids, int piece, bool isSparse)
    {
        var schema = new RowSchema(
            Enumerable.Range(0, rows.Columns).Select(j => $"c{j}"), rows.Precision, ids.Length > 0 ? "key" : null, rows.Weights.IsEmpty ? null : "weight",
            isSparse: isSparse);
        await using var writer = new DatasetWriter(_store, schema);
        for (int first = 0; first < rows.Rows; first += piece)
        {
            int count = Math.Min(piece, rows.Rows - first);
            RowBlock some = rows.Slice(first, count);
            byte[] values = isSparse ? SparseRowBytes.Of(SparseBlock.Of(some)) : RowBytes.OfColumns(some, [.. Enumerable.Range(0, rows.Columns)]);
            await writer.AppendAsync(values, some.Weights, ids.Length == 0 ? default : ids.AsMemory(first, count));
        }

        return await writer.CompleteAsync();
    }
}
