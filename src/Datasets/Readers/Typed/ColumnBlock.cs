using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using OrleansCluster.Numerics.Preparation;

namespace OrleansCluster.Datasets;

/// <summary>Some rows of one column.</summary>
internal abstract class ColumnBlock
{
    /// <summary>Integers beyond it are changed by float64.</summary>
    private const long ExactIntegers = 1L << 53;

    /// <summary>How many there are.</summary>
    public abstract int Rows { get; }

    /// <summary>Whether a row has no value.</summary>
    public abstract bool IsMissing(int row);

    /// <summary>The value of a row, which is not missing, as it is written: an id, a label, a category.</summary>
    public abstract string Show(int row);

    /// <summary>The value as a number, NaN where it is missing: of true and false 1 and 0, of a time seconds since 1970 UTC.</summary>
    /// <returns>False: it is a text, or an integer beyond 2^53, which float64 would change.</returns>
    public abstract bool TryNumber(int row, out double value);

    /// <summary>Writes values that are numbers into rows, all at once, where the block can.</summary>
    /// <param name="from">The first row of the block.</param>
    /// <param name="rows">How many.</param>
    /// <param name="mayMiss">Whether values may be missing, and are NaN then.</param>
    /// <param name="into">Where the value of the first row goes; that of each further one <paramref name="stride"/> values behind.</param>
    /// <param name="stride">Values of a row.</param>
    /// <returns>False: it cannot, or a value cannot be taken as it is; what was written then is to be written again.</returns>
    public virtual bool TryCopy<T>(int from, int rows, bool mayMiss, Span<T> into, int stride)
        where T : struct, IBinaryFloatingPointIeee754<T> => false;

    /// <summary>Writes numbers into rows.</summary>
    private static bool TryCopy<TIn, T>(ReadOnlySpan<TIn> values, bool mayMiss, Span<T> into, int stride)
        where TIn : struct, INumberBase<TIn>
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        int at = 0;
        foreach (TIn value in values)
        {
            T number = T.CreateTruncating(value);
            if (!T.IsFinite(number))
            {
                if (!mayMiss || !TIn.IsNaN(value))
                    return false;
                number = T.CreateTruncating(double.NaN);
            }

            into[at] = number;
            at += stride;
        }

        return true;
    }

    /// <summary>Whether the values are texts.</summary>
    public virtual bool AreTexts(int row) => false;

    /// <summary>A block of numbers.</summary>
    /// <param name="values">NaN where one is missing.</param>
    public static ColumnBlock Of(double[] values) => new Doubles(values);

    /// <summary>A block of numbers that float32 holds.</summary>
    /// <param name="values">NaN where one is missing.</param>
    public static ColumnBlock Of(float[] values) => new Floats(values);

    /// <summary>A block of integers.</summary>
    /// <param name="values">The values.</param>
    /// <param name="missing">Which are missing; null: none.</param>
    public static ColumnBlock Of<T>(T[] values, bool[]? missing)
        where T : struct, IBinaryInteger<T> => new Integers<T>(values, missing);

    /// <summary>A block of true and false.</summary>
    /// <param name="values">1, 0, and NaN where one is missing.</param>
    public static ColumnBlock OfBooleans(double[] values) => new Booleans(values);

    /// <summary>A block of times.</summary>
    /// <param name="seconds">Since 1970 UTC; NaN where one is missing.</param>
    public static ColumnBlock OfTimes(double[] seconds) => new Times(seconds);

    /// <summary>A block of decimal numbers.</summary>
    /// <param name="texts">As they are written; null where one is missing.</param>
    public static ColumnBlock OfDecimals(string?[] texts) => new Decimals(texts);

    /// <summary>A block of texts.</summary>
    /// <param name="texts">Null where one is missing.</param>
    public static ColumnBlock Of(string?[] texts) => new Texts(texts);

    /// <summary>A block of values out of a list of them.</summary>
    /// <param name="list">The list.</param>
    /// <param name="places">Which of it each row has; below 0: it has none.</param>
    public static ColumnBlock Of(ColumnBlock list, int[] places) => new Listed(list, places);

    private sealed class Listed(ColumnBlock list, int[] places) : ColumnBlock
    {
        public override int Rows => places.Length;

        public override bool IsMissing(int row) => places[row] < 0 || list.IsMissing(places[row]);

        public override string Show(int row) => list.Show(places[row]);

        public override bool AreTexts(int row) => list.AreTexts(places[row]);

        public override bool TryNumber(int row, out double value)
        {
            value = double.NaN;
            return places[row] < 0 || list.TryNumber(places[row], out value);
        }
    }

    private class Doubles(double[] values) : ColumnBlock
    {
        public override int Rows => values.Length;

        protected double this[int row] => values[row];

        public override bool TryCopy<T>(int from, int rows, bool mayMiss, Span<T> into, int stride) =>
            ColumnBlock.TryCopy(values.AsSpan(from, rows), mayMiss, into, stride);

        public override bool IsMissing(int row) => double.IsNaN(values[row]);

        public override string Show(int row) => values[row].ToString(CultureInfo.InvariantCulture);

        public override bool TryNumber(int row, out double value)
        {
            value = values[row];
            return true;
        }
    }

    private sealed class Booleans(double[] values) : Doubles(values)
    {
        public override string Show(int row) => this[row] == 0 ? "false" : "true";
    }

    private sealed class Times(double[] values) : Doubles(values)
    {
        public override string Show(int row) => ShownTime.Of(this[row]);
    }

    private sealed class Floats(float[] values) : ColumnBlock
    {
        public override int Rows => values.Length;

        public override bool TryCopy<T>(int from, int rows, bool mayMiss, Span<T> into, int stride) =>
            ColumnBlock.TryCopy(values.AsSpan(from, rows), mayMiss, into, stride);

        public override bool IsMissing(int row) => float.IsNaN(values[row]);

        public override string Show(int row) => values[row].ToString(CultureInfo.InvariantCulture);

        public override bool TryNumber(int row, out double value)
        {
            value = values[row];
            return true;
        }
    }

    private sealed class Integers<T>(T[] values, bool[]? missing) : ColumnBlock
        where T : struct, IBinaryInteger<T>
    {
        public override int Rows => values.Length;

        public override bool TryCopy<TOut>(int from, int rows, bool mayMiss, Span<TOut> into, int stride)
        {
            ReadOnlySpan<T> copied = values.AsSpan(from, rows);
            if (missing is not null)
                return false;
            if (Unsafe.SizeOf<T>() > sizeof(int))
            {
                T most = T.CreateTruncating(ExactIntegers);
                foreach (T value in copied)
                {
                    if (value > most || (T.IsNegative(value) && value < -most))
                        return false;
                }
            }

            // As of any number of a table: by float64.
            int at = 0;
            foreach (T value in copied)
            {
                into[at] = TOut.CreateTruncating(double.CreateTruncating(value));
                at += stride;
            }

            return true;
        }

        public override bool IsMissing(int row) => missing?[row] == true;

        public override string Show(int row) => values[row].ToString(null, CultureInfo.InvariantCulture);

        public override bool TryNumber(int row, out double value)
        {
            value = IsMissing(row) ? double.NaN : double.CreateTruncating(values[row]);
            return IsMissing(row) || Math.Abs(value) < ExactIntegers
                || (Math.Abs(value) == ExactIntegers && Int128.Abs(Int128.CreateTruncating(values[row])) == ExactIntegers);
        }
    }

    private class Texts(string?[] texts) : ColumnBlock
    {
        public override int Rows => texts.Length;

        protected string? this[int row] => texts[row];

        public override bool IsMissing(int row) => string.IsNullOrEmpty(texts[row]);

        public override string Show(int row) => texts[row]!;

        public override bool AreTexts(int row) => true;

        public override bool TryNumber(int row, out double value)
        {
            value = double.NaN;
            return IsMissing(row);
        }
    }

    /// <summary>Decimal numbers are read as those of a text are: correctly rounded.</summary>
    private sealed class Decimals(string?[] texts) : Texts(texts)
    {
        public override bool AreTexts(int row) => false;

        public override bool TryNumber(int row, out double value)
        {
            value = double.NaN;
            return IsMissing(row) || double.TryParse(this[row], NumberStyles.Float, CultureInfo.InvariantCulture, out value);
        }
    }
}
