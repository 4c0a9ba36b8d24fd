using System.Runtime.CompilerServices;
using OrleansCluster.Numerics.Rows;
using OrleansCluster.Numerics.Simd;

namespace OrleansCluster.Numerics.Distances;

/// <summary>Canonical squared distances of many rows, bit for bit those of <see cref="Distance"/>.</summary>
public static unsafe class SquaredDistances
{
    private const int BatchRows = 256;

    private static readonly DistanceKernel Kernel = DistanceKernel.For(SimdSelection.Current);

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
        if (centre.Length != rows.Columns)
            throw new ArgumentException($"A centre of {centre.Length} values for rows of {rows.Columns} columns.", nameof(centre));
        Check(rows, first, count, minimum.Length);
        double* squared = stackalloc double[BatchRows];
        fixed (double* c = centre)
        {
            for (int done = 0; done < count; done += BatchRows)
            {
                int size = Math.Min(BatchRows, count - done);
                Squared(Kernel, rows, first + done, size, c, null, squared);
                for (int i = 0; i < size; i++)
                    minimum[done + i] = Math.Min(minimum[done + i], squared[i]);
            }
        }
    }

    /// <summary>squared[i] = D(row first + i, centre) for i in 0 … count − 1.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="first">First row.</param>
    /// <param name="count">Number of rows.</param>
    /// <param name="centre">One centre of d values.</param>
    /// <param name="squared">Out, length ≥ <paramref name="count"/>.</param>
    /// <exception cref="ArgumentException">The lengths do not agree.</exception>
    public static void To(RowBlock rows, int first, int count, ReadOnlySpan<double> centre, Span<double> squared)
    {
        if (centre.Length != rows.Columns)
            throw new ArgumentException($"A centre of {centre.Length} values for rows of {rows.Columns} columns.", nameof(centre));
        Check(rows, first, count, squared.Length);
        fixed (double* c = centre, target = squared)
            Squared(Kernel, rows, first, count, c, null, target);
    }

    /// <summary>squared[i] = D(row first + i, the centre labels[i]) for i in 0 … count − 1.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="first">First row.</param>
    /// <param name="count">Number of rows.</param>
    /// <param name="centroids">k × d, row-major.</param>
    /// <param name="labels">The centre of each row, each in 0 … k − 1, length ≥ <paramref name="count"/>.</param>
    /// <param name="squared">Out, length ≥ <paramref name="count"/>.</param>
    /// <exception cref="ArgumentException">The lengths do not agree, or a label is none of a centre.</exception>
    public static void ToAssigned(RowBlock rows, int first, int count, ReadOnlySpan<double> centroids, ReadOnlySpan<int> labels, Span<double> squared)
    {
        Check(rows, first, count, Math.Min(labels.Length, squared.Length));
        int k = centroids.Length / rows.Columns;
        for (int i = 0; i < count; i++)
        {
            if ((uint)labels[i] >= (uint)k)
                throw new ArgumentException($"Row {first + i} has the label {labels[i]} of {k} centres.", nameof(labels));
        }

        fixed (double* c = centroids, target = squared)
        fixed (int* label = labels)
            Squared(Kernel, rows, first, count, c, label, target);
    }

    /// <summary>Distances of rows to a centre each; lengths and labels are the caller's care.</summary>
    internal static void Squared(DistanceKernel kernel, RowBlock rows, int first, int count, double* centroids, int* labels, double* squared)
    {
        long start = (long)first * rows.Columns;
        if (rows.Precision == Precision.Float32)
        {
            fixed (float* values = rows.Float32.Span)
                kernel.Squared(values + start, rows.Columns, count, centroids, labels, squared);
        }
        else
        {
            fixed (double* values = rows.Float64.Span)
                kernel.Squared(values + start, rows.Columns, count, centroids, labels, squared);
        }
    }

    private static void Check(RowBlock rows, int first, int count, int room)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (count > rows.Rows - first || count > room)
            throw new ArgumentException($"Rows {first} to {first + count} of {rows.Rows}, with room for {room}.");
    }
}
