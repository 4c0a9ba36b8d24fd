using OrleansCluster.Numerics.Rows;

namespace OrleansCluster.Datasets.Tests;

/// <summary>What is refused in npy files, and what the message says.</summary>
public sealed class BadNpyTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("|O", "Python objects")]
    [InlineData("<U5", "text")]
    [InlineData("|S5", "text")]
    [InlineData("<c16", "complex numbers")]
    [InlineData("<M8[ns]", "dates")]
    [InlineData("<m8[s]", "time spans")]
    [InlineData("|V12", "bytes without a type")]
    [InlineData("<f16", "floating-point numbers of 16 bytes")]
    [InlineData("<x4", "of an unknown type")]
    [InlineData("<i3", "of an unknown type")]
    [InlineData("", "of an unknown type")]
    public void Types_that_are_no_numbers(string type, string what)
    {
        int size = type switch { "<U5" => 20, "|S5" => 5, _ => 16 };
        Refusal(NpyBytes.File(type, false, "(1, 1)", new byte[size])).ShouldContain($"the values are {what}");
    }

    [Theory]
    [InlineData("()", 8, "an array of 0 dimensions")]
    [InlineData("(2, 1, 2)", 32, "an array of 3 dimensions")]
    [InlineData("(0, 3)", 0, "0 rows and 3 columns")]
    [InlineData("(3, 0)", 0, "3 rows and 0 columns")]
    [InlineData("(-1, 3)", 8, "the negative size -1")]
    [InlineData("(2, x)", 8, "'x', which is no size")]
    [InlineData("(99999999999999999999, 1)", 8, "which is no size")]
    [InlineData("(2, 2", 32, "which is no size")]
    [InlineData("(2, 2)", 31, "promises 2 × 2 = 4 values of 8 bytes, but 31 bytes follow it. The file is cut short")]
    [InlineData("(2, 2)", 33, "33 bytes follow it. Save one array in a file")]
    [InlineData("(2, 2)", 40, "40 bytes follow it. Save one array in a file")]
    [InlineData("(9223372036854775807, 9223372036854775807)", 8, "but 8 bytes follow it. The file is cut short or its header is wrong")]
    [InlineData("(4611686018427387904, 4)", 0, "but 0 bytes follow it. The file is cut short")]
    [InlineData("(1, 4000000)", 32_000_000, "has 4000000 columns, of which at most 1048576 can be listed")]
    public void Shapes_that_lie_or_do_not_fit(string shape, int bytes, string what) =>
        Refusal(NpyBytes.File("<f8", false, shape, new byte[bytes])).ShouldContain(what);

    [Fact]
    public void A_shape_that_promises_much_allocates_nothing()
    {
        string path = _folder.Write("x.npy", NpyBytes.File("<f8", true, "(100000000000, 1000)", new byte[100]));
        Table.Refusal(path);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Should.Throw<DataFormatException>(() => TableFile.Read(path, new ReadOptions()));
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(64 << 10);
    }

    [Theory]
    [InlineData("{'descr': '<f8', 'fortran_order': False}", "lacks descr, fortran_order or shape")]
    [InlineData("{'descr': [('a', '<f8')], 'fortran_order': False, 'shape': (1, 1)}", "holds 1 × 1 records; records are rows themselves.")]
    [InlineData("{'descr': [('a', '|O')], 'fortran_order': False, 'shape': (1,)}", "column 'a': the values are Python objects")]
    [InlineData("{'descr': [('a', '<x8')], 'fortran_order': False, 'shape': (1,)}", "column 'a': the values are of an unknown type")]
    [InlineData("{'descr': [('a', '<M8[D]'), ('b', '<f8')], 'fortran_order': False, 'shape': (0,)}", "0 rows and 2 columns")]
    [InlineData("{'descr': [('a', '<f8', (3000000,))], 'fortran_order': False, 'shape': (1,)}", "an array of too many values")]
    [InlineData("{'descr': '<f8', 'fortran_order': Maybe, 'shape': (1, 1)}", "not what numpy writes")]
    [InlineData("{'descr': '<f8', 'other': 1, 'shape': (1, 1)}", "unknown entry 'other'")]
    [InlineData("{'descr': '<f8", "not what numpy writes")]
    [InlineData("", "not what numpy writes")]
    public void Headers_that_are_none(string header, string what) =>
        Refusal([.. NpyBytes.Header(header, 1), .. new byte[8]]).ShouldContain(what);

    [Fact]
    public void Every_cut_is_noticed()
    {
        byte[] whole = NpyBytes.Array("<f4", false, 2, 3, [1, 2, 3, 4, 5, 6]);
        for (int length = 1; length < whole.Length; length++)
            Refusal(whole[..length]).ShouldStartWith(_folder["x.npy"]);
    }

    [Fact]
    public void Other_versions_and_other_files_are_refused()
    {
        byte[] file = NpyBytes.Array("<f4", false, 1, 1, [1]);
        file[6] = 4;
        Refusal(file).ShouldContain("npy format version 4");
        file[0] = 0;
        Refusal(file).ShouldContain("is named .npy and is none");
        byte[] longest = NpyBytes.File("<f4", false, "(1, 1)", new byte[5_000_000], 2);
        longest[8] = 1;
        longest[9] = 0;
        longest[10] = 65;
        Refusal(longest).ShouldContain("too long");
    }

    [Theory]
    [InlineData("<f4", false)]
    [InlineData("<f8", false)]
    [InlineData(">f8", false)]
    [InlineData("<f4", true)]
    public void Values_that_are_not_finite_are_named_by_their_place(string type, bool columnMajor)
    {
        const int Rows = 10_000;
        var values = new double[Rows * 3];
        values[(9_000 * 3) + 2] = double.NaN;
        values[(9_500 * 3) + 2] = double.NaN;
        values[(9_500 * 3) + 0] = double.NaN;
        Refusal(NpyBytes.Array(type, columnMajor, Rows, 3, values)).ShouldBe(
            $"{_folder["x.npy"]}: 2 of 10,000 rows lack values: column 'c0' once (first in element [9500, 0]), column 'c2' twice (first in element [9000, 2]). "
                + "Fill them in, or remove those rows, or leave the columns out: --columns 1.");
        values[1] = double.NegativeInfinity;
        Refusal(NpyBytes.Array(type, columnMajor, Rows, 3, values)).ShouldContain("element [0, 1] (column 'c1'): -Infinity");
    }

    [Fact]
    public void Integers_that_float64_would_change_are_refused()
    {
        double[] values = [0, -(1L << 53), 1L << 53, 1];
        Table.Read(_folder.Write("x.npy", NpyBytes.Array("<i8", false, 4, 1, values))).Values.ShouldBe(values);
        byte[] beyond = NpyBytes.File("<i8", false, "(1, 1)", BitConverter.GetBytes((1L << 53) + 1));
        Refusal(beyond).ShouldContain("element [0, 0] (column 'c0'): 9007199254740993 is an integer beyond 2^53");
        byte[] negative = NpyBytes.File("<i8", false, "(1, 1)", BitConverter.GetBytes(long.MinValue));
        Refusal(negative).ShouldContain("-9223372036854775808 is an integer beyond 2^53");
    }

    [Fact]
    public void A_value_beyond_float32_is_refused_with_f4()
    {
        string path = _folder.Write("x.npy", NpyBytes.Array("<f8", false, 1, 2, [1, -1e39]));
        Table.Refusal(path, new ReadOptions { Precision = Precision.Float32 })
            .ShouldContain("element [0, 1] (column 'c1'): -1E+39 is beyond what float32 can hold. Use --dtype f8");
    }

    [Theory]
    [InlineData(-2, "the weight -2 is negative")]
    [InlineData(1e121, "the weight 1E+121 is too great to be summed")]
    public void A_weight_that_is_none_is_refused(double weight, string what)
    {
        string path = _folder.Write("x.npy", NpyBytes.Array("<f8", false, 2, 2, [1, 1, 1, weight]));
        Table.Refusal(path, new ReadOptions { WeightColumn = "1" }).ShouldContain($"element [1, 1] (column 'c1'): {what}");
    }

    private string Refusal(byte[] file) => Table.Refusal(_folder.Write("x.npy", file));
}
