using System.Text;

namespace OrleansCluster.Datasets.Tests;

/// <summary>Text as other programs write it.</summary>
public sealed class TextDialectTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("x,y\r1,2\r3,4\r")]
    [InlineData("x,y\r1,2\r3,4")]
    [InlineData("x,y\r\r\n1,2\r\r\n3,4\r\r\n")]
    [InlineData("x,y\n1,2\r3,4\r\n")]
    [InlineData("\r\rx,y\r\r1,2\r \r3,4\r\r")]
    public void Lines_end_with_any_line_break(string text)
    {
        Table table = Table.Read(_folder.Write("t.csv", text));
        table.Columns.ShouldBe(["x", "y"]);
        table.Values.ShouldBe([1, 2, 3, 4]);
    }

    [Fact]
    public void A_pair_of_line_breaks_counts_once_wherever_the_buffer_ends()
    {
        // Rows of 8 characters with their line break; buffers end at powers of two, between CR and LF too once one character more comes first.
        foreach (string first in new[] { "", "\n", "x\r\n", "xy\r\n" })
        {
            string text = first + string.Concat(Enumerable.Range(0, 100_000).Select(i => $"{i:000000}\r\n"));
            Table table = Table.Read(_folder.Write("t.csv", text));
            table.Values.ShouldBe(Enumerable.Range(0, 100_000).Select(i => (double)i));
        }

        string wrong = string.Concat(Enumerable.Repeat("1\r\n", 200_000)) + "x\r\n";
        Table.Refusal(_folder.Write("t.csv", wrong)).ShouldStartWith($"{_folder["t.csv"]}, line 200001, column 'c0': 'x'");
        Table.Refusal(_folder.Write("t.csv", wrong.Replace("\r\n", "\r", StringComparison.Ordinal)))
            .ShouldStartWith($"{_folder["t.csv"]}, line 200001, column 'c0': 'x'");
    }

    [Theory]
    [InlineData("\"x\" \"y\"\n\"1\" 0.1 0.2\n\"2\" 0.3 0.1\n", "1", "2")]
    [InlineData("x y\n3 0.1 0.2\n7 0.3 0.1\n", "3", "7")]
    [InlineData("x,y\na,0.1,0.2\nb,0.3,0.1\n", "a", "b")]
    [InlineData("\"\",\"x\",\"y\"\n\"1\",0.1,0.2\n\"2\",0.3,0.1\n", "1", "2")]
    [InlineData("\"\",\"x\",\"y\"\n\"Mazda RX4\",0.1,0.2\n\"Fiat, or so\",0.3,0.1\n", "Mazda RX4", "Fiat, or so")]
    [InlineData(",x,y\n0,0.1,0.2\n1,0.3,0.1\n", "0", "1")]
    public void Row_names_that_R_and_pandas_write_are_ids(string text, string first, string second)
    {
        string path = _folder.Write("t.txt", text);
        Table table = Table.Read(path);
        table.Columns.ShouldBe(["x", "y"]);
        table.IdColumn.ShouldBe("row");
        table.Values.ShouldBe([0.1, 0.2, 0.3, 0.1]);
        table.Ids.ShouldBe([first, second]);
        Table.Read(path, new ReadOptions { Columns = "y" }).Ids.ShouldBe([first, second]);
        Table.Read(path, new ReadOptions { IdColumn = "x" }).Values.ShouldBe([0.2, 0.1]);
        Table.Read(path, new ReadOptions { IdColumn = "x" }).Ids.ShouldBe(["0.1", "0.3"]);
        Table.Read(path, new ReadOptions { Columns = "1..2" }).Values.ShouldBe([0.1, 0.2, 0.3, 0.1]);
    }

    [Fact]
    public void Numbers_under_no_name_are_no_row_names_unless_they_count()
    {
        // A name is missing, or a cell: neither is guessed.
        Table.Refusal(_folder.Write("t.csv", "x,y\n0.5,1,2\n0.25,3,4\n")).ShouldContain("line 2: the row has 3 columns, the first line has 2");
        Table.Refusal(_folder.Write("t.csv", ",x,y\n5,1,2\n9,3,4\n")).ShouldContain("column 0 (from 0) has no name");
        Table.Refusal(_folder.Write("t.csv", "1,2\n3,4,5\n6,7,8\n")).ShouldContain("line 2: the row has 3 columns, the first line has 2");
        Table.Read(_folder.Write("t.csv", ",0,1\n0,0.5,1\n1,2,3\n")).Ids.ShouldBe(["0", "1"]);
    }

    [Theory]
    [InlineData("# x y\n0.1 0.2\n0.3 0.1\n")]
    [InlineData("# x,y\n0.1,0.2\n0.3,0.1\n")]
    [InlineData("#x\ty\n0.1\t0.2\n0.3\t0.1\n")]
    [InlineData("# made by a tool\n# on a day\n# x, y\n0.1,0.2\n0.3,0.1\n")]
    [InlineData("# made by a tool\nx,y\n0.1,0.2\n0.3,0.1\n")]
    [InlineData("% made by a tool\n%x y\n0.1 0.2\n0.3 0.1\n")]
    [InlineData("x|y\n0.1|0.2\n0.3|0.1\n")]
    [InlineData("sep=;\nx;y\n0.1;0.2\n0.3;0.1\n")]
    [InlineData("\"sep=,\"\r\nx,y\r\n0.1,0.2\r\n0.3,0.1\r\n")]
    [InlineData("\uFEFFsep=\t\nx\ty\n0.1\t0.2\n0.3\t0.1\n")]
    [InlineData("#x,y\n\n0.1,0.2\n0.3,0.1\n")]
    [InlineData("\"#x\",y\n0.1,0.2\n0.3,0.1\n")]
    public void Names_in_a_comment_are_a_header(string text)
    {
        Table table = Table.Read(_folder.Write("t.csv", text));
        table.Columns.ShouldBe(["x", "y"]);
        table.Values.ShouldBe([0.1, 0.2, 0.3, 0.1]);
    }

    [Theory]
    [InlineData("# 3 rows\n1,2\n3,4\n", "c0", "c1")]
    [InlineData("# a,b,c\n1,2\n3,4\n", "c0", "c1")]
    [InlineData("# 1990 1991\n1 2\n3 4\n", "c0", "c1")]
    public void Other_comments_are_passed_over(string text, string first, string second)
    {
        Table table = Table.Read(_folder.Write("t.csv", text));
        table.Columns.ShouldBe([first, second]);
        table.Values.ShouldBe([1, 2, 3, 4]);
        Table.Read(_folder.Write("t.csv", "# x,y\n1,2\n3,4\n"), new ReadOptions { Header = false }).Columns.ShouldBe(["c0", "c1"]);
    }

    [Fact]
    public void Rows_that_begin_like_a_comment_are_rows()
    {
        Table table = Table.Read(_folder.Write("t.csv", "#cats,1,2\n#dogs,3,4\nbirds,5,6\n"), new ReadOptions { IdColumn = "0" });
        table.Ids.ShouldBe(["#cats", "#dogs", "birds"]);
        table.Values.ShouldBe([1, 2, 3, 4, 5, 6]);
        Table.Read(_folder.Write("t.csv", "tag,x\n#cats,1\n#dogs,2\n"), new ReadOptions { IdColumn = "tag" }).Ids.ShouldBe(["#cats", "#dogs"]);
        Table.Read(_folder.Write("t.csv", "#a,1\n#b,2\n"), new ReadOptions { IdColumn = "0" }).Ids.ShouldBe(["#a", "#b"]);
    }

    [Fact]
    public void Comments_and_skipped_lines_are_passed_over_where_asked()
    {
        Table.Read(_folder.Write("t.csv", "% made\n1,2\n%3,4\n  % and so on\n5,6\n"), new ReadOptions { Comment = '%' }).Values.ShouldBe([1, 2, 5, 6]);
        Table.Read(_folder.Write("t.csv", "a;b\n#1;2\n3;4\n"), new ReadOptions { Comment = '#' }).Values.ShouldBe([3, 4]);
        Table.Read(_folder.Write("t.csv", "Sales, all\nof 2020\nx,y\n1,2\n"), new ReadOptions { Skip = 2 }).Columns.ShouldBe(["x", "y"]);
        Table.Read(_folder.Write("t.csv", "one,\"two\n\n\nx,y\n1,2\n"), new ReadOptions { Skip = 3 }).Values.ShouldBe([1, 2]);
        Table.Refusal(_folder.Write("t.csv", "1,2\n3,4\n"), new ReadOptions { Skip = 3 })
            .ShouldBe($"{_folder["t.csv"]} has 2 lines: none is left after the 3 that are skipped. Skip fewer.");
        Table.Refusal(_folder.Write("t.csv", "# a\n# b\n"), new ReadOptions { Comment = '#' }).ShouldContain("is empty");
        Table.Refusal(_folder.Write("t.csv", "1,2\n3,4\n#5,x\n")).ShouldContain("Lines that begin with # are passed over with --comment '#'.");
    }

    [Theory]
    [InlineData("x,y\n1,2,\n3,4,\n", "x", "y")]
    [InlineData("x,y,\n1,2,\n3,4,\n", "x", "y")]
    [InlineData("1,2,\n3,4,\n", "c0", "c1")]
    [InlineData("x;y;\n1;2; \n3;4;\n", "x", "y")]
    [InlineData("x\ty\t\n1\t2\t\n3\t4\t\n", "x", "y")]
    [InlineData("x,y,\n1,2\n3,4\n", "x", "y")]
    [InlineData("x,y,\n1,2,\n3,4,", "x", "y")]
    public void A_delimiter_at_the_end_of_every_line_adds_no_column(string text, string first, string second)
    {
        Table table = Table.Read(_folder.Write("t.csv", text));
        table.Columns.ShouldBe([first, second]);
        table.Values.ShouldBe([1, 2, 3, 4]);
    }

    [Fact]
    public void A_last_column_that_holds_something_somewhere_is_a_column()
    {
        Table.Refusal(_folder.Write("t.csv", "x,y,z\n1,2,\n3,4,\n")).ShouldContain("2 of 2 rows lack values: column 'z' twice");
        string rows = string.Concat(Enumerable.Repeat("1,2,\n", 30));
        Table.Refusal(_folder.Write("t.csv", "x,y\n" + rows + "3,4,5\n")).ShouldContain("line 32: the row has 3 columns, the first line has 2");
        Table.Read(_folder.Write("t.csv", "x,y\n" + rows + "3,4\n")).Rows.ShouldBe(31);
    }

    [Theory]
    [InlineData("\"  1.5\",\"2.0 \"\n\" 3.5\t\",\"4\"\n", "c0")]
    [InlineData("\" a \",\"b\"\n\"  1.5\",\"2.0 \"\n3.5 , 4\n", "a")]
    public void Blanks_within_quotes_do_not_count_in_numbers_and_names(string text, string first)
    {
        Table table = Table.Read(_folder.Write("t.csv", text));
        table.Values.ShouldBe([1.5, 2, 3.5, 4]);
        table.Columns[0].ShouldBe(first);
    }

    [Fact]
    public void Ids_keep_the_blanks_within_their_quotes() =>
        Table.Read(_folder.Write("t.csv", "k,x\n\" a \",1\n"), new ReadOptions { IdColumn = "k" }).Ids.ShouldBe([" a "]);

    [Fact]
    public void Text_in_utf_16_and_32_is_read()
    {
        const string Text = "größe\t日本\n1.5\t2\n3\t4\n";
        foreach (Encoding encoding in new[] { Encoding.Unicode, Encoding.BigEndianUnicode, Encoding.UTF32,
            new UTF32Encoding(bigEndian: true, byteOrderMark: true) })
        {
            Table table = Table.Read(_folder.Write("t.txt", [.. encoding.GetPreamble(), .. encoding.GetBytes(Text)]));
            table.Columns.ShouldBe(["größe", "日本"]);
            table.Values.ShouldBe([1.5, 2, 3, 4]);
        }

        // Without a mark, as some programs write it.
        Table.Read(_folder.Write("t.txt", new UnicodeEncoding(false, false).GetBytes("x,y\n1,2\n"))).Values.ShouldBe([1, 2]);
        Table.Read(_folder.Write("t.txt", new UnicodeEncoding(true, false).GetBytes("x,y\n1,2\n"))).Columns.ShouldBe(["x", "y"]);
        byte[] cut = [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes("x,y\n1,2\n")];
        Table.Refusal(_folder.Write("t.txt", [.. cut, 0x31])).ShouldContain("UTF-16");
    }

    [Theory]
    [InlineData("1,234", ',', "remove it, as in 1234.", "--thousands comma")]
    [InlineData("-1,234,567", ',', "remove it, as in -1234567.", "--thousands comma")]
    [InlineData("1,234.5", ',', "remove it, as in 1234.5.", "--thousands comma")]
    [InlineData("1.234,5", ';', "remove it, as in 1234.5.", "--decimal comma --thousands point")]
    [InlineData("1.234.567", ';', "remove it, as in 1234567.", "--decimal comma --thousands point")]
    [InlineData("1'234.25", ',', "remove it, as in 1234.25.", "--thousands apostrophe")]
    [InlineData("1 234 567", ',', "remove it, as in 1234567.", "--thousands space")]
    [InlineData("1\u00A0234,5", ';', "remove it, as in 1234.5.", "--decimal comma --thousands space")]
    [InlineData("1\u202F234", ',', "remove it, as in 1234.", "--thousands space")]
    [InlineData("1_000", ',', "remove it, as in 1000.", "--thousands underscore")]
    [InlineData("12,34,567", ',', "remove it, as in 1234567.", null)]
    [InlineData("1,234", ';', "write 1.234; does it separate thousands, write 1234.", "--thousands comma or --decimal comma")]
    [InlineData("1,5", ';', "Decimals are written with a point: 1.5.", "--decimal comma")]
    [InlineData("1,5", ',', "Decimals are written with a point: 1.5.", "--decimal comma")]
    [InlineData("1,5e3", ';', "Decimals are written with a point: 1.5e3.", "--decimal comma")]
    [InlineData("1234,5", ';', "Decimals are written with a point: 1234.5.", "--decimal comma")]
    [InlineData("1.5D+03", ';', "Exponents are written with an e: 1.5e+03.", null)]
    [InlineData("\u22125.5", ',', "Its minus is a typographic one: write -5.5.", null)]
    public void A_number_for_people_is_told_as_it_must_be_written(string cell, char delimiter, string remedy, string? options)
    {
        string path = _folder.Write("t.csv", $"a{delimiter}b\n\"{cell}\"{delimiter}1\n2{delimiter}3\n");
        string message = Table.Refusal(path, new ReadOptions { Delimiter = delimiter });
        message.ShouldStartWith($"{path}, line 2, column 'a': '{cell}' is not a number.");
        message.ShouldEndWith(options is null ? remedy : $"{remedy} Or say how all numbers are written: {options}.");
    }

    [Theory]
    [InlineData("NA")]
    [InlineData("na")]
    [InlineData("N/A")]
    [InlineData("#N/A")]
    [InlineData("<NA>")]
    [InlineData("NaN")]
    [InlineData("-nan")]
    [InlineData("null")]
    [InlineData("NULL")]
    [InlineData("None")]
    [InlineData(".")]
    [InlineData("-")]
    [InlineData("?")]
    [InlineData("")]
    [InlineData("\"\"")]
    [InlineData("\" \"")]
    [InlineData("#DIV/0!")]
    public void Signs_of_missing_values_are_known(string sign)
    {
        string path = _folder.Write("t.csv", $"a,b\n1,2\n{sign},3\n4,{sign}\n{sign},{sign}\n");
        Table.Refusal(path).ShouldStartWith($"{path}: 3 of 4 rows lack values: column 'a' twice (first ");
    }
}
