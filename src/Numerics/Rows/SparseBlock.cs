using System.Runtime.InteropServices;

namespace OrleansCluster.Numerics.Rows;

/// <summary>
/// Rows of which only the values other than 0 are kept (compressed sparse rows), float32 or float64, with optional weights and stable row ids. Entries of a row
/// have strictly ascending columns. A block is a view; it owns nothing and is never written to.
/// </summary>
public sealed class SparseBlock
{
    /// <summary>Most columns: the certificate of nearest centres asks for no more.</summary>
    public const int MostColumns = 1 << 18;

    /// <summary>Sparse rows.</summary>
    /// <param name="precision">How values are stored.</param>
    /// <param name="columns">Number of columns, 1 to <see cref="MostColumns"/>.</param>
    /// <param name="entries">Row after row: the columns of its entries (uint32), then their values; little-endian.</param>
    /// <param name="offsets">rows + 1: where in the entries each row begins, and where the last one ends.</param>
    /// <param name="weights">One weight a row (finite, ≥ 0), or empty: every row weighs 1.</param>
    /// <param name="firstRow">Stable id of row 0: its position in the dataset version.</param>
    /// <exception cref="ArgumentException">The lengths do not agree.</exception>
    public SparseBlock(Precision precision, int columns, ReadOnlyMemory<byte> entries, ReadOnlyMemory<uint> offsets, ReadOnlyMemory<double> weights = default,
        long firstRow = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(columns, MostColumns);
        if (offsets.Length < 1 || entries.Length < offsets.Span[^1] * (long)EntryBytesOf(precision))
            throw new ArgumentException($"{entries.Length} bytes are not the entries that {offsets.Length} offsets tell.", nameof(entries));
        if (weights.Length != 0 && weights.Length != offsets.Length - 1)
            throw new ArgumentException($"{weights.Length} weights for {offsets.Length - 1} rows.", nameof(weights));
        (Precision, Columns, Entries, Offsets, Weights, FirstRow) = (precision, columns, entries, offsets, weights, firstRow);
        ReadOnlySpan<uint> all = offsets.Span;
        for (int row = 0; row < Rows; row++)
            LongestRow = Math.Max(LongestRow, checked((int)(all[row + 1] - all[row])));
    }

    public Precision Precision { get; }

    public int Rows => Offsets.Length - 1;

    public int Columns { get; }

    /// <summary>Stable id of row 0; row i has the id <c>FirstRow + i</c>.</summary>
    public long FirstRow { get; }

    /// <summary>Row after row: the columns of its entries (uint32), then their values.</summary>
    public ReadOnlyMemory<byte> Entries { get; }

    /// <summary>Where in the entries each row begins, and where the last one ends.</summary>
    public ReadOnlyMemory<uint> Offsets { get; }

    /// <summary>One weight a row, or empty: every row weighs 1.</summary>
    public ReadOnlyMemory<double> Weights { get; }

    /// <summary>Most entries of a row.</summary>
    public int LongestRow { get; }

    /// <summary>Bytes of an entry.</summary>
    public static int EntryBytesOf(Precision precision) => sizeof(uint) + (int)precision;

    /// <summary>The entries of dense rows that are not 0.</summary>
    public static SparseBlock Of(RowBlock rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        int size = (int)rows.Precision;
        var offsets = new uint[rows.Rows + 1];
        using var entries = new MemoryStream();
        var columns = new List<uint>();
        var row = new double[rows.Columns];
        for (int i = 0; i < rows.Rows; i++)
        {
            columns.Clear();
            rows.CopyRow(i, row);
            for (int j = 0; j < row.Length; j++)
            {
                if (row[j] != 0)
                    columns.Add((uint)j);
            }

            entries.Write(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(columns)));
            foreach (uint column in columns)
                entries.Write(size == sizeof(double) ? BitConverter.GetBytes(row[column]) : BitConverter.GetBytes((float)row[column]));
            offsets[i + 1] = checked(offsets[i] + (uint)columns.Count);
        }

        return new SparseBlock(rows.Precision, rows.Columns, entries.ToArray(), offsets, rows.Weights, rows.FirstRow);
    }

    /// <summary>A view of some rows, with their ids and weights.</summary>
    public SparseBlock Slice(int start, int count) => new(
        Precision, Columns, Entries, Offsets.Slice(start, count + 1), Weights.IsEmpty ? default : Weights.Slice(start, count), FirstRow + start);

    /// <summary>The columns of a row's entries.</summary>
    public ReadOnlySpan<uint> ColumnsOf(int row)
    {
        (int first, int count) = Place(row);
        return MemoryMarshal.Cast<byte, uint>(Entries.Span.Slice(first, count * sizeof(uint)));
    }

    /// <summary>Writes the values of a row's entries, widened exactly to float64.</summary>
    /// <param name="row">From 0.</param>
    /// <param name="values">At least as many as the row has entries.</param>
    public void CopyValues(int row, Span<double> values)
    {
        (int first, int count) = Place(row);
        ReadOnlySpan<byte> bytes = Entries.Span.Slice(first + (count * sizeof(uint)), count * (int)Precision);
        if (Precision == Precision.Float64)
        {
            MemoryMarshal.Cast<byte, double>(bytes).CopyTo(values);
            return;
        }

        ReadOnlySpan<float> source = MemoryMarshal.Cast<byte, float>(bytes);
        for (int i = 0; i < source.Length; i++)
            values[i] = source[i];
    }

    /// <summary>Writes a row with its zeros, widened exactly to float64.</summary>
    /// <param name="row">From 0.</param>
    /// <param name="values">As many as there are columns.</param>
    public void CopyRow(int row, Span<double> values)
    {
        ReadOnlySpan<uint> columns = ColumnsOf(row);
        values[..Columns].Clear();
        Span<double> known = columns.Length <= 256 ? stackalloc double[columns.Length] : new double[columns.Length];
        CopyValues(row, known);
        for (int i = 0; i < known.Length; i++)
            values[(int)columns[i]] = known[i];
    }

    /// <summary>Some rows with their zeros, in the same precision, with their ids and weights.</summary>
    /// <param name="start">First row.</param>
    /// <param name="count">How many; count × columns values have to fit in memory.</param>
    public RowBlock ToDense(int start, int count)
    {
        ReadOnlyMemory<double> weights = Weights.IsEmpty ? default : Weights.Slice(start, count);
        var wide = new double[Columns];
        if (Precision == Precision.Float64)
        {
            var values = new double[checked(count * Columns)];
            for (int i = 0; i < count; i++)
                CopyRow(start + i, values.AsSpan(i * Columns, Columns));
            return new RowBlock(values, Columns, weights, FirstRow + start);
        }

        var singles = new float[checked(count * Columns)];
        for (int i = 0; i < count; i++)
        {
            CopyRow(start + i, wide);
            for (int j = 0; j < wide.Length; j++)
                singles[(i * Columns) + j] = (float)wide[j];
        }

        return new RowBlock(singles, Columns, weights, FirstRow + start);
    }

    private (int First, int Count) Place(int row)
    {
        ReadOnlySpan<uint> offsets = Offsets.Span;
        uint first = offsets[row];
        return ((int)(first * (uint)EntryBytesOf(Precision)), (int)(offsets[row + 1] - first));
    }
}
