using OrleansCluster.Numerics.Encoding;
using OrleansCluster.Numerics.Rows;
using OrleansCluster.Numerics.Statistics;

namespace OrleansCluster.Numerics.Profiles;

/// <summary>
/// How much the values of each column of sparse rows vary, zeros among them: sums and sums of squares, row after row, merged always left before right, so that
/// one fixed tree gives one result. Good to rank columns by, not to report.
/// </summary>
public sealed class ColumnSpreads : Statistic, IStatistic<ColumnSpreads>
{
    private readonly double[] _sums;
    private readonly double[] _squares;

    private ColumnSpreads(double[] sums, double[] squares) => (_sums, _squares) = (sums, squares);

    public static byte Kind => 7;

    /// <summary>Rows taken in.</summary>
    public long Rows { get; private set; }

    protected override byte Tag => Kind;

    /// <summary>Of the rows of a shard, at a cost of their entries.</summary>
    public static ColumnSpreads Of(SparseBlock rows, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var spreads = new ColumnSpreads(new double[rows.Columns], new double[rows.Columns]) { Rows = rows.Rows };
        var values = new double[rows.LongestRow];
        for (int row = 0; row < rows.Rows; row++)
        {
            cancellation.ThrowIfCancellationRequested();
            ReadOnlySpan<uint> columns = rows.ColumnsOf(row);
            rows.CopyValues(row, values);
            for (int i = 0; i < columns.Length; i++)
            {
                spreads._sums[columns[i]] += values[i];
                spreads._squares[columns[i]] += values[i] * values[i];
            }
        }

        return spreads;
    }

    /// <summary>The columns of greatest variance; of equal ones those that come first.</summary>
    /// <param name="count">How many, at most.</param>
    /// <returns>Their places, ascending.</returns>
    public int[] Widest(int count) =>
        [.. Enumerable.Range(0, _sums.Length).OrderByDescending(Variance).ThenBy(column => column).Take(count).Order()];

    public override void MergeFrom(Statistic following)
    {
        ColumnSpreads other = following.As<ColumnSpreads>();
        if (other._sums.Length != _sums.Length)
            throw new InvalidDataException("Spreads of other columns do not merge.");
        Rows += other.Rows;
        for (int j = 0; j < _sums.Length; j++)
        {
            _sums[j] += other._sums[j];
            _squares[j] += other._squares[j];
        }
    }

    /// <summary>Times the number of rows; what is beyond float64 comes first.</summary>
    private double Variance(int column)
    {
        double variance = _squares[column] - (_sums[column] / Rows * _sums[column]);
        return double.IsNaN(variance) ? double.PositiveInfinity : variance;
    }

    protected override void Write(ByteWriter writer)
    {
        writer.Int64(Rows);
        writer.Doubles(_sums);
        writer.Doubles(_squares);
    }

    public static ColumnSpreads Read(ByteReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        long rows = reader.Int64();
        (double[] sums, double[] squares) = (reader.Doubles(), reader.Doubles());
        return sums.Length == squares.Length ? new ColumnSpreads(sums, squares) { Rows = rows }
            : throw new InvalidDataException("The spreads are damaged: their lengths do not agree.");
    }
}
