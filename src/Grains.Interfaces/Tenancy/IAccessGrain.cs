using System.Collections.Immutable;

namespace OrleansCluster.Tenancy;

/// <summary>The tenants and their keys: one for the cluster; key: <see cref="Key"/>.</summary>
[Alias("oc.IAccessGrain")]
public interface IAccessGrain : IGrainWithStringKey
{
    /// <summary>Its key. No tenant is called so: their names begin with a letter or a digit.</summary>
    public const string Key = "_access/_access";

    /// <summary>All tenants, by name; the default one, which need not be made, among them.</summary>
    [Alias("Tenants")]
    Task<ImmutableArray<TenantInfo>> Tenants(CancellationToken cancellation = default);

    /// <summary>One tenant; null: there is none of that name.</summary>
    [Alias("Tenant")]
    Task<TenantInfo?> Tenant(string name, CancellationToken cancellation = default);

    /// <summary>Makes a tenant.</summary>
    /// <exception cref="ClusteringException">The name is taken or not allowed.</exception>
    [Alias("Create"), Audited("tenant.create", Tells = "quotas", OfTenant = true)]
    Task<TenantInfo> Create(string name, TenantQuotas quotas, string by, CancellationToken cancellation = default);

    /// <summary>Changes what a tenant may have.</summary>
    /// <exception cref="ClusteringException">There is none of that name.</exception>
    [Alias("Limit"), Audited("tenant.limit", Tells = "quotas", OfTenant = true)]
    Task<TenantInfo> Limit(string name, TenantQuotas quotas, CancellationToken cancellation = default);

    /// <summary>Has a tenant's keys open nothing, or something again.</summary>
    /// <exception cref="ClusteringException">There is none of that name.</exception>
    [Alias("Suspend"), Audited("tenant.suspend", Tells = "suspended", OfTenant = true)]
    Task<TenantInfo> Suspend(string name, bool suspended, CancellationToken cancellation = default);

    /// <summary>Takes a tenant away, with its keys.</summary>
    /// <exception cref="ClusteringException">There is none of that name, or it has datasets, models or jobs.</exception>
    [Alias("Delete"), Audited("tenant.delete", OfTenant = true)]
    Task Delete(string name, CancellationToken cancellation = default);

    /// <summary>The keys of a tenant, newest first.</summary>
    [Alias("Keys")]
    Task<ImmutableArray<KeyInfo>> Keys(string tenant, CancellationToken cancellation = default);

    /// <summary>Keeps a key.</summary>
    /// <exception cref="ClusteringException">There is no such tenant, or no such key to replace.</exception>
    [Alias("AddKey"), Audited("key.add", Tells = "key", OfTenant = true)]
    Task<KeyInfo> AddKey(NewKey key, CancellationToken cancellation = default);

    /// <summary>Has a key open nothing any more; a second time changes nothing.</summary>
    /// <exception cref="ClusteringException">The tenant has no such key.</exception>
    [Alias("Revoke"), Audited("key.revoke", Tells = "id", OfTenant = true)]
    Task<KeyInfo> Revoke(string tenant, string id, CancellationToken cancellation = default);

    /// <summary>Who shows a key; null: it opens nothing, for whatever reason.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="hash">SHA-256 of the secret that was shown, in hexadecimal digits.</param>
    /// <param name="cancellation">Gives up.</param>
    [Alias("Admit")]
    Task<Admission?> Admit(string id, string hash, CancellationToken cancellation = default);

    /// <summary>A tenant with its keys, by the hashes of their secrets, as a backup has them; empty: there is nothing to be said of it.</summary>
    [Alias("Pack")]
    Task<ReadOnlyMemory<byte>> Pack(string tenant, CancellationToken cancellation = default);

    /// <summary>Makes that tenant again, or adds the keys that it does not have; a second time changes nothing.</summary>
    /// <exception cref="ClusteringException">It cannot be read, or a key has another secret here. Nothing was changed.</exception>
    [Alias("Unpack"), Audited("tenant.restore", OfTenant = true)]
    Task Unpack(string tenant, ReadOnlyMemory<byte> packed, CancellationToken cancellation = default);
}
