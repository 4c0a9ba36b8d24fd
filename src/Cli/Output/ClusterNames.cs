using OrleansCluster.Client;
using OrleansCluster.Models;

namespace OrleansCluster.Cli.Output;

/// <summary>The names that people gave a model's clusters, by the clusters' stable ids.</summary>
internal sealed class ClusterNames(IEnumerable<ClusterNote> notes)
{
    private readonly Dictionary<int, string> _names = notes.Where(note => note.Name.Length > 0).ToDictionary(note => note.Cluster, note => note.Name);

    /// <summary>No cluster has a name.</summary>
    public static ClusterNames None { get; } = new([]);

    /// <summary>Whether any cluster has a name.</summary>
    public bool Any => _names.Count > 0;

    /// <summary>Those of some clusters alone.</summary>
    public ClusterNames Among(IEnumerable<int> clusters) =>
        new(clusters.Where(_names.ContainsKey).Select(cluster => new ClusterNote { Cluster = cluster, Name = _names[cluster] }));

    /// <summary>The names of a model's clusters as they are now.</summary>
    public static async Task<ClusterNames> OfAsync(IClusteringClient client, string model, CancellationToken cancellation) =>
        await client.Models.FindAsync(model, cancellation).ConfigureAwait(false) is { } found ? new ClusterNames(found.Info.Clusters) : None;

    /// <summary>The name of a cluster, or nothing.</summary>
    public string Of(int cluster) => _names.GetValueOrDefault(cluster, "");

    /// <summary>Its id, and its name where it has one: "3 Europe".</summary>
    public string IdOf(int cluster) => Of(cluster) is { Length: > 0 } name ? string.Create(System.Globalization.CultureInfo.InvariantCulture,
        $"{cluster} {name}") : cluster.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
