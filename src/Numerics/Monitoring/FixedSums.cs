using OrleansCluster.Numerics.Encoding;

namespace OrleansCluster.Numerics.Monitoring;

/// <summary>
/// Sums of the values of rows in groups, in whole steps of 2⁻¹⁶: exact, so that parts merge to the same bits in any grouping and order. Values beyond ±2¹⁴
/// count as these. Empty until something is taken in, which says how many groups and columns there are.
/// </summary>
public sealed class FixedSums
{
    private const double Steps = 1 << 16, Most = 1 << 14;

    private long[] _rows = [];
    private long[] _sums = [];

    /// <summary>Number of groups; 0: it is empty.</summary>
    public int Groups => _rows.Length;

    /// <summary>Rows of a group; 0 where it is empty.</summary>
    public long Rows(int group) => Groups == 0 ? 0 : _rows[group];

    /// <summary>Mean of a column in a group; NaN where it has no rows.</summary>
    public double Mean(int group, int column = 0) =>
        Rows(group) == 0 ? double.NaN : _sums[(group * (_sums.Length / Groups)) + column] / Steps / _rows[group];

    /// <summary>Takes a row in.</summary>
    /// <param name="group">Its group.</param>
    /// <param name="groups">How many there are.</param>
    /// <param name="values">Its values, not NaN.</param>
    public void Take(int group, int groups, ReadOnlySpan<double> values)
    {
        if (Groups == 0)
            (_rows, _sums) = (new long[groups], new long[groups * values.Length]);
        _rows[group]++;
        int at = group * values.Length;
        foreach (double value in values)
            _sums[at++] += (long)Math.Round(Math.Clamp(value, -Most, Most) * Steps);
    }

    /// <summary>Takes in the sums of other rows.</summary>
    /// <exception cref="InvalidDataException">They are of other groups or columns.</exception>
    public void MergeFrom(FixedSums other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (other.Groups == 0)
            return;
        if (Groups == 0)
            (_rows, _sums) = (new long[other._rows.Length], new long[other._sums.Length]);
        if (other._rows.Length != _rows.Length || other._sums.Length != _sums.Length)
            throw new InvalidDataException("Sums of other groups do not merge.");
        for (int i = 0; i < _rows.Length; i++)
            _rows[i] += other._rows[i];
        for (int i = 0; i < _sums.Length; i++)
            _sums[i] += other._sums[i];
    }

    internal void Write(ByteWriter writer)
    {
        writer.Shorts(_rows);
        writer.Shorts(_sums);
    }

    internal static FixedSums Read(ByteReader reader)
    {
        var read = new FixedSums { _rows = reader.Shorts(), _sums = reader.Shorts() };
        bool agree = read.Groups == 0 ? read._sums.Length == 0 : read._sums.Length % read.Groups == 0;
        return agree ? read : throw new InvalidDataException("The sums are damaged: their lengths do not agree.");
    }
}
