using System.Collections.Immutable;
using OrleansCluster.Datasets;
using OrleansCluster.Models;
using OrleansCluster.Training;

namespace OrleansCluster.Tenancy;

/// <inheritdoc cref="IQuotaGrain"/>
public sealed class QuotaGrain(ManifestCache manifests, TimeProvider time) : Grain, IQuotaGrain
{
    /// <summary>Seconds after which asking again is worth it: something has to end or be deleted first.</summary>
    private const int RetryAfter = 300;

    /// <summary>How long a job that was admitted may take to be known, before it counts as not started.</summary>
    private static readonly TimeSpan Starting = TimeSpan.FromMinutes(1);

    /// <summary>Jobs that were admitted lately, which may not be known yet.</summary>
    private readonly Dictionary<string, (string Model, long At)> _admitted = new(StringComparer.Ordinal);

    private string Tenant => GrainKeys.Parse(this.GetPrimaryKeyString()).Tenant;

    public async Task AdmitJob(string job, string model, CancellationToken cancellation = default)
    {
        TenantQuotas quotas = await Quotas(cancellation);
        if (quotas.Jobs == 0 && quotas.Models == 0 && quotas.Versions == 0)
            return;
        Dictionary<string, string> live = await Live(cancellation);
        live.Remove(job);
        if (quotas.Jobs > 0 && live.Count >= quotas.Jobs)
            throw Refused($"The tenant '{Tenant}' has {live.Count} jobs that have not ended and may have {quotas.Jobs}: wait for one, or cancel one.");
        ImmutableArray<string> models = await Names(CatalogKinds.Models, cancellation);
        int all = models.Union(live.Values, StringComparer.Ordinal).Count();
        if (quotas.Models > 0 && all >= quotas.Models && !models.Contains(model) && !live.ContainsValue(model))
            throw Refused($"The tenant '{Tenant}' has {all} models and may have {quotas.Models}: retrain one of them, or delete one.");
        if (quotas.Versions > 0 && await Versions(models, cancellation) + live.Count is var versions && versions >= quotas.Versions)
            throw Refused($"The tenant '{Tenant}' has {versions} versions of models and may have {quotas.Versions}: prune or delete some.");
        _admitted[job] = (model, time.GetTimestamp());
    }

    public async Task AdmitModel(string model, int versions, CancellationToken cancellation = default)
    {
        TenantQuotas quotas = await Quotas(cancellation);
        if (quotas.Models == 0 && quotas.Versions == 0)
            return;
        Dictionary<string, string> live = await Live(cancellation);
        ImmutableArray<string> models = await Names(CatalogKinds.Models, cancellation);
        int all = models.Union(live.Values, StringComparer.Ordinal).Count();
        if (quotas.Models > 0 && all >= quotas.Models && !models.Contains(model) && !live.ContainsValue(model))
            throw Refused($"The tenant '{Tenant}' has {all} models and may have {quotas.Models}: delete one before another is copied here.");
        if (quotas.Versions > 0 && versions > 0 && await Versions(models, cancellation) + live.Count is var before && before + versions > quotas.Versions)
        {
            throw Refused($"The tenant '{Tenant}' has {before} versions of models and may have {quotas.Versions}; this model would add {versions}: prune or "
                + "delete some.");
        }
    }

    public async Task AdmitRows(string manifest, CancellationToken cancellation = default)
    {
        TenantQuotas quotas = await Quotas(cancellation);
        if (quotas.StoredBytes == 0)
            return;
        Dictionary<string, long> shards = await Shards(cancellation);
        long before = shards.Values.Sum();
        if (manifest.Length > 0)
            await Add(shards, manifest, cancellation);
        long after = shards.Values.Sum();
        if (manifest.Length > 0 ? after > before && after > quotas.StoredBytes : before >= quotas.StoredBytes)
            throw Refused($"The datasets of the tenant '{Tenant}' take {before} bytes and may take {quotas.StoredBytes}"
                + $"{(after > before ? $"; these rows would take {after - before} more" : "")}: delete some first.");
    }

    public async Task<long> StoredBytes(CancellationToken cancellation = default) => (await Shards(cancellation)).Values.Sum();

    private static ClusteringException Refused(string why) => new(why) { RetryAfter = RetryAfter };

    /// <summary>Bytes of the shards of all datasets, which are stored once, however many versions share them.</summary>
    private async Task<Dictionary<string, long>> Shards(CancellationToken cancellation)
    {
        var shards = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (string name in await Names(CatalogKinds.Datasets, cancellation))
        {
            foreach (DatasetVersionEntry entry in await GrainFactory.GetGrain<IDatasetGrain>(GrainKeys.For(Tenant, name)).Entries(cancellation))
            {
                if (entry.IsHere())
                    await Add(shards, entry.Manifest, cancellation);
            }
        }

        return shards;
    }

    private async Task Add(Dictionary<string, long> shards, string manifest, CancellationToken cancellation)
    {
        foreach (ShardEntry shard in (await manifests.Get(manifest, cancellation)).Shards)
            shards[shard.Hash] = shard.Bytes;
    }

    private async Task<TenantQuotas> Quotas(CancellationToken cancellation) =>
        (await GrainFactory.GetGrain<IAccessGrain>(IAccessGrain.Key).Tenant(Tenant, cancellation))?.Quotas ?? new TenantQuotas();

    private Task<ImmutableArray<string>> Names(string kind, CancellationToken cancellation) =>
        GrainFactory.GetGrain<ICatalogGrain>(GrainKeys.For(Tenant, kind)).List(cancellation);

    /// <summary>Jobs that have not ended, and the model that each trains.</summary>
    private async Task<Dictionary<string, string>> Live(CancellationToken cancellation)
    {
        var live = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string job in await Names(CatalogKinds.Jobs, cancellation))
        {
            JobStatus? status = await GrainFactory.GetGrain<ITrainingGrain>(GrainKeys.For(Tenant, job)).Status(cancellation);
            // One that is listed may not be written down yet.
            if (status is not null)
                _admitted.Remove(job);
            if (status is { State: JobState.Queued or JobState.Running or JobState.Interrupted })
                live.Add(job, status.Model);
        }

        foreach ((string job, (string model, long at)) in _admitted.ToArray())
        {
            if (time.GetElapsedTime(at) > Starting)
                _admitted.Remove(job);
            else if (await GrainFactory.GetGrain<ITrainingGrain>(GrainKeys.For(Tenant, job)).IsLive(cancellation))
                live.TryAdd(job, model);
        }

        return live;
    }

    private async Task<int> Versions(ImmutableArray<string> models, CancellationToken cancellation)
    {
        int versions = 0;
        foreach (string model in models)
        {
            if (await GrainFactory.GetGrain<IModelGrain>(GrainKeys.For(Tenant, model)).Summary(cancellation) is { } outline)
                versions += outline.Versions.Count(version => version.Pruned is null);
        }

        return versions;
    }
}
