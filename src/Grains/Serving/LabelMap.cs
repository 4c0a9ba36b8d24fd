using System.Runtime.InteropServices;

namespace OrleansCluster.Serving;

/// <summary>Turns the places of clusters in a version's parameters into stable ids, and back.</summary>
/// <param name="ids">The stable id of each cluster; null: its place is its id.</param>
internal sealed class LabelMap(int[]? ids)
{
    public static readonly LabelMap Identity = new(null);

    /// <summary>The map for these ids, in the order of the parameters.</summary>
    public static LabelMap Of(int[] ids) => ids.Index().All(one => one.Index == one.Item) ? Identity : new LabelMap(ids);

    private readonly Dictionary<int, int>? _places = ids?.Select((id, place) => (id, place)).ToDictionary(pair => pair.id, pair => pair.place);

    /// <summary>The ids in words.</summary>
    /// <param name="k">Clusters of the version.</param>
    public string Describe(int k)
    {
        const int most = 20;
        if (ids is null || ids.Max() == k - 1)
            return $"0 … {k - 1}";
        string first = string.Join(", ", ids.Order().Take(most));
        return k > most ? $"{first} and {k - most} more" : first;
    }

    /// <summary>The place of a cluster; −1: the version has none of this id.</summary>
    public int Place(int id, int k) => _places is null ? id >= 0 && id < k ? id : -1 : _places.GetValueOrDefault(id, -1);

    /// <summary>The id of a place; −1 (no cluster) stays.</summary>
    public int IdOf(int place) => ids is null || place < 0 ? place : ids[place];

    /// <summary>Replaces places by ids, where they are.</summary>
    public void Apply(Span<int> labels)
    {
        if (ids is null)
            return;
        foreach (ref int label in labels)
            label = ids[label];
    }

    /// <summary>Replaces places by ids; −1 (no cluster) stays.</summary>
    /// <param name="labels">int32 each, little-endian.</param>
    public ReadOnlyMemory<byte> Apply(ReadOnlyMemory<byte> labels)
    {
        if (ids is null || labels.IsEmpty)
            return labels;
        ReadOnlySpan<int> places = MemoryMarshal.Cast<byte, int>(labels.Span);
        var mapped = new byte[labels.Length];
        Span<int> result = MemoryMarshal.Cast<byte, int>(mapped.AsSpan());
        for (int i = 0; i < places.Length; i++)
            result[i] = places[i] < 0 ? places[i] : ids[places[i]];
        return mapped;
    }
}
