using System.Numerics;
using Parquet;
using Parquet.Data;
using Parquet.Schema;

namespace OrleansCluster.Datasets;

/// <summary>Columns of a Parquet file.</summary>
internal static class ParquetField
{
    public static TypedField Describe(Field field) => field switch
    {
        DataField { IsArray: true } => new TypedField(field.Name, FieldKind.Other, "lists"),
        DataField data => Describe(data),
        ListField => new TypedField(field.Name, FieldKind.Other, "lists"),
        MapField => new TypedField(field.Name, FieldKind.Other, "maps"),
        _ => new TypedField(field.Name, FieldKind.Other, "records"),
    };

    /// <summary>The values of a column in a row group.</summary>
    /// <param name="group">The row group.</param>
    /// <param name="field">The column.</param>
    /// <param name="rows">Rows of the group.</param>
    public static ColumnBlock Read(ParquetRowGroupReader group, DataField field, int rows)
    {
        Type type = field.ClrType;
        if (type == typeof(ReadOnlyMemory<char>))
            return ColumnBlock.Of(Texts(group, field, rows));
        if (type == typeof(double))
            return ColumnBlock.Of(Numbers<double, double>(group, field, rows, value => value, double.NaN));
        if (type == typeof(float))
            return ColumnBlock.Of(Numbers<float, float>(group, field, rows, value => value, float.NaN));
        if (type == typeof(bool))
            return ColumnBlock.OfBooleans(Numbers<bool, double>(group, field, rows, value => value ? 1 : 0, double.NaN));
        if (type == typeof(DateTime))
            return ColumnBlock.OfTimes(Numbers<DateTime, double>(group, field, rows, Seconds, double.NaN));
        if (type == typeof(DateOnly))
            return ColumnBlock.OfTimes(Numbers<DateOnly, double>(group, field, rows, day => Seconds(day.ToDateTime(default)), double.NaN));
        if (type == typeof(decimal))
            return ColumnBlock.OfDecimals(
                Numbers<decimal, string?>(group, field, rows, value => value.ToString(System.Globalization.CultureInfo.InvariantCulture), null));
        if (type == typeof(BigDecimal))
            return ColumnBlock.OfDecimals(
                Numbers<BigDecimal, string?>(group, field, rows, value => value.ToString(), null));
        if (type == typeof(Guid))
            return ColumnBlock.Of(Numbers<Guid, string?>(group, field, rows, value => value.ToString(), null));
        return type == typeof(long) ? Integers<long>(group, field, rows)
            : type == typeof(int) ? Integers<int>(group, field, rows)
            : type == typeof(short) ? Integers<short>(group, field, rows)
            : type == typeof(sbyte) ? Integers<sbyte>(group, field, rows)
            : type == typeof(ulong) ? Integers<ulong>(group, field, rows)
            : type == typeof(uint) ? Integers<uint>(group, field, rows)
            : type == typeof(ushort) ? Integers<ushort>(group, field, rows)
            : Integers<byte>(group, field, rows);
    }

    private static TypedField Describe(DataField field)
    {
        Type type = field.ClrType;
        bool narrow = type == typeof(float) || type == typeof(short) || type == typeof(sbyte) || type == typeof(ushort) || type == typeof(byte);
        if (narrow || type == typeof(double) || type == typeof(long) || type == typeof(int) || type == typeof(ulong) || type == typeof(uint)
            || type == typeof(decimal) || type == typeof(BigDecimal))
            return new TypedField(field.Name, FieldKind.Number, "numbers", narrow);
        if (type == typeof(bool))
            return new TypedField(field.Name, FieldKind.Boolean, "true and false", IsNarrow: true);
        if (type == typeof(ReadOnlyMemory<char>) || type == typeof(Guid))
            return new TypedField(field.Name, FieldKind.Text, "texts");
        if (type == typeof(DateTime) || type == typeof(DateOnly))
            return new TypedField(field.Name, FieldKind.Time, "times");
        return new TypedField(field.Name, FieldKind.Other, type == typeof(ReadOnlyMemory<byte>) ? "bytes" : type == typeof(TimeSpan) || type == typeof(TimeOnly)
            ? "times of day" : $"values of the type {type.Name}");
    }

    private static double Seconds(DateTime time) => TimeText.Seconds(time.Ticks - DateTime.UnixEpoch.Ticks);

    private static string?[] Texts(ParquetRowGroupReader group, DataField field, int rows)
    {
        var texts = new string?[rows];
        group.ReadAsync(field, texts.AsMemory()!).AsTask().GetAwaiter().GetResult();
        return texts;
    }

    private static ColumnBlock Integers<T>(ParquetRowGroupReader group, DataField field, int rows)
        where T : struct, IBinaryInteger<T>
    {
        T[] values = Raw<T>(group, field, rows, out int[]? levels);
        if (levels is null || Present(levels) == rows)
            return ColumnBlock.Of(values, null);
        bool[] missing = [.. levels.Select(level => level == 0)];
        Spread(values, levels, default);
        return ColumnBlock.Of(values, missing);
    }

    private static TOut[] Numbers<T, TOut>(ParquetRowGroupReader group, DataField field, int rows, Func<T, TOut> convert, TOut missing)
        where T : struct
    {
        T[] values = Raw<T>(group, field, rows, out int[]? levels);
        TOut[] converted = typeof(T) == typeof(TOut) ? (TOut[])(object)values : new TOut[rows];
        if (typeof(T) != typeof(TOut))
        {
            int present = levels is null ? rows : Present(levels);
            for (int i = 0; i < present; i++)
                converted[i] = convert(values[i]);
        }

        if (levels is not null)
            Spread(converted, levels, missing);
        return converted;
    }

    /// <summary>Values as they are stored: those that are there, one behind the other.</summary>
    /// <remarks>Levels are 0 for each row without a value; null: every row has one.</remarks>
    private static T[] Raw<T>(ParquetRowGroupReader group, DataField field, int rows, out int[]? levels)
        where T : struct
    {
        var values = new T[rows];
        levels = field.IsNullable ? new int[rows] : null;
        group.ReadRawAsync<T>(field, values, levels is null ? default(Memory<int>?) : levels.AsMemory(), null).AsTask().GetAwaiter().GetResult();
        return values;
    }

    private static int Present(int[] levels) => levels.Length - levels.AsSpan().Count(0);

    /// <summary>Puts values that stand one behind the other to their rows.</summary>
    private static void Spread<T>(T[] values, int[] levels, T missing)
    {
        int next = Present(levels);
        for (int row = levels.Length - 1; row >= next; row--)
            values[row] = levels[row] > 0 ? values[--next] : missing;
    }
}
