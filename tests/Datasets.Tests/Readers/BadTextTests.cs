using System.Runtime.Versioning;
using System.Text;
using OrleansCluster.Numerics.Rows;

namespace OrleansCluster.Datasets.Tests;

/// <summary>What is refused in text, and what the message says.</summary>
public sealed class BadTextTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("1,2\n3\n", ", line 2: the row has 1 column, the first line has 2.", "--delimiter")]
    [InlineData("a,b\n1,2\n\n3,4,5\n", ", line 4: the row has 3 columns, the first line has 2.", "Make every row as long as the first")]
    [InlineData("a,b\n1,2\n3,4,\n", ", line 3: the row has 3 columns", "Make every row as long as the first")]
    [InlineData("a,b\n1,2\n3,x\n", ", line 3, column 'b': 'x' is not a number.", "--columns a, or carry this one along with --id-column b")]
    [InlineData("name,x\nfoo,1\n", ", line 2, column 'name': 'foo' is not a number.", "--columns x, or carry this one along with --id-column name")]
    [InlineData("n,x,t\nfoo,1,bar\n", ", line 2, column 'n': 'foo' is not a number.", "choose the columns of numbers with --columns x.")]
    [InlineData("1,2\n3,4 5\n", ", line 2, column 'c1': '4 5' is not a number.", "--columns")]
    [InlineData("1;2\n1,5;3\n", ", line 2, column 'c0': '1,5' is not a number.", "Decimals are written with a point")]
    [InlineData("1,2\nnan,4\n", ": 1 of 2 rows lacks values: column 'c0' once (first 'nan' in line 2).", "leave the columns out: --columns 1")]
    [InlineData("1,2\n3,-Infinity\n", ", line 2, column 'c1': '-Infinity' is not finite.", "fill the value in")]
    [InlineData("inf,2\n3,4\n", ", line 1, column 'c0': 'inf' is not finite.", "Remove the row")]
    [InlineData("1,2\n3,1e999\n", ", line 2, column 'c1': '1e999' is beyond what float64 can hold.", "Scale the column")]
    [InlineData("1,2\n3,NA\n", ": 1 of 2 rows lacks values: column 'c1' once (first 'NA' in line 2).", "remove those rows")]
    [InlineData("1,2\n?,4\n", ": 1 of 2 rows lacks values: column 'c0' once (first '?' in line 2).", "Fill them in")]
    [InlineData("a,b\n1,\n", ": the row lacks values: column 'b' once (first an empty cell in line 2).", "--columns a.")]
    [InlineData("a,b,c\n1,,2\n.,<NA>,3\n4,,x\n5,6,7\n", ": 3 of 4 rows lack values: column 'a' once (first '.' in line 3), column 'b' 3 times (first an "
        + "empty cell in line 2).", "--columns c.")]
    [InlineData("a\tb\n1\t\n", ": the row lacks values: column 'b' once", "Fill them in")]
    [InlineData("a,b\n1,\"\"\n", ": the row lacks values: column 'b' once", "Fill them in")]
    [InlineData("1,2\n3,9007199254740993\n", ", line 2, column 'c1': '9007199254740993' is an integer beyond 2^53", "--id-column 1")]
    [InlineData("1,2\n3,\"4\n5,6\n", ", line 2: a quote is opened and not closed.", "double it where it belongs to the text")]
    [InlineData("NA,1\n2,3\n", ": 1 of 2 rows lacks values: column 'c0' once (first 'NA' in line 1).", "remove those rows")]
    [InlineData("x1,2\n3,4\n", ": the first line may be a header or a row: it has the number '2', and 'x1' where the next line has "
        + "a number.", "--header yes or --header no")]
    [InlineData("\"a\"b,2\n", ", line 1, column 'c0': 'ab' is not a number.", "--columns")]
    [InlineData("1,2\n\"3\"4x,5\n", ", line 2, column 'c0': '34x' is not a number.", "--columns")]
    [InlineData("a,b\n", " holds a header and no rows.", "Give a file with rows.")]
    [InlineData("", " is empty.", "Give a file with rows")]
    [InlineData("\n \n\r\n", " is empty.", "Give a file with rows")]
    [InlineData("\uFEFF", " is empty.", "Give a file with rows")]
    [InlineData("a,b,a\n1,2,3\n", ": two columns are named 'a' (positions 0 and 2, from 0)", "rename one")]
    [InlineData(",a,b\n7,1,2\n", ": column 0 (from 0) has no name in the header", "--columns a,b, or carry it along with --id-column 0")]
    [InlineData("a,,b\n0,1,2\n", ": column 1 (from 0) has no name in the header", "--columns a,b, or carry it along with --id-column 1")]
    [InlineData("1,2\n3,\u00014\n", ", line 2, column 'c1': '\uFFFD4' is not a number.", "--columns")]
    public void A_table_that_cannot_be_used_is_refused(string text, string what, string remedy)
    {
        string path = _folder.Write("bad.csv", text);
        string message = Table.Refusal(path);
        message.ShouldStartWith(path + what);
        message.ShouldContain(remedy);
        message.ShouldNotContain("\n");
    }

    [Fact]
    public void Names_with_commas_stand_in_quotes()
    {
        string path = _folder.Write("t.csv", "\"length, cm\",\"the \"\"x\"\"\",c\n1,2,3\n");
        Chosen("length, cm").ShouldBe([1]);
        Chosen("c,\"length, cm\"").ShouldBe([3, 1]);
        Chosen("\"the \"\"x\"\"\", \"length, cm\" ,c").ShouldBe([2, 1, 3]);
        Chosen("the \"x\",c").ShouldBe([2, 3]);
        Refused("length, cm,c").ShouldEndWith("there is no column 'length', which --columns asks for: the columns are 'length, cm', 'the \"x\"', 'c'; put "
            + "names with commas in quotes within the list, or use positions.");
        Refused("c,\"length, cm").ShouldContain("a quote is opened and not closed");

        double[] Chosen(string columns) => Table.Read(path, new ReadOptions { Columns = columns }).Values;

        string Refused(string columns) => Table.Refusal(path, new ReadOptions { Columns = columns });
    }

    [Theory]
    [InlineData("z", null, null, ": there is no column 'z', which --columns asks for: the columns are 'a', 'b', 'w'.")]
    [InlineData("a,7", null, null, ": there is no column '7', which --columns asks for")]
    [InlineData("a,", null, null, ": there is no column '', which --columns asks for")]
    [InlineData("a..z", null, null, ": there is no column 'z', which --columns asks for")]
    [InlineData("b..a", null, null, ": the range 'b..a' in --columns runs backwards")]
    [InlineData("a,0..1", null, null, ": column 'a' is chosen twice in --columns")]
    [InlineData("-1", null, null, ": there is no column '-1'")]
    [InlineData(null, "z", null, ": there is no column 'z', which --id-column asks for")]
    [InlineData(null, null, "z", ": there is no column 'z', which --weight-column asks for")]
    [InlineData(null, "a", "a", ": column 'a' cannot be both the id and the weight of a row")]
    [InlineData("a..b", "a", null, ": column 'a' is the id of the rows and among their values")]
    [InlineData("0..2", null, "w", ": column 'w' is the weight of the rows and among their values")]
    public void Columns_that_cannot_be_chosen_are_named(string? columns, string? id, string? weight, string what)
    {
        string path = _folder.Write("t.csv", "a,b,w\n1,2,3\n");
        Table.Refusal(path, new ReadOptions { Columns = columns, IdColumn = id, WeightColumn = weight }).ShouldStartWith(path + what);
    }

    [Fact]
    public void No_column_may_be_left_for_the_values()
    {
        string path = _folder.Write("t.csv", "a,w\n1,2\n");
        Table.Refusal(path, new ReadOptions { IdColumn = "a", WeightColumn = "w" }).ShouldStartWith(path + ": no column is left for the values");
    }

    [Fact]
    public void A_doubled_name_is_only_told_apart_by_position()
    {
        string path = _folder.Write("t.csv", "a,b,a\n1,2,3\n");
        Table.Refusal(path, new ReadOptions { Columns = "a" })
            .ShouldContain("two columns are named 'a', which --columns cannot tell apart: use a position, 0 or 2");
        Table.Read(path, new ReadOptions { Columns = "1,2" }).Values.ShouldBe([2, 3]);
        Table.Read(_folder.Write("u.csv", ",a\n5,1\n6,2\n"), new ReadOptions { IdColumn = "0" }).Ids.ShouldBe(["5", "6"]);
        Table.Read(_folder.Write("u.csv", ",a\n5,1\n"), new ReadOptions { Columns = "c0,a" }).Values.ShouldBe([5, 1]);
    }

    [Theory]
    [InlineData("a,b\n1,2\n3\n", 0, "line 3: the row has 1 column, the first line has 2.")]
    [InlineData("a,b\n1,2\n3,4,5\n", 0, "line 3: the row has 3 columns, the first line has 2.")]
    [InlineData("a,b\n", 3, "has 1 line: none is left after the 3 that are skipped.")]
    [InlineData("a,b\n1,2\n", 3, "has 2 lines: none is left after the 3 that are skipped.")]
    public void One_is_not_said_as_several(string text, int skip, string message) =>
        Table.Refusal(_folder.Write("t.csv", text), new ReadOptions { Skip = skip }).ShouldContain(message);

    [Theory]
    [InlineData("-1", "the weight '-1' is negative. Weights are at least 0.")]
    [InlineData("much", "'much' is not a number.")]
    [InlineData("1e300", "the weight '1e300' is too great to be summed (at most 2.5822498780869086E+120). Correct it, or divide all weights by a constant.")]
    public void A_weight_that_is_none_is_refused(string weight, string what)
    {
        string path = _folder.Write("t.csv", $"a,w\n1,1\n2,{weight}\n");
        Table.Refusal(path, new ReadOptions { WeightColumn = "w" }).ShouldStartWith($"{path}, line 3, column 'w': {what}");
    }

    [Fact]
    public void A_weight_that_is_missing_is_counted_and_cannot_be_left_out()
    {
        string path = _folder.Write("t.csv", "a,w\n1,1\n2,\n3,nan\n");
        Table.Refusal(path, new ReadOptions { WeightColumn = "w" }).ShouldBe(
            $"{path}: 2 of 3 rows lack values: column 'w' twice (first an empty cell in line 3). Fill them in, or remove those rows.");
    }

    [Fact]
    public void An_id_that_is_none_is_refused()
    {
        string path = _folder.Write("t.csv", "k,a\nx,1\n,2\n");
        Table.Refusal(path, new ReadOptions { IdColumn = "k" }).ShouldStartWith($"{path}, line 3, column 'k': the id has 0 bytes.");
        path = _folder.Write("t.csv", $"k,a\nx,1\n{new string('x', 1025)},2\n");
        Table.Refusal(path, new ReadOptions { IdColumn = "k" }).ShouldStartWith($"{path}, line 3, column 'k': the id has 1025 bytes.");
        path = _folder.Write("t.csv", [.. "k,a\nx,1\n"u8, 0xE9, .. ",2\n"u8]);
        Table.Refusal(path, new ReadOptions { IdColumn = "k" }).ShouldContain("line 3, column 'k': '\uFFFD' is not valid UTF-8");
        path = _folder.Write("t.csv", [0xE9, .. "t,a\n1,2\n"u8]);
        Table.Refusal(path).ShouldContain("header: '\uFFFDt' is not valid UTF-8");
    }

    [Fact]
    public void A_value_beyond_float32_is_refused_with_f4()
    {
        string path = _folder.Write("t.csv", "a\n1\n1e39\n");
        Table.Refusal(path, new ReadOptions { Precision = Precision.Float32 }).ShouldStartWith(
            $"{path}, line 3, column 'a': '1e39' is beyond what float32 can hold. Use --dtype f8");
        Table.Read(path).Values.ShouldBe([1, 1e39]);
    }

    [Fact]
    public void Binary_data_is_no_text()
    {
        string path = _folder.Write("t.csv", [.. "1,2\n3,4\n5,"u8, 0, 6, 10]);
        Table.Refusal(path).ShouldStartWith($"{path}, line 3: there is a zero byte, so this is binary data");
        var late = new StringBuilder();
        late.Insert(0, "1,2\n", 200_000).Append('\0');
        path = _folder.Write("t.csv", late.ToString());
        Table.Refusal(path).ShouldStartWith($"{path}, line 200001: there is a zero byte");
    }

    [Fact]
    public void Files_that_are_not_there_or_no_files_are_named()
    {
        Table.Refusal(_folder["absent.csv"]).ShouldBe($"{_folder["absent.csv"]} cannot be read: there is no such file. Correct the name.");
        Table.Refusal(_folder["no/absent.csv"])
            .ShouldBe($"{_folder["no/absent.csv"]} cannot be read: its folder does not exist. Create the folder, or correct the name.");
        Table.Refusal(_folder.Root).ShouldBe($"{_folder.Root} is a folder. Name a file in it.");
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void A_file_without_permission_is_named()
    {
        if (OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess)
            Assert.Skip("Permissions do not bind this user.");
        string path = _folder.Write("t.csv", "1,2\n");
        File.SetUnixFileMode(path, UnixFileMode.None);
        Table.Refusal(path).ShouldStartWith($"{path} cannot be read: permission is denied.");
    }

    [Fact]
    public void A_damaged_gzip_file_is_refused_wherever_it_is_cut_or_changed()
    {
        byte[] whole = TextReaderTests.Gzip(string.Concat(Enumerable.Range(0, 300).Select(i => $"{i},{i * 7 % 13}\n")));
        for (int length = 3; length < whole.Length; length++)
            Refused(whole[..length], $"cut to {length}");
        for (int at = 10; at < whole.Length; at++)
        {
            byte[] changed = (byte[])whole.Clone();
            changed[at] ^= 1;
            Refused(changed, $"changed at {at}");
        }

        Refused([.. whole, 1, 2, 3], "something behind it");
        Refused([.. whole, .. whole[..^1]], "second member cut");
        Table.Refusal(_folder.Write("t.gz", "1,2\n")).ShouldContain("is named .gz and is not gzipped");

        void Refused(byte[] file, string how) => Should.Throw<DataFormatException>(() => Table.Read(_folder.Write("t.gz", file)), how)
            .Message.ShouldStartWith(_folder["t.gz"]);
    }

    [Fact]
    public void Many_columns_are_refused_before_they_cost_memory()
    {
        string path = _folder.Write("t.csv", string.Join(',', Enumerable.Repeat("1", 40_000)) + "\n");
        Table.Refusal(path).ShouldContain("40000 value columns are more than the 32767 that a row can have");
        Table.Read(path, new ReadOptions { Columns = "39999" }).Values.ShouldBe([1]);
        path = _folder.Write("t.csv", string.Concat(Enumerable.Repeat("1 ", 2_000_000)));
        Table.Refusal(path).ShouldContain("line 1: the row has 2000000 columns");
    }
}
