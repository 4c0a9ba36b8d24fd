using OrleansCluster.Numerics.Preparation;

namespace OrleansCluster.Datasets;

/// <summary>Types of columns as people write them: <c>when=datetime,plz=category</c>.</summary>
internal static class TypeChoice
{
    /// <summary>Types by the positions of columns.</summary>
    /// <param name="list">The list; null: none.</param>
    /// <param name="names">The columns.</param>
    /// <param name="option">What messages call the list.</param>
    /// <exception cref="DataFormatException">There is no such column or type.</exception>
    public static Dictionary<int, ColumnType> Find(string? list, ColumnNames names, string option)
    {
        var types = new Dictionary<int, ColumnType>();
        foreach (string item in list?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [])
        {
            int equals = item.LastIndexOf('=');
            if (equals < 1 || RowColumn.TypeOf(item[(equals + 1)..].Trim()) is not { } type)
                throw names.Error($"{option} has '{item}', which is no COLUMN=TYPE: the types are number, category, boolean and datetime");
            if (!types.TryAdd(names.Find(item[..equals].Trim(), option), type))
                throw names.Error($"{option} names the column of '{item}' twice: once is enough");
        }

        return types;
    }
}
