using System.Collections.Immutable;

namespace OrleansCluster.Datasets;

/// <summary>
/// A table that is open: its columns are known, and which of them are read is still to be said. Every format is one implementation, found by
/// <see cref="TableFile"/>. A table is read once, because its input may be a pipe.
/// </summary>
public interface ITable : IDisposable
{
    /// <summary>What messages call the table.</summary>
    string Name { get; }

    /// <summary>Names of all columns, in order. Columns without names are called <c>c0</c>, <c>c1</c>, … by their position.</summary>
    ImmutableArray<string> Columns { get; }

    /// <summary>Whether the names are the table's own, and not those of positions.</summary>
    bool HasNames { get; }

    /// <summary>Positions of the columns that are read as values, in order.</summary>
    /// <param name="options">Which columns are read, as what; what they say of dialects was heeded when the table was opened.</param>
    /// <exception cref="DataFormatException">The table has not the columns asked for; the message says what to do.</exception>
    IReadOnlyList<int> Choose(ReadOptions options);

    /// <summary>Begins to read. The table belongs to the reader from then on.</summary>
    /// <param name="options">Which columns are read, as what, and how they are stored.</param>
    /// <param name="values">Positions of the value columns, whatever the options say of them; null: as they say.</param>
    /// <exception cref="DataFormatException">The table has not the columns asked for; the message says what to do.</exception>
    IRowReader Read(ReadOptions options, IReadOnlyList<int>? values = null);
}
