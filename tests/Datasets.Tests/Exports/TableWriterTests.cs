using System.Globalization;
using System.Text;
using OrleansCluster.Numerics.Preparation;

namespace OrleansCluster.Datasets.Tests;

/// <summary>Tables that are written are read back the same in every format.</summary>
public sealed class TableWriterTests : IDisposable
{
    private static readonly OutputColumn[] Columns =
        [new("the key", typeof(string)), new("row", typeof(long)), new("cluster", typeof(int)), new("x", typeof(double)), new("name", typeof(string))];

    private static readonly Array[] First =
        [new[] { "plain", "a,\"b\"" }, new[] { 0L, 1L << 40 }, new[] { 3, -1 }, new[] { 0.1, double.NaN }, new[] { "north, \"far\"", "" }];

    private static readonly Array[] Second = [new[] { "ü" }, new[] { 2L }, new[] { 7 }, new[] { 1e-300 }, new[] { "south" }];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("t.csv")]
    [InlineData("t.parquet")]
    [InlineData("t.arrow")]
    [InlineData("t.feather")]
    [InlineData("t.jsonl")]
    public void What_is_written_is_read_back(string name)
    {
        TableWriter.IsSupported(name).ShouldBeTrue();
        string path = _folder.Write(name, "earlier");
        using (ITableWriter abandoned = TableWriter.Create(path, Columns))
            abandoned.Write(First);
        File.ReadAllText(path).ShouldBe("earlier");
        using (ITableWriter writer = TableWriter.Create(path, Columns))
        {
            writer.Write(First);
            writer.Write(Second);
            writer.Commit();
        }

        Directory.GetFiles(_folder.Root).ShouldBe([path]);
        using IRowReader reader = TableFile.Read(path, new ReadOptions { Typed = true, AllowsMissing = true, IdColumn = "the key" });
        reader.Columns.ShouldBe(["row", "cluster", "x", "name"]);
        reader.Types.ShouldBe([ColumnType.Number, ColumnType.Number, ColumnType.Number, ColumnType.Category]);
        reader.ReadBatch(out RowBatch? batch).ShouldBeTrue();
        batch.Ids.ShouldBe(["plain", "a,\"b\"", "ü"]);
        SampleRows.ValuesOf(batch.ToBlock()).ShouldBe([0, 3, 0.1, 0, 1L << 40, -1, double.NaN, double.NaN, 2, 7, 1e-300, 1]);
        reader.Categories(3).ShouldBe(["north, \"far\"", "south"]);
    }

    [Theory]
    [InlineData("t.csv")]
    [InlineData("t.parquet")]
    [InlineData("t.arrow")]
    [InlineData("t.jsonl")]
    public void True_and_false_times_and_short_numbers_are_read_back_as_they_were(string name)
    {
        // As they are told apart at the least: microseconds, before and behind 1970.
        double[] times = [.. new[] { "2026-12-31", "1969-07-20T20:17:40.123456Z", "2024-02-29T23:59:59.999999Z", "2024-02-29T12:00:00Z" }
            .Select(text => (DateTimeOffset.Parse(text, null, System.Globalization.DateTimeStyles.AssumeUniversal).UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks)
                / (double)TimeSpan.TicksPerSecond), double.NaN];
        float[] numbers = [0.1f, float.NaN, -3e38f, 1e-40f, 7];
        double[] answers = [1, 0, double.NaN, 1, 0];
        using (ITableWriter writer = TableWriter.Create(_folder[name], [new("f", typeof(float)), new("b", typeof(bool)), new("t", typeof(DateTime))]))
        {
            writer.Write([numbers, answers, times]);
            writer.Commit();
        }

        using IRowReader reader = TableFile.Read(_folder[name], new ReadOptions { Typed = true, AllowsMissing = true });
        reader.Types.ShouldBe([ColumnType.Number, ColumnType.Boolean, ColumnType.Time]);
        reader.ReadBatch(out RowBatch? batch).ShouldBeTrue();
        double[] values = SampleRows.ValuesOf(batch.ToBlock());
        for (int row = 0; row < 5; row++)
        {
            ((float)values[row * 3]).ShouldBe(numbers[row]);
            values[(row * 3) + 1].ShouldBe(answers[row]);
            values[(row * 3) + 2].ShouldBe(times[row], $"row {row}");
        }
    }

    [Theory]
    [InlineData("csv")]
    [InlineData("parquet")]
    [InlineData("arrow")]
    [InlineData("jsonl")]
    public void A_stream_gets_the_bytes_of_the_file(string format)
    {
        using var stream = new MemoryStream();
        foreach (ITableWriter writer in new[] { TableWriter.Create(stream, format, Columns), TableWriter.Create(_folder[$"t.{format}"], Columns) })
        {
            writer.Write(First);
            writer.Commit();
            writer.Dispose();
        }

        stream.ToArray().ShouldBe(File.ReadAllBytes(_folder[$"t.{format}"]));
    }

    [Fact]
    public void Many_rows_of_a_text_are_in_their_order_and_each_as_it_would_be_alone()
    {
        const int Rows = 100_000;
        var random = new Random(7);
        long[] numbers = [.. Enumerable.Range(0, Rows).Select(i => (long)i)];
        double[] values = [.. numbers.Select(i => i % 7 == 0 ? double.NaN : random.NextDouble() * Math.Pow(10, random.Next(-300, 300)))];
        string[] texts = [.. numbers.Select(i => i % 5 == 0 ? new string('"', (int)(i % 200)) : i % 3 == 0 ? "Größe, 数" : "")];
        using (ITableWriter table = TableWriter.Create(
            _folder["many.csv"], [new OutputColumn("n", typeof(long)), new OutputColumn("x", typeof(double)), new OutputColumn("t", typeof(string))]))
        {
            table.Write([numbers, values, texts]);
            table.Commit();
        }

        var expected = new StringBuilder("n,x,t\n");
        for (int i = 0; i < Rows; i++)
        {
            string number = double.IsNaN(values[i]) ? "" : values[i].ToString("R", CultureInfo.InvariantCulture);
            string text = texts[i].AsSpan().ContainsAny(',', ' ', '"') ? $"\"{texts[i].Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : texts[i];
            expected.Append(CultureInfo.InvariantCulture, $"{i},{number},{text}\n");
        }

        File.ReadAllText(_folder["many.csv"]).ShouldBe(expected.ToString());
    }

    [Fact]
    public void Comma_separated_text_and_json_are_these_bytes()
    {
        foreach (string name in new[] { "t.csv", "t.jsonl" })
        {
            using ITableWriter writer = TableWriter.Create(_folder[name], Columns);
            writer.Write(First);
            writer.Commit();
        }

        File.ReadAllText(_folder["t.csv"]).ShouldBe(
            "\"the key\",row,cluster,x,name\nplain,0,3,0.1,\"north, \"\"far\"\"\"\n\"a,\"\"b\"\"\",1099511627776,-1,,\n");
        File.ReadAllText(_folder["t.jsonl"]).ShouldBe("{\"the key\":\"plain\",\"row\":0,\"cluster\":3,\"x\":0.1,\"name\":\"north, \\\"far\\\"\"}\n"
            + "{\"the key\":\"a,\\\"b\\\"\",\"row\":1099511627776,\"cluster\":-1,\"x\":null,\"name\":null}\n");
    }

    [Theory]
    [InlineData("t.parquet")]
    [InlineData("t.arrow")]
    public void Many_rows_are_several_groups(string name)
    {
        const int Rows = 300_000;
        using (ITableWriter writer = TableWriter.Create(_folder[name], [new OutputColumn("x", typeof(double))]))
        {
            for (int row = 0; row < Rows; row += 1000)
                writer.Write([Enumerable.Range(row, 1000).Select(i => i / 3.0).ToArray()]);
            writer.Commit();
        }

        Table.Read(_folder[name]).Values.ShouldBe(Enumerable.Range(0, Rows).Select(i => i / 3.0));
    }
}
