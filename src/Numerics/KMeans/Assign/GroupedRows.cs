using System.Runtime.CompilerServices;
using OrleansCluster.Numerics.Distances;
using OrleansCluster.Numerics.Simd;

namespace OrleansCluster.Numerics.KMeans.Assign;

/// <summary>What is kept of each row while groups of centres have bounds: 4 bytes for each group, and 8 besides.</summary>
internal sealed unsafe class GroupedRows
{
    /// <summary>Norm bounds of the rows.</summary>
    public AlignedBuffer<float> Norms { get; } = new();

    /// <summary>At most the distance to the nearest of each group but the row's own centre, and the travel of the group: rows × stride.</summary>
    public AlignedBuffer<float> Lower { get; } = new();

    /// <summary>At least the distance to the row's own centre, less the travel of that.</summary>
    public AlignedBuffer<float> Upper { get; } = new();

    public CentroidGroups Groups { get; } = new();

    public GroupTravel Travel { get; } = new();

    /// <summary>Groups, rounded up to whole vectors.</summary>
    public int Stride { get; private set; }

    /// <summary>Forms groups, and makes room for bounds that begin.</summary>
    /// <param name="rows">Number of rows, whole tiles.</param>
    /// <param name="centroids">k × d.</param>
    /// <param name="k">Number of centres.</param>
    /// <param name="columns">d.</param>
    /// <param name="groupPanels">Panels of a group.</param>
    public void Begin(int rows, double[] centroids, int k, int columns, int groupPanels)
    {
        Groups.Form(centroids, k, columns, groupPanels);
        Travel.Reset(k, Groups.Groups);
        Stride = Transpose.Stride(Groups.Groups);
        Lower.Reserve(checked(rows * Stride));
        Upper.Reserve(rows);
        Norms.Reserve(rows);
    }

    /// <summary>The bounds of one row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float* LowerOf(int row) => Lower.Pointer + ((long)row * Stride);

    /// <summary>The score of a centred row and the centre at a place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Score(BoundKernel kernel, float* values, int place)
        => kernel.Score(values, Groups.Own + ((long)place * Groups.Stride), Groups.Halves[place], Groups.Stride);
}
