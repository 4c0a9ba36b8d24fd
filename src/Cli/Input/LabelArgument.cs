namespace OrleansCluster.Cli.Input;

/// <summary>What <c>--labels</c> names: a column of the rows, or a file of labels and which of its columns holds them.</summary>
/// <param name="File">The file; null: the labels are a column of the rows.</param>
/// <param name="Column">The column; null: the only one, else <c>label</c>.</param>
internal sealed record LabelArgument(string? File, string? Column)
{
    private const string OfRows = "column:";

    /// <param name="labels"><c>column:NAME</c> or a file; null: there are none.</param>
    /// <param name="column">A column of that file, or null.</param>
    /// <exception cref="CommandException">A column of no file is given, or there is no such file.</exception>
    public static LabelArgument? Parse(string? labels, string? column)
    {
        if (labels is null)
            return column is null ? null
                : throw CommandException.Usage($"--label-column {column} says which column of a file of labels holds them: give the file with --labels FILE.");
        if (labels.StartsWith(OfRows, StringComparison.Ordinal))
        {
            return column is null
                ? new LabelArgument(null, labels[OfRows.Length..])
                : throw CommandException.Usage($"--labels {labels} names the column already: leave --label-column out.");
        }

        if (Directory.Exists(labels))
            throw CommandException.Usage($"{labels} is a folder: name a file of labels.");
        return Datasets.InputName.Exists(labels)
            ? new LabelArgument(labels, column)
            : throw CommandException.Usage($"There is no file {labels}. A column of the rows is given as --labels {OfRows}NAME.");
    }
}
