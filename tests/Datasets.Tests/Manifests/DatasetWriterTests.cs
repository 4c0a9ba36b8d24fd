using System.Runtime.InteropServices;
using System.Text;
using FsCheck.Fluent;
using OrleansCluster.Numerics.Rows;

namespace OrleansCluster.Datasets.Tests;

public sealed class DatasetWriterTests : IDisposable
{
    private readonly MemoryBlobStore _store = new();

    public void Dispose() => _store.Dispose();

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public async Task Rows_are_cut_into_shards_of_fixed_size(bool weights, bool ids)
    {
        var sample = new SampleRows(1, (2 * ShardFormat.RowsPerShard) + 100, 2, Precision.Float32, weights, ids);
        (DatasetManifest manifest, string hash) = await sample.WriteDataset(_store, 5000);

        manifest.Rows.ShouldBe(sample.Rows);
        manifest.Shards.Select(shard => shard.Rows).ShouldBe([ShardFormat.RowsPerShard, ShardFormat.RowsPerShard, 100]);
        manifest.WeightTotal.ShouldBe(weights ? sample.Weights.Sum() : sample.Rows);
        manifest.WeightMaximum.ShouldBe(weights ? 1.5 : 1);
        manifest.Columns[1].Maximum.ShouldBe(sample.Expected.Where((_, i) => i % 2 == 1).Max());
        var values = new List<double>();
        var keys = new List<string>();
        for (int s = 0; s < manifest.Shards.Length; s++)
        {
            using MappedShard shard = MappedShard.Open(await _store.LocalPathAsync(manifest.Shards[s].Hash), DatasetManifest.FirstRow(s));
            shard.Rows.FirstRow.ShouldBe(values.Count / 2);
            values.AddRange(SampleRows.ValuesOf(shard.Rows));
            if (ids)
                keys.AddRange(Enumerable.Range(0, shard.Rows.Rows).Select(shard.Id));
        }

        values.ShouldBe(sample.Expected);
        keys.ShouldBe(sample.Ids);
        DatasetManifest.Decode(await _store.ReadAsync(hash)).Encode().ShouldBe(manifest.Encode());
        ContentHash.Of(manifest.Encode()).ShouldBe(hash);
    }

    [Fact]
    public async Task The_pieces_that_rows_come_in_do_not_matter()
    {
        var sample = new SampleRows(2, 500, 3, Precision.Float64, true, true);
        string whole = (await sample.WriteDataset(_store, 500)).Hash;
        foreach (int piece in Gen.Choose(1, 600).Sample(50))
            (await sample.WriteDataset(_store, piece)).Hash.ShouldBe(whole, $"pieces of {piece} rows");
    }

    [Fact]
    public async Task Longer_versions_share_full_shards()
    {
        var sample = new SampleRows(3, ShardFormat.RowsPerShard + 10, 1, Precision.Float32, false, false);
        (DatasetManifest all, string allHash) = await sample.WriteDataset(_store, 10_000);
        await using var writer = new DatasetWriter(_store, sample.Schema);
        await sample.Append((values, weights, ids) => writer.AppendAsync(values, weights, ids), 0, ShardFormat.RowsPerShard);
        (DatasetManifest first, string firstHash) = await writer.CompleteAsync();

        first.Shards.Single().ShouldBe(all.Shards[0]);
        firstHash.ShouldNotBe(allHash);
    }

    [Fact]
    public async Task Different_names_make_a_different_version()
    {
        var sample = new SampleRows(4, 10, 1, Precision.Float64, false, false);
        string hash = (await sample.WriteDataset(_store, 10)).Hash;
        await using var writer = new DatasetWriter(_store, new RowSchema(["other"], Precision.Float64));
        await writer.AppendAsync(sample.Values, default, default);
        (await writer.CompleteAsync()).Hash.ShouldNotBe(hash);
    }

    [Fact]
    public async Task No_rows_are_no_dataset()
    {
        await using var writer = new DatasetWriter(_store, new RowSchema(["x"], Precision.Float64));
        (await Should.ThrowAsync<DataFormatException>(() => writer.CompleteAsync())).Message.ShouldContain("no rows");
    }

    [Fact]
    public async Task Values_too_large_to_add_up_are_refused()
    {
        await using var writer = new DatasetWriter(_store, new RowSchema(["x"], Precision.Float64));
        await writer.AppendAsync(MemoryMarshal.AsBytes<double>(new[] { 1e308, 1e308 }).ToArray(), default, default);
        (await Should.ThrowAsync<DataFormatException>(() => writer.CompleteAsync())).Message.ShouldContain("column 'x'");
    }

    [Theory]
    [InlineData("Every weight in the weight column 'w' is 0, so that no row would count.", 0.0, 0.0)]
    [InlineData("Row 1, weight column 'w': the weight 1E+300 is too great to be summed", 1.0, 1e300)]
    [InlineData("The greatest weight in the weight column 'w' is 1E-300: multiply all weights by a constant", 1e-300, 0.0)]
    [InlineData(null, 0.0, 1e-100)]
    [InlineData(null, 1e120, 1.0)]
    public async Task Weights_of_which_none_would_count_are_refused(string? why, params double[] weights)
    {
        await using var writer = new DatasetWriter(_store, new RowSchema(["x"], Precision.Float64, weightColumn: "w"));
        async Task Write()
        {
            await writer.AppendAsync(MemoryMarshal.AsBytes<double>(new double[] { 1, 2 }).ToArray(), weights, default);
            await writer.CompleteAsync();
        }

        if (why is null)
            await Write();
        else
            (await Should.ThrowAsync<DataFormatException>(Write)).Message.ShouldContain(why);
    }

    [Fact]
    public void A_damaged_manifest_is_refused()
    {
        Should.Throw<DataFormatException>(() => DatasetManifest.Decode("{}"u8)).Message.ShouldContain("manifest is damaged");
        Should.Throw<DataFormatException>(() => DatasetManifest.Decode("{\"format\":1,"u8)).Message.ShouldContain("manifest is damaged");
        Should.Throw<DataFormatException>(() => DatasetManifest.Decode("{\"format\":4}"u8)).Message.ShouldContain("newer");
    }

    [Fact]
    public void The_encoding_of_version_1_stays_readable()
    {
        string version1 = """
            {"format":1,"precision":"f4","id":"key","weight":null,"rows":2,"weightTotal":2,"weightMaximum":1,
            "columns":[{"name":"x","min":-0.5,"max":2,"sum":1.5}],"shards":[{"hash":"00","rows":2,"bytes":192,"weight":2}]}
            """.ReplaceLineEndings("");
        DatasetManifest manifest = DatasetManifest.Decode(Encoding.UTF8.GetBytes(version1));
        manifest.Schema.IdColumn.ShouldBe("key");
        manifest.Schema.WeightColumn.ShouldBeNull();
        manifest.Columns[0].ShouldBe(new ColumnSummary(-0.5, 2, 1.5));
        manifest.Shards[0].ShouldBe(new ShardEntry("00", 2, 192, 2));
        Encoding.UTF8.GetString(manifest.Encode()).ShouldBe(version1);
    }
}
