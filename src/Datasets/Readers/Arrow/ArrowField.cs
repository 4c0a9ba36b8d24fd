using System.Numerics;
using System.Text;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace OrleansCluster.Datasets;

/// <summary>Columns of Arrow's record batches.</summary>
internal static class ArrowField
{
    public static TypedField Describe(string name, IArrowType type) => type switch
    {
        Int8Type or Int16Type or UInt8Type or UInt16Type or HalfFloatType or FloatType => new TypedField(name, FieldKind.Number, "numbers", IsNarrow: true),
        Int32Type or Int64Type or UInt32Type or UInt64Type or DoubleType or NullType or Decimal32Type or Decimal64Type or Decimal128Type or Decimal256Type =>
            new TypedField(name, FieldKind.Number, "numbers"),
        BooleanType => new TypedField(name, FieldKind.Boolean, "true and false", IsNarrow: true),
        StringType or LargeStringType or StringViewType => new TypedField(name, FieldKind.Text, "texts"),
        Date32Type or Date64Type or TimestampType => new TypedField(name, FieldKind.Time, "times"),
        DictionaryType dictionary => Describe(name, dictionary.ValueType),
        ListType or LargeListType or FixedSizeListType or ListViewType or LargeListViewType => new TypedField(name, FieldKind.Other, "lists"),
        StructType => new TypedField(name, FieldKind.Other, "records"),
        MapType => new TypedField(name, FieldKind.Other, "maps"),
        BinaryType or LargeBinaryType or BinaryViewType or FixedSizeBinaryType => new TypedField(name, FieldKind.Other, "bytes"),
        Time32Type or Time64Type => new TypedField(name, FieldKind.Other, "times of day"),
        DurationType or IntervalType => new TypedField(name, FieldKind.Other, "time spans"),
        _ => new TypedField(name, FieldKind.Other, $"values of the type {type.Name}"),
    };

    /// <summary>The values of a column, as a copy.</summary>
    public static ColumnBlock Read(IArrowArray column, int rows) => column switch
    {
        DictionaryArray dictionary => Read(dictionary, rows),
        DoubleArray doubles => ColumnBlock.Of(Copy(doubles, rows, double.NaN)),
        FloatArray floats => ColumnBlock.Of(Copy(floats, rows, float.NaN)),
        HalfFloatArray halves => ColumnBlock.Of(Each(rows, row => halves.IsNull(row) ? float.NaN : (float)halves.Values[row])),
        Int8Array integers => Integers(integers, rows),
        Int16Array integers => Integers(integers, rows),
        Int32Array integers => Integers(integers, rows),
        Int64Array integers => Integers(integers, rows),
        UInt8Array integers => Integers(integers, rows),
        UInt16Array integers => Integers(integers, rows),
        UInt32Array integers => Integers(integers, rows),
        UInt64Array integers => Integers(integers, rows),
        BooleanArray booleans => ColumnBlock.OfBooleans(Each(rows, row => booleans.GetValue(row) switch { true => 1, false => 0, _ => double.NaN })),
        Decimal32Array decimals => ColumnBlock.OfDecimals(Each(rows, row => decimals.IsNull(row) ? null : Plain(decimals.GetValue(row)))),
        Decimal64Array decimals => ColumnBlock.OfDecimals(Each(rows, row => decimals.IsNull(row) ? null : Plain(decimals.GetValue(row)))),
        Decimal128Array decimals => ColumnBlock.OfDecimals(Each(rows, row => decimals.IsNull(row) ? null : decimals.GetString(row))),
        Decimal256Array decimals => ColumnBlock.OfDecimals(Each(rows, row => decimals.IsNull(row) ? null : decimals.GetString(row))),
        StringArray texts => ColumnBlock.Of(Each(rows, row => texts.IsNull(row) ? null : Text(texts.ValueBuffer, texts.ValueOffsets, row))),
        LargeStringArray texts => ColumnBlock.Of(Each(rows, row => texts.IsNull(row) ? null : Text(texts.ValueBuffer, texts.ValueOffsets, row))),
        StringViewArray texts => ColumnBlock.Of(Each(rows, row => texts.IsNull(row) ? null : Encoding.UTF8.GetString(texts.GetBytes(row)))),
        Date32Array days => ColumnBlock.OfTimes(Each(rows, row => days.IsNull(row) ? double.NaN : days.Values[row] * 86400.0)),
        Date64Array days => ColumnBlock.OfTimes(Each(rows, row => days.IsNull(row) ? double.NaN : Seconds(days.Values[row], TimeUnit.Millisecond))),
        TimestampArray times => ColumnBlock.OfTimes(
            Each(rows, row => times.IsNull(row) ? double.NaN : Seconds(times.Values[row], ((TimestampType)times.Data.DataType).Unit))),
        NullArray => ColumnBlock.Of(Each(rows, _ => double.NaN)),
        _ => throw new DataFormatException($"A column of the type {column.GetType().Name} is not read."),
    };

    private static T[] Each<T>(int rows, Func<int, T> value)
    {
        var values = new T[rows];
        for (int row = 0; row < rows; row++)
            values[row] = value(row);
        return values;
    }

    /// <summary>The library trusts offsets, which a damaged file may have wrong.</summary>
    private static string Text<T>(ArrowBuffer texts, ReadOnlySpan<T> offsets, int row)
        where T : struct, IBinaryInteger<T>
    {
        (int begin, int end) = (int.CreateChecked(offsets[row]), int.CreateChecked(offsets[row + 1]));
        return Encoding.UTF8.GetString(texts.Span[begin..end]);
    }

    private static string? Plain(decimal? value) => value?.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static T[] Copy<T>(PrimitiveArray<T> array, int rows, T missing)
        where T : struct, IEquatable<T>
    {
        T[] values = array.Values[..rows].ToArray();
        for (int row = 0; array.NullCount != 0 && row < rows; row++)
        {
            if (array.IsNull(row))
                values[row] = missing;
        }

        return values;
    }

    private static ColumnBlock Integers<T>(PrimitiveArray<T> array, int rows)
        where T : struct, IEquatable<T>, IBinaryInteger<T> =>
        ColumnBlock.Of(array.Values[..rows].ToArray(), array.NullCount == 0 ? null : Each(rows, array.IsNull));

    private static ColumnBlock Read(DictionaryArray column, int rows)
    {
        ColumnBlock list = Read(column.Dictionary, column.Dictionary.Length);
        int[] places = Each(rows, row => column.Indices.IsNull(row) ? -1 : Index(column.Indices, row));
        return places.All(place => place < list.Rows) ? ColumnBlock.Of(list, places)
            : throw new InvalidDataException("a value is said to be in a dictionary, which is shorter");
    }

    private static int Index(IArrowArray indices, int row) => indices switch
    {
        Int8Array integers => integers.Values[row],
        Int16Array integers => integers.Values[row],
        Int32Array integers => integers.Values[row],
        Int64Array integers => checked((int)integers.Values[row]),
        UInt8Array integers => integers.Values[row],
        UInt16Array integers => integers.Values[row],
        UInt32Array integers => checked((int)integers.Values[row]),
        _ => checked((int)((UInt64Array)indices).Values[row]),
    };

    private static double Seconds(long value, TimeUnit unit) => unit switch
    {
        TimeUnit.Second => value,
        TimeUnit.Millisecond => TimeText.Seconds(checked(value * TimeSpan.TicksPerMillisecond)),
        TimeUnit.Microsecond => TimeText.Seconds(checked(value * TimeSpan.TicksPerMicrosecond)),
        _ => TimeText.Seconds(Math.DivRem(value, TimeSpan.NanosecondsPerTick).Quotient),
    };
}
