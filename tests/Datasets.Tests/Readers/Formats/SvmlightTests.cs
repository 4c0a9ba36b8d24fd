using System.Globalization;
using System.IO.Compression;
using System.Text;
using OrleansCluster.Numerics.Rows;

namespace OrleansCluster.Datasets.Tests;

public sealed class SvmlightTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("1 3:0.5 4:1\n-1 1:2 3:4\n", new double[] { 0, 0, 0.5, 1, 2, 0, 4, 0 })]
    [InlineData("+1 1:-0.5 2:1e-3 # a remark\n0\n", new[] { -0.5, 1e-3, 0, 0 })]
    [InlineData("# made by a tool\n3 qid:1 1:0.5\n\n2 qid:1 2:0.25\n", new[] { 0.5, 0, 0, 0.25 })]
    [InlineData("1,4\t2:0.5\t3:1\n", new[] { 0, 0.5, 1 })]
    [InlineData("1 0:7 2:1\r\n1 1:3", new double[] { 7, 0, 1, 0, 3, 0 })]
    public void Rows_are_read_whatever_the_name(string text, double[] values)
    {
        foreach (Encoding encoding in new[] { new UTF8Encoding(false), Encoding.UTF8, Encoding.Unicode })
            Table.Read(_folder.Write("t.txt", [.. encoding.GetPreamble(), .. encoding.GetBytes(text)])).Values.ShouldBe(values);
    }

    [Fact]
    public void Rows_of_a_label_alone_are_known_by_the_name()
    {
        Table table = Table.Read(_folder.Write("t.libsvm", "1\n2 2:1\n"));
        table.Values.ShouldBe([0, 0, 0, 1]);
        table.Columns.ShouldBe(["c0", "c1"]);
    }

    [Theory]
    [InlineData(64)]
    [InlineData(3000)]
    public void Rows_are_known_however_long(int pairs)
    {
        string path = _folder.Write("t.txt", string.Concat(
            Enumerable.Repeat($"1 {string.Join(' ', Enumerable.Range(1, pairs).Select(i => $"{i}:0.5"))}\n", 3)));
        Table table = Table.Read(path);
        table.Columns.Length.ShouldBe(pairs);
        table.Values.ShouldAllBe(value => value == 0.5);
    }

    [Fact]
    public void Sparse_rows_may_be_wider_than_dense_ones_can()
    {
        string path = _folder.Write("t.svm", "1 1:1 200000:2\n2 7:1\n");
        Table.Read(path).Columns.Length.ShouldBe(200_000);
        using IRowReader reader = TableFile.Read(path, new ReadOptions { Sparse = true });
        var schema = new RowSchema(reader.Columns, reader.Precision, isSparse: true);
        schema.Columns.Length.ShouldBe(200_000);
        Should.Throw<DataFormatException>(() => new RowSchema(reader.Columns, reader.Precision)).Message.ShouldContain("32767");
    }

    [Fact]
    public void Indices_count_from_where_it_is_said()
    {
        string path = _folder.Write("t.svm", "1 1:5 2:6\n");
        Table.Read(path).Values.ShouldBe([5, 6]);
        Table.Read(path, new ReadOptions { ZeroBased = true }).Values.ShouldBe([0, 5, 6]);
        Table.Refusal(_folder.Write("z.svm", "1 1:2\n1 0:1\n"), new ReadOptions { ZeroBased = false }).ShouldContain("line 2: there is an index 0");
    }

    [Fact]
    public void Columns_without_a_value_can_be_asked_for()
    {
        string path = _folder.Write("t.svm", "1 1:5\n");
        Table.Read(path, new ReadOptions { Features = 3 }).Values.ShouldBe([5, 0, 0]);
        Table.Refusal(_folder.Write("w.svm", "1 5:5\n"), new ReadOptions { Features = 3, HasFeatures = true }).ShouldContain("3 were asked for");
        Table.Read(_folder.Write("e.svm", "1\n2\n"), new ReadOptions { Features = 2 }).Values.ShouldBe([0, 0, 0, 0]);
        Table.Refusal(_folder.Write("n.svm", "1\n")).ShouldContain("no row has a value");
    }

    [Fact]
    public void The_label_is_a_column_that_is_no_value()
    {
        string path = _folder.Write("t.svm", "a 1:5\nb 2:6\n");
        Table.Read(path, new ReadOptions { IdColumn = "label" }).Ids.ShouldBe(["a", "b"]);
        using IRowReader reader = TableFile.Read(path, new ReadOptions { LabelColumn = "label" });
        reader.ReadBatch(out RowBatch? batch).ShouldBeTrue();
        batch!.Labels.ShouldBe(["a", "b"]);
        batch.Columns.ShouldBe(2);
        Table.Read(_folder.Write("w.svm", "3 1:5\n0.5 1:6\n"), new ReadOptions { WeightColumn = "label" }).Weights.ShouldBe([3, 0.5]);
    }

    [Fact]
    public void Some_columns_and_rows_are_read()
    {
        string path = _folder.Write("t.svm", "1 1:5 3:7\n1 2:6\n1 3:1\n");
        Table.Read(path, new ReadOptions { Columns = "2,0" }).Values.ShouldBe([7, 5, 0, 0, 1, 0]);
        Table.Read(path, new ReadOptions { Where = ["c2 > 0"], Limit = 5 }).Values.ShouldBe([5, 0, 7, 0, 0, 1]);
    }

    [Fact]
    public void Compressed_rows_and_those_of_a_stream_are_read()
    {
        byte[] text = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 20_000).Select(i => Invariant($"{i % 3} {1 + (i % 7)}:{i} 9:0.25\n"))));
        Table plain = Table.Read(_folder.Write("t.svm", text));
        plain.Rows.ShouldBe(20_000);
        plain.Values[(12_345 * 9) + (12_345 % 7)].ShouldBe(12_345);
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(text);
        Table.Read(_folder.Write("t.svm.gz", packed.ToArray())).Values.ShouldBe(plain.Values);
        using ITable table = TableFile.Open(new MemoryStream(text), "rows", new ReadOptions());
        table.Columns.Length.ShouldBe(10);
    }

    [Theory]
    [InlineData(Precision.Float32)]
    [InlineData(Precision.Float64)]
    public void Sparse_rows_are_the_dense_ones_without_zeros(Precision precision)
    {
        string path = _folder.Write("t.svm", "1 1:5 3:0 4:7\n2\n1 2:6e-60 3:0.1\n3 4:1\n");
        foreach ((string? columns, long? limit) in new (string?, long?)[] { (null, null), ("1..3", null), (null, 3) })
        {
            var options = new ReadOptions { Precision = precision, Columns = columns, Limit = limit };
            using IRowReader reader = TableFile.Read(path, options with { Sparse = true });
            reader.IsSparse.ShouldBeTrue();
            reader.ReadBatch(out RowBatch? batch).ShouldBeTrue();
            Table dense = Table.Read(path, options);
            batch!.Rows.ShouldBe(dense.Rows);
            SparseRowBytes.Of(SparseBlock.Of(precision == Precision.Float64 ? new RowBlock(dense.Values, dense.Columns.Length)
                : new RowBlock(dense.Values.Select(value => (float)value).ToArray(), dense.Columns.Length))).ShouldBe(batch.Values.ToArray());
            reader.ReadBatch(out _).ShouldBeFalse();
        }
    }

    [Fact]
    public void Where_zeros_are_looked_at_rows_come_with_them()
    {
        string path = _folder.Write("t.svm", "1 1:5\n2 2:1\n");
        foreach (ReadOptions options in new ReadOptions[] { new() { Where = ["c0 > 0"] }, new() { Columns = "1,0" }, new() { Columns = "0,label" } })
        {
            using IRowReader reader = TableFile.Read(path, options with { Sparse = true });
            reader.IsSparse.ShouldBeFalse();
        }

        Table.Refusal(path, new ReadOptions { Typed = true, Types = "c0=category" }).ShouldContain("leave --types out");
    }

    [Theory]
    [InlineData("1 2:1 2:3\n", "line 1: index 2 is there twice")]
    [InlineData("1 1:1\n1 3:1 2:3\n", "line 2: index 2 comes behind index 3")]
    [InlineData("1 -2:1\n", "line 1: the index -2 is negative")]
    [InlineData("1 1:nan\n", "line 1: the value 'nan' of index 1 is no finite number")]
    [InlineData("1 1:1 2:inf\n", "line 1: the value 'inf' of index 2 is no finite number")]
    [InlineData("1 1:1e999\n", "line 1: the value '1e999' of index 1 is no finite number")]
    [InlineData("1 99999999999999999999:1\n", "is too large: at most 262144 columns")]
    [InlineData("1 a:1\n", "line 1: 'a' is no index")]
    [InlineData("1 :1\n", "line 1: a value has no index")]
    [InlineData("1 1:1 7\n", "line 1: '7' is no pair of index:value")]
    [InlineData("1:1 2:1\n", "line 1: it begins with '1:1' where the label belongs")]
    [InlineData("# nothing\n", "no row has a value")]
    public void What_is_wrong_is_told_with_its_line(string text, string message) => Table.Refusal(_folder.Write("t.svm", text)).ShouldContain(message);

    [Fact]
    public void A_value_beyond_float32_is_refused_where_that_is_asked_for() =>
        Table.Refusal(_folder.Write("t.svm", "1 1:1e300\n"), new ReadOptions { Precision = Precision.Float32 }).ShouldContain("--dtype f8");

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
