using System.Collections.Immutable;
using OrleansCluster.Datasets;

namespace OrleansCluster.Cli.Input;

/// <summary>Known labels of rows, given as a file: one label a row.</summary>
internal static class LabelFile
{
    /// <summary>The columns that <c>assign --out</c> writes clusters to, here and in earlier builds.</summary>
    private static readonly string[] Usual = ["cluster", "label"];

    /// <summary>The column in which <c>assign --out</c> numbers rows that have no ids.</summary>
    private const string Number = "row";

    /// <param name="labels">The file and its column.</param>
    /// <param name="idColumn">Name of the rows' ids: where the file has that column too, ids are compared. Null: there are none.</param>
    /// <exception cref="DataFormatException">The file is no table.</exception>
    /// <exception cref="CommandException">Which of its columns holds the labels is open.</exception>
    public static KnownLabels Read(LabelArgument labels, string? idColumn)
    {
        ITable table = TableFile.Open(labels.File!, new ReadOptions { HasOptions = false });
        try
        {
            ImmutableArray<string> columns = table.Columns;
            string column = labels.Column
                ?? (columns.Length == 1 ? "0"
                    : columns.Count(Usual.Contains) == 1 ? columns.Single(Usual.Contains)
                    : throw CommandException.Usage($"{table.Name} has {columns.Length} columns "
                        + $"({string.Join(", ", columns.Take(8).Select(name => $"'{name}'"))}{(columns.Length > 8 ? ", …" : "")}): say which holds the "
                            + $"labels, as in --label-column {CommandLine(columns[^1])}."));
            bool hasIds = idColumn is not null && columns.Length > 1 && columns.Count(name => name == idColumn) == 1 && column != idColumn;
            bool areNumbered = !hasIds && columns.Length > 1 && columns.Count(name => name == Number) == 1 && column != Number;
            // Words alone may be a header or the first label; how many rows there are will say.
            var known = new KnownLabels(table.Name, columns.Length == 1 && table.HasNames ? columns[0] : null) { AreNumbered = areNumbered };
            using IRowReader reader = table.Read(
                new ReadOptions { LabelsOnly = true, LabelColumn = column, IdColumn = hasIds ? idColumn : areNumbered ? Number : null, HasOptions = false });
            while (reader.ReadBatch(out RowBatch? batch))
                known.Add(batch);
            return known;
        }
        catch
        {
            table.Dispose();
            throw;
        }
    }

    private static string CommandLine(string column) => Commands.CommandContext.Quote(column);
}
