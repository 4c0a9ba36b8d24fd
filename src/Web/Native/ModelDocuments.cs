using System.Collections.Immutable;
using System.Text.Json.Nodes;
using OrleansCluster.Contracts;
using OrleansCluster.Contracts.Api;
using OrleansCluster.Datasets;
using OrleansCluster.Json;
using OrleansCluster.Models;
using OrleansCluster.Numerics.Preparation;
using OrleansCluster.Training;
using OrleansCluster.Web.Exchange;

namespace OrleansCluster.Web.Native;

/// <summary>Models as documents.</summary>
internal static class ModelDocuments
{
    public static ModelSummaryDocument Summary(ModelOutline model)
    {
        VersionSummary newest = model.Versions.MaxBy(version => version.Version)!;
        return new ModelSummaryDocument
        {
            Name = model.Name,
            Algorithm = newest.Facts.Family,
            Version = newest.Version,
            Versions = model.Versions.Length,
            K = newest.Facts.K,
            Columns = model.Columns.Length,
            Objective = Answers.Finite(newest.Facts.Objective),
            ObjectiveName = newest.Facts.ObjectiveName,
            Created = newest.Created,
            Digest = newest.Facts.Digest,
            Default = model.Info.Default,
            Revision = model.Info.Revision,
            Aliases = new JsonObject(model.Info.Aliases.Select(alias => KeyValuePair.Create(alias.Name, (JsonNode?)alias.Version))),
        };
    }

    /// <param name="info">The model after a change.</param>
    /// <param name="model">Its versions.</param>
    /// <param name="inputs">What it is asked by.</param>
    public static ModelDocument Of(ModelInfo info, ModelOutline model, AskedColumns inputs) => new()
    {
        Name = info.Name,
        Revision = info.Revision,
        Newest = info.Newest,
        Default = info.Default,
        Description = info.Description,
        Tags = Tags(info.Tags),
        Aliases = [.. info.Aliases.Select(alias =>
            new AliasDocument { Name = alias.Name, Version = alias.Version, Earlier = [.. alias.Earlier], Since = alias.Since, By = alias.By })],
        NamedClusters =
            [.. info.Clusters.Select(note => new ClusterNoteDocument { Cluster = note.Cluster, Name = note.Name, Colour = note.Colour, Note = note.Note })],
        NextCluster = info.NextCluster,
        Columns = [.. model.Columns],
        Inputs = [.. inputs.Names.Select((name, j) =>
            new InputDocument { Name = name, Type = RowColumn.NameOf(inputs.AreTyped ? inputs.Types[j] : ColumnType.Number) })],
        Versions = [.. model.Versions.Select(Of)],
    };

    public static VersionDocument Of(ModelVersion version) => new()
    {
        Model = version.Name,
        Version = version.Version,
        Created = version.Created,
        Parent = version.Parent,
        By = version.By,
        Description = version.Description,
        Tags = Tags(version.Tags),
        Pruned = version.Pruned,
        Parameters = version.Parameters,
        Capabilities = [.. version.Training.Family.Capabilities],
        Training = ReportDocuments.Of(version.Training),
    };

    public static DiffDocument Of(ModelOutline model, ModelVersion before, ModelVersion after, VersionAlignment alignment)
    {
        (Dictionary<int, long> earlier, Dictionary<int, long> later) = (Sizes(before.Training), Sizes(after.Training));
        Dictionary<int, string> names = Names(model.Info);
        bool hasAnchors = alignment.AnchorWeight > 0;
        return new DiffDocument
        {
            Model = model.Name,
            From = alignment.From,
            To = alignment.To,
            Cost = alignment.Cost,
            Limit = Answers.Finite(alignment.Limit),
            Churn = hasAnchors ? Answers.Finite(alignment.Churn) : null,
            AdjustedRand = hasAnchors ? Answers.Finite(alignment.AdjustedRand) : null,
            AnchorWeight = alignment.AnchorWeight,
            LeastConfidence = alignment.LeastConfidence(),
            Clusters = [.. alignment.Clusters.OrderBy(cluster => cluster.Label).Select(cluster => new ClusterDiffDocument
            {
                Cluster = cluster.Label,
                Name = names.GetValueOrDefault(cluster.Label),
                Index = cluster.Index,
                Born = cluster.Born,
                SizeBefore = Size(earlier, cluster.Label),
                Size = Size(later, cluster.Label),
                Cost = cluster.Cost,
                Confidence = cluster.Confidence,
                Moved = cluster.Moved,
                Jaccard = cluster.Jaccard,
                SplitFrom = cluster.SplitFrom,
                SplitShare = cluster.SplitShare,
            })],
            Died = [.. alignment.Died.OrderBy(end => end.Label).Select(end => new ClusterEndDocument
            {
                Cluster = end.Label,
                Name = names.GetValueOrDefault(end.Label),
                SizeBefore = Size(earlier, end.Label),
                MergedInto = end.MergedInto,
                MergedShare = end.MergedShare,
            })],
            Flows = [.. alignment.Flows.Select(flow => new FlowDocument { From = flow.From, To = flow.To, Weight = flow.Weight })],
        };
    }

    /// <summary>The names that people gave clusters, by stable id.</summary>
    public static Dictionary<int, string> Names(ModelInfo info) =>
        info.Clusters.Where(note => note.Name.Length > 0).ToDictionary(note => note.Cluster, note => note.Name);

    private static VersionSummaryDocument Of(VersionSummary version) => new()
    {
        Version = version.Version,
        Algorithm = version.Facts.Family,
        K = version.Facts.K,
        Job = version.Facts.Job,
        Dataset = new JobDatasetDocument { Name = version.Facts.Dataset, Version = version.Facts.DatasetVersion, Rows = version.Facts.Rows },
        Objective = Answers.Finite(version.Facts.Objective),
        ObjectiveName = version.Facts.ObjectiveName,
        Digest = version.Facts.Digest,
        Created = version.Created,
        Parent = version.Parent,
        By = version.By,
        Description = version.Description,
        Tags = Tags(version.Tags),
        Pruned = version.Pruned,
    };

    private static JsonObject Tags(ImmutableArray<ModelTag> tags) => new(tags.Select(tag => KeyValuePair.Create(tag.Key, (JsonNode?)tag.Value)));

    private static Dictionary<int, long> Sizes(TrainingReport report) => report.Clusters.ToDictionary(cluster => cluster.Label, cluster => cluster.Size);

    private static long? Size(Dictionary<int, long> sizes, int label) => sizes.TryGetValue(label, out long size) ? size : null;
}
