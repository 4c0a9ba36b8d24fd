using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace OrleansCluster.Numerics.Randomness;

/// <summary>The numbers of <see cref="Draws"/> for several ids at once, a lane each, bit for bit.</summary>
internal interface IDrawLanes<TVector>
    where TVector : struct
{
    /// <summary><see cref="Draws.Uniform"/> of the ids first, first + 1, …</summary>
    /// <param name="first">Stable id of the first lane.</param>
    /// <param name="schedule">What all ids share.</param>
    static abstract TVector Uniform(long first, in DrawSchedule schedule);
}

/// <summary>What every id's number depends on besides the id: the counter's other words, and the keys of all ten rounds.</summary>
internal readonly struct DrawSchedule
{
    private readonly Keys _keys;

    public DrawSchedule(in Draws draws)
    {
        Draws = draws;
        (uint k0, uint k1) = ((uint)draws.Seed, (uint)(draws.Seed >> 32));
        for (int round = 0; round < Philox.Rounds; round++)
        {
            _keys[2 * round] = k0;
            _keys[(2 * round) + 1] = k1;
            k0 += Philox.WeylA;
            k1 += Philox.WeylB;
        }
    }

    public Draws Draws { get; }

    /// <summary>Third word of the counter.</summary>
    public ulong Round => (uint)Draws.Round;

    /// <summary>Fourth word of the counter.</summary>
    public ulong Use => Draws.Use;

    /// <summary>First and second word of the key, round after round.</summary>
    [UnscopedRef]
    public ref readonly ulong First => ref Unsafe.As<Keys, ulong>(ref Unsafe.AsRef(in _keys));

    [InlineArray(2 * Philox.Rounds)]
    private struct Keys
    {
        private ulong _first;
    }
}

internal readonly struct DrawLanes512 : IDrawLanes<Vector512<double>>
{
    /// <remarks>A word is the lower half of a lane; what is above it is of no account until the end.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Uniform(long first, in DrawSchedule schedule)
    {
        Vector512<ulong> c0 = Vector512.Create((ulong)first) + Vector512.Create(0UL, 1, 2, 3, 4, 5, 6, 7);
        Vector512<ulong> c1 = c0 >>> 32;
        Vector512<ulong> c2 = Vector512.Create(schedule.Round), c3 = Vector512.Create(schedule.Use);
        ref readonly ulong key = ref schedule.First;
        for (int round = 0; round < Philox.Rounds; round++)
        {
            Vector512<ulong> a = Product(c0, Philox.MultiplierA), b = Product(c2, Philox.MultiplierB);
            c0 = (b >>> 32) ^ c1 ^ Vector512.Create(Unsafe.Add(ref Unsafe.AsRef(in key), 2 * round));
            c2 = (a >>> 32) ^ c3 ^ Vector512.Create(Unsafe.Add(ref Unsafe.AsRef(in key), (2 * round) + 1));
            (c1, c3) = (b, a);
        }

        Vector512<ulong> bits = (c1 << 32) | (c0 & Vector512.Create((ulong)uint.MaxValue));
        Vector512<double> whole = ((bits >>> 12) | Vector512.Create(Draws.Exponent)).AsDouble() - Vector512.Create(Draws.Scale);
        return (whole + Vector512.Create(0.5)) * Vector512.Create(1 / Draws.Scale);
    }

    /// <summary>Product of the lower halves.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> Product(Vector512<ulong> value, uint factor) => Avx512F.IsSupported
        ? Avx512F.Multiply(value.AsUInt32(), Vector512.Create((ulong)factor).AsUInt32())
        : (value & Vector512.Create((ulong)uint.MaxValue)) * Vector512.Create((ulong)factor);
}

internal readonly struct DrawLanes256 : IDrawLanes<Vector256<double>>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Uniform(long first, in DrawSchedule schedule)
    {
        Vector256<ulong> c0 = Vector256.Create((ulong)first) + Vector256.Create(0UL, 1, 2, 3);
        Vector256<ulong> c1 = c0 >>> 32;
        Vector256<ulong> c2 = Vector256.Create(schedule.Round), c3 = Vector256.Create(schedule.Use);
        ref readonly ulong key = ref schedule.First;
        for (int round = 0; round < Philox.Rounds; round++)
        {
            Vector256<ulong> a = Product(c0, Philox.MultiplierA), b = Product(c2, Philox.MultiplierB);
            c0 = (b >>> 32) ^ c1 ^ Vector256.Create(Unsafe.Add(ref Unsafe.AsRef(in key), 2 * round));
            c2 = (a >>> 32) ^ c3 ^ Vector256.Create(Unsafe.Add(ref Unsafe.AsRef(in key), (2 * round) + 1));
            (c1, c3) = (b, a);
        }

        Vector256<ulong> bits = (c1 << 32) | (c0 & Vector256.Create((ulong)uint.MaxValue));
        Vector256<double> whole = ((bits >>> 12) | Vector256.Create(Draws.Exponent)).AsDouble() - Vector256.Create(Draws.Scale);
        return (whole + Vector256.Create(0.5)) * Vector256.Create(1 / Draws.Scale);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ulong> Product(Vector256<ulong> value, uint factor) => Avx2.IsSupported
        ? Avx2.Multiply(value.AsUInt32(), Vector256.Create((ulong)factor).AsUInt32())
        : (value & Vector256.Create((ulong)uint.MaxValue)) * Vector256.Create((ulong)factor);
}

internal readonly struct DrawLanes128 : IDrawLanes<Vector128<double>>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<double> Uniform(long first, in DrawSchedule schedule)
    {
        Vector128<ulong> c0 = Vector128.Create((ulong)first) + Vector128.Create(0UL, 1);
        Vector128<ulong> c1 = c0 >>> 32;
        Vector128<ulong> c2 = Vector128.Create(schedule.Round), c3 = Vector128.Create(schedule.Use);
        ref readonly ulong key = ref schedule.First;
        for (int round = 0; round < Philox.Rounds; round++)
        {
            Vector128<ulong> a = Product(c0, Philox.MultiplierA), b = Product(c2, Philox.MultiplierB);
            c0 = (b >>> 32) ^ c1 ^ Vector128.Create(Unsafe.Add(ref Unsafe.AsRef(in key), 2 * round));
            c2 = (a >>> 32) ^ c3 ^ Vector128.Create(Unsafe.Add(ref Unsafe.AsRef(in key), (2 * round) + 1));
            (c1, c3) = (b, a);
        }

        Vector128<ulong> bits = (c1 << 32) | (c0 & Vector128.Create((ulong)uint.MaxValue));
        Vector128<double> whole = ((bits >>> 12) | Vector128.Create(Draws.Exponent)).AsDouble() - Vector128.Create(Draws.Scale);
        return (whole + Vector128.Create(0.5)) * Vector128.Create(1 / Draws.Scale);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> Product(Vector128<ulong> value, uint factor) => Sse2.IsSupported
        ? Sse2.Multiply(value.AsUInt32(), Vector128.Create((ulong)factor).AsUInt32())
        : (value & Vector128.Create((ulong)uint.MaxValue)) * Vector128.Create((ulong)factor);
}

internal readonly struct DrawLanesScalar : IDrawLanes<double>
{
    public static double Uniform(long first, in DrawSchedule schedule) => schedule.Draws.Uniform(first);
}
