using OrleansCluster.Numerics.Distances;
using OrleansCluster.Numerics.Simd;

namespace OrleansCluster.Numerics.KMeans.Assign;

/// <summary>
/// How far centres have travelled since bounds were begun: each by itself, and for each group the sum over steps of the greatest
/// distance that a member moved. Rounded up, with the margin of <see cref="Travel"/>.
/// </summary>
internal sealed unsafe class GroupTravel
{
    private readonly AlignedBuffer<float> centres = new();
    private readonly AlignedBuffer<float> groups = new();
    private double[] centreSums = [];
    private double[] groupSums = [];
    private double[] greatest = [];

    /// <summary>The travel of each centre.</summary>
    public float* Centres => centres.Pointer;

    /// <summary>The travel of each group, and zeros up to a whole number of vectors.</summary>
    public float* Groups => groups.Pointer;

    /// <summary>Begins with k centres that have not moved.</summary>
    public void Reset(int k, int groupCount)
    {
        if (centreSums.Length < k)
            centreSums = new double[k];
        if (groupSums.Length < groupCount)
            (groupSums, greatest) = (new double[groupCount], new double[groupCount]);
        Array.Clear(centreSums);
        Array.Clear(groupSums);
        centres.Reserve(k);
        groups.Reserve(Transpose.Stride(groupCount));
        centres.Span.Clear();
        groups.Span.Clear();
    }

    /// <summary>Centres move.</summary>
    /// <param name="moved">How far, rounded up: one a centre.</param>
    /// <param name="members">The groups.</param>
    public void Advance(ReadOnlySpan<double> moved, CentroidGroups members)
    {
        Array.Clear(greatest);
        for (int c = 0; c < moved.Length; c++)
        {
            centreSums[c] = (centreSums[c] + moved[c]) * (1 + (1.0 / (1L << 50)));
            Centres[c] = Travel.Up(centreSums[c]);
            int group = members.Places[c] / members.GroupSize;
            greatest[group] = Math.Max(greatest[group], moved[c]);
        }

        for (int g = 0; g < members.Groups; g++)
        {
            groupSums[g] = (groupSums[g] + greatest[g]) * (1 + (1.0 / (1L << 50)));
            Groups[g] = Travel.Up(groupSums[g]);
        }
    }
}
