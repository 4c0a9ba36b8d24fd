using System.Runtime.InteropServices;
using OrleansCluster.Numerics;

namespace OrleansCluster.Datasets;

/// <summary>A batch being filled by a reader.</summary>
internal sealed class BatchBuilder
{
    private const int MaximumRows = 8192, MaximumBytes = 2 << 20;

    private readonly RowSchema _schema;
    private readonly long _firstRow;
    private readonly byte[] _values;
    private readonly double[] _weights;
    private readonly string[] _ids;

    public BatchBuilder(RowSchema schema, long firstRow, int capacity)
    {
        (_schema, _firstRow) = (schema, firstRow);
        _values = GC.AllocateUninitializedArray<byte>(capacity * schema.RowBytes);
        _weights = schema.WeightColumn is null ? [] : new double[capacity];
        _ids = schema.IdColumn is null ? [] : new string[capacity];
    }

    public static int RowsFor(RowSchema schema) => Math.Clamp(MaximumBytes / schema.RowBytes, 1, MaximumRows);

    public int Rows { get; set; }

    public long Position => _firstRow + Rows;

    public Span<byte> Values => _values;

    public Span<float> Float32Row => MemoryMarshal.Cast<byte, float>(Row);

    public Span<double> Float64Row => MemoryMarshal.Cast<byte, double>(Row);

    private Span<byte> Row => _values.AsSpan(Rows * _schema.RowBytes, _schema.RowBytes);

    public void SetWeight(double weight) => _weights[Rows] = weight;

    public void SetId(string id) => _ids[Rows] = id;

    /// <summary>Stores a value of the current row.</summary>
    /// <returns>False when it is beyond the precision.</returns>
    public bool TrySetValue(int column, double value)
    {
        if (_schema.Precision == Precision.Float64)
        {
            Float64Row[column] = value;
            return true;
        }

        float narrow = (float)value;
        Float32Row[column] = narrow;
        return float.IsFinite(narrow);
    }

    public RowBatch ToBatch() => new()
    {
        FirstRow = _firstRow,
        Rows = Rows,
        Columns = _schema.Columns.Length,
        Precision = _schema.Precision,
        Values = _values.AsMemory(0, Rows * _schema.RowBytes),
        Weights = _weights.AsMemory(0, _schema.WeightColumn is null ? 0 : Rows),
        Ids = ImmutableCollectionsMarshal.AsImmutableArray(Rows == _ids.Length || _ids.Length == 0 ? _ids : _ids[..Rows]),
    };
}
