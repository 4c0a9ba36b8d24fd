using System.Runtime.InteropServices;
using OrleansCluster.Serving;

namespace OrleansCluster.Client;

/// <summary>Rows as questions take them, of what programs have: spans, memory, arrays.</summary>
public static class RowsPayloads
{
    /// <summary>Rows of float32.</summary>
    /// <param name="values">Row by row, in the order of the model's columns.</param>
    /// <param name="columns">How many columns there are.</param>
    /// <exception cref="ClusteringException">The values are not whole rows.</exception>
    public static RowsPayload Of(ReadOnlySpan<float> values, int columns) =>
        new() { Precision = "f4", Columns = Checked(values.Length, columns), Values = MemoryMarshal.AsBytes(values).ToArray() };

    /// <summary>Rows of float64.</summary>
    /// <inheritdoc cref="Of(ReadOnlySpan{float}, int)"/>
    public static RowsPayload Of(ReadOnlySpan<double> values, int columns) =>
        new() { Precision = "f8", Columns = Checked(values.Length, columns), Values = MemoryMarshal.AsBytes(values).ToArray() };

    /// <inheritdoc cref="Of(ReadOnlySpan{float}, int)"/>
    public static RowsPayload Of(ReadOnlyMemory<float> values, int columns) => Of(values.Span, columns);

    /// <inheritdoc cref="Of(ReadOnlySpan{double}, int)"/>
    public static RowsPayload Of(ReadOnlyMemory<double> values, int columns) => Of(values.Span, columns);

    /// <summary>Rows of a table of float32.</summary>
    /// <param name="rows">rows × columns, in the order of the model's.</param>
    public static RowsPayload Of(float[,] rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return Of(rows.Cast<float>().ToArray().AsSpan(), rows.GetLength(1));
    }

    /// <summary>Rows of a table of float64.</summary>
    /// <inheritdoc cref="Of(float[,])"/>
    public static RowsPayload Of(double[,] rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return Of(rows.Cast<double>().ToArray().AsSpan(), rows.GetLength(1));
    }

    /// <summary>Rows, each an array.</summary>
    /// <param name="rows">All of the same length: the model's columns, in its order.</param>
    /// <exception cref="ClusteringException">One is of another length.</exception>
    public static RowsPayload Of(double[][] rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        int columns = rows.Length == 0 ? 0 : rows[0].Length;
        int other = Array.FindIndex(rows, row => row.Length != columns);
        return other < 0
            ? Of(rows.SelectMany(row => row).ToArray().AsSpan(), columns)
            : throw new ClusteringException(
                $"Row {other} (from 0) has {rows[other].Length} values and row 0 has {columns}: rows have as many as the model has columns.");
    }

    private static int Checked(int values, int columns) => columns > 0 && values % columns == 0
        ? columns
        : throw new ClusteringException($"{values} values are not whole rows of {columns} columns.");
}
