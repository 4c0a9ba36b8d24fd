using System.Collections.Immutable;
using OrleansCluster.Numerics.Preparation;

namespace OrleansCluster.Datasets;

/// <summary>The columns that rows must have for a model to be asked about them.</summary>
/// <param name="Names">Their names, in order.</param>
/// <param name="Types">What they are, where the model prepares its rows, so that values may be missing and other than numbers; else empty.</param>
public sealed record AskedColumns(ImmutableArray<string> Names, ImmutableArray<ColumnType> Types)
{
    /// <summary>Columns by the words for their types; none: all hold numbers, and none is missing.</summary>
    public static AskedColumns Of(ImmutableArray<string> names, ImmutableArray<string> types) =>
        new(names, [.. types.Select(type => RowColumn.TypeOf(type) ?? ColumnType.Number)]);

    /// <summary>Whether the model prepares its rows.</summary>
    public bool AreTyped => !Types.IsEmpty;

    /// <summary>Whether rows without names are the columns in their order: names of positions may say another one.</summary>
    public bool AreInOrder { get; } =
        ColumnMatch.HasOwnNames(Names) || Names.Select((name, j) => name == FormattableString.Invariant($"c{j}")).All(same => same);

    /// <summary>Whether the columns are the same, in the same order.</summary>
    public bool IsSameAs(AskedColumns other) => Names.SequenceEqual(other.Names) && Types.SequenceEqual(other.Types);
}
