using System.Collections.Immutable;

namespace OrleansCluster.Numerics.Explanation;

/// <summary>Why a row belongs to its cluster, in the columns that it had before it was prepared.</summary>
/// <param name="Row">The same in prepared columns; of what it says of columns the following takes the place.</param>
/// <param name="Parts">What each column takes from the fit of its own cluster: those of all prepared columns that come of it.</param>
/// <param name="Against">What each column adds to the lead.</param>
/// <param name="Boundaries">
/// The value of each column at which the row comes to the next best cluster: a number, 0 or 1, or the place of a text in <paramref name="Texts"/>; NaN:
/// none is found.
/// </param>
/// <param name="Texts">Of each column of categories the texts that the boundaries stand for.</param>
public sealed record PreparedRow(
    RowExplanation Row, ImmutableArray<double> Parts, ImmutableArray<double> Against, ImmutableArray<double> Boundaries,
    ImmutableArray<ImmutableArray<string>> Texts);
