using OrleansCluster.Numerics.Preparation;

namespace OrleansCluster.Datasets;

/// <summary>What a format says that a column holds.</summary>
internal enum FieldKind
{
    /// <summary>Numbers.</summary>
    Number,

    /// <summary>True and false.</summary>
    Boolean,

    /// <summary>Texts.</summary>
    Text,

    /// <summary>Dates, or points of time.</summary>
    Time,

    /// <summary>What is not read: lists, records, bytes, …</summary>
    Other,
}

/// <summary>A column of a table whose format says what its columns hold.</summary>
/// <param name="Name">Its name; empty: it has none.</param>
/// <param name="Kind">What it holds.</param>
/// <param name="Type">What it holds as the format calls it, for messages: <c>list</c>.</param>
/// <param name="IsNarrow">Whether float32 holds all its values exactly.</param>
internal sealed record TypedField(string Name, FieldKind Kind, string Type, bool IsNarrow = false)
{
    /// <summary>Whether it is read.</summary>
    public bool IsRead => Kind != FieldKind.Other;

    /// <summary>What it is taken for unless somebody says otherwise.</summary>
    public ColumnType Natural => Kind switch
    {
        FieldKind.Boolean => ColumnType.Boolean,
        FieldKind.Text => ColumnType.Category,
        FieldKind.Time => ColumnType.Time,
        _ => ColumnType.Number,
    };
}
