using System.Collections.Immutable;
using OrleansCluster.Datasets;
using OrleansCluster.Models;
using OrleansCluster.Monitoring;
using OrleansCluster.Tenancy;
using OrleansCluster.Training;

namespace OrleansCluster.Client.Storage;

/// <summary>Something that names blobs.</summary>
/// <param name="Tenant">Whose it is.</param>
/// <param name="Kind">See <see cref="CatalogKinds"/>, or <see cref="AuditLog"/>.</param>
/// <param name="Name">What it is called.</param>
internal sealed record BlobOwner(string Tenant, string Kind, string Name)
{
    /// <summary>The kind of a tenant's audit log, of which there is one.</summary>
    public const string AuditLog = "audit";
}

/// <summary>
/// Every place that names blobs, walked. What is not found here is garbage: whatever comes to name blobs in a state has to be added (a test looks at all
/// states).
/// </summary>
internal sealed class NamedBlobs(IGrainFactory grains)
{
    /// <summary>Whoever's the blobs are.</summary>
    private readonly IStorageGrain _storage = grains.GetGrain<IStorageGrain>(GrainKeys.For(IBlobOwnersGrain.Everybody, Ids.Random()));

    private readonly Dictionary<string, ImmutableArray<string>> _shards = new(StringComparer.Ordinal);

    /// <summary>All tenants that there are, or that have anything.</summary>
    public async Task<ImmutableArray<string>> TenantsAsync(CancellationToken cancellation)
    {
        ImmutableArray<TenantInfo> made = await Calls.Ask(() => grains.GetGrain<IAccessGrain>(IAccessGrain.Key).Tenants(cancellation), cancellation)
            .ConfigureAwait(false);
        ImmutableArray<string> known = await NamesAsync(CatalogKinds.Everybody, CatalogKinds.Tenants, cancellation).ConfigureAwait(false);
        return [.. made.Select(tenant => tenant.Name).Concat(known).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
    }

    /// <summary>The names of one kind of a tenant's.</summary>
    public Task<ImmutableArray<string>> NamesAsync(string tenant, string kind, CancellationToken cancellation) =>
        Calls.Ask(() => grains.GetGrain<ICatalogGrain>(GrainKeys.For(tenant, kind)).List(cancellation), cancellation);

    /// <summary>Everything that names blobs, with the blobs that it names.</summary>
    /// <exception cref="ClusteringException">Something that names others cannot be read: it is not known then what is garbage.</exception>
    public async Task<List<(BlobOwner Owner, HashSet<string> Blobs)>> WalkAsync(CancellationToken cancellation)
    {
        var found = new List<(BlobOwner, HashSet<string>)>();
        foreach (string tenant in await TenantsAsync(cancellation).ConfigureAwait(false))
        {
            ImmutableArray<string> log = await Calls.Ask(
                () => grains.GetGrain<IAuditGrain>(GrainKeys.For(tenant, IAuditGrain.Name)).Blobs(cancellation), cancellation).ConfigureAwait(false);
            found.Add((new BlobOwner(tenant, BlobOwner.AuditLog, IAuditGrain.Name), new HashSet<string>(log, StringComparer.Ordinal)));
            foreach (string kind in new[] { CatalogKinds.Jobs, CatalogKinds.Models, CatalogKinds.Datasets })
            {
                foreach (string name in await NamesAsync(tenant, kind, cancellation).ConfigureAwait(false))
                {
                    string key = GrainKeys.For(tenant, name);
                    found.Add((new BlobOwner(tenant, kind, name), kind switch
                    {
                        CatalogKinds.Datasets => await OfDatasetAsync(key, cancellation).ConfigureAwait(false),
                        CatalogKinds.Models => await OfModelAsync(key, cancellation).ConfigureAwait(false),
                        _ => await OfJobAsync(key, cancellation).ConfigureAwait(false),
                    }));
                }
            }
        }

        return found;
    }

    /// <summary>A manifest and the shards that it names.</summary>
    public async Task<ImmutableArray<string>> OfManifestAsync(string manifest, CancellationToken cancellation)
    {
        if (_shards.TryGetValue(manifest, out ImmutableArray<string> known))
            return known;
        var all = ImmutableArray.CreateBuilder<string>();
        all.Add(manifest);
        while (true)
        {
            int first = all.Count - 1;
            ImmutableArray<string> page = await Calls.Ask(() => _storage.Shards(manifest, first, cancellation), cancellation).ConfigureAwait(false);
            all.AddRange(page);
            if (page.IsEmpty)
                return _shards[manifest] = all.ToImmutable();
        }
    }

    private async Task<HashSet<string>> OfDatasetAsync(string key, CancellationToken cancellation)
    {
        var blobs = new HashSet<string>(StringComparer.Ordinal);
        foreach (DatasetVersionEntry entry in await Calls.Ask(() => grains.GetGrain<IDatasetGrain>(key).Entries(cancellation), cancellation)
            .ConfigureAwait(false))
        {
            if (entry.IsHere())
                blobs.UnionWith(await OfManifestAsync(entry.Manifest, cancellation).ConfigureAwait(false));
        }

        return blobs;
    }

    private async Task<HashSet<string>> OfModelAsync(string key, CancellationToken cancellation)
    {
        PackedModel? packed = await Calls.Ask(() => grains.GetGrain<IModelTransfer>(key).Pack(cancellation), cancellation).ConfigureAwait(false);
        ImmutableArray<ObservedWindow> windows = await Calls.Ask(() => grains.GetGrain<IMonitorGrain>(key).Windows(cancellation), cancellation)
            .ConfigureAwait(false);
        return new HashSet<string>((packed?.Blobs ?? []).Concat(windows.Select(window => window.Counts)), StringComparer.Ordinal);
    }

    private async Task<HashSet<string>> OfJobAsync(string key, CancellationToken cancellation)
    {
        JobNeeds needs = await Calls.Ask(() => grains.GetGrain<ITrainingGrain>(key).Needs(cancellation), cancellation).ConfigureAwait(false);
        var blobs = new HashSet<string>(needs.Blobs, StringComparer.Ordinal);
        if (needs.Manifest.Length > 0)
            blobs.UnionWith(await OfManifestAsync(needs.Manifest, cancellation).ConfigureAwait(false));
        return blobs;
    }
}
