using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Orleans.Serialization;
using OrleansCluster.Compute;
using OrleansCluster.Datasets;

namespace OrleansCluster.Tenancy;

/// <inheritdoc cref="IAccessGrain"/>
public sealed class AccessGrain(
    [PersistentState("access", StorageNames.Grains)] IPersistentState<AccessState> state, Serializer<AccessState> states, TimeProvider time)
    : Grain, IAccessGrain
{
    private const int HashDigits = 64, LongestLabel = 200;

    private static readonly ImmutableArray<string> Kinds = [CatalogKinds.Datasets, CatalogKinds.Models, CatalogKinds.Jobs];

    private DateTimeOffset Now => time.GetUtcNow();

    public Task<ImmutableArray<TenantInfo>> Tenants(CancellationToken cancellation = default) =>
        Task.FromResult<ImmutableArray<TenantInfo>>([.. state.State.Tenants.Append(Find(GrainKeys.DefaultTenant)!).DistinctBy(tenant => tenant.Name)
            .OrderBy(tenant => tenant.Name, StringComparer.Ordinal)]);

    public Task<TenantInfo?> Tenant(string name, CancellationToken cancellation = default) => Task.FromResult(Find(name));

    public async Task<TenantInfo> Create(string name, TenantQuotas quotas, string by, CancellationToken cancellation = default)
    {
        CheckTenantName(name);
        if (Find(name) is { } there)
            throw new ClusteringException(name == GrainKeys.DefaultTenant
                ? $"The tenant '{name}' is always there."
                : $"There is a tenant '{name}' already, since {there.Created:yyyy-MM-dd}.");
        var made = new TenantInfo { Name = name, Created = Now, By = by, Quotas = Check(quotas) };
        await Keep(state.State with { Tenants = state.State.Tenants.Add(made) });
        return made;
    }

    public Task<TenantInfo> Limit(string name, TenantQuotas quotas, CancellationToken cancellation = default) =>
        Change(name, tenant => tenant with { Quotas = Check(quotas) });

    public Task<TenantInfo> Suspend(string name, bool suspended, CancellationToken cancellation = default) =>
        Change(name, tenant => tenant with { Suspended = suspended ? tenant.Suspended ?? Now : null });

    public async Task Delete(string name, CancellationToken cancellation = default)
    {
        Existing(name);
        if (name == GrainKeys.DefaultTenant)
            throw new ClusteringException($"The tenant '{name}' is always there: it cannot be deleted.");
        foreach (string kind in Kinds)
        {
            ImmutableArray<string> names = await GrainFactory.GetGrain<ICatalogGrain>(GrainKeys.For(name, kind)).List(cancellation);
            if (!names.IsEmpty)
                throw new ClusteringException(
                    $"The tenant '{name}' has {kind} ({string.Join(", ", names.Take(3))}{(names.Length > 3 ? ", …" : "")}): delete them first, suspend it, or "
                        + "force it, and they go with it.");
        }

        await Keep(new AccessState
        {
            Tenants = state.State.Tenants.RemoveAll(tenant => tenant.Name == name),
            Keys = state.State.Keys.RemoveAll(key => key.Info.Tenant == name),
        });
    }

    public Task<ImmutableArray<KeyInfo>> Keys(string tenant, CancellationToken cancellation = default) =>
        Task.FromResult<ImmutableArray<KeyInfo>>([.. state.State.Keys.Select(key => key.Info).Where(key => key.Tenant == tenant).Reverse()]);

    public async Task<KeyInfo> AddKey(NewKey key, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        KeyInfo info = key.Info with { Created = Now };
        Existing(info.Tenant);
        Roles.Check(info.Role);
        if (info.Label.Length > LongestLabel)
            throw new ClusteringException($"The label of the key has {info.Label.Length} characters: use at most {LongestLabel}.");
        foreach (string model in info.Models)
            GrainKeys.CheckKept("model", model);
        if (key.Hash.Length != HashDigits)
            throw new ClusteringException($"A key is kept by the SHA-256 of its secret, {HashDigits} hexadecimal digits.");
        if (state.State.Keys.FirstOrDefault(known => known.Info.Id == info.Id) is { } there)
        {
            // Asked again, because the answer was lost.
            return there.Hash == key.Hash ? there.Info : throw new ClusteringException($"There is a key {info.Id} already.");
        }

        ImmutableArray<KeyRecord> keys = state.State.Keys;
        if (info.Replaces.Length > 0)
        {
            KeyRecord before = Key(info.Tenant, info.Replaces);
            DateTimeOffset end = Now + key.Grace;
            // Never longer than it would have opened.
            keys = keys.Replace(before, before with { Info = before.Info with { Expires = before.Info.Expires < end ? before.Info.Expires : end } });
        }

        await Keep(state.State with { Keys = keys.Add(new KeyRecord { Info = info, Hash = key.Hash }) });
        return info;
    }

    public async Task<KeyInfo> Revoke(string tenant, string id, CancellationToken cancellation = default)
    {
        KeyRecord before = Key(tenant, id);
        if (before.Info.Revoked is not null)
            return before.Info;
        KeyRecord after = before with { Info = before.Info with { Revoked = Now } };
        await Keep(state.State with { Keys = state.State.Keys.Replace(before, after) });
        return after.Info;
    }

    public Task<Admission?> Admit(string id, string hash, CancellationToken cancellation = default)
    {
        KeyRecord? key = state.State.Keys.FirstOrDefault(known => known.Info.Id == id);
        // Compared in the same time wherever they differ.
        bool opens = key is not null && CryptographicOperations.FixedTimeEquals(MemoryMarshal.AsBytes(key.Hash.AsSpan()), MemoryMarshal.AsBytes(hash.AsSpan()))
            && key.Info.IsValid(Now)
            && Find(key.Info.Tenant) is { Suspended: null };
        return Task.FromResult(opens ? new Admission { Key = key!.Info, Quotas = Find(key.Info.Tenant)!.Quotas } : null);
    }

    public Task<ReadOnlyMemory<byte>> Pack(string tenant, CancellationToken cancellation = default)
    {
        var its = new AccessState
        {
            Tenants = [.. state.State.Tenants.Where(one => one.Name == tenant)],
            Keys = [.. state.State.Keys.Where(key => key.Info.Tenant == tenant)],
        };
        return Task.FromResult<ReadOnlyMemory<byte>>(its.Tenants.IsEmpty && its.Keys.IsEmpty ? default : states.SerializeToArray(its));
    }

    public async Task Unpack(string tenant, ReadOnlyMemory<byte> packed, CancellationToken cancellation = default)
    {
        AccessState come = states.Read(packed, $"tenant '{tenant}'"), here = state.State;
        if (come.Tenants.Any(one => one.Name != tenant) || come.Keys.Any(key => key.Info.Tenant != tenant))
            throw new ClusteringException($"What came as the tenant '{tenant}' speaks of other tenants: nothing was changed.");
        if (come.Keys.FirstOrDefault(key => here.Keys.Any(known => known.Info.Id == key.Info.Id && known.Hash != key.Hash)) is { } other)
            throw new ClusteringException($"There is a key {other.Info.Id} with another secret already: nothing was changed.");
        AccessState next = here with
        {
            // What a tenant may have here stays.
            Tenants = [.. here.Tenants, .. come.Tenants.Where(one => here.Tenants.All(known => known.Name != one.Name))],
            Keys = [.. here.Keys, .. come.Keys.Where(key => here.Keys.All(known => known.Info.Id != key.Info.Id))],
        };
        if (next.Tenants.Length + next.Keys.Length > here.Tenants.Length + here.Keys.Length)
            await Keep(next);
    }

    /// <summary>Names that begin with anything else are the cluster's own.</summary>
    private static void CheckTenantName(string name)
    {
        GrainKeys.CheckKept("tenant", name);
        if (name[0] == '_')
            throw new ClusteringException($"The tenant name '{name}' begins with '_': begin with a letter or a digit.");
    }

    private static TenantQuotas Check(TenantQuotas quotas) =>
        quotas.StoredBytes < 0 || quotas.Models < 0 || quotas.Versions < 0 || quotas.Jobs < 0 || quotas.RowsPerSecond < 0 || quotas.RequestBytes < 0
            ? throw new ClusteringException("A quota is a number from 0 on; 0: as much as there is.")
            : quotas.Weight is >= 0 and <= ComputeShare.MostWeight ? quotas
            : throw new ClusteringException($"The weight is {quotas.Weight}: it is a number from 1 to {ComputeShare.MostWeight}, or 0: as usual.");

    private TenantInfo? Find(string name) => state.State.Tenants.FirstOrDefault(tenant => tenant.Name == name)
        ?? (name == GrainKeys.DefaultTenant ? new TenantInfo { Name = name, Created = default } : null);

    private TenantInfo Existing(string name) => Find(name)
        ?? throw new ClusteringException($"There is no tenant '{name}': make it with 'tenants create {name}', or correct the name.");

    private KeyRecord Key(string tenant, string id) =>
        state.State.Keys.FirstOrDefault(key => key.Info.Id == id && key.Info.Tenant == tenant)
            ?? throw new ClusteringException($"The tenant '{tenant}' has no key {id}: 'keys list' shows those that it has.");

    private async Task<TenantInfo> Change(string name, Func<TenantInfo, TenantInfo> change)
    {
        TenantInfo before = Existing(name), after = change(before);
        ImmutableArray<TenantInfo> others = state.State.Tenants.RemoveAll(tenant => tenant.Name == name);
        await Keep(state.State with { Tenants = others.Add(after) });
        return after;
    }

    private Task Keep(AccessState next) => this.Write(state, next);
}

/// <summary>What the grain of tenants and keys remembers.</summary>
[GenerateSerializer, Immutable, Alias("oc.AccessState")]
public sealed record AccessState
{
    [Id(0)] public ImmutableArray<TenantInfo> Tenants { get; init; } = [];

    /// <summary>Oldest first.</summary>
    [Id(1)] public ImmutableArray<KeyRecord> Keys { get; init; } = [];
}

/// <summary>A key as it is kept.</summary>
[GenerateSerializer, Immutable, Alias("oc.KeyRecord")]
public sealed record KeyRecord
{
    [Id(0)] public required KeyInfo Info { get; init; }

    /// <summary>SHA-256 of its secret in hexadecimal digits.</summary>
    [Id(1)] public required string Hash { get; init; }
}
