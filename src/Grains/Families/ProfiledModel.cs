using System.Collections.Immutable;
using OrleansCluster.Numerics.Parallelism;
using OrleansCluster.Numerics.Profiles;
using OrleansCluster.Numerics.Rows;

namespace OrleansCluster.Families;

/// <summary>A prepared model with the scores that its capabilities tell.</summary>
internal sealed class ProfiledModel(PreparedModel model) : IProfiledModel
{
    public ImmutableArray<string> Scores { get; } = [.. model is ILabels ? ["distance"] : Array.Empty<string>(), .. model is IDensities ? ["log_density"]
        : Array.Empty<string>()];

    public void Tell(RowBlock rows, int[] clusters, double[][] scores, IParallel parallel)
    {
        if (model is ILabels labels)
            labels.Assign(rows, clusters, scores[0], parallel);
        else
            Array.Fill(clusters, -1);
        if (model is IDensities densities)
            densities.Score(rows, 1, scores[^1], new int[rows.Rows], new double[rows.Rows], parallel);
    }
}
