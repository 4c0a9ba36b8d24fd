using System.Runtime.CompilerServices;
using OrleansCluster.Numerics.Encoding;

namespace OrleansCluster.Numerics.Monitoring;

/// <summary>
/// How often the values of one column or score fell into each bin, beside their mean and deviation. Counts of parts add up; means and squared deviations merge
/// after Chan, Golub and LeVeque (1979).
/// </summary>
public sealed class BinCounts
{
    private readonly long[] _bins;
    private double _squares;
    private double _below;
    private double _above;

    /// <param name="count">Number of bins.</param>
    public BinCounts(int count) => _bins = new long[count];

    private BinCounts(long[] bins) => _bins = bins;

    /// <summary>Values that were there.</summary>
    public long Present { get; private set; }

    /// <summary>Values that were missing.</summary>
    public long Missing { get; private set; }

    /// <summary>Values below the first bin.</summary>
    public long Below { get; private set; }

    /// <summary>Values above the last bin; categories that have none.</summary>
    public long Above { get; private set; }

    /// <summary>Mean of the values that were there.</summary>
    public double Mean { get; private set; }

    /// <summary>Standard deviation of the values that were there, over n.</summary>
    public double Deviation => Present == 0 ? 0 : Math.Sqrt(_squares / Present);

    /// <summary>Values in each bin.</summary>
    public ReadOnlySpan<long> Bins => _bins;

    /// <summary>Mean of the values below the first bin; NaN: there are none.</summary>
    public double BelowMean => _below / Below;

    /// <summary>Mean of the values above the last bin; NaN: there are none.</summary>
    public double AboveMean => _above / Above;

    /// <summary>Counts that somebody told.</summary>
    /// <param name="bins">Values in each bin.</param>
    /// <param name="above">Values that have no bin.</param>
    /// <param name="missing">Values that were missing.</param>
    /// <param name="mean">Their mean.</param>
    /// <param name="deviation">Their standard deviation, over n.</param>
    public static BinCounts Of(ReadOnlySpan<long> bins, long above, long missing, double mean, double deviation)
    {
        var counts = new BinCounts(bins.ToArray()) { Present = above, Above = above, Missing = missing, Mean = mean };
        foreach (long count in bins)
            counts.Present += count;
        counts._squares = deviation * deviation * counts.Present;
        return counts;
    }

    /// <summary>Counts a value; NaN is missing.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Add(ValueBins bins, double value)
    {
        ArgumentNullException.ThrowIfNull(bins);
        if (double.IsNaN(value))
        {
            Missing++;
            return;
        }

        Present++;
        double apart = value - Mean;
        Mean += apart / Present;
        _squares += apart * (value - Mean);
        switch (bins.Find(value))
        {
            case ValueBins.Below:
                Below++;
                _below += value;
                break;
            case ValueBins.Above:
                Above++;
                _above += value;
                break;
            case var bin:
                _bins[bin]++;
                break;
        }
    }

    /// <summary>Share of the values that were there which lie in the bin of a value or in an earlier one, 0 … 1.</summary>
    public double ShareUpTo(ValueBins bins, double value)
    {
        ArgumentNullException.ThrowIfNull(bins);
        if (Present == 0 || double.IsNaN(value))
            return double.NaN;
        int bin = bins.Find(value);
        if (bin == ValueBins.Above)
            return 1;
        long held = Below;
        for (int i = 0; i <= bin; i++)
            held += _bins[i];
        return held / (double)Present;
    }

    /// <summary>Takes in the counts of other rows, by the same bins.</summary>
    /// <exception cref="InvalidDataException">They have other bins.</exception>
    public void MergeFrom(BinCounts other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (other._bins.Length != _bins.Length)
            throw new InvalidDataException("Counts by different bins do not merge.");
        long present = Present + other.Present;
        if (present > 0)
        {
            double apart = other.Mean - Mean, share = (double)other.Present / present;
            Mean += apart * share;
            _squares += other._squares + (apart * apart * Present * share);
        }

        Present = present;
        (Missing, Below, Above) = (Missing + other.Missing, Below + other.Below, Above + other.Above);
        (_below, _above) = (_below + other._below, _above + other._above);
        for (int i = 0; i < _bins.Length; i++)
            _bins[i] += other._bins[i];
    }

    internal void Write(ByteWriter writer)
    {
        writer.Shorts(_bins);
        foreach (long count in (ReadOnlySpan<long>)[Present, Missing, Below, Above])
            writer.Short(count);
        foreach (double moment in (ReadOnlySpan<double>)[Mean, _squares, _below, _above])
            writer.Double(moment);
    }

    internal static BinCounts Read(ByteReader reader) => new(reader.Shorts())
    {
        Present = reader.Short(),
        Missing = reader.Short(),
        Below = reader.Short(),
        Above = reader.Short(),
        Mean = reader.Double(),
        _squares = reader.Double(),
        _below = reader.Double(),
        _above = reader.Double(),
    };

    /// <summary>Reads what builds wrote that knew whole numbers of 8 bytes alone.</summary>
    internal static BinCounts ReadFirst(ByteReader reader) => new(reader.Int64s(reader.Length(sizeof(long))))
    {
        Present = reader.Int64(),
        Missing = reader.Int64(),
        Below = reader.Int64(),
        Above = reader.Int64(),
        Mean = reader.Double(),
        _squares = reader.Double(),
        _below = reader.Double(),
        _above = reader.Double(),
    };
}
