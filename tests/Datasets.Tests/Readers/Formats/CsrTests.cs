using System.IO.Compression;
using OrleansCluster.Numerics.Rows;

namespace OrleansCluster.Datasets.Tests;

/// <summary>Sparse matrices as scipy.sparse.save_npz writes them.</summary>
public sealed class CsrTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("<i4", "<f8", CompressionLevel.Optimal, Precision.Float64)]
    [InlineData("<i8", "<f4", CompressionLevel.NoCompression, Precision.Float32)]
    [InlineData("<i4", "<i2", CompressionLevel.Optimal, Precision.Float32)]
    [InlineData("<i8", "<i8", CompressionLevel.Optimal, Precision.Float64)]
    [InlineData(">i4", "<u2", CompressionLevel.Optimal, Precision.Float32)]
    public void Rows_are_read_dense_and_sparse(string integers, string numbers, CompressionLevel level, Precision precision)
    {
        // Three rows of four columns: 0 5 0 7, nothing, 1 0 0 2, whose values come in another order.
        string path = new Matrix(3, 4, [0, 2, 2, 4], [1, 3, 3, 0], [5, 7, 2, 1]) { Integers = integers, Numbers = numbers }.Write(_folder, "t.npz", level);
        Table dense = Table.Read(path);
        dense.Values.ShouldBe([0, 5, 0, 7, 0, 0, 0, 0, 1, 0, 0, 2]);
        dense.Columns.ShouldBe(["c0", "c1", "c2", "c3"]);
        using IRowReader reader = TableFile.Read(path, new ReadOptions { Sparse = true });
        (reader.IsSparse, reader.Precision).ShouldBe((true, precision));
        reader.ReadBatch(out RowBatch? batch).ShouldBeTrue();
        RowBlock all = precision == Precision.Float64 ? new RowBlock(dense.Values, 4) : new RowBlock(dense.Values.Select(value => (float)value).ToArray(), 4);
        batch!.Values.ToArray().ShouldBe(SparseRowBytes.Of(SparseBlock.Of(all)));
        reader.ReadBatch(out _).ShouldBeFalse();
    }

    [Fact]
    public void Zeros_that_are_written_are_none_and_columns_can_be_chosen()
    {
        string path = new Matrix(2, 3, [0, 2, 4], [0, 2, 0, 1], [0, 5, 1e-60, 3]).Write(_folder, "t.npz");
        using IRowReader reader = TableFile.Read(path, new ReadOptions { Sparse = true, Precision = Precision.Float32, Columns = "0,2" });
        reader.ReadBatch(out RowBatch? batch).ShouldBeTrue();
        SparseRowBytes.Count(batch!.Values.Span, Precision.Float32).ShouldBe(2);
        batch.Values.Length.ShouldBe((2 * sizeof(uint)) + SparseBlock.EntryBytesOf(Precision.Float32));
        Table.Read(path, new ReadOptions { Columns = "2,0" }).Values.ShouldBe([5, 0, 0, 1e-60]);
        Table.Read(path, new ReadOptions { Where = ["c1 > 0"] }).Values.ShouldBe([1e-60, 3, 0]);
        Table.Read(path, new ReadOptions { Columns = "0,1", WeightColumn = "c2" }).Weights.ShouldBe([5, 0]);
    }

    [Fact]
    public void Many_rows_come_in_batches()
    {
        const int Rows = 20_000;
        string path = new Matrix(
            Rows, 200_000, [.. Enumerable.Range(0, Rows + 1).Select(i => (long)i)], [.. Enumerable.Range(0, Rows).Select(i => i * 9L)],
            [.. Enumerable.Range(1, Rows).Select(i => (double)i)]).Write(_folder, "t.npz");
        using IRowReader reader = TableFile.Read(path, new ReadOptions { Sparse = true });
        var schema = new RowSchema(reader.Columns, reader.Precision, isSparse: true);
        schema.Columns.Length.ShouldBe(200_000);
        int rows = 0, batches = 0;
        for (; reader.ReadBatch(out RowBatch? batch); batches++)
        {
            batch.FirstRow.ShouldBe(rows);
            rows += batch.Rows;
        }

        (rows, batches).ShouldBe((Rows, 3));
    }

    [Fact]
    public void Columns_without_a_value_can_be_asked_for()
    {
        string path = new Matrix(1, 2, [0, 1], [1], [5]).Write(_folder, "t.npz");
        Table.Read(path, new ReadOptions { Features = 3, HasFeatures = true }).Values.ShouldBe([0, 5, 0]);
        Table.Refusal(path, new ReadOptions { Features = 1, HasFeatures = true }).ShouldContain("has 2 columns, and 1 were asked for");
    }

    [Theory]
    [InlineData("csc")]
    [InlineData("coo")]
    [InlineData("bsr")]
    [InlineData("dia")]
    public void Other_formats_are_refused_with_what_to_do(string format) =>
        Table.Refusal(new Matrix(1, 2, [0, 1], [1], [5]) { Format = format }.Write(_folder, "t.npz"))
            .ShouldContain($"of the format '{format}', which is not kept in rows. Save it as 'csr': scipy.sparse.save_npz('FILE.npz', m.tocsr())");

    [Fact]
    public void What_makes_no_sense_is_refused()
    {
        Refused(new Matrix(2, 2, [0, 1], [1], [5]), "'indptr' has 2 values, which is not one more");
        Refused(new Matrix(1, 2, [1, 1], [1], [5]), "'indptr' begins with 1");
        Refused(new Matrix(2, 2, [0, 1, 0], [1], [5]), "row 1 has the values from 1 to 0, of 1");
        Refused(new Matrix(1, 2, [0, 9], [1], [5]), "row 0 has the values from 0 to 9, of 1");
        Refused(new Matrix(1, 2, [0, 1], [0, 1], [5, 6]), "the last row ends at 1, and there are 2 values");
        Refused(new Matrix(1, 2, [0, 1], [0, 1], [5]), "'indices' has 2 values, and 'data' 1");
        Refused(new Matrix(1, 2, [0, 1], [2], [5]), "row 0 has a value in column 2, of 2");
        Refused(new Matrix(1, 2, [0, 1], [-1], [5]), "row 0 has a value in column -1");
        Refused(new Matrix(1, 3, [0, 3], [2, 0, 2], [5, 1, 1]), "row 0 has column 2 twice: add such values up before, m.sum_duplicates()");
        Refused(new Matrix(1, 2, [0, 3], [0, 1, 1], [5, 1, 1]), "row 0 has 3 values, and there are 2 columns");
        Refused(new Matrix(1, 2, [0, 1], [0], [double.NaN]), "row 0 (from 0), column 0 (from 0): the value is NaN, and no finite number");
        Refused(new Matrix(1, 2, [0, 1], [0], [(1L << 53) + 2]) { Numbers = "<i8" }, "an integer beyond 2^53");
        Refused(new Matrix(1, 300_000, [0, 0], [], []), "has 300000 columns; rows have 1 to 262144");
        Refused(new Matrix(0, 2, [0], [], []), "has no rows");
        Refused(new Matrix(1, 2, [0, 1], [0], [1]) { Integers = "<f8" }, "'<f8' where whole numbers belong");
        Table.Refusal(new Matrix(1, 2, [0, 1], [0], [1e300]).Write(_folder, "t.npz"), new ReadOptions { Precision = Precision.Float32 })
            .ShouldContain("--dtype f8");
    }

    /// <summary>What an array is said to hold is neither kept room for nor unpacked.</summary>
    [Fact]
    public void Arrays_that_lie_about_their_lengths_are_refused_at_once()
    {
        var matrix = new Matrix(1, 2, [0, 1], [0], [1]);
        Refused(matrix with { Lies = ("data", "(4000000000,)") }, "promises 4000000000 = 4000000000 values of 8 bytes, but 8 bytes follow it");
        Refused(matrix with { Trailing = ("indices", 64 << 20) }, "bytes follow it");
    }

    private void Refused(Matrix matrix, string message)
    {
        string path = matrix.Write(_folder, "t.npz");
        long before = GC.GetAllocatedBytesForCurrentThread();
        Table.Refusal(path).ShouldContain(message);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(24 << 20);
    }

    /// <summary>A matrix in rows, as its arrays.</summary>
    private sealed record Matrix(long Rows, long Columns, long[] Starts, long[] Indices, double[] Data)
    {
        public string Format { get; init; } = "csr";

        public string Integers { get; init; } = "<i4";

        public string Numbers { get; init; } = "<f8";

        /// <summary>An array whose header says another shape.</summary>
        public (string Part, string Shape) Lies { get; init; }

        /// <summary>An array that so many bytes follow.</summary>
        public (string Part, int Bytes) Trailing { get; init; }

        public string Write(TemporaryFolder folder, string name, CompressionLevel level = CompressionLevel.Optimal)
        {
            using var file = new MemoryStream();
            using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
            {
                Add(zip, "indices", level, Integers, Indices.Select(value => (double)value));
                Add(zip, "indptr", level, Integers, Starts.Select(value => (double)value));
                Put(zip, "format", level, NpyBytes.File("|S3", false, "()", System.Text.Encoding.ASCII.GetBytes(Format)));
                Add(zip, "shape", level, "<i8", [Rows, Columns]);
                Add(zip, "data", level, Numbers, Data);
            }

            return folder.Write(name, file.ToArray());
        }

        private void Add(ZipArchive zip, string part, CompressionLevel level, string type, IEnumerable<double> values)
        {
            double[] all = [.. values];
            byte[] bytes = [.. all.SelectMany(value => Bytes(type, value)), .. new byte[Trailing.Part == part ? Trailing.Bytes : 0]];
            Put(zip, part, level, NpyBytes.File(type, false, Lies.Part == part ? Lies.Shape : $"({all.Length},)", bytes));
        }

        private static void Put(ZipArchive zip, string part, CompressionLevel level, byte[] content)
        {
            using Stream entry = zip.CreateEntry(part + ".npy", level).Open();
            entry.Write(content);
        }

        private static byte[] Bytes(string type, double value)
        {
            byte[] bytes = type[1..] switch
            {
                "i2" => BitConverter.GetBytes((short)value),
                "u2" => BitConverter.GetBytes((ushort)value),
                "i4" => BitConverter.GetBytes((int)value),
                "i8" => BitConverter.GetBytes((long)value),
                "f4" => BitConverter.GetBytes((float)value),
                _ => BitConverter.GetBytes(value),
            };
            if (type[0] == '>')
                bytes.AsSpan().Reverse();
            return bytes;
        }
    }
}
