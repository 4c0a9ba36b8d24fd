using OrleansCluster.Client;
using OrleansCluster.Datasets;

namespace OrleansCluster.Web.Access;

/// <summary>What a tenant's datasets take, for its page.</summary>
internal static class StoredBytes
{
    /// <summary>Bytes of all versions.</summary>
    public static async Task<long> OfAsync(IClusteringClient client, CancellationToken cancellation)
    {
        long bytes = 0;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (DatasetVersion newest in await client.Datasets.ListAsync(cancellation).ConfigureAwait(false))
        {
            await foreach (DatasetVersion version in client.Datasets.VersionsAsync(newest, cancellation).ConfigureAwait(false))
            {
                // Equal rows are stored once.
                if (seen.Add(version.Manifest))
                    bytes += version.Bytes;
            }
        }

        return bytes;
    }
}
