using OrleansCluster.Datasets;
using OrleansCluster.Json;

namespace OrleansCluster.Serving;

/// <summary>The stable ids of the versions that this silo answers with, by content hash of their alignment; a fixed number of the newest. Thread-safe.</summary>
public sealed class LabelMaps(IBlobStore blobs)
{
    private const int Kept = 256;

    private readonly object _lock = new();
    private readonly Dictionary<string, LabelMap> _maps = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = new();

    /// <summary>The ids of the version with this alignment; empty: cluster i has the id i.</summary>
    /// <exception cref="ClusteringException">The alignment is missing or damaged; the message names its file.</exception>
    internal async Task<LabelMap> Get(string alignment, CancellationToken cancellation)
    {
        if (alignment.Length == 0)
            return LabelMap.Identity;
        lock (_lock)
        {
            if (_maps.TryGetValue(alignment, out LabelMap? known))
                return known;
        }

        LabelMap map;
        try
        {
            map = new LabelMap([.. AlignmentEncoding.Decode(await blobs.ReadAsync(alignment, cancellation)).Labels.Ids]);
        }
        catch (IOException e)
        {
            throw Failures.Translate(e);
        }

        lock (_lock)
        {
            if (_maps.TryAdd(alignment, map))
            {
                _order.Enqueue(alignment);
                while (_order.Count > Kept)
                    _maps.Remove(_order.Dequeue());
            }
        }

        return map;
    }
}
