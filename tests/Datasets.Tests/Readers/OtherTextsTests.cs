using System.Text;
using System.Text.RegularExpressions;

namespace OrleansCluster.Datasets.Tests;

/// <summary>Texts that hold a table in a way that is not read are named, and what is advised works.</summary>
public sealed partial class OtherTextsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("| x | y |\n|---|---|\n| 1 | 2 |\n| 3 | 4 |\n", "a Markdown table")]
    [InlineData("| x   |  y |\n|:----|---:|\n| 1 | 2 |\n", "a Markdown table")]
    [InlineData("|x|y|\r\n|-|-|\r\n|1|2|\r\n", "a Markdown table")]
    [InlineData("\nx | y\n--|--\n1 | 2\n", "a Markdown table")]
    [InlineData(" x | y \n---+---\n 1 | 2\n 3 | 4\n(2 rows)\n\n", "a table as psql prints it")]
    [InlineData("      Points\n x | y \n---+---\n 1 | 2\n(1 row)\n", "a table as psql prints it")]
    [InlineData(" x \n---\n 1\n(1 row)\n", "a table drawn with lines of dashes")]
    [InlineData("x    y\n---  ---\n1    2\n", "a table drawn with lines of dashes")]
    [InlineData("===  ===\nx    y\n===  ===\n1    2\n===  ===\n", "a table drawn with lines of dashes")]
    [InlineData("+---+---+\n| x | y |\n+---+---+\n| 1 | 2 |\n+---+---+\n2 rows in set\n", "a table in a frame")]
    [InlineData("| x | y |\n|---+---|\n| 1 | 2 |\n", "a table in a frame")]
    [InlineData("┌───┬───┐\n│ x │ y │\n├───┼───┤\n│ 1 │ 2 │\n└───┴───┘\n", "a table in a frame of lines")]
    [InlineData(" x │ y \n───┼───\n 1 │ 2\n", "a table in a frame of lines")]
    public void The_format_is_named(string text, string what)
    {
        foreach (Encoding encoding in new[] { new UTF8Encoding(false), Encoding.UTF8, Encoding.Unicode })
        {
            string path = _folder.Write("t.txt", [.. encoding.GetPreamble(), .. encoding.GetBytes(text)]);
            string message = Table.Refusal(path);
            message.ShouldStartWith($"{path} is {what}");
            // Labels, which come first, are no rows to cluster.
            message.ShouldNotContain("--columns");
        }
    }

    [Theory]
    [InlineData("| x | y |\n|---|---|\n| 1 | 2 |\n| 3 | 4 |\n")]
    [InlineData(" x | y \n---+---\n 1 | 2\n 3 | 4\n(2 rows)\n\n")]
    [InlineData("x | y\n--|--\n1 | 2\n3 | 4\n")]
    [InlineData("x    y\n---  ---\n1    2\n3    4\n")]
    public void What_is_advised_works(string text)
    {
        string message = Table.Refusal(_folder.Write("t.txt", text));
        message.ShouldContain("remove the line");
        if (message.Contains("of dashes", StringComparison.Ordinal))
            text = Dashes().Replace(text, "");
        if (message.Contains("the | at both ends of every line", StringComparison.Ordinal))
            text = Ends().Replace(text, "");
        if (message.Contains("counts the rows", StringComparison.Ordinal))
            text = text.Replace("(2 rows)\n", "", StringComparison.Ordinal);
        Table read = Table.Read(_folder.Write("t.txt", text));
        read.Columns.ShouldBe(["x", "y"]);
        read.Values.ShouldBe([1, 2, 3, 4]);
    }

    [Theory]
    [InlineData("x|y\n1|2\n(1 row)\n", "line 3: the row has 1 column, the first line has 2.")]
    [InlineData("x\n1\n3\n(2 rows)\n", "line 4: the row has 2 columns, the first line has 1.")]
    public void A_count_of_rows_at_the_end_is_to_be_removed(string text, string where)
    {
        string message = Table.Refusal(_folder.Write("t.txt", text));
        message.ShouldContain(where);
        message.ShouldEndWith("The line counts the rows, as psql does at the end: remove it.");
        Table.Read(_folder.Write("t.txt", text[..text.IndexOf('(', StringComparison.Ordinal)])).Columns[0].ShouldBe("x");
    }

    [Theory]
    [InlineData("5 12:30\n7 13:45\n", "0", new double[] { 5, 7 })]
    [InlineData("x|y\n1|2\n", null, new double[] { 1, 2 })]
    [InlineData("a - b\n1 2 3\n", "0,2", new double[] { 1, 3 })]
    [InlineData("-1 -2\n-3 -4\n", null, new double[] { -1, -2, -3, -4 })]
    [InlineData("# ----\nx,y\n1,2\n", null, new double[] { 1, 2 })]
    [InlineData("1,2\n3,4\n----\n", "0", null)]
    public void Other_tables_are_not_taken_for_these(string text, string? columns, double[]? values)
    {
        string path = _folder.Write("t.txt", text);
        if (values is null)
            Table.Refusal(path, new ReadOptions { Columns = columns }).ShouldNotContain("table drawn");
        else
            Table.Read(path, new ReadOptions { Columns = columns }).Values.ShouldBe(values);
    }

    [Fact]
    public void Lines_that_are_passed_over_do_not_count()
    {
        string path = _folder.Write("t.txt", "Report\n------\nx,y\n1,2\n");
        Table.Refusal(path).ShouldContain("drawn with lines of dashes");
        Table.Read(path, new ReadOptions { Skip = 2 }).Values.ShouldBe([1, 2]);
        Table.Read(_folder.Write("t.txt", "----\nx,y\n1,2\n"), new ReadOptions { Comment = '-' }).Values.ShouldBe([1, 2]);
    }

    [Theory]
    [InlineData("x,y\r\n1,2\r\n3,4\r\n\u001A")]
    [InlineData("x,y\r\n1,2\r\n3,4\u001A")]
    [InlineData("x,y\n1,2\n3,4\n\u001A\u001A\u001A")]
    [InlineData("x,y\r1,2\r3,4\r\u001A")]
    public void A_closing_control_z_is_no_row(string text)
    {
        Table read = Table.Read(_folder.Write("t.csv", text));
        read.Values.ShouldBe([1, 2, 3, 4]);
        // Elsewhere it is a character like others.
        Table.Refusal(_folder.Write("t.csv", "x,y\n1,2\u001A\n3,4\n")).ShouldContain("line 2, column 'y'");
    }

    [GeneratedRegex(@"^[-+| ]+\n", RegexOptions.Multiline)]
    private static partial Regex Dashes();

    [GeneratedRegex(@"^ *\| *| *\| *$", RegexOptions.Multiline)]
    private static partial Regex Ends();
}
