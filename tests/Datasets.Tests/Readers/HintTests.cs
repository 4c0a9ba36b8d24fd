using System.Text.RegularExpressions;
using OrleansCluster.Numerics.Rows;

namespace OrleansCluster.Datasets.Tests;

/// <summary>Whatever a message advises is followed to the letter and must lead to a table that is read.</summary>
public sealed partial class HintTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    /// <summary>A table that is refused, what was asked for, and the options that the message advises.</summary>
    public static TheoryData<string, ReadOptions, string[]> Tables => new()
    {
        { "a,b\n1,2\n3,x\n", new(), ["--columns a", "--id-column b"] },
        { "name,x,y\nfoo,1,2\nbar,3,4\n", new(), ["--columns x,y", "--id-column name"] },
        { "name,kind,x\nfoo,a,2\nbar,b,4\n", new(), ["--columns x"] },
        { "name,kind,x\nfoo,a,2\nbar,b,4\n", new() { IdColumn = "name" }, ["--columns x"] },
        { "my name,x\nfoo,1\nbar,3\n", new(), ["--columns x", "--id-column 0"] },
        { "1,x,y\n'a',1,2\n'b',3,4\n", new() { Header = true }, ["--columns x,y", "--id-column 1"] },
        { "foo,1,2\nbar,3,4\n", new(), ["--columns 1,2", "--id-column 0"] },
        { "0,1,x\n5,6,foo\n7,8,bar\n", new() { Header = true }, ["--columns 0,1", "--id-column x"] },
        { "1,0,x\n5,6,foo\n7,8,bar\n", new() { Header = true }, ["--columns 1,0", "--id-column x"] },
        { Wide("x"), new(), ["--columns x0..x14,x16..x29", "--id-column x15"] },
        { Wide("..x"), new(), ["--columns 0..14,16..29", "--id-column 15"] },
        { "a,b,c\n1,,2\n3,4,5\n", new(), ["--columns a,c"] },
        { "a,b,c\nNA,1,2\n3,<NA>,5\n", new(), ["--columns c"] },
        { "1,nan,3\n4,5,6\n", new(), ["--columns 0,2"] },
        { "1990,1991\n0.5,0.25\n1.5,2.5\n", new(), ["--header yes", "--header no"] },
        { "1990,2000,2010\n5,3,4\n6,7,1\n", new(), ["--header yes", "--header no"] },
        { "2019,2020\n5,3\n6,7\n", new(), ["--header yes", "--header no"] },
        { "0,1,2\n5,3,4\n6,7,1\n", new(), ["--header yes", "--header no"] },
        { "0,1\n0.5,3.25\n6.5,7.5\n", new(), ["--header yes", "--header no"] },
        { "0\n0.5\n6.5\n", new(), ["--header yes", "--header no"] },
        { "id,1990,1991\na,0.5,0.25\nb,1.5,2.5\n", new() { IdColumn = "0" }, ["--header yes", "--header no"] },
        { "name,2020\na,5\nb,7\n", new() { IdColumn = "0" }, ["--header yes", "--header no"] },
        { ",a,b\n7,1,2\n5,3,4\n", new(), ["--columns a,b", "--id-column 0"] },
        { "a,,b\n7,1,2\n5,3,4\n", new(), ["--columns a,b", "--id-column 1"] },
        { "a,,b\n7,1,2\n5,3,4\n", new() { IdColumn = "a" }, ["--columns b"] },
        { "k,x\n9007199254740993,1\n2,3\n", new(), ["--id-column k"] },
        { "k,x\n9007199254740993,1\n2,3\n", new() { Columns = "k,x" }, [] },
        { "1,2\n3,4\n#5,x\n", new(), ["--comment '#'"] },
        { "1,2\n3,4\n# and so on\n", new(), ["--comment '#'"] },
        { "1 2\n% in the middle\n3 4\n", new(), ["--comment '%'"] },
        { "# 1,2\n3,4\n", new() { Header = false }, ["--comment '#'", "--columns 1", "--id-column 0"] },
        { "1,2\n", new() { Header = true }, ["--header no"] },
        { "a\n1\n1e39\n", new() { Precision = Precision.Float32 }, ["--dtype f8"] },
    };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Tables))]
    public void Every_option_that_a_message_advises_works(string text, ReadOptions asked, string[] advised)
    {
        string path = _folder.Write("t.csv", text);
        string message = Table.Refusal(path, asked);
        string[] found = [.. Options().Matches(message).Select(match => match.Value.TrimEnd('.'))];
        found.ShouldBe(advised, ignoreOrder: true, message);
        foreach (string option in found)
            Table.Read(path, Follow(option, asked)).Rows.ShouldBeGreaterThan(0, option);
    }

    [Theory]
    [InlineData("a,b,a\n1,2,3\n", null, "0,1")]
    [InlineData("a,b,a\n1,2,3\n", "a", "0")]
    [InlineData("a,b,a\n1,2,3\n", "a", "2")]
    [InlineData("Age,b\n1,2\n", "age", "Age")]
    public void Other_columns_that_a_message_speaks_of_are_there(string text, string? columns, string instead)
    {
        string path = _folder.Write("t.csv", text);
        Table.Refusal(path, new ReadOptions { Columns = columns }).ShouldContain(instead[..1]);
        Table.Read(path, new ReadOptions { Columns = instead }).Rows.ShouldBe(1);
    }

    [Theory]
    [InlineData("k,x\n9007199254740993,1\n", "9007199254740993", "9007199254740993.0")]
    [InlineData("a,b\n\"1,234\",5\n", "\"1,234\"", "1234")]
    [InlineData("a;b\n1,5;5\n", "1,5", "1.5")]
    [InlineData("1,2\n3,\"4\n", "\"4", "4")]
    [InlineData("1,2\n3,nan\n", "nan", "5")]
    [InlineData("1,2\n3\n", "3\n", "3,4\n")]
    public void What_a_message_says_to_write_is_read(string text, string wrong, string right)
    {
        Table.Refusal(_folder.Write("t.csv", text));
        Table.Read(_folder.Write("t.csv", text.Replace(wrong, right, StringComparison.Ordinal))).Rows.ShouldBeGreaterThan(0);
    }

    /// <summary>Where a command has no options for a file, none is advised, and what is said instead works.</summary>
    [Theory]
    [InlineData("a,b\n1,2\n3,x\n", "x", "4")]
    [InlineData("a,b\n1,\n3,4\n", "1,\n", "1,2\n")]
    [InlineData("0,1,2\n5,3,4\n6,7,1\n", "0,1,2\n", "")]
    [InlineData("0,1,2\n5,3,4\n6,7,1\n", "0,1,2", "0.,1.,2.")]
    [InlineData("a,,b\n7,1,2\n5,3,4\n", "a,,b", "a,c,b")]
    [InlineData("a,a\n7,1\n", "a,a", "a,b")]
    [InlineData("1,2\n3\n", "3\n", "3,4\n")]
    [InlineData("k\n9007199254740993\n", "9007199254740993", "9007199254740993.")]
    public void A_file_without_options_is_not_advised_any(string text, string wrong, string right)
    {
        var options = new ReadOptions { HasOptions = false };
        Table.Refusal(_folder.Write("t.csv", text), options).ShouldNotContain("--");
        Table.Read(_folder.Write("t.csv", text.Replace(wrong, right, StringComparison.Ordinal)), options).Rows.ShouldBeGreaterThan(0);
    }

    private static ReadOptions Follow(string option, ReadOptions options)
    {
        string[] words = option.Split(' ');
        return words[0] switch
        {
            "--columns" => options with { Columns = words[1] },
            "--id-column" => options with { IdColumn = words[1] },
            "--header" => options with { Header = words[1] == "yes" },
            "--comment" => options with { Comment = words[1][1] },
            "--dtype" => options with { Precision = Precision.Float64 },
            _ => throw new InvalidOperationException(option),
        };
    }

    private static string Wide(string name) =>
        string.Join(',', Enumerable.Range(0, 30).Select(i => name + i)) + "\n" + string.Join(',', Enumerable.Range(0, 30).Select(i => i == 15 ? "text" : "1"))
            + "\n";

    [GeneratedRegex(@"--(columns|id-column|header|comment|dtype) ('.'|[^\s,]+(,[^\s,]+)*)")]
    private static partial Regex Options();
}
