using OrleansCluster.Numerics.Preparation;

namespace OrleansCluster.Datasets;

/// <summary>Types of columns as they travel.</summary>
internal static class ColumnTypes
{
    /// <exception cref="ClusteringException">There is no such type.</exception>
    public static ColumnType Parse(string name) => name.Length == 0 ? ColumnType.Number
        : RowColumn.TypeOf(name)
            ?? throw new ClusteringException($"There is no type '{name}' of a column: the types are number, category, boolean and datetime.");
}
