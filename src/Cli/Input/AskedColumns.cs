using System.Collections.Immutable;
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
}
