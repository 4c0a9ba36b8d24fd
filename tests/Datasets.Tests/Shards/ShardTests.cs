using System.Runtime.InteropServices;
using OrleansCluster.Numerics.Rows;

namespace OrleansCluster.Datasets.Tests;

public sealed class ShardTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FileBlobStore _store;

    public ShardTests() => _store = new FileBlobStore(_folder["blobs"]);

    public static TheoryData<int, int, Precision, bool, bool> Shapes => new()
    {
        { 1, 1, Precision.Float32, false, false },
        { 1, 1, Precision.Float64, true, true },
        { 17, 3, Precision.Float32, true, false },
        { 16, 4, Precision.Float64, false, true },
        { 1000, 7, Precision.Float32, true, true },
        { ShardFormat.RowsPerShard, 2, Precision.Float32, true, true },
    };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task What_goes_in_comes_out(int rows, int columns, Precision precision, bool weights, bool ids)
    {
        var sample = new SampleRows(rows, rows, columns, precision, weights, ids);
        ShardSummary summary = await sample.WriteShard(_store);
        string path = await _store.LocalPathAsync(summary.Hash);

        using MappedShard shard = MappedShard.Open(path, firstRow: 5);

        shard.Rows.Precision.ShouldBe(precision);
        shard.Rows.Rows.ShouldBe(rows);
        shard.Rows.Columns.ShouldBe(columns);
        shard.Rows.FirstRow.ShouldBe(5);
        SampleRows.ValuesOf(shard.Rows).ShouldBe(sample.Expected);
        shard.Rows.Weights.ToArray().ShouldBe(sample.Weights);
        shard.HasIds.ShouldBe(ids);
        if (ids)
            Enumerable.Range(0, rows).Select(shard.Id).ShouldBe(sample.Ids);
        summary.Rows.ShouldBe(rows);
        summary.Bytes.ShouldBe(new FileInfo(path).Length);
        summary.WeightTotal.ShouldBe(weights ? sample.Weights.Sum() : rows);
        summary.WeightMaximum.ShouldBe(weights ? sample.Weights.Max() : 1);
        for (int j = 0; j < columns; j++)
        {
            double[] column = [.. sample.Expected.Where((_, i) => i % columns == j)];
            summary.Columns[j].Minimum.ShouldBe(column.Min());
            summary.Columns[j].Maximum.ShouldBe(column.Max());
            summary.Columns[j].Sum.ShouldBe((double)column.Sum(value => (decimal)value), 1e-9);
        }
    }

    [Fact]
    public async Task Values_are_aligned_in_memory()
    {
        ShardSummary summary = await new SampleRows(1, 33, 3, Precision.Float32, true, true).WriteShard(_store);
        using MappedShard shard = MappedShard.Open(await _store.LocalPathAsync(summary.Hash));
        Address(shard.Rows.Float32.Span).ShouldBe(0);
        Address(shard.Rows.Weights.Span).ShouldBe(0);

        static unsafe long Address<T>(ReadOnlySpan<T> span)
            where T : unmanaged
        {
            fixed (T* pointer = span)
                return (long)pointer % 64;
        }
    }

    [Fact]
    public async Task A_sum_keeps_what_plain_addition_loses()
    {
        var schema = new RowSchema(["x"], Precision.Float64);
        await using var writer = new ShardWriter(_store, schema);
        double[] values = [1e16, 1, -1e16, 1];
        await writer.AppendAsync(MemoryMarshal.AsBytes<double>(values).ToArray(), default, default);
        (await writer.CompleteAsync()).Columns[0].Sum.ShouldBe(2);
    }

    [Fact]
    public async Task The_format_of_version_1_stays()
    {
        await using var writer = new ShardWriter(_store, new RowSchema(["x", "y"], Precision.Float32, "key", "w"));
        await writer.AppendAsync(
            MemoryMarshal.AsBytes<float>(new float[] { 1, 2, 3, 4 }).ToArray(), new double[] { 0.5, 2 }, new[] { "a", "bc" });
        string hash = (await writer.CompleteAsync()).Hash;
        byte[] bytes = await _store.ReadAsync(hash);
        bytes.Length.ShouldBe(5 * 64);
        Convert.ToHexString(bytes[..24]).ShouldBe("4F432D5348415244" + "01000000" + "04000000" + "02000000" + "03000000");
        Convert.ToHexString(bytes[64..80]).ShouldBe("0000803F" + "00000040" + "00004040" + "00008040");
        Convert.ToHexString(bytes[128..144]).ShouldBe("000000000000E03F" + "0000000000000040");
        Convert.ToHexString(bytes[192..207]).ShouldBe("00000000" + "01000000" + "03000000" + "616263");
        Convert.ToHexString(bytes[256..272]).ShouldBe("2D53485244454E44" + "02000000" + "03000000");
        hash.ShouldBe("0d75b80441f964df3bd37c61063bd28fb5d1b0239393a32cc1bbf709c07ca618");
    }

    [Fact]
    public async Task A_newer_version_is_refused_as_such()
    {
        byte[] bytes = await _store.ReadAsync((await new SampleRows(2, 5, 3, Precision.Float64, true, true).WriteShard(_store)).Hash);
        bytes[8] = 3;
        string path = _folder.Write("newer", bytes);
        Should.Throw<DataFormatException>(() => MappedShard.Open(path)).Message.ShouldBe($"{path} has shard format 3, this program reads up to 2: use a "
            + "newer one.");
    }

    [Fact]
    public async Task Every_flipped_bit_is_noticed()
    {
        ShardSummary summary = await new SampleRows(2, 5, 3, Precision.Float64, true, true).WriteShard(_store);
        byte[] whole = await _store.ReadAsync(summary.Hash);
        for (int at = 0; at < whole.Length; at++)
        {
            byte[] flipped = (byte[])whole.Clone();
            flipped[at] ^= (byte)(1 << (at % 8));
            string path = _folder.Write("flipped", flipped);
            Should.Throw<DataFormatException>(() => MappedShard.Open(path), $"byte {at}").Message.ShouldContain(path);
        }
    }

    [Fact]
    public async Task Every_torn_file_is_refused()
    {
        ShardSummary summary = await new SampleRows(3, 5, 3, Precision.Float32, true, true).WriteShard(_store);
        byte[] whole = await _store.ReadAsync(summary.Hash);
        for (int length = 0; length < whole.Length; length++)
        {
            string path = _folder.Write("torn", whole[..length]);
            Should.Throw<DataFormatException>(() => MappedShard.Open(path), $"length {length}").Message.ShouldContain(path);
        }
    }

    [Fact]
    public void A_file_that_is_no_shard_is_refused()
    {
        string path = _folder.Write("other", new byte[1000]);
        Should.Throw<DataFormatException>(() => MappedShard.Open(path)).Message.ShouldContain("is not a shard");
        Should.Throw<IOException>(() => MappedShard.Open(_folder["absent"])).Message.ShouldContain("no such file");
    }

    [Fact]
    public async Task Rows_that_cannot_be_kept_are_refused_with_their_place()
    {
        var schema = new RowSchema(["x", "y"], Precision.Float64, "key", "w");
        await Refused([1, double.NaN], [1], ["a"], "Row 7, column 'y': NaN");
        await Refused([double.PositiveInfinity, 1], [1], ["a"], "Row 7, column 'x'");
        await Refused([1, 2, 3, 4], [1, -1], ["a", "b"], "Row 8, weight column 'w': -1");
        await Refused([1, 2], [double.NaN], ["a"], "Row 7, weight column 'w': NaN");
        await Refused([1, 2], [1], [""], "Row 7, id column 'key': the id has 0 bytes");
        await Refused([1, 2], [1], [new string('x', 1025)], "Row 7, id column 'key': the id has 1025 bytes");
        await Refused([1, 2], [1], ["\ud800"], "Row 7, id column 'key': the id is not valid text");

        async Task Refused(double[] values, double[] weights, string[] ids, string message)
        {
            await using var writer = new ShardWriter(_store, schema, firstRow: 7);
            DataFormatException error = await Should.ThrowAsync<DataFormatException>(
                () => writer.AppendAsync(MemoryMarshal.AsBytes<double>(values).ToArray(), weights, ids));
            error.Message.ShouldContain(message);
        }
    }

    [Fact]
    public async Task Lengths_that_do_not_agree_are_refused()
    {
        var schema = new RowSchema(["x"], Precision.Float64, weightColumn: "w");
        await using var writer = new ShardWriter(_store, schema);
        await Should.ThrowAsync<ArgumentException>(() => writer.AppendAsync(new byte[9], new double[1], default));
        await Should.ThrowAsync<ArgumentException>(() => writer.AppendAsync(new byte[16], new double[1], default));
        await Should.ThrowAsync<ArgumentException>(() => writer.AppendAsync(new byte[8], new double[1], new string[1]));
        await Should.ThrowAsync<ArgumentException>(
            () => writer.AppendAsync(new byte[8 * (ShardFormat.RowsPerShard + 1)], new double[ShardFormat.RowsPerShard + 1], default));
    }

    [Fact]
    public async Task A_disposed_shard_gives_no_view()
    {
        ShardSummary summary = await new SampleRows(4, 5, 3, Precision.Float32, false, true).WriteShard(_store);
        MappedShard shard = MappedShard.Open(await _store.LocalPathAsync(summary.Hash));
        shard.Dispose();
        shard.Dispose();
        Should.Throw<ObjectDisposedException>(() => shard.Rows.Float32.Span.Length);
        Should.Throw<ObjectDisposedException>(() => shard.Id(0));
    }

    [Fact]
    public void Bytes_are_seen_as_rows_without_a_copy()
    {
        byte[] bytes = MemoryMarshal.AsBytes<float>(new float[] { 1, 2, 3, 4, 5, 6 }).ToArray();
        RowBlock block = RowBytes.AsBlock(bytes.AsMemory(8), Precision.Float32, 2, new double[] { 1, 2 }, firstRow: 9);
        SampleRows.ValuesOf(block).ShouldBe([3, 4, 5, 6]);
        block.FirstRow.ShouldBe(9);
        MemoryMarshal.Write(bytes.AsSpan(8), 7f);
        block.Float32.Span[0].ShouldBe(7);
        using (System.Buffers.MemoryHandle pin = block.Float32.Pin())
        {
            unsafe
            {
                ((float*)pin.Pointer)[0].ShouldBe(7);
            }
        }

        Should.Throw<ArgumentException>(() => RowBytes.AsBlock(bytes.AsMemory(1), Precision.Float32, 2));
    }
}
