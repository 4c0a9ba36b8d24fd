using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace OrleansCluster.Numerics.Kernels;

/// <summary>Canonical squared distances of many rows, bit for bit those of <see cref="Distance"/>: several rows side by side, each in the canonical order.</summary>
public static unsafe class SquaredDistances
{
    /// <summary>minimum[i] = min(minimum[i], D(row first + i, centre)) for i in 0 … count − 1.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="first">First row.</param>
    /// <param name="count">Number of rows.</param>
    /// <param name="centre">One centre of d values.</param>
    /// <param name="minimum">The least so far of each row, length ≥ <paramref name="count"/>.</param>
    /// <exception cref="ArgumentException">The lengths do not agree.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Update(RowBlock rows, int first, int count, ReadOnlySpan<double> centre, Span<double> minimum)
    {
        Check(rows, first, count, centre.Length, minimum.Length);
        Span<double> some = stackalloc double[Group];
        for (int i = 0; i < count; i += Group)
        {
            int size = Math.Min(Group, count - i);
            fixed (double* c = centre)
                Several(rows, first + i, size, c, c, c, c, some);
            for (int r = 0; r < size; r++)
                minimum[i + r] = Math.Min(minimum[i + r], some[r]);
        }
    }

    /// <summary>squared[i] = D(row first + i, the centre labels[i]) for i in 0 … count − 1.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="first">First row.</param>
    /// <param name="count">Number of rows.</param>
    /// <param name="centroids">k × d, row-major.</param>
    /// <param name="labels">The centre of each row, length ≥ <paramref name="count"/>.</param>
    /// <param name="squared">Out, length ≥ <paramref name="count"/>.</param>
    /// <exception cref="ArgumentException">The lengths do not agree.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ToAssigned(RowBlock rows, int first, int count, ReadOnlySpan<double> centroids, ReadOnlySpan<int> labels, Span<double> squared)
    {
        int d = rows.Columns;
        Check(rows, first, count, d, Math.Min(labels.Length, squared.Length));
        Span<double> some = stackalloc double[Group];
        for (int i = 0; i < count; i += Group)
        {
            int size = Math.Min(Group, count - i);
            fixed (double* c = centroids)
            {
                Several(
                    rows,
                    first + i,
                    size,
                    c + ((long)labels[i] * d),
                    c + ((long)labels[i + Math.Min(1, size - 1)] * d),
                    c + ((long)labels[i + Math.Min(2, size - 1)] * d),
                    c + ((long)labels[i + Math.Min(3, size - 1)] * d),
                    some);
            }

            some[..size].CopyTo(squared[i..]);
        }
    }

    /// <summary>Rows side by side: enough independent sums to hide the latency of one.</summary>
    private const int Group = 4;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Several(RowBlock rows, int first, int count, double* c0, double* c1, double* c2, double* c3, Span<double> squared)
    {
        int d = rows.Columns;
        int second = Math.Min(1, count - 1) * d, third = Math.Min(2, count - 1) * d, fourth = Math.Min(3, count - 1) * d;
        double s0 = 0, s1 = 0, s2 = 0, s3 = 0;
        if (rows.Precision == Precision.Float32)
        {
            ref float x = ref MemoryMarshal.GetReference(rows.Float32.Span[(first * d)..]);
            fixed (float* p = &x)
            {
                for (int j = 0; j < d; j++)
                {
                    double e0 = p[j] - c0[j], e1 = p[second + j] - c1[j], e2 = p[third + j] - c2[j], e3 = p[fourth + j] - c3[j];
                    s0 = Math.FusedMultiplyAdd(e0, e0, s0);
                    s1 = Math.FusedMultiplyAdd(e1, e1, s1);
                    s2 = Math.FusedMultiplyAdd(e2, e2, s2);
                    s3 = Math.FusedMultiplyAdd(e3, e3, s3);
                }
            }
        }
        else
        {
            fixed (double* p = rows.Float64.Span[(first * d)..])
            {
                for (int j = 0; j < d; j++)
                {
                    double e0 = p[j] - c0[j], e1 = p[second + j] - c1[j], e2 = p[third + j] - c2[j], e3 = p[fourth + j] - c3[j];
                    s0 = Math.FusedMultiplyAdd(e0, e0, s0);
                    s1 = Math.FusedMultiplyAdd(e1, e1, s1);
                    s2 = Math.FusedMultiplyAdd(e2, e2, s2);
                    s3 = Math.FusedMultiplyAdd(e3, e3, s3);
                }
            }
        }

        squared[0] = s0;
        squared[1] = s1;
        squared[2] = s2;
        squared[3] = s3;
    }

    private static void Check(RowBlock rows, int first, int count, int columns, int room)
    {
        if (columns != rows.Columns)
            throw new ArgumentException($"A centre of {columns} values for rows of {rows.Columns} columns.");
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (count > rows.Rows - first || count > room)
            throw new ArgumentException($"Rows {first} to {first + count} of {rows.Rows}, with room for {room}.");
    }
}
