using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using OrleansCluster.Numerics;

namespace OrleansCluster.Bench.Kernels;

/// <summary>What the machine does at most on so many threads.</summary>
/// <param name="Single">Operations a second of float32 fused multiply-adds, two each.</param>
/// <param name="Double">The same of float64.</param>
/// <param name="Read">Bytes a second read from memory that no cache holds.</param>
internal sealed record Machine(double Single, double Double, double Read)
{
    private const int Turns = 4_000_000;
    private const int Chains = 12;

    public static Machine Measure(IParallel parallel)
    {
        bool wide = Vector512.IsHardwareAccelerated;
        return new Machine(
            2.0 * Chains * (wide ? 16 : 8) * Rate(parallel, _ => wide ? Singles512() : Singles256()),
            2.0 * Chains * (wide ? 8 : 4) * Rate(parallel, _ => wide ? Doubles512() : Doubles256()),
            ReadRate(parallel));
    }

    /// <summary>Turns a second of all workers together, the best of several tries.</summary>
    private static double Rate(IParallel parallel, Func<int, double> work)
    {
        double best = double.PositiveInfinity;
        var sink = new double[parallel.Workers * 64];
        for (int repeat = 0; repeat < 10; repeat++)
        {
            long start = Stopwatch.GetTimestamp();
            parallel.For(parallel.Workers, worker => sink[worker * 64] = work(worker));
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        return Turns * (double)parallel.Workers / best;
    }

    private static double ReadRate(IParallel parallel)
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

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double Singles512()
    {
        Vector512<float> c = Vector512.Create(1.0000001f), b = Vector512.Create(1e-9f);
        Vector512<float> a0 = b, a1 = b, a2 = b, a3 = b, a4 = b, a5 = b, a6 = b, a7 = b, a8 = b, a9 = b, a10 = b, a11 = b;
        for (int i = 0; i < Turns; i++)
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
    private static double Singles256()
    {
        Vector256<float> c = Vector256.Create(1.0000001f), b = Vector256.Create(1e-9f);
        Vector256<float> a0 = b, a1 = b, a2 = b, a3 = b, a4 = b, a5 = b, a6 = b, a7 = b, a8 = b, a9 = b, a10 = b, a11 = b;
        for (int i = 0; i < Turns; i++)
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
    private static double Doubles512()
    {
        Vector512<double> c = Vector512.Create(1.0000001), b = Vector512.Create(1e-9);
        Vector512<double> a0 = b, a1 = b, a2 = b, a3 = b, a4 = b, a5 = b, a6 = b, a7 = b, a8 = b, a9 = b, a10 = b, a11 = b;
        for (int i = 0; i < Turns; i++)
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
    private static double Doubles256()
    {
        Vector256<double> c = Vector256.Create(1.0000001), b = Vector256.Create(1e-9);
        Vector256<double> a0 = b, a1 = b, a2 = b, a3 = b, a4 = b, a5 = b, a6 = b, a7 = b, a8 = b, a9 = b, a10 = b, a11 = b;
        for (int i = 0; i < Turns; i++)
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
