using System.Collections.Immutable;
using OrleansCluster.Datasets;
using OrleansCluster.Numerics.Preparation;
using OrleansCluster.Training;

namespace OrleansCluster.Cli.Input;

/// <summary>The columns that rows must have for a model to be asked about them.</summary>
/// <param name="Names">Their names, in order.</param>
/// <param name="Types">What they are, where the model prepares its rows, so that values may be missing and other than numbers; else empty.</param>
internal sealed record AskedColumns(ImmutableArray<string> Names, ImmutableArray<ColumnType> Types)
{
    /// <summary>Those of a version.</summary>
    public static AskedColumns Of(TrainingReport report) => new(
        report.AskedColumns(), report.Inputs.IsDefaultOrEmpty ? [] : [.. report.Inputs.Select(input => RowColumn.TypeOf(input.Type) ?? ColumnType.Number)]);

    /// <summary>How a table is read for them.</summary>
    /// <param name="options">What the user says.</param>
    /// <param name="columns">Names of the table's columns.</param>
    /// <param name="places">Which of them are these, in their order.</param>
    public ReadOptions Read(ReadOptions options, IReadOnlyList<string> columns, IReadOnlyList<int> places)
    {
        if (Types.IsEmpty)
            return options;
        var known = new Dictionary<string, ColumnType>(StringComparer.Ordinal);
        for (int j = 0; j < places.Count; j++)
            known[columns[places[j]]] = Types[j];
        return options with { Typed = true, AllowsMissing = true, KnownTypes = known };
    }
}
