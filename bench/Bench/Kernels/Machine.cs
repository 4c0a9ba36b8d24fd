using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using OrleansCluster.Numerics.Parallelism;

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
            2.0 * Chains * (wide ? 16 : 8) * Rate(parallel, _ => wide ? Chained<Singles512, Vector512<float>>() : Chained<Singles256, Vector256<float>>()),
            2.0 * Chains * (wide ? 8 : 4) * Rate(parallel, _ => wide ? Chained<Doubles512, Vector512<double>>() : Chained<Doubles256, Vector256<double>>()),
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

    /// <summary>Chains of multiply-adds that do not wait for each other, as many as hide the time that one takes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double Chained<TFused, TVector>()
        where TFused : IFused<TVector>
        where TVector : struct
    {
        TVector c = TFused.Broadcast(1.0000001), b = TFused.Broadcast(1e-9);
        TVector a0 = b, a1 = b, a2 = b, a3 = b, a4 = b, a5 = b, a6 = b, a7 = b, a8 = b, a9 = b, a10 = b, a11 = b;
        for (int i = 0; i < Turns; i++)
        {
            a0 = TFused.MultiplyAdd(a0, c, b);
            a1 = TFused.MultiplyAdd(a1, c, b);
            a2 = TFused.MultiplyAdd(a2, c, b);
            a3 = TFused.MultiplyAdd(a3, c, b);
            a4 = TFused.MultiplyAdd(a4, c, b);
            a5 = TFused.MultiplyAdd(a5, c, b);
            a6 = TFused.MultiplyAdd(a6, c, b);
            a7 = TFused.MultiplyAdd(a7, c, b);
            a8 = TFused.MultiplyAdd(a8, c, b);
            a9 = TFused.MultiplyAdd(a9, c, b);
            a10 = TFused.MultiplyAdd(a10, c, b);
            a11 = TFused.MultiplyAdd(a11, c, b);
        }

        return TFused.Sum(a0) + TFused.Sum(a1) + TFused.Sum(a2) + TFused.Sum(a3) + TFused.Sum(a4) + TFused.Sum(a5)
            + TFused.Sum(a6) + TFused.Sum(a7) + TFused.Sum(a8) + TFused.Sum(a9) + TFused.Sum(a10) + TFused.Sum(a11);
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

    /// <summary>A vector's multiply-add.</summary>
    private interface IFused<TVector>
        where TVector : struct
    {
        static abstract TVector Broadcast(double value);

        static abstract TVector MultiplyAdd(TVector a, TVector b, TVector addend);

        static abstract double Sum(TVector value);
    }

    private readonly struct Singles512 : IFused<Vector512<float>>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Broadcast(double value) => Vector512.Create((float)value);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> MultiplyAdd(Vector512<float> a, Vector512<float> b, Vector512<float> addend) => Vector512.FusedMultiplyAdd(a, b, addend);

        public static double Sum(Vector512<float> value) => Vector512.Sum(value);
    }

    private readonly struct Singles256 : IFused<Vector256<float>>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<float> Broadcast(double value) => Vector256.Create((float)value);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<float> MultiplyAdd(Vector256<float> a, Vector256<float> b, Vector256<float> addend) => Vector256.FusedMultiplyAdd(a, b, addend);

        public static double Sum(Vector256<float> value) => Vector256.Sum(value);
    }

    private readonly struct Doubles512 : IFused<Vector512<double>>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<double> Broadcast(double value) => Vector512.Create(value);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<double> MultiplyAdd(Vector512<double> a, Vector512<double> b, Vector512<double> addend) =>
            Vector512.FusedMultiplyAdd(a, b, addend);

        public static double Sum(Vector512<double> value) => Vector512.Sum(value);
    }

    private readonly struct Doubles256 : IFused<Vector256<double>>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<double> Broadcast(double value) => Vector256.Create(value);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<double> MultiplyAdd(Vector256<double> a, Vector256<double> b, Vector256<double> addend) =>
            Vector256.FusedMultiplyAdd(a, b, addend);

        public static double Sum(Vector256<double> value) => Vector256.Sum(value);
    }
}
