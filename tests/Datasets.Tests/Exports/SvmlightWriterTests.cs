using System.Text;
using OrleansCluster.Numerics.Rows;

namespace OrleansCluster.Datasets.Tests.Exports;

/// <summary>Rows as svmlight text.</summary>
public sealed class SvmlightWriterTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Values_are_read_back_to_the_bit()
    {
        double[] values = [0.1, 0, 5e-324, double.MaxValue, 0, 0, 0, 0, 1.0 / 3, 1, -2e-17, 123456789.123];
        string path = Written(Precision.Float64, SparseBlock.Of(new RowBlock(values, 4)), []);
        Table.Read(path, new ReadOptions { Features = 4 }).Values.ShouldBe(values);
        File.ReadAllLines(path)[1].ShouldBe("0");
        float[] singles = [.. values.Select((value, i) => i == 3 ? 1e38f : (float)value)];
        path = Written(Precision.Float32, SparseBlock.Of(new RowBlock(singles, 4)), []);
        Table.Read(path, new ReadOptions { Features = 4, Precision = Precision.Float32 }).Values.ShouldBe(singles.Select(value => (double)value));
    }

    [Fact]
    public void Labels_are_written_unless_they_would_be_read_as_something_else()
    {
        SparseBlock rows = SparseBlock.Of(new RowBlock(new double[] { 1, 2 }, 1));
        Table.Read(Written(Precision.Float64, rows, ["a", "é"]), new ReadOptions { IdColumn = "label" }).Ids.ShouldBe(["a", "é"]);
        foreach (string bad in new[] { "", "a b", "#1", "1:2", "a\n" })
            Should.Throw<DataFormatException>(() => Written(Precision.Float64, rows, ["a", bad])).Message.ShouldStartWith($"Row 1 has the id '{bad}', which");
    }

    [Fact]
    public void A_file_that_is_given_up_leaves_the_earlier_one()
    {
        string path = _folder.Write("t.svm", Encoding.ASCII.GetBytes("1 1:1\n"));
        using (SvmlightWriter writer = SvmlightWriter.Create(path, Precision.Float64))
            writer.Write(SparseRowBytes.Of(SparseBlock.Of(new RowBlock(new double[] { 7 }, 1))), []);
        File.ReadAllText(path).ShouldBe("1 1:1\n");
    }

    private string Written(Precision precision, SparseBlock rows, string[] labels)
    {
        string path = _folder.Write("t.svm", []);
        using SvmlightWriter writer = SvmlightWriter.Create(path, precision);
        writer.Write(SparseRowBytes.Of(rows), labels);
        writer.Commit();
        return path;
    }
}
