using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using OrleansCluster.Numerics.Rows;

namespace OrleansCluster.Datasets;

/// <summary>Checks rows on their way in and keeps their ranges and sums, in row order.</summary>
internal sealed class RowSummarizer
{
    private readonly RowSchema _schema;
    private readonly int _columns;
    private readonly double[] _minimum;
    private readonly double[] _maximum;
    private readonly double[] _sums;
    private readonly double[] _lost;
    private readonly long[] _missing;
    private CompensatedSum _weightTotal;
    private double _weightMaximum;
    private readonly long[] _entries;
    private long _rows;

    public RowSummarizer(RowSchema schema)
    {
        _schema = schema;
        _columns = schema.Columns.Length;
        // Whole vectors.
        int room = _columns + Vector256<double>.Count - 1;
        (_minimum, _maximum, _sums, _lost, _missing) = (new double[room], new double[room], new double[room], new double[room], new long[_columns]);
        _entries = new long[schema.IsSparse ? _columns : 0];
        Array.Fill(_minimum, double.PositiveInfinity);
        Array.Fill(_maximum, double.NegativeInfinity);
    }

    public double WeightTotal => _schema.WeightColumn is null ? _rows : _weightTotal.Value;

    public double WeightMaximum => _schema.WeightColumn is null ? 1 : _weightMaximum;

    public ImmutableArray<ColumnSummary> Columns =>
        [.. Enumerable.Range(0, _columns).Select(j => _schema.IsSparse && _entries[j] < _rows
            ? new ColumnSummary(Math.Min(_minimum[j], 0), Math.Max(_maximum[j], 0), _sums[j] + _lost[j])
            : new ColumnSummary(_minimum[j], _maximum[j], _sums[j] + _lost[j], _missing[j]))];

    /// <param name="values">Whole rows, in the schema's precision.</param>
    /// <param name="weights">One a row, or empty.</param>
    /// <param name="firstRow">Position of the first row in the dataset, for messages.</param>
    public void Add(ReadOnlySpan<byte> values, ReadOnlySpan<double> weights, long firstRow)
    {
        if (_schema.IsSparse)
            AddSparse(values, firstRow);
        else if (_schema.Precision == Precision.Float32)
            Add(MemoryMarshal.Cast<byte, float>(values), firstRow);
        else
            Add(MemoryMarshal.Cast<byte, double>(values), firstRow);
        for (int i = 0; i < weights.Length; i++)
        {
            double weight = weights[i];
            if (!(weight >= 0) || !double.IsFinite(weight))
                throw new DataFormatException(Invariant($"Row {firstRow + i}, weight column '{_schema.WeightColumn}': {weight} is not a weight. Weights are ")
                    + "finite and at least 0.");
            if (RowWeights.Fault(weight) is { } fault)
                throw new DataFormatException(Invariant($"Row {firstRow + i}, weight column '{_schema.WeightColumn}': the weight {weight} {fault}"));
            _weightTotal.Add(weight);
            _weightMaximum = Math.Max(_weightMaximum, weight);
        }

        if (!_schema.IsSparse)
            _rows += values.Length / _schema.RowBytes;
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private void Add(ReadOnlySpan<float> values, long firstRow)
    {
        double[] wide = ArrayPool<double>.Shared.Rent(values.Length);
        int i = 0;
        for (; i <= values.Length - Vector256<float>.Count; i += Vector256<float>.Count)
        {
            (Vector256<double> lower, Vector256<double> upper) = Vector256.Widen(Vector256.Create(values[i..]));
            lower.CopyTo(wide, i);
            upper.CopyTo(wide, i + Vector256<double>.Count);
        }

        for (; i < values.Length; i++)
            wide[i] = values[i];
        Add(wide.AsSpan(0, values.Length), firstRow);
        ArrayPool<double>.Shared.Return(wide);
    }

    private void Add(ReadOnlySpan<double> values, long firstRow)
    {
        if (values.IsEmpty)
            return;
        if (!AreFinite(values))
        {
            AddOneByOne(values, firstRow);
            return;
        }

        // Columns beside each other are summed at once, each in the order of its rows. The last rows have not enough behind them that could be read along.
        int columns = _columns, rows = values.Length / columns, width = _minimum.Length - (_minimum.Length % Vector256<double>.Count);
        int direct = values.Length < width ? 0 : Math.Min(rows, ((values.Length - width) / columns) + 1);
        for (int column = 0; column < columns; column += Vector256<double>.Count)
            AddColumns(ref MemoryMarshal.GetReference(values), direct, column);
        var last = new double[width];
        for (int row = direct; row < rows; row++)
        {
            values.Slice(row * columns, columns).CopyTo(last);
            for (int column = 0; column < columns; column += Vector256<double>.Count)
                AddColumns(ref MemoryMarshal.GetArrayDataReference(last), 1, column);
        }
    }

    private void AddSparse(ReadOnlySpan<byte> rows, long firstRow)
    {
        double[] room = [];
        while (!rows.IsEmpty)
        {
            ReadOnlySpan<uint> columns = SparseRowBytes.Take(ref rows, _schema.Precision, ref room);
            long last = -1;
            for (int i = 0; i < columns.Length; i++)
            {
                if (columns[i] <= last || columns[i] >= _columns)
                    throw new DataFormatException(Invariant($"Row {firstRow}: the sparse row has column {columns[i]} behind {last}, of {_columns}. Columns ")
                        + "rise strictly.");
                last = columns[i];
                if (room[i] == 0)
                    throw new DataFormatException(Invariant($"Row {firstRow}, column '{_schema.Columns[(int)last]}': a sparse row has a 0. Leave it out."));
                _entries[last]++;
                Add(room[i], (int)last, 0, firstRow);
            }

            firstRow++;
            _rows++;
        }
    }

    private static bool AreFinite(ReadOnlySpan<double> values)
    {
        int i = 0;
        Vector256<double> finite = Vector256<double>.AllBitsSet;
        for (; i <= values.Length - Vector256<double>.Count; i += Vector256<double>.Count)
            finite &= Vector256.LessThanOrEqual(Vector256.Abs(Vector256.Create(values[i..])), Vector256.Create(double.MaxValue));
        bool all = Vector256.EqualsAll(finite.AsUInt64(), Vector256<ulong>.AllBitsSet);
        for (; i < values.Length; i++)
            all &= double.IsFinite(values[i]);
        return all;
    }

    /// <summary>Adds rows of the columns that fill a vector from one of them on; what is behind the last column is added to what nobody looks at.</summary>
    private void AddColumns(ref double values, int rows, int column)
    {
        ref double row = ref Unsafe.Add(ref values, column);
        Vector256<double> minimum = Vector256.Create(_minimum, column), maximum = Vector256.Create(_maximum, column);
        Vector256<double> sum = Vector256.Create(_sums, column), lost = Vector256.Create(_lost, column);
        for (int i = 0; i < rows; i++, row = ref Unsafe.Add(ref row, _columns))
        {
            Vector256<double> value = Vector256.LoadUnsafe(ref row);
            minimum = Vector256.ConditionalSelect(Vector256.LessThan(value, minimum), value, minimum);
            maximum = Vector256.ConditionalSelect(Vector256.GreaterThan(value, maximum), value, maximum);
            // As CompensatedSum.
            Vector256<double> next = sum + value, part = next - sum;
            lost += (sum - (next - part)) + (value - part);
            sum = next;
        }

        minimum.CopyTo(_minimum, column);
        maximum.CopyTo(_maximum, column);
        sum.CopyTo(_sums, column);
        lost.CopyTo(_lost, column);
    }

    private void AddOneByOne(ReadOnlySpan<double> values, long firstRow)
    {
        for (int i = 0, j = 0; i < values.Length; i++)
        {
            Add(values[i], j, i, firstRow);
            if (++j == _columns)
                j = 0;
        }
    }

    private void Add(double value, int column, int index, long firstRow)
    {
        if (double.IsNaN(value) && !_schema.Types.IsEmpty)
        {
            _missing[column]++;
            return;
        }

        if (!double.IsFinite(value))
            throw new DataFormatException(Invariant($"Row {firstRow + (index / _columns)}, column '{_schema.Columns[column]}': {value} is not a finite ")
                + "number. Remove the row or fill the value in.");
        if (value < _minimum[column])
            _minimum[column] = value;
        if (value > _maximum[column])
            _maximum[column] = value;
        CompensatedSum.Add(ref _sums[column], ref _lost[column], value);
    }
}
