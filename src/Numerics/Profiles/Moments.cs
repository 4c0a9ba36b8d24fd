using System.Runtime.Intrinsics;
using OrleansCluster.Numerics.Encoding;

namespace OrleansCluster.Numerics.Profiles;

/// <summary>
/// Mean, deviation and skewness of the values of rows in groups, each of which has the same columns. One row after the other, and merged, by the updates of
/// Pébay (Sandia report SAND2008-6212, 2008); always left before right, so that one fixed tree gives one result.
/// </summary>
public sealed class Moments
{
    private readonly long[] _rows;
    private readonly double[] _means;
    private readonly double[] _squares;
    private readonly double[] _cubes;

    /// <param name="groups">Number of groups; 0: nothing is kept.</param>
    /// <param name="columns">Values of a row.</param>
    public Moments(int groups, int columns)
        : this(columns, new long[groups], new double[groups * columns], new double[groups * columns], new double[groups * columns])
    {
    }

    private Moments(int columns, long[] rows, double[] means, double[] squares, double[] cubes) =>
        (Columns, _rows, _means, _squares, _cubes) = (columns, rows, means, squares, cubes);

    /// <summary>Number of groups.</summary>
    public int Groups => _rows.Length;

    /// <summary>Values of a row.</summary>
    public int Columns { get; }

    /// <summary>Rows of a group.</summary>
    public long Rows(int group) => _rows[group];

    /// <summary>Mean of a column in a group; 0 where it has no rows.</summary>
    public double Mean(int group, int column = 0) => _means[(group * Columns) + column];

    /// <summary>Standard deviation over n; 0 where it has no rows.</summary>
    public double Deviation(int group, int column = 0) => _rows[group] == 0 ? 0 : Math.Sqrt(_squares[(group * Columns) + column] / _rows[group]);

    /// <summary>Third standardised moment over n; 0 where nothing differs.</summary>
    public double Skew(int group, int column = 0)
    {
        double deviation = Deviation(group, column);
        double cube = deviation * deviation * deviation;
        return cube > 0 ? _cubes[(group * Columns) + column] / _rows[group] / cube : 0;
    }

    /// <summary>Takes a row in.</summary>
    /// <param name="group">Its group.</param>
    /// <param name="values">Its values, all finite.</param>
    public void Take(int group, ReadOnlySpan<double> values)
    {
        double rows = ++_rows[group], share = 1 / rows;
        int at = group * Columns, end = at + values.Length, whole = end - (values.Length % Vector256<double>.Count);
        Span<double> means = _means, squares = _squares, cubes = _cubes;
        Vector256<double> shares = Vector256.Create(share), before = Vector256.Create(rows - 1), earlier = Vector256.Create(rows - 2);
        // Columns beside each other at once: each exactly as alone.
        for (; at < whole; at += Vector256<double>.Count, values = values[Vector256<double>.Count..])
        {
            Vector256<double> mean = Vector256.Create<double>(means[at..]), square = Vector256.Create<double>(squares[at..]);
            Vector256<double> apart = Vector256.Create(values) - mean, step = apart * shares, term = apart * step * before;
            (mean + step).CopyTo(means[at..]);
            (Vector256.Create<double>(cubes[at..]) + ((term * step * earlier) - (Vector256.Create(3.0) * step * square))).CopyTo(cubes[at..]);
            (square + term).CopyTo(squares[at..]);
        }

        for (; at < end; at++, values = values[1..])
        {
            double apart = values[0] - means[at], step = apart * share, term = apart * step * (rows - 1);
            means[at] += step;
            cubes[at] += (term * step * (rows - 2)) - (3 * step * squares[at]);
            squares[at] += term;
        }
    }

    /// <summary>Takes in the rows that follow.</summary>
    /// <exception cref="InvalidDataException">They are in other groups or columns.</exception>
    public void MergeFrom(Moments following)
    {
        ArgumentNullException.ThrowIfNull(following);
        if (following.Groups != Groups || following.Columns != Columns)
            throw new InvalidDataException("Moments of other groups do not merge.");
        for (int group = 0; group < Groups; group++)
        {
            double left = _rows[group], right = following._rows[group], rows = left + right;
            if (right == 0)
                continue;
            _rows[group] += following._rows[group];
            for (int at = group * Columns; at < (group + 1) * Columns; at++)
            {
                double apart = following._means[at] - _means[at], step = apart / rows, term = apart * step * left * right;
                _cubes[at] += following._cubes[at] + (term * step * (left - right)) + (3 * step * ((left * following._squares[at]) - (right * _squares[at])));
                _squares[at] += following._squares[at] + term;
                _means[at] += step * right;
            }
        }
    }

    internal void Write(ByteWriter writer)
    {
        writer.Int32(Columns);
        writer.Int32(Groups);
        writer.Int64s(_rows);
        foreach (double[] moments in (ReadOnlySpan<double[]>)[_means, _squares, _cubes])
            writer.Doubles(moments);
    }

    internal static Moments Read(ByteReader reader)
    {
        int columns = reader.Int32();
        long[] rows = reader.Int64s(reader.Length(sizeof(long)));
        (double[] means, double[] squares, double[] cubes) = (reader.Doubles(), reader.Doubles(), reader.Doubles());
        long values = (long)rows.Length * columns;
        return columns >= 0 && means.Length == values && squares.Length == values && cubes.Length == values
            ? new Moments(columns, rows, means, squares, cubes)
            : throw new InvalidDataException("The moments are damaged: their lengths do not agree.");
    }
}
