using System.Globalization;
using OrleansCluster.Models;
using OrleansCluster.Training;

namespace OrleansCluster.Cli.Output;

/// <summary>Two versions of a model beside each other, for whatever tells of them.</summary>
internal sealed class VersionDiff
{
    private readonly Dictionary<int, ClusterNote> _notes;
    private readonly Dictionary<int, long> _sizesBefore;
    private readonly Dictionary<int, long> _sizesAfter;

    public VersionDiff(ModelOutline model, ModelVersion before, ModelVersion after, VersionAlignment alignment)
    {
        (Before, After, Alignment) = (before, after, alignment);
        _notes = model.Info.Clusters.ToDictionary(note => note.Cluster);
        Names = new ClusterNames(model.Info.Clusters);
        (_sizesBefore, _sizesAfter) = (Sizes(before.Training), Sizes(after.Training));
        Clusters = [.. alignment.Clusters.OrderBy(cluster => cluster.Label)];
        Died = [.. alignment.Died.OrderBy(end => end.Label)];
    }

    public ModelVersion Before { get; }

    public ModelVersion After { get; }

    public VersionAlignment Alignment { get; }

    /// <summary>The later version's clusters, by id.</summary>
    public IReadOnlyList<ClusterLineage> Clusters { get; }

    /// <summary>What the later version has no more, by id.</summary>
    public IReadOnlyList<ClusterEnd> Died { get; }

    public bool HasAnchors => Alignment.AnchorWeight > 0;

    /// <summary>Rows of a cluster in the earlier version's training; null: it had none of this id.</summary>
    public long? SizeBefore(int label) => _sizesBefore.TryGetValue(label, out long size) ? size : null;

    /// <summary>Rows of a cluster in the later version's training; null: it has none of this id.</summary>
    public long? SizeAfter(int label) => _sizesAfter.TryGetValue(label, out long size) ? size : null;

    /// <summary>The names that people gave the model's clusters.</summary>
    public ClusterNames Names { get; }

    /// <summary>The colour that a person gave the cluster, or nothing.</summary>
    public string ColourOf(int label) => _notes.TryGetValue(label, out ClusterNote? note) ? note.Colour : "";

    /// <summary>What became of a cluster, in words; nothing: it stayed.</summary>
    public string Fate(ClusterLineage cluster) => cluster switch
    {
        { Born: false, SplitFrom: { } part } => Share($"took from {Names.IdOf(part)}", cluster.SplitShare),
        { Born: false } => "",
        { SplitFrom: { } from } => Share($"born, split from {Names.IdOf(from)}", cluster.SplitShare),
        _ => "born",
    };

    /// <summary>What became of a cluster that is no more, in words.</summary>
    public string Fate(ClusterEnd end) => Pieces(end) is { Length: > 0 } pieces ? $"died, split into {string.Join(", ", pieces.Select(Names.IdOf))}"
        : end.MergedInto is { } heir ? Share($"died, merged into {Names.IdOf(heir)}", end.MergedShare) : "died";

    /// <summary>The same in few words, for pictures.</summary>
    public static string Brief(ClusterLineage cluster) =>
        cluster.SplitFrom is { } from ? string.Create(CultureInfo.InvariantCulture, $"{(cluster.Born ? "split" : "took")} from {from}") : cluster.Born ? "born"
            : "";

    /// <inheritdoc cref="Brief(ClusterLineage)"/>
    public string Brief(ClusterEnd end) => Pieces(end) switch
    {
        { Length: > 2 } pieces => $"split into {pieces.Length} clusters",
        { Length: > 0 } pieces => $"split into {string.Join(", ", pieces)}",
        _ when end.MergedInto is { } heir => string.Create(CultureInfo.InvariantCulture, $"merged into {heir}"),
        _ => "died",
    };

    private int[] Pieces(ClusterEnd end) => [.. Clusters.Where(cluster => cluster.SplitFrom == end.Label).Select(cluster => cluster.Label)];

    /// <summary>What the clusters were matched by, in words.</summary>
    public string How => Alignment.Cost switch
    {
        "centroid-distance" => "matched by the distance of centroids, in units of spread",
        "bhattacharyya" => "matched by the Bhattacharyya distance of Gaussians",
        "wasserstein" => "matched by the 2-Wasserstein distance of Gaussians, in units of spread",
        "overlap" => "matched by the anchor rows that they share",
        _ => "compared by the ids that they have",
    };

    private static string Share(string text, double? share) =>
        share is { } part ? string.Create(CultureInfo.InvariantCulture, $"{text} ({100 * part:0}%)") : text;

    private static Dictionary<int, long> Sizes(TrainingReport report) => report.Clusters.ToDictionary(cluster => cluster.Label, cluster => cluster.Size);
}
