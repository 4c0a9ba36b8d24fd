using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using OrleansCluster.Numerics.Encoding;
using OrleansCluster.Numerics.Parallelism;

namespace OrleansCluster.Numerics.Statistics;

/// <summary>A list of integer sums, the same in whatever order rows and shards are added. What each one counts is the step's affair.</summary>
internal sealed class ExactTotals : Statistic, IStatistic<ExactTotals>
{
    /// <summary>What every encoding of 64-bit sums begins with: up to their number.</summary>
    private static readonly byte[] NarrowKind = new ExactTotals(Array.Empty<long>()).Encode().ToArray()[..^sizeof(int)];

    // One of the two. A shard's sums fit in 64 bits, and so do many merged ones: half the memory and message, and eight additions an instruction.
    private long[]? _narrow;
    private Int128[]? _wide;

    /// <param name="values">The sums; kept, not copied.</param>
    public ExactTotals(Int128[] values) => _wide = values;

    /// <param name="values">The sums; kept, not copied.</param>
    public ExactTotals(long[] values) => _narrow = values;

    private static int NarrowHead => NarrowKind.Length + sizeof(int);

    public int Length => _narrow?.Length ?? _wide!.Length;

    /// <summary>The sums; whoever changes them changes this object.</summary>
    public Int128[] Values
    {
        get
        {
            if (_wide is null)
                (_wide, _narrow) = (Widen(_narrow!), null);
            return _wide;
        }
    }

    /// <summary>The sums while none was changed or left 64 bits; null otherwise.</summary>
    public long[]? Narrow => _narrow;

    public Int128 this[int index] => _narrow is { } values ? values[index] : _wide![index];

    public static byte Kind => 2;

    protected override byte Tag => Kind;

    public override void MergeFrom(Statistic following)
    {
        var other = (ExactTotals)following;
        if (other.Length != Length)
            throw new InvalidDataException($"{other.Length} sums do not add to {Length}.");
        if (_narrow is not null && other._narrow is not null && TryAdd(_narrow, other._narrow))
            return;
        Int128[] own = Values;
        for (int i = 0; i < own.Length; i++)
            own[i] = checked(own[i] + (other._narrow is { } values ? values[i] : other._wide![i]));
    }

    protected override void Write(ByteWriter writer)
    {
        long[]? values = _narrow ?? Narrowed(_wide!);
        writer.Boolean(values is not null);
        writer.Int32(Length);
        if (values is not null)
        {
            writer.Int64s(values);
            return;
        }

        foreach (Int128 value in _wide!)
            writer.Int128(value);
    }

    public static ExactTotals Read(ByteReader reader)
    {
        bool narrow = reader.Boolean();
        int length = reader.Length(narrow ? 8 : 16);
        if (narrow)
            return new ExactTotals(reader.Int64s(length, reader.Room));
        var values = new Int128[length];
        for (int i = 0; i < values.Length; i++)
            values[i] = reader.Int128();
        return new ExactTotals(values);
    }

    /// <summary>
    /// The encoding of a sum of lists, from their encodings and without decoding them; null when one is no list of 64-bit sums, the lists differ in length or
    /// a sum on the way leaves 64 bits: then only merging says what comes of it.
    /// </summary>
    /// <param name="encoded">At least one.</param>
    /// <param name="parallel">Where parts of the lists run.</param>
    public static PooledBytes? TryMerge(IReadOnlyList<ReadOnlyMemory<byte>> encoded, IParallel parallel)
    {
        ReadOnlyMemory<byte> first = encoded[0];
        if (!BitConverter.IsLittleEndian || !IsNarrow(first.Span))
            return null;
        for (int i = 1; i < encoded.Count; i++)
        {
            if (encoded[i].Length != first.Length || !encoded[i].Span[..NarrowHead].SequenceEqual(first.Span[..NarrowHead]))
                return null;
        }

        var merged = PooledBytes.Rent(first.Length, out Memory<byte> sums);
        first.Span[..NarrowHead].CopyTo(sums.Span);
        // The part of a list that is summed at a time stays near, and is worth waking a worker.
        const int Part = 8 * 8192;
        int length = first.Length - NarrowHead;
        long overflows = 0;
        parallel.For((length + Part - 1) / Part, part =>
        {
            int start = NarrowHead + (part * Part);
            int bytes = Math.Min(Part, first.Length - start);
            Span<long> target = MemoryMarshal.Cast<byte, long>(sums.Span.Slice(start, bytes));
            first.Span.Slice(start, bytes).CopyTo(sums.Span[start..]);
            long overflow = 0;
            for (int i = 1; i < encoded.Count; i++)
                overflow |= Add(target, MemoryMarshal.Cast<byte, long>(encoded[i].Span.Slice(start, bytes)), sign: 1);
            if (overflow < 0)
                Volatile.Write(ref overflows, 1);
        });
        if (overflows == 0)
            return merged;
        merged.Dispose();
        return null;
    }

    /// <summary>Whether the bytes are a whole encoding of 64-bit sums.</summary>
    private static bool IsNarrow(ReadOnlySpan<byte> encoded)
        => encoded.Length >= NarrowHead
            && encoded.StartsWith(NarrowKind)
            && BinaryPrimitives.ReadInt32LittleEndian(encoded[NarrowKind.Length..]) * 8L == encoded.Length - NarrowHead;

    /// <summary>target += source; leaves the target as it was and answers false when a sum does not fit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool TryAdd(Span<long> target, ReadOnlySpan<long> source)
    {
        long overflow = Add(target, source, sign: 1);
        if (overflow >= 0)
            return true;
        // What wrapped around unwraps.
        Add(target, source, sign: -1);
        return false;
    }

    /// <summary>target += sign · source, wrapping around; negative when a sum did.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static long Add(Span<long> target, ReadOnlySpan<long> source, long sign)
    {
        int i = 0;
        Vector<long> overflows = Vector<long>.Zero;
        for (; i <= target.Length - Vector<long>.Count; i += Vector<long>.Count)
        {
            Vector<long> a = new(target[i..]), b = new(source[i..]);
            Vector<long> sum = sign > 0 ? a + b : a - b;
            // Two numbers of one sign whose sum has the other.
            overflows |= (a ^ sum) & (b ^ sum);
            sum.CopyTo(target[i..]);
        }

        long overflow = Vector.LessThanAny(overflows, Vector<long>.Zero) ? -1 : 0;
        for (; i < target.Length; i++)
        {
            long sum = unchecked(target[i] + (sign * source[i]));
            overflow |= (target[i] ^ sum) & (source[i] ^ sum);
            target[i] = sum;
        }

        return overflow;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Int128[] Widen(long[] values)
    {
        var wide = new Int128[values.Length];
        for (int i = 0; i < wide.Length; i++)
            wide[i] = values[i];
        return wide;
    }

    /// <summary>The same sums in 64 bits; null when one does not fit.</summary>
    private static long[]? Narrowed(Int128[] values)
    {
        var narrow = new long[values.Length];
        for (int i = 0; i < narrow.Length; i++)
        {
            if (values[i] < long.MinValue || values[i] > long.MaxValue)
                return null;
            narrow[i] = (long)values[i];
        }

        return narrow;
    }
}
