using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using OrleansCluster.Numerics.Preparation;
using OrleansCluster.Numerics.Rows;

namespace OrleansCluster.Datasets;

/// <summary>Chosen columns of a table, read front to back in bounded memory. Not thread-safe.</summary>
public interface IRowReader : IDisposable
{
    /// <summary>Names of the value columns, in order. Columns without names are called <c>c0</c>, <c>c1</c>, … by their position.</summary>
    IReadOnlyList<string> Columns { get; }

    /// <summary>How the values of the batches are stored.</summary>
    Precision Precision { get; }

    /// <summary>Whether rows come without their zeros.</summary>
    bool IsSparse => false;

    /// <summary>What the value columns are, where they may be other than numbers, and missing; else empty.</summary>
    ImmutableArray<ColumnType> Types => [];

    /// <summary>The texts of a value column of categories so far, each at the place that stands for it.</summary>
    /// <param name="column">Its index among the value columns.</param>
    IReadOnlyList<string> Categories(int column) => [];

    /// <summary>Name of the column carried as row id, or null.</summary>
    string? IdColumn { get; }

    /// <summary>Name of the column of row weights, or null.</summary>
    string? WeightColumn { get; }

    /// <summary>Name of the column of known labels, or null.</summary>
    string? LabelColumn { get; }

    /// <summary>The next rows: some thousands, at most about 2 MiB of values. The batch is the caller's to keep.</summary>
    /// <returns>False at the end.</returns>
    /// <exception cref="DataFormatException">The file holds something that cannot be used; the message says where and what to do.</exception>
    bool ReadBatch([NotNullWhen(true)] out RowBatch? batch);
}
