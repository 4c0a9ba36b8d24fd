using System.Numerics;
using System.Runtime.InteropServices;

namespace OrleansCluster.Numerics.Rows;

/// <summary>Finds values that are no finite numbers, a vector at a time: there hardly ever is one.</summary>
public static class FiniteValues
{
    /// <summary>All bits of the exponent, which are set in NaN and infinity and nowhere else (IEEE 754).</summary>
    private const uint Narrow = 0x7F80_0000;

    private const ulong Wide = 0x7FF0_0000_0000_0000;

    /// <summary>Position of the first value that is not finite; −1: all are.</summary>
    public static int FirstOther(ReadOnlySpan<float> values)
    {
        ReadOnlySpan<Vector<uint>> vectors = MemoryMarshal.Cast<float, Vector<uint>>(values);
        var exponent = new Vector<uint>(Narrow);
        int vector = 0;
        while (vector < vectors.Length && !Vector.EqualsAny(vectors[vector] & exponent, exponent))
            vector++;
        for (int i = vector * Vector<uint>.Count; i < values.Length; i++)
        {
            if (!float.IsFinite(values[i]))
                return i;
        }

        return -1;
    }

    /// <inheritdoc cref="FirstOther(ReadOnlySpan{float})"/>
    public static int FirstOther(ReadOnlySpan<double> values)
    {
        ReadOnlySpan<Vector<ulong>> vectors = MemoryMarshal.Cast<double, Vector<ulong>>(values);
        var exponent = new Vector<ulong>(Wide);
        int vector = 0;
        while (vector < vectors.Length && !Vector.EqualsAny(vectors[vector] & exponent, exponent))
            vector++;
        for (int i = vector * Vector<ulong>.Count; i < values.Length; i++)
        {
            if (!double.IsFinite(values[i]))
                return i;
        }

        return -1;
    }
}
