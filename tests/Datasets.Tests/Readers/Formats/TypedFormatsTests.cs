using OrleansCluster.Numerics.Preparation;
using OrleansCluster.Numerics.Rows;

namespace OrleansCluster.Datasets.Tests;

/// <summary>A table is the same table in every format: the same values, types and categories, to the bit.</summary>
public sealed class TypedFormatsTests : IDisposable
{
    private static readonly ReadOptions Typed = new() { Typed = true, AllowsMissing = true };

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Formats => ["csv", "parquet", "parquet1", "arrow", "arrows", "jsonl", "jsonl.gz", "parquet.gz", "arrow.zst", "csv.zst"];

    public void Dispose() => _folder.Dispose();

    /// <summary>Values as Python has them: 2024-02-29T13:45:10.25Z is 1709214310.25 s after 1970.</summary>
    [Theory]
    [MemberData(nameof(Formats))]
    public void Every_format_holds_the_same_rows(string format)
    {
        using IRowReader reader = TableFile.Read(Write(format), Typed);
        reader.Columns.ShouldBe(["n", "whole", "narrow", "yes", "word", "when"]);
        reader.Types.ShouldBe([ColumnType.Number, ColumnType.Number, ColumnType.Number, ColumnType.Boolean, ColumnType.Category, ColumnType.Time]);
        reader.Precision.ShouldBe(Precision.Float64);
        var values = new List<double>();
        while (reader.ReadBatch(out RowBatch? batch))
        {
            batch.FirstRow.ShouldBe(values.Count / 6);
            values.AddRange(SampleRows.ValuesOf(batch.ToBlock()));
        }

        values.ShouldBe(
        [
            1.5, 7, 0.25, 1, 0, 1709214310.25,
            double.NaN, -3, 1.5, 0, double.NaN, -1,
            -2000, double.NaN, -0.5, double.NaN, 1, double.NaN,
            0.1, 9007199254740992, 2, 1, 0, 1709164800,
        ]);
        reader.Categories(4).ShouldBe(["a", "b"]);
    }

    [Theory]
    [InlineData("parquet")]
    [InlineData("arrow")]
    [InlineData("arrows")]
    public void Narrow_numbers_stay_so_and_ids_and_weights_are_carried(string format)
    {
        Table table = Table.Read(Write(format), new ReadOptions { Columns = "narrow", IdColumn = "narrow", Typed = true, LabelColumn = "narrow" } with
        {
            IdColumn = null,
        });
        table.Precision.ShouldBe(Precision.Float32);
        table.Values.ShouldBe([0.25, 1.5, -0.5, 2]);
        Table.Refusal(Write(format), new ReadOptions { Columns = "narrow", IdColumn = "whole" }).ShouldBe(
            $"{_folder["t." + format]}, row 2 (from 0), column 'whole': the id has 0 bytes. An id has 1 to 1024.");
        Table.Refusal(Write(format), new ReadOptions { Columns = "n", WeightColumn = "narrow", Typed = true, AllowsMissing = true }).ShouldBe(
            $"{_folder["t." + format]}, row 2 (from 0), column 'narrow': the weight -0.5 is negative. Weights are at least 0.");
    }

    [Theory]
    [InlineData("parquet", "row 1 (from 0)")]
    [InlineData("arrow", "row 1 (from 0)")]
    [InlineData("jsonl", "line 2")]
    public void Missing_values_are_counted_where_none_may_be(string format, string place)
    {
        string message = Table.Refusal(Write(format), new ReadOptions { Columns = "n,whole" });
        message.ShouldBe($"{_folder["t." + format]}: 2 of 4 rows lack values: column 'n' once (first in {place}), column 'whole' once (first in "
            + $"{(format == "jsonl" ? "line 4" : "row 2 (from 0)")}). Fill them in, or remove those rows.");
    }

    [Theory]
    [InlineData("parquet")]
    [InlineData("arrow")]
    [InlineData("jsonl")]
    public void Texts_and_times_are_refused_where_numbers_are_needed(string format) =>
        Table.Refusal(Write(format), new ReadOptions()).ShouldBe($"{_folder["t." + format]}: column 'word' holds texts, and numbers are "
            + "needed. Columns of numbers, "
            + "and true and false are. Choose the others with --columns n,whole,narrow,yes, or carry it along with --id-column word.");

    [Theory]
    [InlineData("parquet")]
    [InlineData("arrow")]
    [InlineData("jsonl")]
    public void Somebody_says_what_a_column_is(string format)
    {
        using IRowReader reader = TableFile.Read(Write(format), Typed with { Columns = "narrow,yes", Types = "narrow=category,yes=number" });
        reader.ReadBatch(out RowBatch? batch).ShouldBeTrue();
        SampleRows.ValuesOf(batch.ToBlock()).ShouldBe([0, 1, 1, 0, 2, double.NaN, 3, 1]);
        reader.Categories(0).ShouldBe(format == "jsonl" ? ["0.25", "1.5", "-0.5", "2.0"] : ["0.25", "1.5", "-0.5", "2"]);
        reader.Types.ShouldBe([ColumnType.Category, ColumnType.Number]);
        Table.Refusal(Write(format), Typed with { Columns = "n,word", Types = "word=number" }).ShouldEndWith(
            ", column 'word': 'a' is no number. Correct it, or have the column read as texts: --types \"word=category\".");
    }

    private string Write(string format) => _folder.Write("t." + format, Packed.As(format, format.Split('.')[0] switch
    {
        "parquet" => Written.Parquet(),
        "parquet1" => Written.Parquet(group: 4),
        "arrow" => Written.Arrow(asFile: true),
        "arrows" => Written.Arrow(asFile: false),
        "jsonl" => System.Text.Encoding.UTF8.GetBytes(Written.JsonLines),
        _ => System.Text.Encoding.UTF8.GetBytes(Written.Csv),
    }));
}
