using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Npgsql.PostgresTypes;

namespace OrleansCluster.Datasets;

/// <summary>A column of a PostgreSQL table or query: what it holds, how it is asked for, and how its cells are read.</summary>
/// <param name="Field">What it holds.</param>
/// <param name="Sql">What is selected, of the column <c>{0}</c>.</param>
/// <param name="Begin">Begins a block of so many rows at most.</param>
internal sealed record PostgresField(TypedField Field, string Sql, Func<int, PostgresCells>? Begin)
{
    private const long Infinite = long.MaxValue;

    /// <summary>What a column of a type is.</summary>
    public static PostgresField Of(string name, PostgresType type)
    {
        while (type is PostgresDomainType domain)
            type = domain.BaseType;
        if (type is PostgresEnumType)
            return Texts(name);
        return type.Name switch
        {
            "smallint" => Integers<short>(name, BinaryPrimitives.ReadInt16BigEndian, narrow: true),
            "integer" => Integers<int>(name, BinaryPrimitives.ReadInt32BigEndian, narrow: false),
            "bigint" => Integers<long>(name, BinaryPrimitives.ReadInt64BigEndian, narrow: false),
            "real" => Numbers(name, BinaryPrimitives.ReadSingleBigEndian, float.NaN, ColumnBlock.Of, narrow: true),
            "double precision" => Numbers(name, BinaryPrimitives.ReadDoubleBigEndian, double.NaN, ColumnBlock.Of, narrow: false),
            // As they are written: they are rounded once, as those of a text are.
            "numeric" => new PostgresField(new TypedField(name, FieldKind.Number, "numbers"), "{0}::text",
                rows => new PostgresCells<string?>(rows, Encoding.UTF8.GetString, null, ColumnBlock.OfDecimals)),
            "boolean" => new PostgresField(new TypedField(name, FieldKind.Boolean, "true and false", IsNarrow: true), "{0}",
                rows => new PostgresCells<double>(rows, value => value[0] == 0 ? 0 : 1, double.NaN, ColumnBlock.OfBooleans)),
            "date" or "timestamp without time zone" or "timestamp with time zone" or "timestamp" or "timestamptz" => Times(name),
            "text" or "character varying" or "character" or "varchar" or "bpchar" or "name" or "uuid" or "citext" => Texts(name),
            _ => new PostgresField(new TypedField(name, FieldKind.Other, $"values of the type {type.DisplayName}"), "NULL::text", null),
        };
    }

    /// <summary>What is selected of a column.</summary>
    public string Select(string column) => string.Format(CultureInfo.InvariantCulture, Sql, column);

    private static PostgresField Integers<T>(string name, PostgresValue<T> read, bool narrow)
        where T : struct, System.Numerics.IBinaryInteger<T> =>
        new(new TypedField(name, FieldKind.Number, "numbers", narrow), "{0}", rows => new PostgresIntegers<T>(rows, read));

    private static PostgresField Numbers<T>(string name, PostgresValue<T> read, T missing, Func<T[], ColumnBlock> block, bool narrow)
        where T : struct => new(new TypedField(name, FieldKind.Number, "numbers", narrow), "{0}",
            rows => new PostgresCells<T>(rows, read, missing, block));

    private static PostgresField Texts(string name) => new(new TypedField(name, FieldKind.Text, "texts"), "{0}::text",
        rows => new PostgresCells<string?>(rows, Encoding.UTF8.GetString, null, ColumnBlock.Of));

    // Whole microseconds, so that they become the seconds that other formats have. There are endless times, which are no number.
    private static PostgresField Times(string name) => new(new TypedField(name, FieldKind.Time, "times"),
        "CASE WHEN {0} IS NULL THEN NULL WHEN isfinite({0}) THEN (extract(epoch from {0}) * 1000000)::bigint ELSE 9223372036854775807 END",
        rows => new PostgresCells<double>(rows, Seconds, double.NaN, ColumnBlock.OfTimes));

    private static double Seconds(ReadOnlySpan<byte> cell) => BinaryPrimitives.ReadInt64BigEndian(cell) is var micros && micros == Infinite
        ? double.PositiveInfinity : TimeText.Seconds(micros * TimeSpan.TicksPerMicrosecond);
}

/// <summary>Reads the bytes of a cell, as binary COPY has them.</summary>
internal delegate T PostgresValue<out T>(ReadOnlySpan<byte> cell);

/// <summary>The cells of one column, on their way into a block.</summary>
internal abstract class PostgresCells
{
    /// <summary>Takes the next cell.</summary>
    public abstract void Take(PostgresCopy rows);

    /// <summary>What was taken.</summary>
    public abstract ColumnBlock Block();
}

/// <summary>Cells that are turned into values, one of which says that there is none.</summary>
internal sealed class PostgresCells<T>(int rows, PostgresValue<T> read, T missing, Func<T[], ColumnBlock> block) : PostgresCells
{
    private readonly T[] _values = new T[rows];
    private int _count;

    public override void Take(PostgresCopy rows) => _values[_count++] = rows.NextCell(out ReadOnlySpan<byte> cell) ? read(cell) : missing;

    public override ColumnBlock Block() => block(_count == _values.Length ? _values : _values[.._count]);
}

/// <summary>Cells that are integers.</summary>
internal sealed class PostgresIntegers<T>(int rows, PostgresValue<T> read) : PostgresCells
    where T : struct, System.Numerics.IBinaryInteger<T>
{
    private readonly T[] _values = new T[rows];
    private bool[]? _missing;
    private int _count;

    public override void Take(PostgresCopy rows)
    {
        if (rows.NextCell(out ReadOnlySpan<byte> cell))
            _values[_count++] = read(cell);
        else
            (_missing ??= new bool[_values.Length])[_count++] = true;
    }

    public override ColumnBlock Block() => ColumnBlock.Of(_count == _values.Length ? _values : _values[.._count], _missing);
}
