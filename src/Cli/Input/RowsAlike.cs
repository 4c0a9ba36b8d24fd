using System.Collections.Immutable;
using OrleansCluster.Cli.Output;
using OrleansCluster.Datasets;

namespace OrleansCluster.Cli.Input;

/// <summary>Rows like those that a model was trained on: the same columns, ids and weights, found by their names unless the user names others.</summary>
/// <param name="Asked">The model's columns.</param>
/// <param name="IdColumn">Name of the ids' column then; null: there was none.</param>
/// <param name="WeightColumn">Name of the weights' column then; null: there was none.</param>
internal sealed record RowsAlike(AskedColumns Asked, string? IdColumn, string? WeightColumn)
{
    /// <summary>Names of the model's columns.</summary>
    public ImmutableArray<string> Columns => Asked.Names;

    /// <summary>Begins to read such rows of a table.</summary>
    /// <exception cref="DataFormatException">The table has not the columns that the user names.</exception>
    /// <exception cref="CommandException">It lacks columns of the model, or the weights.</exception>
    public IRowReader Read(ITable table, ReadOptions options)
    {
        options = options with { IdColumn = options.IdColumn ?? Known(table, IdColumn), WeightColumn = options.WeightColumn ?? Known(table, WeightColumn) };
        if (WeightColumn is not null && options.WeightColumn is null)
            throw CommandException.Usage($"{table.Name} has no column '{WeightColumn}', which held the weights of the rows that the model was trained on: "
                + "name the column with --weight-column, or train anew without weights.");
        if (IdColumn is not null && options.IdColumn is null && !Columns.Contains(IdColumn))
            Terminal.Say($"note: {table.Name} has no column '{IdColumn}', which held the rows' ids before: these rows have none.");
        var match = new ColumnMatch(table.Name, table.Columns, table.HasNames, Columns) { OffersPositions = false };
        int[] found = match.Find(options.Columns is null ? null : table.Choose(options), () => table.Choose(options), byPosition: false);
        return table.Read(options.Knowing(Asked.Types, table.Columns, found), found);
    }

    private static string? Known(ITable table, string? column) => column is not null && table.HasNames && table.Columns.Contains(column) ? column : null;
}
