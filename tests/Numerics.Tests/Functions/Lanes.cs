using System.Runtime.Intrinsics;
using OrleansCluster.Numerics.Functions;
using OrleansCluster.Numerics.Simd;

namespace OrleansCluster.Numerics.Tests.Functions;

internal enum LaneFunction
{
    Exp,
    Log,
}

/// <summary>Runs a function in vectors of every width and compares bits with scalar code.</summary>
internal static unsafe class Lanes
{
    public static void Check(double[] cases, Func<double, double> scalar, LaneFunction function)
    {
        Check<DoubleLanes512, Vector512<double>>(cases, scalar, function);
        Check<DoubleLanes256, Vector256<double>>(cases, scalar, function);
        Check<DoubleLanes128, Vector128<double>>(cases, scalar, function);
    }

    private static void Check<TLanes, TVector>(double[] cases, Func<double, double> scalar, LaneFunction function)
        where TLanes : struct, IRealLanes<TVector>
        where TVector : struct
    {
        double* values = stackalloc double[8];
        for (int start = 0; start + TLanes.Width <= cases.Length; start++)
        {
            cases.AsSpan(start, TLanes.Width).CopyTo(new Span<double>(values, 8));
            TVector x = TLanes.Load(values);
            TLanes.Store(function == LaneFunction.Exp ? Elementary<TLanes, TVector>.Exp(x) : Elementary<TLanes, TVector>.Log(x), values);
            for (int lane = 0; lane < TLanes.Width; lane++)
            {
                double expected = scalar(cases[start + lane]);
                bool same = BitConverter.DoubleToInt64Bits(values[lane]) == BitConverter.DoubleToInt64Bits(expected)
                    || (double.IsNaN(expected) && double.IsNaN(values[lane]));
                same.ShouldBeTrue($"{function}({cases[start + lane]:R}) is {values[lane]:R} in {TLanes.Width} lanes, {expected:R} in scalar code");
            }
        }
    }
}
