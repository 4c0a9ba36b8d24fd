using OrleansCluster.Numerics.Distances;

namespace OrleansCluster.Numerics.KMeans.Assign;

/// <summary>The 32 rows of a tile whose slack is spent, and what is known of them.</summary>
internal readonly unsafe struct ScreenTile(int* labels, float* slack, float* lowerBounds, float* upperBounds, float* norms, float* room)
{
    /// <summary>Values of <see cref="Lower"/> and those that follow it.</summary>
    public const int Room = 4 * NearestKernel.TileRows;

    public int* Labels { get; } = labels;

    /// <summary>By how much the travel of the label may grow before the row must be looked at again.</summary>
    public float* Slack { get; } = slack;

    /// <summary>Lower bounds on distances to other centres, with the travel of those.</summary>
    public float* LowerBounds { get; } = lowerBounds;

    /// <summary>Upper bounds on the distances to the rows' own centres, less the travel of those.</summary>
    public float* UpperBounds { get; } = upperBounds;

    public float* Norms { get; } = norms;

    /// <summary>At most the distance of the step before to any other centre.</summary>
    public float* Lower { get; } = room;

    /// <summary>At least the distance to the row's own centre.</summary>
    public float* Upper => Lower + NearestKernel.TileRows;

    /// <summary>How much nearer a centre may have come that the row is not screened against.</summary>
    public float* Nearer => Lower + (2 * NearestKernel.TileRows);

    /// <summary>The least score that the row was screened to; infinite when it was not.</summary>
    public float* Least => Lower + (3 * NearestKernel.TileRows);
}
