using OrleansCluster.Datasets;

namespace OrleansCluster.Cli.Input;

/// <summary>Columns of a table by their names alone.</summary>
internal static class NamedColumns
{
    /// <summary>The position of a column.</summary>
    /// <exception cref="CommandException">The table has none of the name.</exception>
    public static int Find(this ITable table, string name)
    {
        int place = table.Columns.IndexOf(name);
        return place >= 0
            ? place
            : throw CommandException.Usage(
                $"{table.Name} has no column '{name}': it has {string.Join(", ", table.Columns.Take(20).Select(one => $"'{one}'"))}.");
    }
}
