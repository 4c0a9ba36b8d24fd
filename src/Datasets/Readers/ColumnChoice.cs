namespace OrleansCluster.Datasets;

/// <summary>A choice of columns as people write it: names, positions from 0 and ranges, separated by commas.</summary>
public static class ColumnChoice
{
    /// <summary>Positions of the columns that a list asks for, in its order.</summary>
    /// <param name="list">The list, as of <c>--columns</c>.</param>
    /// <param name="names">Names of all columns.</param>
    /// <param name="table">What messages call the table.</param>
    /// <param name="option">What messages call the list.</param>
    /// <exception cref="DataFormatException">There is no such column, a name is doubtful, or a column is chosen twice.</exception>
    public static int[] Find(string list, IEnumerable<string> names, string table, string option = "--columns") =>
        new ColumnNames(table, [.. names]).FindAll(list, option);
}
