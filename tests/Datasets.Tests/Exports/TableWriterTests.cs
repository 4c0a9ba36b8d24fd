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
