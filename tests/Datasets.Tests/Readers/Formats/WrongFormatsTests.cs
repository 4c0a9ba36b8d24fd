using Apache.Arrow;
using Apache.Arrow.Types;
using Parquet.Schema;

namespace OrleansCluster.Datasets.Tests;

/// <summary>Files of typed formats that are damaged, or hold what cannot be used: what is wrong, where, and what to do.</summary>
public sealed class WrongFormatsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_parquet_file_that_is_cut_anywhere_is_refused()
    {
        byte[] whole = Written.Parquet();
        for (int length = 12; length < whole.Length; length += 37)
            Table.Refusal(_folder.Write("t.parquet", whole[..length]), new ReadOptions { Columns = "n" })
                .ShouldBe($"{_folder["t.parquet"]} is a damaged Parquet file: it does not end as it should, so it is cut short. Copy or write it again.");
    }

    /// <summary>Every byte changed in turn: either it is noticed and told, or what is read is a table of as many rows as its row groups have.</summary>
    [Fact]
    public void A_parquet_file_with_a_changed_byte_never_fails_otherwise()
    {
        byte[] whole = Written.Parquet();
        for (int at = 4; at < whole.Length; at += 3)
        {
            byte[] changed = [.. whole];
            changed[at] ^= 0x15;
            Refused(_folder.Write("t.parquet", changed), at);
        }
    }

    [Fact]
    public void An_arrow_file_with_a_changed_byte_never_fails_otherwise()
    {
        byte[] whole = Written.Arrow(asFile: false);
        for (int at = 4; at < whole.Length; at += 3)
        {
            byte[] changed = [.. whole];
            changed[at] ^= 0x15;
            Refused(_folder.Write("t.arrows", changed), at);
        }
    }

    /// <summary>1,003 rows are 0xD6 0x0F in the footer's encoding, and one row fewer is 0xD4 0x0F.</summary>
    [Theory]
    [InlineData(0xD4, 0x0F)]
    [InlineData(0xD8, 0x0F)]
    public void A_parquet_file_that_lies_about_its_rows_is_refused(byte low, byte high)
    {
        double[] values = [.. Enumerable.Range(0, 1003).Select(i => i * 0.5)];
        var field = new DataField<double>("x");
        byte[] whole = Written.Parquet([field], values.Length, values.Length, (writer, _, _) => writer.WriteAsync<double>(field, values.AsMemory()));
        Table.Read(_folder.Write("t.parquet", whole)).Values.ShouldBe(values);
        int[] places = [.. Enumerable.Range(0, whole.Length - 1).Where(at => whole[at] == 0xD6 && whole[at + 1] == 0x0F)];
        places.Length.ShouldBeGreaterThanOrEqualTo(4);
        // Each number of rows alone: of the file, of the column and of the row group; and all three, where they promise more than there are.
        int[][] all = [[places[^3]], [places[^2]], [places[^1]], .. low > 0xD6 ? new[] { places[^3..] } : []];
        foreach (int[] lies in all)
        {
            byte[] changed = [.. whole];
            foreach (int place in lies)
                (changed[place], changed[place + 1]) = (low, high);
            Table.Refusal(_folder.Write("t.parquet", changed)).ShouldStartWith($"{_folder["t.parquet"]} is ", customMessage: string.Join(' ', lies));
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_arrow_stream_that_is_cut_anywhere_is_refused(bool asFile)
    {
        byte[] whole = Written.Arrow(asFile);
        for (int length = 16; length < whole.Length; length += 8)
            Table.Refusal(_folder.Write("t.arrow", whole[..length]), new ReadOptions { Columns = "narrow" })
                .ShouldStartWith($"{_folder["t.arrow"]} is a damaged Arrow {(asFile ? "file" : "stream")}");
    }

    [Fact]
    public void An_arrow_stream_that_was_not_closed_says_so() =>
        Table.Refusal(_folder.Write("t.arrow", Written.Arrow(asFile: false, ends: false)), new ReadOptions { Columns = "narrow" }).ShouldBe(
            $"{_folder["t.arrow"]} is a damaged Arrow stream after row 3 (from 0): it is cut short: its end is missing. Copy or write it again, and close its "
                + "writer.");

    [Fact]
    public void Lists_of_parquet_are_named()
    {
        var list = new ListField("tags", new DataField<int>("element"));
        var x = new DataField<double>("x");
        byte[] file = Written.Parquet([x, list], 1, 1, async (writer, _, _) =>
        {
            await writer.WriteAsync<double>(x, new double[] { 1 });
            await writer.WriteAllPartsAsync<int>((DataField)list.Item, new[] { 1, 2 }, new[] { 3, 3 }, new[] { 0, 1 }, CancellationToken.None);
        });
        string path = _folder.Write("t.parquet", file);
        Table.Refusal(path).ShouldBe($"{path}: column 'tags' holds lists, which is not read. Columns of numbers, and true and false are. "
            + $"Choose the others with "
            + "--columns x.");
        Table.Read(path, new ReadOptions { Columns = "x" }).Values.ShouldBe([1]);
    }

    [Fact]
    public void Lists_of_arrow_are_named()
    {
        var builder = new ListArray.Builder(Int32Type.Default);
        builder.Append();
        ((Int32Array.Builder)builder.ValueBuilder).Append(1);
        var schema = new Apache.Arrow.Schema([new("x", DoubleType.Default, false), new("tags", new ListType(Int32Type.Default), false)], null);
        var batch = new RecordBatch(schema, [new DoubleArray.Builder().Append(1).Build(), builder.Build()], 1);
        string path = _folder.Write("t.arrow", Written.Arrow(schema, true, true, batch));
        Table.Refusal(path, new ReadOptions { Typed = true }).ShouldBe($"{path}: column 'tags' holds lists, which is not read. Columns of "
            + $"numbers, true and false, "
            + "texts, dates and times are. Choose the others with --columns x.");
        Table.Read(path, new ReadOptions { Columns = "x" }).Values.ShouldBe([1]);
    }

    [Theory]
    [InlineData("{\"x\": 1}\n{\"x\": [1]}\n", "column 'x' holds lists (line 2), which is not read.")]
    [InlineData("{\"x\": 1}\n{\"x\": \"many\"}\n", "line 2, column 'x': 'many' is no number.")]
    [InlineData("{\"x\": 1}\n{\"x\": 1, \"y\": 2}\n", null)]
    [InlineData("{\"x\": 1}\n{\"x\": 1, \"x\": 2}\n", "line 2: the member 'x' is there twice.")]
    [InlineData("{\"x\": 1}\n{\"x\": 1\n", "line 2: this is no JSON object on one line")]
    [InlineData("{\"x\": 1}\n[1]\n", "line 2: this is no JSON object.")]
    [InlineData("{\"x\": 1}\n{\"x\": 1} 2\n", "line 2: this is no JSON object on one line")]
    [InlineData("{\"x\": 1}\n{\"x\": 9007199254740993}\n", "line 2, column 'x': 9007199254740993 is an integer beyond 2^53")]
    [InlineData("{\"x\": 1}\n{\"x\": 1e999}\n", "line 2, column 'x':")]
    [InlineData("{}\n{}\n", "the first row has no members")]
    [InlineData("{\"x\": {\"y\": 1}}\n{\"x\": null}\n", "column 'x' holds objects (line 1), which is not read.")]
    public void Json_lines_say_where(string text, string? message)
    {
        string path = _folder.Write("t.jsonl", text);
        if (message is null)
            Table.Refusal(path).ShouldContain("1 of 2 rows lacks values: column 'y' once (first in line 1)");
        else
            Table.Refusal(path).ShouldContain(message);
    }

    [Fact]
    public void A_member_that_the_first_rows_had_not_is_refused()
    {
        string text = string.Concat(Enumerable.Repeat("{\"x\": 1}\n", 1000)) + "{\"x\": 1, \"late\": 2}\n";
        Table.Refusal(_folder.Write("t.jsonl", text)).ShouldContain("line 1001: there is a member 'late', which the first rows have not.");
    }

    [Fact]
    public void A_long_line_of_json_is_read_and_a_longer_one_refused()
    {
        string Row(int length) => $"{{\"x\": 1, \"note\": \"{new string('a', length)}\"}}\n";
        string path = _folder.Write("t.jsonl", Row(10 << 20) + Row(1));
        Table.Read(path, new ReadOptions { Columns = "x" }).Values.ShouldBe([1, 1]);
        path = _folder.Write("t.jsonl", Row(1) + Row(34 << 20));
        Table.Refusal(path, new ReadOptions { Columns = "x" }).ShouldContain("line 2: the line is longer than 16 MiB");
    }

    [Theory]
    [InlineData("t.fvecs")]
    [InlineData("t.bvecs")]
    [InlineData("t.ivecs")]
    public void Vectors_are_read_and_cut_ones_refused(string name)
    {
        byte[] Row(int a, int b) => name[2] switch
        {
            'f' => [.. BitConverter.GetBytes(2), .. BitConverter.GetBytes((float)a), .. BitConverter.GetBytes((float)b)],
            'i' => [.. BitConverter.GetBytes(2), .. BitConverter.GetBytes(a), .. BitConverter.GetBytes(b)],
            _ => [.. BitConverter.GetBytes(2), (byte)a, (byte)b],
        };
        byte[] whole = [.. Row(1, 2), .. Row(200, 4)];
        Table table = Table.Read(_folder.Write(name, whole));
        table.Values.ShouldBe([1, 2, 200, 4]);
        table.Columns.ShouldBe(["c0", "c1"]);
        Table.Refusal(_folder.Write(name, whole[..^1])).ShouldContain("does not end with a whole vector of 2 values");
        Table.Refusal(_folder.Write(name + ".gz", Packed.As(".gz", whole[..^1]))).ShouldContain("does not end with a whole vector of 2 values");
        whole[Row(1, 2).Length] = 3;
        Table.Refusal(_folder.Write(name, whole)).ShouldContain("row 1 (from 0): the vector is said to have 3 values, and the first has 2.");
        Table.Refusal(_folder.Write(name, "x,y\n1,2\n")).ShouldContain("1 to 1048576 can be read");
    }

    [Fact]
    public void A_cut_zstd_file_is_refused_and_one_that_is_none_too()
    {
        byte[] whole = Packed.As(".zst", System.Text.Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 5000).Select(i => $"{i},{i * 7 % 13}\n"))));
        Table.Read(_folder.Write("t.csv.zst", whole)).Rows.ShouldBe(5000);
        Table.Refusal(_folder.Write("t.csv.zst", whole[..^5])).ShouldContain("t.csv.zst is a damaged zstd file");
        Table.Refusal(_folder.Write("t.csv.zst", "1,2\n")).ShouldContain("is named .zst and is not compressed so");
    }

    private static void Refused(string path, int at)
    {
        try
        {
            using IRowReader reader = TableFile.Read(path, new ReadOptions { Typed = true, AllowsMissing = true });
            while (reader.ReadBatch(out _))
            {
            }
        }
        catch (DataFormatException e)
        {
            e.Message.ShouldStartWith(path, customMessage: $"byte {at}");
        }
    }
}
