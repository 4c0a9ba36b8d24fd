using System.Diagnostics.CodeAnalysis;
using OrleansCluster.Numerics.Rows;

namespace OrleansCluster.Datasets;

/// <summary>Chosen columns of a table, read front to back in bounded memory. Not thread-safe.</summary>
public interface IRowReader : IDisposable
{
    /// <summary>Names of the value columns, in order. Columns without names are called <c>c0</c>, <c>c1</c>, … by their position.</summary>
    IReadOnlyList<string> Columns { get; }

    /// <summary>How the values of the batches are stored.</summary>
    Precision Precision { get; }

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
