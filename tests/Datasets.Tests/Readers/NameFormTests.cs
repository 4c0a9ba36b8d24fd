using OrleansCluster.Contracts;
using OrleansCluster.Numerics.Rows;

namespace OrleansCluster.Datasets.Tests;

/// <summary>Names that look the same are the same, whether their letters and marks are one character or several.</summary>
public sealed class NameFormTests : IDisposable
{
    private const string Composed = "d\u00E9bit", Decomposed = "de\u0301bit";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("plain_1", "plain_1")]
    [InlineData(Decomposed, Composed)]
    [InlineData(Composed, Composed)]
    [InlineData("Vie\u0323\u0302t", "Vi\u1EC7t")]
    [InlineData("A\u030Angstro\u0308m", "\u00C5ngstr\u00F6m")]
    [InlineData("\u212B \u2126 \u212A", "\u00C5 \u03A9 K")]
    [InlineData("\u304B\u3099\u306F\u309A", "\u304C\u3071")]
    [InlineData("\u1112\u1161\u11AB\u1100\u1173\u11AF", "\uD55C\uAE00")]
    [InlineData("\u0391\u0301\u0399\u0308\u0301", "\u0386\u03AA\u0301")]
    [InlineData("q\u0301", "q\u0301")]
    [InlineData("\u0301x", "\u0301x")]
    [InlineData("\u0915\u093C", "\u0915\u093C")]
    [InlineData("\uD83D\uDE00e\u0301", "\uD83D\uDE00\u00E9")]
    public void Letters_and_marks_become_one_character(string text, string composed) => ComposedText.Of(text).ShouldBe(composed);

    [Theory]
    [InlineData(Composed, Decomposed)]
    [InlineData(Decomposed, Composed)]
    public void A_column_is_found_by_either_form(string inFile, string asked)
    {
        string path = _folder.Write("t.csv", $"{inFile},x,k,w\n1,2,a,1\n3,4,b,2\n");
        Table.Read(path, new ReadOptions { Columns = asked }).Values.ShouldBe([1, 3]);
        Table.Read(path, new ReadOptions { Columns = $"{asked}..x" }).Columns.ShouldBe([Composed, "x"]);
        Table.Read(path, new ReadOptions { IdColumn = asked, Columns = "x" }).IdColumn.ShouldBe(Composed);
        Table.Read(path, new ReadOptions { WeightColumn = asked, Columns = "x" }).Weights.ShouldBe([1, 3]);
        ColumnChoice.Find(asked, ["x", inFile], "t").ShouldBe([1]);
    }

    [Fact]
    public void Two_columns_of_one_name_in_two_forms_are_two_of_that_name()
    {
        string path = _folder.Write("t.csv", $"{Composed},{Decomposed}\n1,2\n3,4\n");
        Table.Refusal(path).ShouldContain($"two columns are named '{Composed}' (positions 0 and 1, from 0)");
        Should.Throw<DataFormatException>(() => new RowSchema([Composed, Decomposed], Precision.Float64)).Message.ShouldContain("names must differ");
    }

    [Fact]
    public void A_schema_keeps_its_names_composed()
    {
        var schema = new RowSchema([Decomposed], Precision.Float64, "cle\u0301", "poi\u0302ds");
        (schema.Columns[0], schema.IdColumn, schema.WeightColumn).ShouldBe((Composed, "cl\u00E9", "po\u00EEds"));
    }
}
