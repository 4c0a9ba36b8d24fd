using System.Collections.Immutable;
using OrleansCluster.Numerics.Preparation;
using OrleansCluster.Training;

namespace OrleansCluster.Web.Rows;

/// <summary>The columns that rows must have for a model to be asked about them.</summary>
/// <param name="Names">Their names, in order.</param>
/// <param name="Types">What they are, where the model prepares its rows, so that values may be missing and other than numbers; else empty.</param>
internal sealed record ModelInputs(ImmutableArray<string> Names, ImmutableArray<ColumnType> Types)
{
    public static ModelInputs Of(TrainingReport report) => new(
        report.AskedColumns(), report.Inputs.IsDefaultOrEmpty ? [] : [.. report.Inputs.Select(input => RowColumn.TypeOf(input.Type) ?? ColumnType.Number)]);

    /// <summary>Whether the model prepares its rows.</summary>
    public bool AreTyped => !Types.IsEmpty;
}
