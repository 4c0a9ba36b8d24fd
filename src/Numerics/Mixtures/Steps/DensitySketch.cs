using OrleansCluster.Numerics.Encoding;

namespace OrleansCluster.Numerics.Mixtures.Steps;

/// <summary>
/// Weighted counts of log-densities by value, for quantiles: mergeable in any order up to the rounding of weights. A value counts
/// in the bin of its first 13 significant bits, or of a multiple of 2^−7 when it is below 64: the upper edge that a quantile answers is
/// above the true value by less than max(2^−7, |value|·2^−12).
/// </summary>
internal sealed class DensitySketch
{
    private const double Grain = 128;
    private readonly SortedList<long, double> _bins = [];

    /// <summary>Bins in use.</summary>
    public int Count => _bins.Count;

    /// <summary>Counts one value; −∞ counts below all others.</summary>
    public void Add(double value, double weight) => AddTo(Bin(value), weight);

    public void MergeFrom(DensitySketch other)
    {
        foreach ((long bin, double weight) in other._bins)
            AddTo(bin, weight);
    }

    /// <summary>The least bin edge that at least <paramref name="share"/> of the weight does not exceed; −∞ for share 0 or no rows.</summary>
    public double Quantile(double share)
    {
        double total = 0;
        foreach (double weight in _bins.Values)
            total += weight;
        double wanted = share * total;
        double below = 0;
        if (!(wanted > 0))
            return double.NegativeInfinity;
        foreach ((long bin, double weight) in _bins)
        {
            below += weight;
            if (below >= wanted)
                return Edge(bin);
        }

        return Edge(_bins.Keys[^1]);
    }

    private void AddTo(long bin, double weight)
    {
        int at = _bins.IndexOfKey(bin);
        if (at < 0)
            _bins.Add(bin, weight);
        else
            _bins.SetValueAtIndex(at, _bins.Values[at] + weight);
    }

    /// <summary>The bin's number: monotone in the value.</summary>
    private static long Bin(double value)
    {
        if (double.IsNegativeInfinity(value))
            return long.MinValue;
        double scaled = value * Grain;
        if (Math.Abs(scaled) < 8192)
            return (long)Math.Ceiling(scaled);
        // Beyond 64 the first 13 bits of the magnitude: 4096 bins an octave, numbered on from 8192.
        long bits = BitConverter.DoubleToInt64Bits(Math.Abs(scaled));
        long octaves = (bits >> 40) - (BitConverter.DoubleToInt64Bits(8192.0) >> 40);
        // Towards +∞: a magnitude above 0 is rounded up unless it is on the edge, one below is cut off.
        if (value > 0)
            return 8192 + octaves + ((bits & ((1L << 40) - 1)) != 0 ? 1 : 0);
        return -8192 - octaves;
    }

    /// <summary>The greatest value of a bin.</summary>
    private static double Edge(long bin)
    {
        if (bin == long.MinValue)
            return double.NegativeInfinity;
        if (Math.Abs(bin) <= 8192)
            return bin / Grain;
        long bits = ((BitConverter.DoubleToInt64Bits(8192.0) >> 40) + Math.Abs(bin) - 8192) << 40;
        return Math.CopySign(BitConverter.Int64BitsToDouble(bits), bin) / Grain;
    }

    internal void Write(ByteWriter writer)
    {
        writer.Int32(_bins.Count);
        foreach ((long bin, double weight) in _bins)
        {
            writer.Int64(bin);
            writer.Double(weight);
        }
    }

    internal static DensitySketch Read(ByteReader reader)
    {
        var sketch = new DensitySketch();
        int count = reader.Length(16);
        for (int i = 0; i < count; i++)
            sketch.AddTo(reader.Int64(), reader.Double());
        return sketch;
    }
}
