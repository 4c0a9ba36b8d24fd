using System.Runtime.Intrinsics;

namespace OrleansCluster.Numerics.Simd;

/// <summary>Vector width of the kernels, in bits. Every width gives the same bits; they differ in time only.</summary>
internal enum SimdWidth
{
    Scalar = 32,
    V128 = 128,
    V256 = 256,
    V512 = 512,
}

/// <summary>Which width the kernels use: the widest that the processor does in hardware, or what the environment asks for.</summary>
internal static class SimdSelection
{
    /// <summary>Environment variable, read once: <c>512</c>, <c>256</c>, <c>128</c> or <c>scalar</c>.</summary>
    public const string Variable = "ORLEANSCLUSTER_SIMD";

    /// <summary>The width in force.</summary>
    public static SimdWidth Current { get; } = Choose(Environment.GetEnvironmentVariable(Variable));

    /// <summary>Whether the processor does this width in hardware.</summary>
    public static bool IsSupported(SimdWidth width) => width switch
    {
        SimdWidth.V512 => Vector512.IsHardwareAccelerated,
        SimdWidth.V256 => Vector256.IsHardwareAccelerated,
        SimdWidth.V128 => Vector128.IsHardwareAccelerated,
        _ => true,
    };

    /// <summary>The width that a setting asks for, or the widest below it that the processor has; the best when nothing is asked.</summary>
    /// <exception cref="ArgumentException">The setting is not a width.</exception>
    internal static SimdWidth Choose(string? setting)
    {
        SimdWidth asked = setting switch
        {
            null or "" or "512" => SimdWidth.V512,
            "256" => SimdWidth.V256,
            "128" => SimdWidth.V128,
            "scalar" => SimdWidth.Scalar,
            _ => throw new ArgumentException($"{Variable} is '{setting}': use 512, 256, 128 or scalar, or leave it unset for the best that the processor has."),
        };
        ReadOnlySpan<SimdWidth> widths = [SimdWidth.V512, SimdWidth.V256, SimdWidth.V128];
        foreach (SimdWidth width in widths)
        {
            if (width <= asked && IsSupported(width))
                return width;
        }

        return SimdWidth.Scalar;
    }
}
