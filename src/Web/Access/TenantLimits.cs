using OrleansCluster.Client;
using OrleansCluster.Datasets;
using OrleansCluster.Models;
using OrleansCluster.Training;
using OrleansCluster.Web.Problems;

namespace OrleansCluster.Web.Access;

/// <summary>Refuses what a tenant may not have any more of. Nothing is asked of the grains where there is no quota.</summary>
internal static class TenantLimits
{
    /// <summary>Before a dataset is stored.</summary>
    /// <exception cref="ProblemException">The tenant's datasets take what they may take.</exception>
    public static async Task CheckUploadAsync(IClusteringClient client, CancellationToken cancellation)
    {
        if (Caller.Current.Quotas.StoredBytes is not (> 0 and long most))
            return;
        long bytes = await StoredAsync(client, cancellation).ConfigureAwait(false);
        if (bytes >= most)
            throw Refused($"This tenant's datasets take {bytes} bytes and may take {most}: delete some first.");
    }

    /// <summary>What a tenant's datasets take, in bytes.</summary>
    public static async Task<long> StoredAsync(IClusteringClient client, CancellationToken cancellation)
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

    /// <summary>Before a job is started.</summary>
    /// <exception cref="ProblemException">The tenant has as many jobs or models as it may have.</exception>
    public static async Task CheckJobAsync(IClusteringClient client, string model, CancellationToken cancellation)
    {
        Tenancy.TenantQuotas quotas = Caller.Current.Quotas;
        if (quotas.Jobs > 0)
        {
            int running = (await client.Jobs.ListAsync(cancellation).ConfigureAwait(false))
                .Count(job => job.State is JobState.Queued or JobState.Running or JobState.Interrupted);
            if (running >= quotas.Jobs)
                throw Refused($"This tenant has {running} jobs that have not ended and may have {quotas.Jobs}: wait for one, or cancel one.");
        }

        if (quotas.Models > 0)
        {
            ModelOutline[] models = [.. (await client.Models.ListAsync(cancellation).ConfigureAwait(false)).Where(known => !known.Versions.IsEmpty)];
            if (models.Length >= quotas.Models && models.All(known => known.Name != model))
                throw Refused($"This tenant has {models.Length} models and may have {quotas.Models}: retrain one of them, or delete one.");
        }
    }

    private static ProblemException Refused(string why) => new(429, ProblemKinds.TooMany, why) { RetryAfter = 60 };
}
