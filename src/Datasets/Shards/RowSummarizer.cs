using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using OrleansCluster.Numerics.Rows;

namespace OrleansCluster.Datasets;

/// <summary>Checks rows on their way in and keeps their ranges and sums, in row order.</summary>
internal sealed class RowSummarizer
{
    private readonly RowSchema _schema;
    private readonly double[] _minimum;
    private readonly double[] _maximum;
    private readonly CompensatedSum[] _sums;
    private readonly long[] _missing;
    private CompensatedSum _weightTotal;
    private double _weightMaximum;
    private long _rows;

    public RowSummarizer(RowSchema schema)
    {
        _schema = schema;
        int columns = schema.Columns.Length;
        (_minimum, _maximum, _sums, _missing) = (new double[columns], new double[columns], new CompensatedSum[columns], new long[columns]);
        Array.Fill(_minimum, double.PositiveInfinity);
        Array.Fill(_maximum, double.NegativeInfinity);
    }

    public double WeightTotal => _schema.WeightColumn is null ? _rows : _weightTotal.Value;

    public double WeightMaximum => _schema.WeightColumn is null ? 1 : _weightMaximum;

    public ImmutableArray<ColumnSummary> Columns =>
        [.. Enumerable.Range(0, _sums.Length).Select(j => new ColumnSummary(_minimum[j], _maximum[j], _sums[j].Value, _missing[j]))];

    /// <param name="values">Whole rows, in the schema's precision.</param>
    /// <param name="weights">One a row, or empty.</param>
    /// <param name="firstRow">Position of the first row in the dataset, for messages.</param>
    public void Add(ReadOnlySpan<byte> values, ReadOnlySpan<double> weights, long firstRow)
    {
        if (_schema.Precision == Precision.Float32)
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

        _rows += values.Length / _schema.RowBytes;
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private void Add(ReadOnlySpan<float> values, long firstRow)
    {
        for (int i = 0, j = 0; i < values.Length; i++)
        {
            Add(values[i], j, i, firstRow);
            if (++j == _sums.Length)
                j = 0;
        }
    }

    private void Add(ReadOnlySpan<double> values, long firstRow)
    {
        for (int i = 0, j = 0; i < values.Length; i++)
        {
            Add(values[i], j, i, firstRow);
            if (++j == _sums.Length)
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
            throw new DataFormatException(Invariant($"Row {firstRow + (index / _sums.Length)}, column '{_schema.Columns[column]}': {value} is not a finite ")
                + "number. Remove the row or fill the value in.");
        if (value < _minimum[column])
            _minimum[column] = value;
        if (value > _maximum[column])
            _maximum[column] = value;
        _sums[column].Add(value);
    }
}
