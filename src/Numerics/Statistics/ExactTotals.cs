using System.Numerics;
using System.Runtime.CompilerServices;
using OrleansCluster.Numerics.Training;

namespace OrleansCluster.Numerics.Statistics;

/// <summary>A list of integer sums, the same in whatever order rows and shards are added. What each one counts is the step's affair.</summary>
internal sealed class ExactTotals : Statistic
{
    // One of the two. A shard's sums fit in 64 bits, and so do many merged ones: half the memory and message, and eight additions an instruction.
    private long[]? narrow;
    private Int128[]? wide;

    /// <param name="values">The sums; kept, not copied.</param>
    public ExactTotals(Int128[] values) => wide = values;

    /// <param name="values">The sums; kept, not copied.</param>
    public ExactTotals(long[] values) => narrow = values;

    public int Length => narrow?.Length ?? wide!.Length;

    /// <summary>The sums; whoever changes them changes this object.</summary>
    public Int128[] Values
    {
        get
        {
            if (wide is null)
                (wide, narrow) = (Widen(narrow!), null);
            return wide;
        }
    }

    private protected override Kind Tag => Kind.Totals;

    public override void MergeFrom(Statistic following)
    {
        var other = (ExactTotals)following;
        if (other.Length != Length)
            throw new InvalidDataException($"{other.Length} sums do not add to {Length}.");
        if (narrow is not null && other.narrow is not null && TryAdd(narrow, other.narrow))
            return;
        Int128[] own = Values;
        for (int i = 0; i < own.Length; i++)
            own[i] = checked(own[i] + (other.narrow is { } values ? values[i] : other.wide![i]));
    }

    private protected override void Write(ByteWriter writer)
    {
        long[]? values = narrow ?? Narrow(wide!);
        writer.Boolean(values is not null);
        writer.Int32(Length);
        if (values is not null)
        {
            writer.Int64s(values);
            return;
        }

        foreach (Int128 value in wide!)
            writer.Int128(value);
    }

    public static ExactTotals Read(ByteReader reader)
    {
        bool narrow = reader.Boolean();
        int length = reader.Length(narrow ? 8 : 16);
        if (narrow)
            return new ExactTotals(reader.Int64s(length));
        var values = new Int128[length];
        for (int i = 0; i < values.Length; i++)
            values[i] = reader.Int128();
        return new ExactTotals(values);
    }

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
    private static long[]? Narrow(Int128[] values)
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
