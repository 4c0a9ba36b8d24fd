using System.Buffers.Binary;
using System.Text;
using OrleansCluster.Numerics.Rows;

namespace OrleansCluster.Datasets.Tests;

public sealed class NpyReaderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string, Precision> Types => new()
    {
        { "<f2", Precision.Float32 }, { ">f2", Precision.Float32 },
        { "<f4", Precision.Float32 }, { ">f4", Precision.Float32 },
        { "<f8", Precision.Float64 }, { ">f8", Precision.Float64 },
        { "|i1", Precision.Float32 }, { "|u1", Precision.Float32 }, { "|b1", Precision.Float32 },
        { "<i2", Precision.Float32 }, { ">i2", Precision.Float32 }, { "<u2", Precision.Float32 }, { ">u2", Precision.Float32 },
        { "<i4", Precision.Float64 }, { ">i4", Precision.Float64 }, { "<u4", Precision.Float64 }, { ">u4", Precision.Float64 },
        { "<i8", Precision.Float64 }, { ">i8", Precision.Float64 }, { "<u8", Precision.Float64 }, { ">u8", Precision.Float64 },
    };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Types))]
    public void Every_type_and_order_is_read(string type, Precision natural)
    {
        const int Rows = 9_000, Columns = 3;
        double[] values = [.. Enumerable.Range(0, Rows * Columns).Select(i => type[1] switch
        {
            'b' => i % 2,
            'f' => ((i * 37) % 2048) - 1000,
            'u' => (i * 37) % 256,
            _ => ((i * 37) % 256) - 128,
        })];
        foreach (bool columnMajor in new[] { false, true })
        {
            foreach (int version in new[] { 1, 2, 3 })
            {
                string path = _folder.Write("x.npy", NpyBytes.Array(type, columnMajor, Rows, Columns, values, version));
                Table table = Table.Read(path);
                table.Columns.ShouldBe(["c0", "c1", "c2"]);
                table.Precision.ShouldBe(natural);
                table.Values.AsSpan().SequenceEqual(values).ShouldBeTrue();
                Table.Read(path, new ReadOptions { Precision = Precision.Float64 }).Values.AsSpan().SequenceEqual(values).ShouldBeTrue();
                Table.Read(path, new ReadOptions { Precision = Precision.Float32 }).Values.AsSpan().SequenceEqual(values).ShouldBeTrue();
            }
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Columns_ids_and_weights_are_chosen_by_position_or_name(bool columnMajor)
    {
        double[] values = [.. Enumerable.Range(0, 3 * 5).Select(i => (double)i)];
        string path = _folder.Write("x.npy", NpyBytes.Array("<i8", columnMajor, 3, 5, values));
        Table table = Table.Read(path, new ReadOptions { Columns = "c3,0..1", IdColumn = "c4", WeightColumn = "2" });
        table.Columns.ShouldBe(["c3", "c0", "c1"]);
        table.Values.ShouldBe([3, 0, 1, 8, 5, 6, 13, 10, 11]);
        table.Weights.ShouldBe([2, 7, 12]);
        table.Ids.ShouldBe(["4", "9", "14"]);
        table.IdColumn.ShouldBe("c4");
    }

    [Fact]
    public void Ids_keep_all_64_bits()
    {
        string path = _folder.Write("x.npy", NpyBytes.File("<u8", false, "(1, 2)", [1, 0, 0, 0, 0, 0, 0, 0, 255, 255, 255, 255, 255, 255, 255, 255]));
        Table.Read(path, new ReadOptions { IdColumn = "1" }).Ids.ShouldBe(["18446744073709551615"]);
        path = _folder.Write("y.npy", NpyBytes.Array("<f4", false, 1, 2, [1, 0.1f]));
        Table.Read(path, new ReadOptions { IdColumn = "1" }).Ids.ShouldBe(["0.1"]);
    }

    [Theory]
    [InlineData("{'descr': '<f8', 'fortran_order': False, 'shape': (1, 2), }")]
    [InlineData("{'shape':(1,2),'fortran_order':False,\"descr\":\"<f8\"}")]
    [InlineData("{ 'descr' : '<f8' ,\n'fortran_order' : True, 'shape' : (1L, 2L) }  ")]
    public void Headers_of_any_spacing_are_read(string header)
    {
        byte[] file = [.. NpyBytes.Header(header, 1), .. new byte[16]];
        Table.Read(_folder.Write("x.npy", file)).Values.ShouldBe([0, 0]);
    }
}

/// <summary>Npy files as bytes.</summary>
internal static class NpyBytes
{
    public static byte[] Array(string type, bool columnMajor, int rows, int columns, double[] values, int version = 1)
    {
        int size = type[2] - '0';
        var data = new byte[rows * columns * size];
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
                Value(type, values[(i * columns) + j]).CopyTo(data, size * (columnMajor ? (j * rows) + i : (i * columns) + j));
        }

        return File(type, columnMajor, $"({rows}, {columns})", data, version);
    }

    public static byte[] File(string type, bool columnMajor, string shape, byte[] data, int version = 1) =>
        [.. Header($"{{'descr': '{type}', 'fortran_order': {(columnMajor ? "True" : "False")}, 'shape': {shape}, }}", version), .. data];

    public static byte[] Header(string literal, int version)
    {
        byte[] text = Encoding.UTF8.GetBytes(literal + "\n");
        var length = new byte[version == 1 ? 2 : 4];
        if (version == 1)
            BinaryPrimitives.WriteUInt16LittleEndian(length, (ushort)text.Length);
        else
            BinaryPrimitives.WriteInt32LittleEndian(length, text.Length);
        return [0x93, .. "NUMPY"u8, (byte)version, 0, .. length, .. text];
    }

    private static byte[] Value(string type, double value)
    {
        byte[] bytes = type[1..] switch
        {
            "f2" => BitConverter.GetBytes((Half)value),
            "f4" => BitConverter.GetBytes((float)value),
            "f8" => BitConverter.GetBytes(value),
            "i1" => [(byte)(sbyte)value],
            "i2" => BitConverter.GetBytes((short)value),
            "i4" => BitConverter.GetBytes((int)value),
            "i8" => BitConverter.GetBytes((long)value),
            "u2" => BitConverter.GetBytes((ushort)value),
            "u4" => BitConverter.GetBytes((uint)value),
            "u8" => BitConverter.GetBytes((ulong)value),
            _ => [(byte)value],
        };
        if (type[0] == '>')
            System.Array.Reverse(bytes);
        return bytes;
    }
}
