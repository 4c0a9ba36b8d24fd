using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using OrleansCluster.Numerics;

namespace OrleansCluster.Bench;

/// <summary>What the machine can do at most: fused multiply-adds in float32 and reading memory, on all threads of a pool.</summary>
internal static class KernelsMachine
{
    /// <summary>Greatest rate of float32 fused multiply-adds, two operations each, in operations a second.</summary>
    public static double MultiplyAddPeak(IParallel parallel)
    {
        const int Turns = 4_000_000;
        double best = double.PositiveInfinity;
        var sink = new float[parallel.Workers * 64];
        for (int repeat = 0; repeat < 10; repeat++)
        {
            long start = Stopwatch.GetTimestamp();
            parallel.For(parallel.Workers, worker => sink[worker * 64] = MultiplyAdd(Turns));
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        int lanes = Vector512.IsHardwareAccelerated ? 16 : 8;
        return 2.0 * 12 * lanes * Turns * parallel.Workers / best;
    }

    /// <summary>Greatest rate of reading memory that no cache holds, in bytes a second.</summary>
    public static double ReadPeak(IParallel parallel)
    {
        var memory = new long[1 << 26];
        memory.AsSpan().Fill(1);
        const int Parts = 64;
        var sums = new long[Parts];
        double best = double.PositiveInfinity;
        for (int repeat = 0; repeat < 8; repeat++)
        {
            long start = Stopwatch.GetTimestamp();
            parallel.For(Parts, part => sums[part] = Sum(memory.AsSpan(memory.Length / Parts * part, memory.Length / Parts)));
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        return memory.Length * 8.0 / best;
    }

    private static float MultiplyAdd(int turns) => Vector512.IsHardwareAccelerated ? MultiplyAdd512(turns) : MultiplyAdd256(turns);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float MultiplyAdd512(int turns)
    {
        Vector512<float> c = Vector512.Create(1.0000001f), b = Vector512.Create(1e-9f);
        Vector512<float> a0 = b, a1 = b, a2 = b, a3 = b, a4 = b, a5 = b, a6 = b, a7 = b, a8 = b, a9 = b, a10 = b, a11 = b;
        for (int i = 0; i < turns; i++)
        {
            a0 = Vector512.FusedMultiplyAdd(a0, c, b);
            a1 = Vector512.FusedMultiplyAdd(a1, c, b);
            a2 = Vector512.FusedMultiplyAdd(a2, c, b);
            a3 = Vector512.FusedMultiplyAdd(a3, c, b);
            a4 = Vector512.FusedMultiplyAdd(a4, c, b);
            a5 = Vector512.FusedMultiplyAdd(a5, c, b);
            a6 = Vector512.FusedMultiplyAdd(a6, c, b);
            a7 = Vector512.FusedMultiplyAdd(a7, c, b);
            a8 = Vector512.FusedMultiplyAdd(a8, c, b);
            a9 = Vector512.FusedMultiplyAdd(a9, c, b);
            a10 = Vector512.FusedMultiplyAdd(a10, c, b);
            a11 = Vector512.FusedMultiplyAdd(a11, c, b);
        }

        return Vector512.Sum(a0 + a1 + a2 + a3 + a4 + a5 + a6 + a7 + a8 + a9 + a10 + a11);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float MultiplyAdd256(int turns)
    {
        Vector256<float> c = Vector256.Create(1.0000001f), b = Vector256.Create(1e-9f);
        Vector256<float> a0 = b, a1 = b, a2 = b, a3 = b, a4 = b, a5 = b, a6 = b, a7 = b, a8 = b, a9 = b, a10 = b, a11 = b;
        for (int i = 0; i < turns; i++)
        {
            a0 = Vector256.FusedMultiplyAdd(a0, c, b);
            a1 = Vector256.FusedMultiplyAdd(a1, c, b);
            a2 = Vector256.FusedMultiplyAdd(a2, c, b);
            a3 = Vector256.FusedMultiplyAdd(a3, c, b);
            a4 = Vector256.FusedMultiplyAdd(a4, c, b);
            a5 = Vector256.FusedMultiplyAdd(a5, c, b);
            a6 = Vector256.FusedMultiplyAdd(a6, c, b);
            a7 = Vector256.FusedMultiplyAdd(a7, c, b);
            a8 = Vector256.FusedMultiplyAdd(a8, c, b);
            a9 = Vector256.FusedMultiplyAdd(a9, c, b);
            a10 = Vector256.FusedMultiplyAdd(a10, c, b);
            a11 = Vector256.FusedMultiplyAdd(a11, c, b);
        }

        return Vector256.Sum(a0 + a1 + a2 + a3 + a4 + a5 + a6 + a7 + a8 + a9 + a10 + a11);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static long Sum(ReadOnlySpan<long> values)
    {
        Vector<long> a = Vector<long>.Zero, b = a, c = a, d = a;
        int w = Vector<long>.Count;
        for (int i = 0; i <= values.Length - (4 * w); i += 4 * w)
        {
            a += new Vector<long>(values[i..]);
            b += new Vector<long>(values[(i + w)..]);
            c += new Vector<long>(values[(i + (2 * w))..]);
            d += new Vector<long>(values[(i + (3 * w))..]);
        }

        return Vector.Sum(a + b + c + d);
    }
}
