using System.Collections.Immutable;
using OrleansCluster.Compute;
using OrleansCluster.Datasets;
using OrleansCluster.Json;
using OrleansCluster.Numerics.Alignment;
using OrleansCluster.Training;

namespace OrleansCluster.Models;

/// <content>How versions relate.</content>
public sealed partial class ModelGrain
{
    public async Task<VersionAlignment?> Alignment(int version, CancellationToken cancellation = default)
    {
        if (Find(version) is not { } found || Kept(found) is not { Alignment.Length: > 0 } entry)
            return null;
        AlignmentResult result = await ReadAlignment(entry.Alignment, cancellation);
        return Tell(result, entry.Parent, found, given: false);
    }

    public async Task<VersionAlignment> Compare(int from, int to, CancellationToken cancellation = default)
    {
        (from, to) = (Existing(from), Existing(to));
        if (_model.Versions[to - 1] is { Alignment.Length: > 0 } child && child.Parent == from && from != to)
            return (await Alignment(to, cancellation))!;
        (ModelVersionEntry before, ModelVersionEntry after) = (Kept(from), Kept(to));
        (TrainedVersion earlier, TrainedVersion later) = (await ReadTrained(before, cancellation), await ReadTrained(after, cancellation));
        AnchorRows? anchors = await ReadAnchors(_model.Anchors, cancellation);
        (StableLabels labels, StableLabels given) = (LabelsOf(earlier.Report), LabelsOf(later.Report));
        AlignmentResult result = await compute.Run(
            ComputePriority.Training, parallel => VersionAligner.Compare(earlier, labels, later, given, anchors, parallel), cancellation);
        return Tell(result, from, to, given: true);
    }

    public async Task<VersionDistances> Distances(int from, int to, CancellationToken cancellation = default)
    {
        (from, to) = (Existing(from), Existing(to));
        (ModelVersionEntry before, ModelVersionEntry after) = (Kept(from), Kept(to));
        (TrainedVersion earlier, TrainedVersion later) = (await ReadTrained(before, cancellation), await ReadTrained(after, cancellation));
        (StableLabels labels, StableLabels given) = (LabelsOf(earlier.Report), LabelsOf(later.Report));
        ImmutableArray<Numerics.Alignment.ClusterDistance> distances = await compute.Run(
            ComputePriority.Serving, parallel => ClusterDistances.Between(earlier.Clusters(), labels, later.Clusters(), given, parallel), cancellation);
        return new VersionDistances
        {
            From = from,
            To = to,
            Clusters =
            [
                .. distances.Select(pair => new ClusterDistance
                {
                    Label = pair.StableId,
                    Centres = pair.Centres,
                    Moved = pair.Moved,
                    Bhattacharyya = pair.Bhattacharyya,
                    Wasserstein = pair.Wasserstein,
                }),
            ],
        };
    }

    /// <summary>Aligns what is to be published with its parent.</summary>
    private async Task<Aligned> Align(int parent, TrainedVersion after, string anchorsHash, CancellationToken cancellation)
    {
        ModelVersionEntry entry = Kept(parent);
        TrainedVersion before = await ReadTrained(entry, cancellation);
        AnchorRows? anchors = await ReadAnchors(anchorsHash, cancellation);
        ImmutableArray<int> retired = entry.Alignment.Length == 0 ? [] : (await ReadAlignment(entry.Alignment, cancellation)).Labels.Retired;
        ImmutableArray<int> ids = LabelsOf(before.Report).Ids;
        // Ids that were born beside the parent's line are below the next free one as well, so they stay theirs.
        var labels = new StableLabels(ids, retired, Math.Max(_model.NextCluster, ids.Append(-1).Max() + 1));
        AlignmentResult result =
            await compute.Run(ComputePriority.Training, parallel => VersionAligner.Align(before, labels, after, anchors, parallel), cancellation);
        return new Aligned(result.Labels.Ids, result.Labels.NextId, result);
    }

    /// <summary>The stable ids of a published version.</summary>
    private static StableLabels LabelsOf(TrainingReport report)
    {
        ImmutableArray<int> ids = [.. report.Clusters.Select(cluster => cluster.Label)];
        return new StableLabels(ids, [], ids.Append(-1).Max() + 1);
    }

    private int Existing(int version)
    {
        int found = version == 0 ? Default() : version;
        CheckVersion(found);
        return found;
    }

    private async Task<TrainedVersion> ReadTrained(ModelVersionEntry entry, CancellationToken cancellation) =>
        new(await blobs.ReadModel(families, compute, entry.Parameters), await ReadReport(entry, cancellation));

    private async Task<AlignmentResult> ReadAlignment(string hash, CancellationToken cancellation) =>
        AlignmentEncoding.Decode(await blobs.Get(hash, cancellation));

    private async Task<AnchorRows?> ReadAnchors(string hash, CancellationToken cancellation)
    {
        if (hash.Length == 0)
            return null;
        try
        {
            return AnchorRows.Decode(await blobs.Get(hash, cancellation));
        }
        catch (InvalidDataException e)
        {
            throw new ClusteringException($"The anchor rows {hash} cannot be read: {e.Message}");
        }
    }

    private static VersionAlignment Tell(AlignmentResult result, int from, int to, bool given) => new()
    {
        From = from,
        To = to,
        Cost = given ? "ids" : result.Cost switch
        {
            AlignmentCost.CentroidDistance => "centroid-distance",
            AlignmentCost.Bhattacharyya => "bhattacharyya",
            AlignmentCost.Wasserstein => "wasserstein",
            _ => "overlap",
        },
        Limit = given ? double.NaN : result.Limit,
        Clusters =
        [
            .. result.Clusters.Select(cluster => new ClusterLineage
            {
                Label = cluster.StableId,
                Index = cluster.Index,
                Born = cluster.Match is null,
                Cost = given ? null : cluster.Match?.Cost,
                Confidence = cluster.Match?.Confidence,
                Moved = cluster.Match?.Moved,
                SplitFrom = cluster.SplitFrom,
                SplitShare = cluster.SplitShare,
                Jaccard = cluster.Jaccard,
            }),
        ],
        Died = [.. result.Died.Select(end => new ClusterEnd { Label = end.StableId, MergedInto = end.MergedInto, MergedShare = end.MergedShare })],
        AnchorWeight = result.Anchors?.Weight ?? 0,
        Churn = result.Anchors?.Churn ?? 0,
        AdjustedRand = result.Anchors?.AdjustedRand ?? 1,
        Flows = [.. (result.Anchors?.Flows ?? []).Select(flow => new ClusterFlow { From = flow.From, To = flow.To, Weight = flow.Weight })],
    };
}
