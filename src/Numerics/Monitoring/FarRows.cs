using OrleansCluster.Numerics.Encoding;
using OrleansCluster.Numerics.Randomness;

namespace OrleansCluster.Numerics.Monitoring;

/// <summary>Rows that are far from every cluster: how many, and a bounded sample of them, as the model sees them.</summary>
public sealed class FarRows
{
    /// <summary>Most rows in the sample.</summary>
    public const int Most = 128;

    /// <summary>By their keys, least first: those that are kept are the least ones, whatever order rows come in.</summary>
    private readonly List<(ulong Key, double Distance, float[] Row)> _sample = [];

    /// <summary>Rows that were far.</summary>
    public long Count { get; private set; }

    /// <summary>Some of them, and how far each is from the centre of its cluster.</summary>
    public IReadOnlyList<(double Distance, float[] Row)> Sample => [.. _sample.Select(one => (one.Distance, one.Row))];

    /// <summary>A number of rows of which nobody kept any.</summary>
    public static FarRows Of(long count) => new() { Count = count };

    /// <summary>Takes a row in.</summary>
    /// <param name="row">As the model sees it.</param>
    /// <param name="distance">How far it is from the centre of its cluster.</param>
    public void Add(ReadOnlySpan<double> row, double distance)
    {
        ulong key = Key(row, Count++);
        if (_sample.Count == Most && key >= _sample[^1].Key)
            return;
        var kept = new float[row.Length];
        for (int j = 0; j < kept.Length; j++)
            kept[j] = (float)row[j];
        Keep(key, distance, kept);
    }

    /// <summary>Counts a row that is not kept.</summary>
    public void Pass() => Count++;

    /// <summary>Takes in the far rows among others.</summary>
    public void MergeFrom(FarRows other)
    {
        ArgumentNullException.ThrowIfNull(other);
        Count += other.Count;
        foreach ((ulong key, double distance, float[] row) in other._sample)
            Keep(key, distance, row);
    }

    private void Keep(ulong key, double distance, float[] row)
    {
        int at = _sample.FindIndex(kept => kept.Key > key);
        _sample.Insert(at < 0 ? _sample.Count : at, (key, distance, row));
        if (_sample.Count > Most)
            _sample.RemoveAt(Most);
    }

    /// <summary>Random, but the same for the same row at the same place: rows that are equal do not push each other out.</summary>
    private static ulong Key(ReadOnlySpan<double> row, long place)
    {
        (uint a, uint b) = ((uint)place, (uint)(place >> 32));
        foreach (double value in row)
        {
            ulong bits = BitConverter.DoubleToUInt64Bits(value);
            (a, b, _, _) = Philox.Block(a, b, (uint)bits, (uint)(bits >> 32), 0x6D6F6E69, 0x746F7200);
        }

        return ((ulong)a << 32) | b;
    }

    internal void Write(ByteWriter writer)
    {
        writer.Int64(Count);
        writer.Int32(_sample.Count);
        foreach ((ulong key, double distance, float[] row) in _sample)
        {
            writer.Int64((long)key);
            writer.Double(distance);
            writer.Int32(row.Length);
            foreach (float value in row)
                writer.Int32(BitConverter.SingleToInt32Bits(value));
        }
    }

    internal static FarRows Read(ByteReader reader)
    {
        var rows = new FarRows { Count = reader.Int64() };
        for (int left = reader.Length(20); left > 0; left--)
        {
            (ulong key, double distance) = ((ulong)reader.Int64(), reader.Double());
            var row = new float[reader.Length(sizeof(float))];
            for (int j = 0; j < row.Length; j++)
                row[j] = BitConverter.Int32BitsToSingle(reader.Int32());
            rows.Keep(key, distance, row);
        }

        return rows;
    }
}
