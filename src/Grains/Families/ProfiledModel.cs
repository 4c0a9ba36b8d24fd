using System.Collections.Immutable;
using OrleansCluster.Numerics.Explanation;
using OrleansCluster.Numerics.Parallelism;
using OrleansCluster.Numerics.Profiles;
using OrleansCluster.Numerics.Rows;

namespace OrleansCluster.Families;

/// <summary>A prepared model with the scores that its capabilities tell.</summary>
internal sealed class ProfiledModel(PreparedModel model) : ISparseProfiledModel
{
    private readonly ILabels? _labels = model as ILabels;
    private readonly IDensities? _densities = model as IDensities;

    public ImmutableArray<string> Scores { get; } = [.. model is ILabels ? ["distance"] : Array.Empty<string>(), .. model is IDensities ? ["log_density"]
        : Array.Empty<string>()];

    public IQuadraticClusters? Centres => model.Fits;

    /// <summary>What <see cref="Loss"/> is the mean of, over rows; empty: nobody tells.</summary>
    public string LossName => model is IDensities ? "negative_log_density" : model is ILabels ? "inertia_per_row" : "";

    /// <inheritdoc/>
    public double Loss(ReadOnlySpan<double> scores) => _densities is not null ? -scores[^1] : _labels?.Loss(scores[0]) ?? double.NaN;

    /// <inheritdoc/>
    /// <exception cref="ClusteringException">It needs dense rows.</exception>
    public void Tell(SparseBlock rows, int[] clusters, double[][] scores, IParallel parallel) =>
        (model as ISparseLabels ?? throw new ClusteringException($"A {model.Family.Description.Title} needs dense rows: import these with --dense."))
            .Assign(rows, clusters, scores[0], parallel);

    public void Tell(RowBlock rows, int[] clusters, double[][] scores, IParallel parallel)
    {
        if (_labels is not null)
            _labels.Assign(rows, clusters, scores[0], parallel);
        else
            Array.Fill(clusters, -1);
        if (_densities is not null)
            _densities.Score(rows, 1, scores[^1], new int[rows.Rows], new double[rows.Rows], parallel);
    }
}
