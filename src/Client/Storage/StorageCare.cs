using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using OrleansCluster.Datasets;
using OrleansCluster.Tenancy;

namespace OrleansCluster.Client.Storage;

/// <summary>
/// What takes room in the blob store, and how it becomes free. For whoever runs the cluster: nothing here asks who calls.
/// <para>
/// A blob goes when nothing names it and nobody has written or touched it for a while. Who is about to name a blob writes or touches it first, and an import
/// touches what it has written every few minutes; so what comes to be named while names are walked is younger than the walk, and stays. A collection that is
/// killed has removed some garbage, and nothing else.
/// </para>
/// </summary>
/// <param name="grains">Where grains are reached.</param>
/// <param name="time">The clock that ages are counted by; null: the machine's.</param>
public sealed class StorageCare(IGrainFactory grains, TimeProvider? time = null)
{
    /// <summary>Hashes in a message.</summary>
    private const int Swept = 500;

    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private readonly IStorageGrain _storage = grains.GetGrain<IStorageGrain>(GrainKeys.For(IBlobOwnersGrain.Everybody, Ids.Random()));

    /// <summary>How long a blob that nothing names stays, if nothing is said: longer than any pause between writing a blob and naming it.</summary>
    public static TimeSpan UsualAge { get; } = TimeSpan.FromDays(1);

    /// <summary>The shortest that it may stay: clocks differ, and answers come late.</summary>
    public static TimeSpan LeastAge { get; } = TimeSpan.FromMinutes(10);

    /// <summary>Who takes how much room.</summary>
    /// <exception cref="ClusteringException">Something that names blobs cannot be read.</exception>
    public async Task<StorageUsage> UsageAsync(CancellationToken cancellation = default)
    {
        Dictionary<string, List<BlobOwner>> owners = await OwnersAsync(cancellation).ConfigureAwait(false);
        var tenants = new SortedDictionary<string, TenantUsage>(StringComparer.Ordinal);
        long shared = 0, unnamed = 0, unnamedBlobs = 0, bytes = 0, blobs = 0;
        await foreach (BlobInfo blob in ListAsync(cancellation).ConfigureAwait(false))
        {
            (bytes, blobs) = (bytes + blob.Bytes, blobs + 1);
            if (!owners.TryGetValue(blob.Hash, out List<BlobOwner>? its))
                (unnamed, unnamedBlobs) = (unnamed + blob.Bytes, unnamedBlobs + 1);
            else if (its.Any(owner => owner.Tenant != its[0].Tenant))
                shared += blob.Bytes;
            else
                tenants[its[0].Tenant] = With(tenants.GetValueOrDefault(its[0].Tenant) ?? new TenantUsage(its[0].Tenant, 0, 0, 0, 0, 0), its, blob.Bytes);
        }

        return new StorageUsage
        {
            Tenants = [.. tenants.Values],
            Shared = shared,
            Unnamed = unnamed,
            UnnamedBlobs = unnamedBlobs,
            Bytes = bytes,
            Blobs = blobs,
        };
    }

    /// <summary>Removes the blobs that nothing names.</summary>
    /// <param name="age">How long nobody must have written or touched them; at least <see cref="LeastAge"/>.</param>
    /// <param name="dryRun">Only say what would go.</param>
    /// <param name="cancellation">Ends it; what is gone by then was garbage.</param>
    /// <exception cref="ClusteringException">Something that names blobs cannot be read: nothing was removed.</exception>
    public async Task<StorageCollection> CollectAsync(TimeSpan age, bool dryRun = false, CancellationToken cancellation = default)
    {
        if (age < LeastAge)
            throw new ClusteringException($"Blobs that were written less than {LeastAge.TotalMinutes} minutes ago may be about to be named: give an age of at "
                + "least that.");
        // Before the walk: what is named behind its back was touched since.
        DateTimeOffset before = _time.GetUtcNow() - age;
        Dictionary<string, List<BlobOwner>> owners = await OwnersAsync(cancellation).ConfigureAwait(false);
        var garbage = new Dictionary<string, long>(StringComparer.Ordinal);
        long young = 0, gone = 0, bytes = 0;
        await foreach (BlobInfo blob in ListAsync(cancellation).ConfigureAwait(false))
        {
            if (owners.ContainsKey(blob.Hash))
                continue;
            if (blob.Touched < before)
                garbage.Add(blob.Hash, blob.Bytes);
            else
                young += blob.Bytes;
        }

        if (dryRun)
            return new StorageCollection(garbage.Count, garbage.Values.Sum(), young, IsDone: false);
        foreach (string[] some in garbage.Keys.Chunk(Swept))
        {
            foreach (string hash in await Calls.Ask(() => _storage.Sweep([.. some], before, cancellation), cancellation).ConfigureAwait(false))
                (gone, bytes) = (gone + 1, bytes + garbage[hash]);
        }

        bytes += await Calls.Ask(() => _storage.SweepUnfinished(before, cancellation), cancellation).ConfigureAwait(false);
        return new StorageCollection(gone, bytes, young, IsDone: true);
    }

    private static TenantUsage With(TenantUsage usage, List<BlobOwner> owners, long bytes)
    {
        BlobOwner[] things = [.. owners.Where(owner => owner.Kind != CatalogKinds.Jobs)];
        return things switch
        {
            [] => usage with { Jobs = usage.Jobs + bytes },
            [{ Kind: CatalogKinds.Datasets }] => usage with { Datasets = usage.Datasets + bytes },
            [{ Kind: BlobOwner.AuditLog }] => usage with { Audit = usage.Audit + bytes },
            [_] => usage with { Models = usage.Models + bytes },
            _ => usage with { Shared = usage.Shared + bytes },
        };
    }

    private async Task<Dictionary<string, List<BlobOwner>>> OwnersAsync(CancellationToken cancellation)
    {
        var owners = new Dictionary<string, List<BlobOwner>>(StringComparer.Ordinal);
        foreach ((BlobOwner owner, HashSet<string> blobs) in await new NamedBlobs(grains).WalkAsync(cancellation).ConfigureAwait(false))
        {
            foreach (string hash in blobs)
            {
                if (!owners.TryGetValue(hash, out List<BlobOwner>? its))
                    owners.Add(hash, its = []);
                its.Add(owner);
            }
        }

        return owners;
    }

    private async IAsyncEnumerable<BlobInfo> ListAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        for (string after = ""; ;)
        {
            string last = after;
            ImmutableArray<BlobInfo> page = await Calls.Ask(() => _storage.List(last, cancellation), cancellation).ConfigureAwait(false);
            foreach (BlobInfo blob in page)
                yield return blob;
            if (page.IsEmpty)
                yield break;
            after = page[^1].Hash;
        }
    }
}
