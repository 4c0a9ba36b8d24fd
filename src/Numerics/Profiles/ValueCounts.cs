using System.Collections.Immutable;
using System.Runtime.InteropServices;
using OrleansCluster.Numerics.Encoding;

namespace OrleansCluster.Numerics.Profiles;

/// <summary>
/// Counts of values whose range nobody knows before: a value counts in the bin of its sign and first 6 significant bits, 32 bins an octave, so that a bin is at
/// most 1/32 of its values wide. The bins follow from the values alone: counts are the same in whatever order rows and shards are taken.
/// </summary>
internal sealed class ValueCounts
{
    /// <summary>Bits of a double below those that a bin is named by: 52 bits of fraction without the first 5.</summary>
    private const int Cut = 47;

    private readonly Dictionary<long, long> _bins = [];

    /// <summary>The bins that hold values, ascending, each with the greatest value it can hold.</summary>
    public ImmutableArray<(double Edge, long Count)> Bins => [.. _bins.OrderBy(bin => bin.Key).Select(bin => (Edge(bin.Key), bin.Value))];

    public void Add(double value) => Add(Bin(value), 1);

    public void MergeFrom(ValueCounts other)
    {
        foreach ((long bin, long count) in other._bins)
            Add(bin, count);
    }

    private void Add(long bin, long count) => CollectionsMarshal.GetValueRefOrAddDefault(_bins, bin, out _) += count;

    /// <summary>The bin's number: monotone in the value, 0 for zero.</summary>
    private static long Bin(double value)
    {
        if (value == 0)
            return 0;
        long magnitude = (BitConverter.DoubleToInt64Bits(Math.Abs(value)) >> Cut) + 1;
        return value > 0 ? magnitude : -magnitude;
    }

    /// <summary>The greatest value of a bin.</summary>
    private static double Edge(long bin)
    {
        if (bin == 0)
            return 0;
        // Of negative values the greatest is that of least magnitude.
        if (bin < 0)
            return -BitConverter.Int64BitsToDouble((-bin - 1) << Cut);
        double edge = BitConverter.Int64BitsToDouble((bin << Cut) - 1);
        return double.IsNaN(edge) ? double.PositiveInfinity : edge;
    }

    public void Write(ByteWriter writer)
    {
        writer.Int32(_bins.Count);
        foreach ((long bin, long count) in _bins.OrderBy(bin => bin.Key))
        {
            writer.Int64(bin);
            writer.Int64(count);
        }
    }

    public static ValueCounts Read(ByteReader reader)
    {
        var counts = new ValueCounts();
        for (int left = reader.Length(16); left > 0; left--)
            counts.Add(reader.Int64(), reader.Int64());
        return counts;
    }
}
