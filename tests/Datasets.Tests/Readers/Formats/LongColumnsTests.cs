using System.Globalization;
using OrleansCluster.Numerics.Rows;
using Parquet.Schema;

namespace OrleansCluster.Datasets.Tests;

/// <summary>Columns are written into rows many values at a time, where nothing speaks against it; with the same result as value by value.</summary>
public sealed class LongColumnsTests : IDisposable
{
    private const int Rows = 3_000, Odd = 1_700;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false, Precision.Float64)]
    [InlineData(false, Precision.Float32)]
    [InlineData(true, Precision.Float64)]
    [InlineData(true, Precision.Float32)]
    public void Long_columns_are_what_they_are_in_a_text(bool gaps, Precision precision)
    {
        Columns columns = Make(gaps);
        var options = new ReadOptions { Typed = true, AllowsMissing = true, Precision = precision };
        byte[] text = Bytes(_folder.Write("t.csv", columns.Text()), options), parquet = Bytes(_folder.Write("t.parquet", columns.Parquet()), options);
        parquet.ShouldBe(text);
    }

    [Theory]
    [InlineData(double.NaN, "1 of 3,000 rows lacks values: column 'x' once (first in row 1700")]
    [InlineData(double.PositiveInfinity, "row 1700 (from 0), column 'x': Infinity is not a finite number")]
    public void What_cannot_be_taken_is_refused_at_its_row(double odd, string refusal)
    {
        Columns columns = Make(gaps: false);
        columns.X[Odd] = odd;
        Table.Refusal(_folder.Write("t.parquet", columns.Parquet())).ShouldContain(refusal);
    }

    [Fact]
    public void Integers_that_float64_would_change_are_refused_at_their_row_and_the_last_that_it_would_not_are_read()
    {
        Columns columns = Make(gaps: false);
        (columns.Whole[Odd - 1], columns.Whole[Odd]) = (1L << 53, -(1L << 53));
        Table.Read(_folder.Write("t.parquet", columns.Parquet())).Values[(3 * Odd) + 1].ShouldBe(-9007199254740992.0);
        columns.Whole[Odd] = (1L << 53) + 1;
        Table.Refusal(_folder.Write("t.parquet", columns.Parquet())).ShouldContain("row 1700 (from 0), column 'whole': 9007199254740993");
        columns.Whole[Odd] = long.MinValue;
        Table.Refusal(_folder.Write("t.parquet", columns.Parquet())).ShouldContain("-9223372036854775808");
    }

    private static byte[] Bytes(string path, ReadOptions options)
    {
        using IRowReader reader = TableFile.Read(path, options);
        List<byte> all = [];
        while (reader.ReadBatch(out RowBatch? batch))
            all.AddRange(batch.Values.Span);
        return [.. all];
    }

    private static Columns Make(bool gaps)
    {
        var random = new Random(5);
        return new Columns(
            [.. Enumerable.Range(0, Rows).Select(row => gaps && row % 7 == 0 ? double.NaN : Math.Round(random.NextDouble() * 100, 6))],
            [.. Enumerable.Range(0, Rows).Select(_ => (long?)random.Next(-1_000_000, 1_000_000))],
            [.. Enumerable.Range(0, Rows).Select(row => gaps && row is > 600 and < 2_000 ? float.NaN : random.Next(-64, 64) / 8f)]);
    }

    private sealed record Columns(double[] X, long?[] Whole, float[] Narrow)
    {
        public string Text() => "x,whole,narrow\n" + string.Concat(Enumerable.Range(0, Rows).Select(row => string.Create(
            CultureInfo.InvariantCulture, $"{Cell(X[row])},{Whole[row]},{Cell(Narrow[row])}\n")));

        public byte[] Parquet()
        {
            DataField[] fields = [new DataField<double>("x"), new DataField<long?>("whole"), new DataField<float>("narrow")];
            return Written.Parquet(fields, Rows, 1_300, async (writer, from, to) =>
            {
                await writer.WriteAsync<double>(fields[0], X.AsMemory()[from..to]);
                await writer.WriteAsync<long>(fields[1], Whole.AsMemory()[from..to]);
                await writer.WriteAsync<float>(fields[2], Narrow.AsMemory()[from..to]);
            });
        }

        private static string Cell(double value) => double.IsNaN(value) ? "" : value.ToString(CultureInfo.InvariantCulture);
    }
}
