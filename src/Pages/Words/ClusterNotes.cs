using System.Globalization;
using OrleansCluster.Models;

namespace OrleansCluster.Pages.Words;

/// <summary>What people said of a model's clusters.</summary>
public sealed class ClusterNotes(IEnumerable<ClusterNote> notes)
{
    private readonly Dictionary<int, ClusterNote> _notes = notes.ToDictionary(note => note.Cluster);

    /// <summary>The name of a cluster; empty: it has none.</summary>
    public string Name(int cluster) => _notes.TryGetValue(cluster, out ClusterNote? note) ? note.Name : "";

    /// <summary>Its colour as <c>#rrggbb</c>; empty: nobody chose one.</summary>
    public string Colour(int cluster) => _notes.TryGetValue(cluster, out ClusterNote? note) ? note.Colour : "";

    /// <summary>What else was said.</summary>
    public string Note(int cluster) => _notes.TryGetValue(cluster, out ClusterNote? note) ? note.Note : "";

    /// <summary>Its id, and its name where it has one: <c>3 Europe</c>.</summary>
    public string IdOf(int cluster)
    {
        string id = cluster.ToString(CultureInfo.InvariantCulture);
        return Name(cluster) is { Length: > 0 } name ? $"{id} {name}" : id;
    }
}
