using OrleansCluster.Numerics.Distances;
using OrleansCluster.Numerics.Exact;
using OrleansCluster.Numerics.Parallelism;

namespace OrleansCluster.Numerics.KMeans.Sparse;

/// <summary>
/// Centres as scores of sparse rows want them: turned around, so that an entry of a row meets the values of all centres side by side, as float32 times a power
/// of two; half of their squared norms; and how far scores may be off. Nobody changes them.
/// </summary>
internal sealed class SparseCentres
{
    /// <summary>Centres side by side.</summary>
    public const int Lanes = 8;

    /// <summary>A score above any other.</summary>
    private const float Padding = 1e38f;

    private const int ColumnsTogether = 64;

    private readonly double _greatest;
    private readonly SparseDistance?[] _distances;

    /// <param name="centroids">k × d, row-major, k ≥ 1. Kept.</param>
    /// <param name="first">Where in them the first centre is.</param>
    /// <param name="columns">d.</param>
    /// <param name="scaleExponent">s: coordinates are multiplied by 2^s.</param>
    /// <param name="parallel">Where it is made.</param>
    public SparseCentres(double[] centroids, int first, int columns, int scaleExponent, IParallel parallel)
    {
        (Centroids, Columns, ScaleExponent) = (centroids.AsMemory(first * columns), columns, scaleExponent);
        K = Centroids.Length / columns;
        Scale = Math.ScaleB(1, scaleExponent);
        Padded = (K + Lanes - 1) / Lanes * Lanes;
        Table = new float[checked(columns * Padded)];
        (Halves, WideHalves) = (new float[Padded], new double[K]);
        Array.Fill(Halves, Padding);
        _distances = new SparseDistance?[K];
        var norms = new double[K];
        parallel.For(K, c =>
        {
            double squared = 0, narrow = 0;
            foreach (double value in Of(c).Span)
            {
                double scaled = value * Scale, stored = (float)scaled;
                squared = Math.FusedMultiplyAdd(scaled, scaled, squared);
                narrow = Math.FusedMultiplyAdd(stored, stored, narrow);
            }

            (norms[c], WideHalves[c], Halves[c]) = (squared, 0.5 * squared, (float)(0.5 * narrow));
        });
        _greatest = SparseCertificate.NormOf(norms.Max());
        parallel.For((columns + ColumnsTogether - 1) / ColumnsTogether, block =>
        {
            int begin = block * ColumnsTogether, end = Math.Min(columns, begin + ColumnsTogether);
            for (int c = 0; c < K; c++)
            {
                ReadOnlySpan<double> centre = Of(c).Span;
                for (int j = begin; j < end; j++)
                    Table[(j * Padded) + c] = (float)(centre[j] * Scale);
            }
        });
    }

    /// <summary>k × d.</summary>
    public ReadOnlyMemory<double> Centroids { get; }

    public int K { get; }

    public int Columns { get; }

    public int ScaleExponent { get; }

    /// <summary>2^s.</summary>
    public double Scale { get; }

    /// <summary>K, up to whole lanes.</summary>
    public int Padded { get; }

    /// <summary>d × padded: the scaled centres, rounded.</summary>
    public float[] Table { get; }

    /// <summary>½|c|² of the table's centres, rounded; one a lane.</summary>
    public float[] Halves { get; }

    /// <summary>½|c|² of the scaled centres.</summary>
    public double[] WideHalves { get; }

    /// <summary>The power of two that brings a value to about 1.</summary>
    public static int ScaleOf(double farthest) => Math.Clamp(-Binary.CeilingExponent(farthest), -900, 900);

    public ReadOnlyMemory<double> Of(int centre) => Centroids.Slice(centre * Columns, Columns);

    /// <summary>How far scores of a row may be off.</summary>
    /// <param name="entries">The row's entries.</param>
    /// <param name="norm">At least the row's norm, scaled.</param>
    public SparseCertificate Certificate(int entries, double norm) => new(entries, norm, _greatest, Columns, ScaleExponent);

    /// <summary>Canonical distances to one of the centres, for a row here and there.</summary>
    public SparseDistance DistanceTo(int centre)
    {
        if (Volatile.Read(ref _distances[centre]) is { } known)
            return known;
        SparseDistance made = SparseDistance.To(Of(centre), 1);
        return Interlocked.CompareExchange(ref _distances[centre], made, null) ?? made;
    }
}
