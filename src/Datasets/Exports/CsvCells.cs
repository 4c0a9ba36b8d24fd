using System.Globalization;
using System.Text;

namespace OrleansCluster.Datasets;

/// <summary>The values of a column, as cells of comma-separated text. Safe for concurrent use.</summary>
internal abstract class CsvCells
{
    /// <summary>As many bytes as a number has at most.</summary>
    public const int LongestNumber = 40;

    /// <summary>The cells of some values.</summary>
    /// <param name="values">As <see cref="ITableWriter.Write"/> takes them.</param>
    /// <param name="type">What the column was announced as.</param>
    public static CsvCells Of(Array values, Type type) => values switch
    {
        int[] integers => new Numbers<int>(integers),
        long[] integers => new Numbers<long>(integers),
        float[] numbers => new Numbers<float>(numbers),
        double[] numbers when type == typeof(bool) => new Flags(numbers),
        double[] numbers when type == typeof(DateTime) => new Times(numbers),
        double[] numbers => new Numbers<double>(numbers),
        _ => new Texts((string[])values),
    };

    /// <summary>Most bytes of a cell.</summary>
    public virtual int Longest(int row) => LongestNumber;

    /// <summary>Writes a cell where there is room for it, and answers how many bytes it has. What is missing has none.</summary>
    public abstract int Write(int row, Span<byte> target);

    private sealed class Numbers<T>(T[] values) : CsvCells
        where T : struct, IUtf8SpanFormattable, IEquatable<T>
    {
        public override int Write(int row, Span<byte> target)
        {
            T value = values[row];
            if (typeof(T) == typeof(double) ? double.IsNaN((double)(object)value) : typeof(T) == typeof(float) && float.IsNaN((float)(object)value))
                return 0;
            value.TryFormat(target, out int written, default, CultureInfo.InvariantCulture);
            return written;
        }
    }

    private sealed class Flags(double[] values) : CsvCells
    {
        public override int Write(int row, Span<byte> target)
        {
            double value = values[row];
            ReadOnlySpan<byte> word = double.IsNaN(value) ? [] : value == 0 ? "false"u8 : "true"u8;
            word.CopyTo(target);
            return word.Length;
        }
    }

    private sealed class Times(double[] values) : CsvCells
    {
        public override int Write(int row, Span<byte> target) =>
            double.IsNaN(values[row]) ? 0 : Encoding.UTF8.GetBytes(CsvCell.Of(TimeText.Write(values[row])), target);
    }

    private sealed class Texts(string[] values) : CsvCells
    {
        // Three bytes a character, or a quote that is doubled, and quotes around it.
        public override int Longest(int row) => (3 * values[row].Length) + 2;

        public override int Write(int row, Span<byte> target) => Encoding.UTF8.GetBytes(CsvCell.Of(values[row]), target);
    }
}
