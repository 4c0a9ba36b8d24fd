using System.Runtime.Intrinsics;

namespace OrleansCluster.Numerics.Rows;

/// <summary>How a row's values are stored. The value is the number of bytes.</summary>
public enum Precision
{
    /// <summary>IEEE 754 binary32.</summary>
    Float32 = 4,

    /// <summary>IEEE 754 binary64.</summary>
    Float64 = 8,
}

/// <summary>
/// Rows as they came: row-major, float32 or float64, with optional weights and stable row ids.
/// A block is a view; it owns nothing and is never written to.
/// </summary>
public sealed class RowBlock
{
    /// <summary>Rows stored as float32.</summary>
    /// <param name="values">Row-major values, rows × columns.</param>
    /// <param name="columns">Number of columns, at least 1.</param>
    /// <param name="weights">One weight a row (finite, ≥ 0), or empty: every row weighs 1.</param>
    /// <param name="firstRow">Stable id of row 0: its position in the dataset version.</param>
    /// <exception cref="ArgumentException">The lengths do not agree.</exception>
    public RowBlock(ReadOnlyMemory<float> values, int columns, ReadOnlyMemory<double> weights = default, long firstRow = 0)
        : this(Precision.Float32, values.Length, columns, weights, firstRow) => Float32 = values;

    /// <summary>Rows stored as float64.</summary>
    /// <inheritdoc cref="RowBlock(ReadOnlyMemory{float}, int, ReadOnlyMemory{double}, long)"/>
    public RowBlock(ReadOnlyMemory<double> values, int columns, ReadOnlyMemory<double> weights = default, long firstRow = 0)
        : this(Precision.Float64, values.Length, columns, weights, firstRow) => Float64 = values;

    private RowBlock(Precision precision, int length, int columns, ReadOnlyMemory<double> weights, long firstRow)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        if (length % columns != 0)
            throw new ArgumentException($"{length} values are not whole rows of {columns} columns.");
        Rows = length / columns;
        if (weights.Length != 0 && weights.Length != Rows)
            throw new ArgumentException($"{weights.Length} weights for {Rows} rows.", nameof(weights));
        (Precision, Columns, Weights, FirstRow) = (precision, columns, weights, firstRow);
    }

    public Precision Precision { get; }

    public int Rows { get; }

    public int Columns { get; }

    /// <summary>Stable id of row 0; row i has the id <c>FirstRow + i</c>.</summary>
    public long FirstRow { get; }

    /// <summary>The values, when <see cref="Precision"/> is float32; else empty.</summary>
    public ReadOnlyMemory<float> Float32 { get; }

    /// <summary>The values, when <see cref="Precision"/> is float64; else empty.</summary>
    public ReadOnlyMemory<double> Float64 { get; }

    /// <summary>One weight a row, or empty: every row weighs 1.</summary>
    public ReadOnlyMemory<double> Weights { get; }

    /// <summary>A view of <paramref name="count"/> rows from <paramref name="start"/>, with their ids and weights.</summary>
    public RowBlock Slice(int start, int count)
    {
        ReadOnlyMemory<double> weights = Weights.IsEmpty ? default : Weights.Slice(start, count);
        return Precision == Precision.Float64
            ? new RowBlock(Float64.Slice(start * Columns, count * Columns), Columns, weights, FirstRow + start)
            : new RowBlock(Float32.Slice(start * Columns, count * Columns), Columns, weights, FirstRow + start);
    }

    /// <summary>The same rows with other weights.</summary>
    /// <param name="weights">One a row.</param>
    public RowBlock WithWeights(ReadOnlyMemory<double> weights) => Precision == Precision.Float64
        ? new RowBlock(Float64, Columns, weights, FirstRow)
        : new RowBlock(Float32, Columns, weights, FirstRow);

    /// <summary>Writes row <paramref name="row"/>, widened exactly to float64, to <paramref name="values"/> (length ≥ columns).</summary>
    public void CopyRow(int row, Span<double> values)
    {
        if (Precision == Precision.Float64)
        {
            Float64.Span.Slice(row * Columns, Columns).CopyTo(values);
            return;
        }

        ReadOnlySpan<float> source = Float32.Span.Slice(row * Columns, Columns);
        int j = 0;
        for (; j <= source.Length - Vector128<float>.Count; j += Vector128<float>.Count)
            Vector256.WidenLower(Vector128.Create(source[j..]).ToVector256Unsafe()).CopyTo(values[j..]);
        for (; j < source.Length; j++)
            values[j] = source[j];
    }
}
