using System.Collections.Immutable;
using OrleansCluster.Contracts;
using OrleansCluster.Tenancy;

namespace OrleansCluster.Client;

/// <summary>Tenants and keys, over a grain factory.</summary>
/// <param name="grains">Where grains are reached.</param>
public sealed class Administration(IGrainFactory grains) : IAdministration
{
    private IAccessGrain Access => grains.GetGrain<IAccessGrain>(IAccessGrain.Key);

    public Task<ImmutableArray<TenantInfo>> TenantsAsync(CancellationToken cancellation = default) =>
        Calls.Ask(() => Access.Tenants(cancellation), cancellation);

    public Task<TenantInfo?> TenantAsync(string name, CancellationToken cancellation = default) =>
        Calls.Ask(() => Access.Tenant(ComposedText.Of(name), cancellation), cancellation);

    public Task<TenantInfo> CreateAsync(string name, TenantQuotas? quotas = null, string by = "", CancellationToken cancellation = default) =>
        Calls.Ask(() => Access.Create(ComposedText.Of(name), quotas ?? new TenantQuotas(), by, cancellation), cancellation);

    public Task<TenantInfo> LimitAsync(string name, TenantQuotas quotas, CancellationToken cancellation = default) =>
        Calls.Ask(() => Access.Limit(ComposedText.Of(name), quotas, cancellation), cancellation);

    public Task<TenantInfo> SuspendAsync(string name, bool suspended = true, CancellationToken cancellation = default) =>
        Calls.Ask(() => Access.Suspend(ComposedText.Of(name), suspended, cancellation), cancellation);

    public Task<TenantDeletion> DeleteAsync(string name, bool force = false, string by = "", CancellationToken cancellation = default) =>
        new TenantRemoval(grains, ComposedText.Of(name), by).RunAsync(force, cancellation);

    public Task<ImmutableArray<KeyInfo>> KeysAsync(string tenant, CancellationToken cancellation = default) =>
        Calls.Ask(() => Access.Keys(ComposedText.Of(tenant), cancellation), cancellation);

    public async Task<(ApiKey Key, KeyInfo Info)> MakeKeyAsync(KeyInfo key, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        return await KeepAsync(
            key with { Tenant = ComposedText.Of(key.Tenant), Models = [.. key.Models.Select(ComposedText.Of)] }, TimeSpan.Zero, cancellation)
            .ConfigureAwait(false);
    }

    public async Task<(ApiKey Key, KeyInfo Info)> RotateKeyAsync(
        string tenant, string id, TimeSpan grace, string by = "", CancellationToken cancellation = default)
    {
        KeyInfo before = (await KeysAsync(tenant, cancellation).ConfigureAwait(false)).FirstOrDefault(key => key.Id == id)
            ?? throw new ClusteringException($"The tenant '{tenant}' has no key {id}: 'keys list' shows those that it has.");
        return before.Revoked is null
            ? await KeepAsync(before with { By = by, Replaces = id }, grace, cancellation).ConfigureAwait(false)
            : throw new ClusteringException($"The key {id} was revoked: make a new one.");
    }

    public Task<KeyInfo> RevokeKeyAsync(string tenant, string id, CancellationToken cancellation = default) =>
        Calls.Ask(() => Access.Revoke(ComposedText.Of(tenant), id, cancellation), cancellation);

    public Task<Admission?> AdmitAsync(ApiKey key, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        return Calls.Ask(() => Access.Admit(key.Id, key.Hash, cancellation), cancellation);
    }

    private async Task<(ApiKey Key, KeyInfo Info)> KeepAsync(KeyInfo like, TimeSpan grace, CancellationToken cancellation)
    {
        var key = ApiKey.Make();
        KeyInfo info = await Calls.Ask(
            () => Access.AddKey(new NewKey { Info = like with { Id = key.Id }, Hash = key.Hash, Grace = grace }, cancellation), cancellation)
                .ConfigureAwait(false);
        return (key, info);
    }
}
