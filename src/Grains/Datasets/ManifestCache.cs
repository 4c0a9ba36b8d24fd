namespace OrleansCluster.Datasets;

/// <summary>The manifests used on this silo, decoded once; a fixed number of the newest. Thread-safe.</summary>
public sealed class ManifestCache(IBlobStore blobs)
{
    private const int Kept = 64;

    private readonly object _lock = new();
    private readonly Dictionary<string, DatasetManifest> _manifests = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = new();

    /// <summary>The manifest with this content hash.</summary>
    /// <exception cref="ClusteringException">The manifest is missing or damaged; the message names its file.</exception>
    public async Task<DatasetManifest> Get(string hash, CancellationToken cancellation)
    {
        lock (_lock)
        {
            if (_manifests.TryGetValue(hash, out DatasetManifest? known))
                return known;
        }

        DatasetManifest manifest;
        try
        {
            manifest = DatasetManifest.Decode(await blobs.ReadAsync(hash, cancellation));
        }
        catch (Exception e) when (e is DataFormatException or IOException)
        {
            throw Failures.Translate(e);
        }

        Put(hash, manifest);
        return manifest;
    }

    public void Put(string hash, DatasetManifest manifest)
    {
        lock (_lock)
        {
            if (!_manifests.TryAdd(hash, manifest))
                return;
            _order.Enqueue(hash);
            if (_order.Count > Kept)
                _manifests.Remove(_order.Dequeue());
        }
    }
}
