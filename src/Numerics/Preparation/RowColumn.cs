using System.Collections.Immutable;

namespace OrleansCluster.Numerics.Preparation;

/// <summary>What the values of a column are. Values are part of formats.</summary>
public enum ColumnType : byte
{
    /// <summary>A number.</summary>
    Number = 1,

    /// <summary>One of some texts, held as its place in the column's list of them.</summary>
    Category = 2,

    /// <summary>0 or 1.</summary>
    Boolean = 3,

    /// <summary>Seconds since 1970-01-01 00:00 UTC.</summary>
    Time = 4,
}

/// <summary>A column of rows: every value is a float64, and NaN where it is missing.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">What its values mean.</param>
public sealed record RowColumn(string Name, ColumnType Type = ColumnType.Number)
{
    /// <summary>Of a category: the texts, each at the place that stands for it. Else empty.</summary>
    public ImmutableArray<string> Categories { get; init; } = [];

    /// <summary>What types are called.</summary>
    /// <param name="type">A type.</param>
    public static string NameOf(ColumnType type) => type switch
    {
        ColumnType.Number => "number",
        ColumnType.Category => "category",
        ColumnType.Boolean => "boolean",
        ColumnType.Time => "datetime",
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "There is no such type of a column."),
    };

    /// <summary>The type of a name; null: there is none.</summary>
    /// <param name="name">As <see cref="NameOf"/> has it.</param>
    public static ColumnType? TypeOf(string name) => name switch
    {
        "number" => ColumnType.Number,
        "category" => ColumnType.Category,
        "boolean" => ColumnType.Boolean,
        "datetime" => ColumnType.Time,
        _ => null,
    };

    /// <summary>The first column of each name, by its place.</summary>
    /// <param name="columns">Columns.</param>
    public static Dictionary<string, int> Places(ImmutableArray<RowColumn> columns)
    {
        var places = new Dictionary<string, int>(columns.Length, StringComparer.Ordinal);
        for (int place = 0; place < columns.Length; place++)
            places.TryAdd(columns[place].Name, place);
        return places;
    }

    /// <inheritdoc/>
    public bool Equals(RowColumn? other) => other is not null && Name == other.Name && Type == other.Type && Categories.SequenceEqual(other.Categories);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, Type, Categories.Length);
}
