using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace OrleansCluster.Datasets;

/// <summary>A table whose format says what its columns hold, block by block: all that a format of this kind has to implement.</summary>
internal interface ITypedSource : IDisposable
{
    /// <summary>What messages call the table.</summary>
    string Name { get; }

    /// <summary>The columns, in order.</summary>
    ImmutableArray<TypedField> Fields { get; }

    /// <summary>Whether what the columns hold was found by looking at the first rows, so that later ones may differ.</summary>
    bool IsGuessed => false;

    /// <summary>The next rows of some columns, the same at every call.</summary>
    /// <param name="columns">Positions of the columns.</param>
    /// <param name="block">The rows.</param>
    /// <returns>False at the end.</returns>
    /// <exception cref="DataFormatException">The table is damaged; the message says where and what to do.</exception>
    bool Next(IReadOnlyList<int> columns, [NotNullWhen(true)] out TypedBlock? block);
}

/// <summary>Some rows of a table.</summary>
/// <param name="Rows">How many.</param>
/// <param name="Columns">The columns that were asked for, in that order.</param>
/// <param name="Lines">The line, from 1, on which each row stands; null: there are no lines.</param>
internal sealed record TypedBlock(int Rows, ColumnBlock[] Columns, long[]? Lines = null);
