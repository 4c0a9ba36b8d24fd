using System.Globalization;
using System.Text;

namespace OrleansCluster.Datasets.Tests;

/// <summary>Texts that are read in pieces are read as line by line.</summary>
public sealed class PiecedTextTests
{
    private static readonly string[] Words = ["red", "green", "\"dark blue\"", "größe", "\"5\"\" pipe\"", "\"two\nlines, and a comma\"", "", "NA"];

    [Theory]
    [InlineData(1, ",", "\n")]
    [InlineData(2, ";", "\r\n")]
    [InlineData(3, "\t", "\r")]
    [InlineData(4, " ", "\n")]
    [InlineData(5, " ,  ", "\n")]
    [InlineData(6, "|", "\r\n")]
    public void Rows_are_the_same(int seed, string delimiter, string end)
    {
        var random = new Random(seed);
        var text = new StringBuilder(string.Join(delimiter, ["id", "x", "colour", "y", "z", "when", "sure", "w", "left"]) + end);
        for (int row = 0; row < 3000; row++)
            text.Append(Line(random, row, delimiter)).Append(random.Next(500) == 0 ? end + "# a comment" + end + "  " + end : end);
        var options = new ReadOptions
        {
            Typed = true,
            AllowsMissing = true,
            IdColumn = "id",
            WeightColumn = "w",
            LabelColumn = "left",
            Comment = '#',
            Types = "x=number,y=number,z=number,when=datetime,sure=boolean,colour=category",
        };
        string expected = Read(text.ToString(), options, 0);
        expected.ShouldContain(":r2999 ");
        foreach (int size in new[] { 100, 999, 16_384 })
            Read(text.ToString(), options, size).ShouldBe(expected);
        Read(text.ToString(), options with { Columns = "z,x" }, 2000).ShouldBe(Read(text.ToString(), options with { Columns = "z,x" }, 0));
    }

    [Theory]
    [InlineData("1,2,x\n")]
    [InlineData("1,2\n")]
    [InlineData("1,2,3,4\n")]
    [InlineData("1,,3\n4,5,\n")]
    [InlineData("1,2,1e999\n")]
    [InlineData("1,9007199254740993,3\n")]
    [InlineData("1,2,\"3\n")]
    [InlineData("1,2,\u00003\n")]
    [InlineData("1 2 3\n")]
    [InlineData("#1,2,3\n")]
    public void What_is_wrong_is_said_alike(string wrong)
    {
        string good = string.Concat(Enumerable.Range(0, 2000).Select(row => $"{row}.5,{-row},3\n"));
        string text = good + wrong + good;
        string expected = Read(text, new ReadOptions(), 0);
        expected.ShouldContain("t.csv");
        Read(text, new ReadOptions(), 1000).ShouldBe(expected);
        Read(text, new ReadOptions(), 30_000).ShouldBe(expected);
    }

    [Fact]
    public void Too_many_texts_are_told_where_they_come()
    {
        string text = string.Concat(Enumerable.Range(0, 70_000).Select(row => $"t{row},1\n"));
        var options = new ReadOptions { Typed = true, Header = false };
        string expected = Read(text, options, 0);
        expected.ShouldContain("line 65537, column 'c0'");
        Read(text, options, 50_000).ShouldBe(expected);
    }

    [Fact]
    public void A_stream_that_fails_is_told_behind_the_rows_before()
    {
        string lines = string.Concat(Enumerable.Repeat("1,2\n", 5000));
        Message(lines, 1000).ShouldBe(Message(lines, 0));
        Message(lines, 1000).ShouldContain("t.csv cannot be read");
        Message(lines + "1\n" + lines, 1000).ShouldContain("line 5001");

        static string Message(string text, int size) =>
            Should.Throw<DataFormatException>(() => ReadAll(new FailingStream(Encoding.UTF8.GetBytes(text)), new ReadOptions(), size)).Message;
    }

    [Fact]
    public void Float32_is_rounded_from_float64_as_ever()
    {
        // Half way between two float32 as far as float64 sees: rounded once it would be 16777219 − 2, rounded twice it is even.
        string text = string.Concat(Enumerable.Repeat("16777217.0000000001,0.1\n", 100));
        var options = new ReadOptions { Precision = OrleansCluster.Numerics.Rows.Precision.Float32 };
        Read(text, options, 200).ShouldBe(Read(text, options, 0));
        Read(text, options, 200).ShouldContain("16777216,0.10000000149011612");
    }

    private static string Line(Random random, int row, string delimiter)
    {
        bool blank = delimiter == " ";
        string[] cells =
        [
            $"r{row}", Number(random), blank ? Words[random.Next(5)] : Words[random.Next(Words.Length)],
            random.Next(9) == 0 ? "NA" : Number(random), Number(random),
            random.Next(2) == 0 || blank ? "2024-01-31" : "2024-01-31 12:30:00", random.Next(2) == 0 ? "yes" : "no",
            random.Next(100).ToString(CultureInfo.InvariantCulture), $"\"l{random.Next(5)}\"",
        ];
        return string.Join(delimiter, cells);
    }

    private static string Number(Random random)
    {
        double value = (random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-6, 9));
        return random.Next(4) switch
        {
            0 => value.ToString("R", CultureInfo.InvariantCulture),
            1 => value.ToString("F4", CultureInfo.InvariantCulture),
            2 => random.Next(-1000, 1000).ToString(CultureInfo.InvariantCulture),
            _ => value.ToString("E3", CultureInfo.InvariantCulture),
        };
    }

    /// <summary>All that is read, or the message.</summary>
    private static string Read(string text, ReadOptions options, int pieceBytes)
    {
        try
        {
            return ReadAll(new MemoryStream(Encoding.UTF8.GetBytes(text)), options, pieceBytes);
        }
        catch (DataFormatException e)
        {
            return e.Message;
        }
    }

    private static string ReadAll(Stream text, ReadOptions options, int pieceBytes)
    {
        var all = new StringBuilder();
        TextTable table = TextTable.Open(InputSource.Open(text, "t.csv"), options, pieceBytes);
        using IRowReader reader = table.Read(options);
        long rows = 0;
        while (reader.ReadBatch(out RowBatch? batch))
        {
            batch.FirstRow.ShouldBe(rows);
            double[] values = SampleRows.ValuesOf(batch.ToBlock());
            for (int row = 0; row < batch.Rows; row++)
            {
                all.Append(CultureInfo.InvariantCulture, $"{batch.Lines.Span[row]}:{(batch.Ids.IsEmpty ? "" : batch.Ids[row])}");
                for (int column = 0; column < batch.Columns; column++)
                    all.Append(CultureInfo.InvariantCulture, $"{(column == 0 ? ' ' : ',')}{values[(row * batch.Columns) + column]:R}");
                all.Append(CultureInfo.InvariantCulture, $" {(batch.Weights.IsEmpty ? 1 : batch.Weights.Span[row])} ")
                    .Append(batch.Labels.IsEmpty ? "" : batch.Labels[row]).Append('\n');
            }

            rows += batch.Rows;
        }

        foreach (int column in Enumerable.Range(0, reader.Columns.Count))
            all.AppendJoin('|', reader.Categories(column)).Append('\n');
        return all.ToString();
    }

    /// <summary>Gives its bytes and fails then.</summary>
    private sealed class FailingStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override int Read(Span<byte> buffer) => base.Read(buffer) is > 0 and var read ? read : throw new IOException("the disk is gone");
    }
}
