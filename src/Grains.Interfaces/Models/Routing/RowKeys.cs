using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;

namespace OrleansCluster.Models.Routing;

/// <summary>The keys by which a route spreads rows: 64 bits, the same everywhere and for ever, so that a row meets the same version again.</summary>
public static class RowKeys
{
    /// <summary>The key of a row with this id.</summary>
    public static ulong Of(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        return Of(Encoding.UTF8.GetBytes(id));
    }

    /// <summary>The keys of rows with these ids, as a message carries them: 8 bytes a row, little-endian.</summary>
    public static ReadOnlyMemory<byte> Of(ImmutableArray<string> ids)
    {
        var keys = new byte[ids.Length * sizeof(ulong)];
        for (int i = 0; i < ids.Length; i++)
            BinaryPrimitives.WriteUInt64LittleEndian(keys.AsSpan(i * sizeof(ulong)), Of(ids[i]));
        return keys;
    }

    /// <summary>The key of these bytes.</summary>
    public static ulong Of(ReadOnlySpan<byte> bytes)
    {
        ulong key = Mix((ulong)bytes.Length);
        while (bytes.Length >= sizeof(ulong))
        {
            key = Mix(key ^ BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[sizeof(ulong)..];
        }

        if (bytes.IsEmpty)
            return key;
        Span<byte> last = stackalloc byte[sizeof(ulong)];
        last.Clear();
        bytes.CopyTo(last);
        return Mix(key ^ BinaryPrimitives.ReadUInt64LittleEndian(last));
    }

    /// <summary>The key of a row's values: the same for float32 and float64 of the same numbers.</summary>
    public static ulong Of(ReadOnlySpan<double> values)
    {
        ulong key = Mix((ulong)values.Length);
        foreach (double value in values)
            key = Mix(key ^ BitConverter.DoubleToUInt64Bits(value == 0 ? 0 : value));
        return key;
    }

    /// <summary>The slot of a key, 0 … <see cref="ModelRoute.Whole"/> − 1.</summary>
    /// <param name="salt">Of the model (<see cref="Of(string)"/> of its grain key): a key's slots in two models have nothing to do with each other.</param>
    /// <param name="key">Key of the row.</param>
    public static int Slot(ulong salt, ulong key) => (int)Math.BigMul(Mix(key ^ Mix(salt)), ModelRoute.Whole, out _);

    /// <summary>A bijection in which every bit of the result depends on every bit given (the finalizer of SplitMix64: Steele, Lea, Flood 2014).</summary>
    private static ulong Mix(ulong value)
    {
        value += 0x9E3779B97F4A7C15;
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
