using System.Collections.Immutable;
using OrleansCluster.Families;
using OrleansCluster.Numerics.Alignment;
using OrleansCluster.Numerics.Parallelism;
using OrleansCluster.Numerics.Rows;
using OrleansCluster.Training;

namespace OrleansCluster.Models;

/// <summary>A version's parameters with what its training said of them.</summary>
/// <param name="Model">Clusters in the order of its parameters.</param>
/// <param name="Report">Its clusters are in the same order.</param>
internal sealed record TrainedVersion(IModel Model, TrainingReport Report)
{
    /// <summary>The clusters as alignment looks at them.</summary>
    public VersionClusters Clusters() => Model.Clusters(Report.Clusters);
}

/// <summary>The stable ids that a new version gets.</summary>
/// <param name="Ids">By index.</param>
/// <param name="NextId">The id of the next cluster that is born.</param>
/// <param name="Result">How they were found; null: it is the first version, and cluster i has the id i.</param>
internal sealed record Aligned(ImmutableArray<int> Ids, int NextId, AlignmentResult? Result)
{
    public static Aligned First(int k) => new(StableLabels.First(k).Ids, k, null);
}

/// <summary>Aligns versions, on the compute pool: a pure function of their parameters and the anchor rows.</summary>
internal static class VersionAligner
{
    /// <summary>Clusters of one family are alike in that family's own way, those of two by the anchor rows that they share.</summary>
    private static AlignmentCost CostOf(TrainedVersion before, TrainedVersion after, bool hasAnchors) => before.Model.Family == after.Model.Family
        ? after.Model.Family.CostBetween(before.Report, after.Report)
        : hasAnchors ? AlignmentCost.Overlap : AlignmentCost.CentroidDistance;

    public static AlignmentResult Align(TrainedVersion before, StableLabels labels, TrainedVersion after, AnchorRows? anchors, IParallel parallel)
    {
        AnchorLabels? anchored = Label(before, after, anchors, parallel);
        return LabelAlignment.Align(
            before.Clusters(), labels, after.Clusters(), new AlignmentOptions { Cost = CostOf(before, after, anchored is not null) }, anchored, parallel);
    }

    public static AlignmentResult Compare(TrainedVersion before, StableLabels labels, TrainedVersion after, StableLabels given, AnchorRows? anchors,
        IParallel parallel) =>
        LabelAlignment.Compare(before.Clusters(), labels, after.Clusters(), given, null, Label(before, after, anchors, parallel));

    private static AnchorLabels? Label(TrainedVersion before, TrainedVersion after, AnchorRows? anchors, IParallel parallel) => anchors is null
        ? null
        : new AnchorLabels(Label(before.Model, anchors.Rows, parallel), Label(after.Model, anchors.Rows, parallel), anchors.Rows.Weights);

    private static int[] Label(IModel model, RowBlock rows, IParallel parallel)
    {
        var labels = new int[rows.Rows];
        // A model that gives rows no labels leaves them out of the comparison.
        if (model.Prepare() is ILabels labelling)
            labelling.Assign(rows, labels, new double[rows.Rows], parallel);
        else
            Array.Fill(labels, -1);
        return labels;
    }
}
