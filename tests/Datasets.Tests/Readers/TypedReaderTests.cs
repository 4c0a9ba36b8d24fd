using OrleansCluster.Numerics.Preparation;
using OrleansCluster.Numerics.Rows;

namespace OrleansCluster.Datasets.Tests;

/// <summary>Columns that are more than numbers: what they are taken for, and how their cells are read.</summary>
public sealed class TypedReaderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Types_are_as_the_first_rows_show()
    {
        string path = Write("n,word,yes,when,gaps,mixed\n1,a,yes,2024-01-31,NA,7\n2.5,,no,1969-12-31T23:59:59Z,,x\n-,b,NA,2024-01-31 13:45,,8\n", out _);
        using IRowReader reader = TableFile.Read(path, new ReadOptions { Typed = true, AllowsMissing = true, Columns = "n,word,yes,when,gaps" });
        reader.Types.ShouldBe([ColumnType.Number, ColumnType.Category, ColumnType.Boolean, ColumnType.Time, ColumnType.Number]);
        reader.ReadBatch(out RowBatch? batch).ShouldBeTrue();
        SampleRows.ValuesOf(batch.ToBlock()).ShouldBe(
        [
            1, 0, 1, 1706659200, double.NaN,
            2.5, double.NaN, 0, -1, double.NaN,
            double.NaN, 1, double.NaN, 1706708700, double.NaN,
        ]);
        reader.Categories(1).ShouldBe(["a", "b"]);
    }

    /// <summary>Seconds since 1970 as Python's datetime tells them.</summary>
    [Theory]
    [InlineData("2024-02-29", 1709164800)]
    [InlineData("2024/02/29", 1709164800)]
    [InlineData("2024-02-29T13:45", 1709214300)]
    [InlineData("2024-02-29 13:45:10", 1709214310)]
    [InlineData("2024-02-29T13:45:10Z", 1709214310)]
    [InlineData("2024-02-29T13:45:10.25Z", 1709214310.25)]
    [InlineData("2024-02-29T13:45:10+01:30", 1709208910)]
    [InlineData("1899-12-31 05:00", -2209057200)]
    public void Times_are_seconds_in_utc(string cell, double seconds) =>
        Read($"when,x\n{cell},1\n", new ReadOptions { Typed = true }).Values.ShouldBe([seconds, 1]);

    [Theory]
    [InlineData("2023-02-29")]
    [InlineData("29.02.24")]
    [InlineData("2024-02-29 25:00")]
    [InlineData("2024-02")]
    public void What_is_no_time_is_told(string cell)
    {
        string message = Table.Refusal(Write($"when,x\n2024-01-01,1\n{cell},2\n", out string name), new ReadOptions { Typed = true, Types = "when=datetime" });
        message.ShouldBe($"{name}, line 3, column 'when': '{cell}' is no time as 2024-01-31 or 2024-01-31 13:45:00 or 2024-01-31T13:45:00+01:00. Correct it, "
            + "or have the column read as texts: --types \"when=category\".");
    }

    [Fact]
    public void A_column_of_numbers_with_a_word_is_refused_with_what_to_do()
    {
        string message = Table.Refusal(Write("x,y\n1,2\n3,many\n", out _), new ReadOptions { Typed = true, AllowsMissing = true });
        message.ShouldContain("line 3, column 'y': 'many' is not a number.");
        message.ShouldContain("--types \"y=category\"");
    }

    [Fact]
    public void Somebody_says_what_a_column_is()
    {
        Table table = Read("zip,y\n10115,2\n80331,many\n10115,1\n", new ReadOptions { Typed = true, Types = "zip=category,y=category" });
        table.Values.ShouldBe([0, 0, 1, 1, 0, 2]);
    }

    [Theory]
    [InlineData("zip", "is no COLUMN=TYPE")]
    [InlineData("zip=text", "the types are number, category, boolean and datetime")]
    [InlineData("zap=category", "no column 'zap'")]
    [InlineData("zip=category,zip=number", "twice")]
    public void A_type_that_is_none_is_told(string types, string message) =>
        Table.Refusal(Write("zip,y\n1,2\n", out _), new ReadOptions { Typed = true, Types = types }).ShouldContain(message);

    [Fact]
    public void Texts_that_look_the_same_are_the_same() =>
        Read("city,x\nM\u00fcnchen,1\nMu\u0308nchen,2\n\"M\u00fcnchen\",3\n", new ReadOptions { Typed = true }).Values.ShouldBe([0, 1, 0, 2, 0, 3]);

    [Fact]
    public void A_missing_number_is_refused_where_none_may_be_missing_and_a_missing_text_is_not()
    {
        string path = Write("x,word\n1,a\n,b\n3,\n", out string name);
        Table.Refusal(path, new ReadOptions { Typed = true }).ShouldStartWith(
            $"{name}: 1 of 3 rows lacks values: column 'x' once (first an empty cell in line 3). Fill them in, as with --prepare impute=median,");
        Read("x,word\n1,a\n2,b\n3,\n", new ReadOptions { Typed = true }).Values.ShouldBe([1, 0, 2, 1, 3, double.NaN]);
    }

    [Fact]
    public void Too_many_texts_are_refused()
    {
        string text = "x,id\n" + string.Join('\n', Enumerable.Range(0, 65_537).Select(i => $"1,name{i}")) + "\n";
        Table.Refusal(Write(text, out _), new ReadOptions { Typed = true }).ShouldContain("line 65538, column 'id': there are more than 65536 different texts");
    }

    [Fact]
    public void Float32_keeps_missing_values()
    {
        Table table = Read("x,y\n1,\n2,3\n", new ReadOptions { Typed = true, AllowsMissing = true, Precision = Precision.Float32 });
        table.Values.ShouldBe([1, double.NaN, 2, 3]);
    }

    private Table Read(string text, ReadOptions options) => Table.Read(Write(text, out _), options);

    private string Write(string text, out string path) => path = _folder.Write("t.csv", text);
}
