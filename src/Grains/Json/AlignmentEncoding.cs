using System.Text.Json;
using System.Text.Json.Nodes;
using OrleansCluster.Contracts;
using OrleansCluster.Numerics.Alignment;

namespace OrleansCluster.Json;

/// <summary>An alignment as a blob: JSON with a format version. It names its model, version and job, so that no other version can have the same blob.</summary>
internal static class AlignmentEncoding
{
    public static byte[] Encode(string tenant, string model, int version, int parent, string job, AlignmentResult result) =>
        JsonSerializer.SerializeToUtf8Bytes(
        new AlignmentFile { Tenant = tenant, Model = model, Version = version, Parent = parent, Job = job, Result = Write(result) },
            ContractJson.Default.AlignmentFile);

    /// <exception cref="ClusteringException">The bytes are no alignment, or one of a newer program.</exception>
    public static AlignmentResult Decode(byte[] bytes) =>
        Documents.Read(bytes, "alignment", AlignmentFile.Format, ContractJson.Default.AlignmentFile, file => Read(file.Result), Earlier);

    /// <summary>Version 0.1.0 wrote a number for the cost.</summary>
    private static void Earlier(JsonObject file)
    {
        if (file["result"] is JsonObject result && result["cost"] is JsonValue cost)
            result["cost"] = Words.Cost(cost.GetValue<int>());
    }

    private static AlignmentDocument Write(AlignmentResult result) => new()
    {
        Labels = new LabelsDocument { Ids = [.. result.Labels.Ids], Retired = [.. result.Labels.Retired], NextId = result.Labels.NextId },
        Clusters = [.. result.Clusters.Select(cluster => new AlignedClusterDocument
        {
            Index = cluster.Index,
            StableId = cluster.StableId,
            Match = cluster.Match is { } match
                ? new MatchDocument { Index = match.Index, Cost = match.Cost, Margin = match.Margin, Confidence = match.Confidence, Moved = match.Moved }
                : null,
            SplitFrom = cluster.SplitFrom,
            SplitShare = cluster.SplitShare,
            Jaccard = cluster.Jaccard,
        })],
        Died = [.. result.Died.Select(dead => new DeadClusterDocument
        {
            Index = dead.Index, StableId = dead.StableId, MergedInto = dead.MergedInto, MergedShare = dead.MergedShare,
        })],
        Cost = Words.Of(result.Cost),
        Limit = result.Limit,
        TotalCost = result.TotalCost,
        Anchors = result.Anchors is not { } anchors ? null : new AnchorsDocument
        {
            Weight = anchors.Weight,
            Churn = anchors.Churn,
            AdjustedRand = anchors.AdjustedRand,
            Flows = [.. anchors.Flows.Select(flow => new FlowDocument { From = flow.From, To = flow.To, Weight = flow.Weight })],
        },
    };

    private static AlignmentResult Read(AlignmentDocument result) => new()
    {
        Labels = new StableLabels([.. result.Labels.Ids], [.. result.Labels.Retired], result.Labels.NextId),
        Clusters = [.. result.Clusters.Select(cluster => new ClusterAlignment
        {
            Index = cluster.Index,
            StableId = cluster.StableId,
            Match = cluster.Match is { } match
                ? new ClusterMatch { Index = match.Index, Cost = match.Cost, Margin = match.Margin, Confidence = match.Confidence, Moved = match.Moved }
                : null,
            SplitFrom = cluster.SplitFrom,
            SplitShare = cluster.SplitShare,
            Jaccard = cluster.Jaccard,
        })],
        Died = [.. result.Died.Select(dead => new DeadCluster
        {
            Index = dead.Index, StableId = dead.StableId, MergedInto = dead.MergedInto, MergedShare = dead.MergedShare,
        })],
        Cost = Words.Cost(result.Cost),
        Limit = result.Limit,
        TotalCost = result.TotalCost,
        Anchors = result.Anchors is not { } anchors ? null : new AnchorComparison
        {
            Weight = anchors.Weight,
            Churn = anchors.Churn,
            AdjustedRand = anchors.AdjustedRand,
            Flows = [.. anchors.Flows.Select(flow => new AnchorFlow(flow.From, flow.To, flow.Weight))],
        },
    };
}
