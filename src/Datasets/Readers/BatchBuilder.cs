using System.Runtime.InteropServices;
using OrleansCluster.Numerics.Rows;

namespace OrleansCluster.Datasets;

/// <summary>A batch being filled by a reader.</summary>
internal sealed class BatchBuilder
{
    private const int MaximumRows = 8192, MaximumBytes = 2 << 20;

    private readonly ColumnSelection _selection;
    private readonly Precision _precision;
    private readonly int _rowBytes;
    private readonly long _firstRow;
    private readonly BorrowedBytes _borrowed;
    private readonly byte[] _values;
    private readonly int _bytes;
    private readonly double[] _weights;
    private readonly string[] _ids;
    private readonly string[] _labels;
    private readonly long[] _lines;

    /// <param name="selection">What rows hold.</param>
    /// <param name="precision">How values are stored.</param>
    /// <param name="firstRow">Position of the first row.</param>
    /// <param name="capacity">Most rows.</param>
    /// <param name="hasLines">Whether rows stand on lines.</param>
    public BatchBuilder(ColumnSelection selection, Precision precision, long firstRow, int capacity, bool hasLines)
        : this(selection, precision, firstRow, capacity, hasLines, selection.Values.Length * (int)precision)
    {
    }

    private BatchBuilder(ColumnSelection selection, Precision precision, long firstRow, int capacity, bool hasLines, int rowBytes)
    {
        (_selection, _precision, _firstRow, _rowBytes) = (selection, precision, firstRow, rowBytes);
        _bytes = capacity * _rowBytes;
        _borrowed = new BorrowedBytes(_bytes);
        _values = _borrowed.Bytes;
        _weights = selection.Weight < 0 ? [] : new double[capacity];
        _ids = selection.Id < 0 ? [] : new string[capacity];
        _labels = selection.Label < 0 ? [] : new string[capacity];
        _lines = hasLines ? new long[capacity] : [];
    }

    /// <summary>A batch of rows whose values are kept elsewhere.</summary>
    public static BatchBuilder OfSparse(ColumnSelection selection, Precision precision, long firstRow, int capacity, bool hasLines) =>
        new(selection, precision, firstRow, capacity, hasLines, rowBytes: 0);

    public static int RowsFor(ColumnSelection selection, Precision precision) =>
        Math.Clamp(MaximumBytes / Math.Max(selection.Values.Length * (int)precision, 1), 1, MaximumRows);

    public int Rows { get; set; }

    public long Position => _firstRow + Rows;

    public Span<byte> Values => _values.AsSpan(0, _bytes);

    /// <summary>Bytes of the values of a row.</summary>
    public int RowBytes => _rowBytes;

    private Span<byte> Row => _values.AsSpan(Rows * _rowBytes, _rowBytes);

    public void SetWeight(double weight) => _weights[Rows] = weight;

    public void SetId(string id) => _ids[Rows] = id;

    public void SetLabel(string label) => _labels[Rows] = label;

    public void SetLine(long line) => _lines[Rows] = line;

    /// <summary>Stores a value of the current row.</summary>
    /// <returns>False when it is beyond the precision.</returns>
    public bool TrySetValue(int column, double value)
    {
        if (_precision == Precision.Float64)
        {
            MemoryMarshal.Cast<byte, double>(Row)[column] = value;
            return true;
        }

        float narrow = (float)value;
        MemoryMarshal.Cast<byte, float>(Row)[column] = narrow;
        return float.IsFinite(narrow);
    }

    /// <summary>Stores that a value of the current row is missing.</summary>
    public void SetMissing(int column) => TrySetValue(column, double.NaN);

    public RowBatch ToBatch() => new()
    {
        FirstRow = _firstRow,
        Rows = Rows,
        Columns = _selection.Values.Length,
        Precision = _precision,
        Values = _values.AsMemory(0, Rows * _rowBytes),
        Borrowed = _borrowed,
        Weights = Filled(_weights),
        Ids = ImmutableCollectionsMarshal.AsImmutableArray(Filled(_ids)),
        Labels = ImmutableCollectionsMarshal.AsImmutableArray(Filled(_labels)),
        Lines = Filled(_lines),
    };

    private T[] Filled<T>(T[] all) => Rows == all.Length || all.Length == 0 ? all : all[..Rows];
}
