using OrleansCluster.Numerics.Distances;
using OrleansCluster.Numerics.Simd;

namespace OrleansCluster.Numerics.KMeans.Assign;

/// <summary>
/// How far centres have travelled since bounds were begun: each by itself, and for each group the sum over steps of the greatest
/// distance that a member moved. Rounded up, with the margin of <see cref="Travel"/>.
/// </summary>
internal sealed unsafe class GroupTravel
{
    private readonly AlignedBuffer<float> _centres = new();
    private readonly AlignedBuffer<float> _groups = new();
    private double[] _centreSums = [];
    private double[] _groupSums = [];
    private double[] _greatest = [];

    /// <summary>The travel of each centre.</summary>
    public float* Centres => _centres.Pointer;

    /// <summary>The travel of each group, and zeros up to a whole number of vectors.</summary>
    public float* Groups => _groups.Pointer;

    /// <summary>Begins with k centres that have not moved.</summary>
    public void Reset(int k, int groupCount)
    {
        if (_centreSums.Length < k)
            _centreSums = new double[k];
        if (_groupSums.Length < groupCount)
            (_groupSums, _greatest) = (new double[groupCount], new double[groupCount]);
        Array.Clear(_centreSums);
        Array.Clear(_groupSums);
        _centres.Reserve(k);
        _groups.Reserve(Transpose.Stride(groupCount));
        _centres.Span.Clear();
        _groups.Span.Clear();
    }

    /// <summary>Centres move.</summary>
    /// <param name="moved">How far, rounded up: one a centre.</param>
    /// <param name="members">The groups.</param>
    public void Advance(ReadOnlySpan<double> moved, CentroidGroups members)
    {
        Array.Clear(_greatest);
        for (int c = 0; c < moved.Length; c++)
        {
            _centreSums[c] = (_centreSums[c] + moved[c]) * (1 + (1.0 / (1L << 50)));
            Centres[c] = Travel.Up(_centreSums[c]);
            int group = members.Places[c] / members.GroupSize;
            _greatest[group] = Math.Max(_greatest[group], moved[c]);
        }

        for (int g = 0; g < members.Groups; g++)
        {
            _groupSums[g] = (_groupSums[g] + _greatest[g]) * (1 + (1.0 / (1L << 50)));
            Groups[g] = Travel.Up(_groupSums[g]);
        }
    }
}
