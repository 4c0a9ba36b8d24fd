using System.Collections.Immutable;
using OrleansCluster.Datasets;

namespace OrleansCluster.Client;

/// <summary>Columns of a dataset as another import takes them.</summary>
public static class TypedColumns
{
    /// <summary>Types for a schema; empty: all columns hold numbers, and none is missing.</summary>
    public static ImmutableArray<string> Types(this DatasetVersion dataset)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        return Types(dataset.Columns);
    }

    /// <summary>Types of columns for a schema; empty: all hold numbers, and none is missing.</summary>
    public static ImmutableArray<string> Types(this ImmutableArray<ColumnInfo> columns) =>
        columns.All(column => column.Type.Length == 0) ? [] : [.. columns.Select(column => column.Type)];

    /// <summary>Says what the values of all categories stand for.</summary>
    /// <param name="import">The import of rows of these columns.</param>
    /// <param name="columns">The columns, with their categories.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    public static async Task AddCategoriesAsync(this IDatasetImport import, ImmutableArray<ColumnInfo> columns, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(import);
        for (int column = 0; column < columns.Length; column++)
            await import.AddCategoriesAsync(column, 0, columns[column].Categories, cancellation).ConfigureAwait(false);
    }
}
