using System.Runtime.CompilerServices;
using OrleansCluster.Numerics.Simd;

namespace OrleansCluster.Numerics.Distances;

/// <summary>
/// Centres as the kernels want them. For the float32 scores: centred, scaled by a power of two, negated, in panels of eight
/// (panel, column, centre), with ½|c|². For canonical distances: as they are, float64, in panels of eight likewise.
/// </summary>
internal sealed unsafe class CentroidTable
{
    /// <summary>Centres of a panel.</summary>
    public const int Panel = 8;

    /// <summary>Canonical panels are padded to this many centres, with centres at infinity, which no row is near.</summary>
    private const int ExactPadding = 32;

    /// <summary>½|c|² of a centre that pads the last panel: above any score, and finite after tagging.</summary>
    private const float FarAway = 1e38f;

    private readonly AlignedBuffer<float> _scores = new();
    private readonly AlignedBuffer<float> _halves = new();
    private readonly AlignedBuffer<float> _firsts = new();
    private readonly AlignedBuffer<double> _exact = new();

    /// <summary>|c|² of each centre, centred and scaled.</summary>
    private double[] _norms = [];

    /// <summary>Number of centres.</summary>
    public int K { get; private set; }

    public int Columns { get; private set; }

    /// <summary>Panels of the float32 scores.</summary>
    public int Panels { get; private set; }

    /// <summary>−c̃: panels × columns × 8.</summary>
    public float* Scores => _scores.Pointer;

    /// <summary>½|c̃|²: panels × 8.</summary>
    public float* Halves => _halves.Pointer;

    /// <summary>The index of each panel's first centre, as the bits of a float.</summary>
    public float* Firsts => _firsts.Pointer;

    /// <summary>The centres themselves: padded panels × columns × 8.</summary>
    public double* Exact => _exact.Pointer;

    /// <summary>Centres with padding in <see cref="Exact"/>.</summary>
    public int ExactCentres { get; private set; }

    public Certificate Certificate { get; private set; }

    /// <summary>Takes new centres.</summary>
    /// <param name="centroids">k × d, row-major, finite.</param>
    /// <param name="k">Number of centres.</param>
    /// <param name="origins">What is subtracted from each of the d columns.</param>
    /// <param name="scaleExponent">Centred coordinates are multiplied by 2 to this power.</param>
    /// <param name="before">
    /// A table of the same number of centres, origins and scale, perhaps this one, from which those that did not move are taken; null: none is.
    /// </param>
    /// <param name="moved">How far each centre is from where it is in that table.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Set(
        ReadOnlySpan<double> centroids,
        int k,
        ReadOnlySpan<double> origins,
        int scaleExponent,
        CentroidTable? before = null,
        ReadOnlySpan<double> moved = default)
    {
        double factor = Math.ScaleB(1, scaleExponent);
        if (before != this)
            Begin(k, origins.Length);
        if (before is not null && before != this)
            Copy(before);
        double greatest = 0;
        for (int c = 0; c < k; c++)
        {
            if (before is null || moved[c] != 0)
                _norms[c] = SetCentre(c, centroids.Slice(c * Columns, Columns), origins, factor);
            greatest = Math.Max(greatest, _norms[c]);
        }

        double norm = Math.Sqrt(greatest) * (1 + (1.0 / (1 << 20)));
        Certificate = Certificate.Of(norm + Math.ScaleB(1, -500), Columns, scaleExponent);
    }

    /// <summary>Makes room, and pads it.</summary>
    private void Begin(int k, int columns)
    {
        (K, Columns) = (k, columns);
        Panels = (k + Panel - 1) / Panel;
        ExactCentres = (k + ExactPadding - 1) / ExactPadding * ExactPadding;
        _scores.Reserve(checked(Panels * Panel * Columns));
        _halves.Reserve(Panels * Panel);
        _firsts.Reserve(Panels);
        _exact.Reserve(checked(ExactCentres * Columns));
        if (_norms.Length < k)
            _norms = new double[k];
        for (int p = 0; p < Panels; p++)
            Firsts[p] = BitConverter.Int32BitsToSingle(p * Panel);
        for (int c = k; c < ExactCentres; c++)
            Pad(c);
    }

    private void Copy(CentroidTable before)
    {
        before._scores.Span.CopyTo(_scores.Span);
        before._halves.Span.CopyTo(_halves.Span);
        before._exact.Span.CopyTo(_exact.Span);
        before._norms.AsSpan(0, K).CopyTo(_norms);
    }

    /// <summary>|c|² in centred and scaled coordinates; infinite or not a number when the centre is out of range.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private double SetCentre(int c, ReadOnlySpan<double> centre, ReadOnlySpan<double> origins, double factor)
    {
        int start = (c / Panel * Panel * Columns) + (c % Panel);
        double norm = 0;
        double roundedNorm = 0;
        for (int j = 0; j < centre.Length; j++)
        {
            double value = (centre[j] - origins[j]) * factor;
            float rounded = (float)value;
            norm += value * value;
            roundedNorm += (double)rounded * rounded;
            Scores[start + (j * Panel)] = -rounded;
            Exact[start + (j * Panel)] = centre[j];
        }

        Halves[c] = (float)(0.5 * roundedNorm);
        return double.IsNaN(norm) ? double.PositiveInfinity : norm;
    }

    private void Pad(int c)
    {
        int start = (c / Panel * Panel * Columns) + (c % Panel);
        for (int j = 0; j < Columns; j++)
        {
            if (c < Panels * Panel)
                Scores[start + (j * Panel)] = 0;
            Exact[start + (j * Panel)] = double.PositiveInfinity;
        }

        if (c < Panels * Panel)
            Halves[c] = FarAway;
    }
}
