using System.Collections.Immutable;
using OrleansCluster.Tenancy;

namespace OrleansCluster.Client;

/// <summary>The tenants of a cluster and the keys that programs show. For whoever runs the cluster: nothing here asks who calls.</summary>
public interface IAdministration
{
    /// <summary>All tenants, by name.</summary>
    Task<ImmutableArray<TenantInfo>> TenantsAsync(CancellationToken cancellation = default);

    /// <summary>One tenant; null: there is none of that name.</summary>
    Task<TenantInfo?> TenantAsync(string name, CancellationToken cancellation = default);

    /// <summary>Makes a tenant.</summary>
    /// <exception cref="ClusteringException">The name is taken or not allowed.</exception>
    Task<TenantInfo> CreateAsync(string name, TenantQuotas? quotas = null, string by = "", CancellationToken cancellation = default);

    /// <summary>Changes what a tenant may have.</summary>
    /// <exception cref="ClusteringException">There is none of that name.</exception>
    Task<TenantInfo> LimitAsync(string name, TenantQuotas quotas, CancellationToken cancellation = default);

    /// <summary>Has a tenant's keys open nothing, or something again. What is stored stays, and its jobs go on.</summary>
    /// <exception cref="ClusteringException">There is none of that name.</exception>
    Task<TenantInfo> SuspendAsync(string name, bool suspended = true, CancellationToken cancellation = default);

    /// <summary>
    /// Takes a tenant away, with its keys. Bytes become free when storage is collected; its audit log and its usage stay. Who is killed midway leaves a
    /// suspended tenant, of which the rest goes when it is asked again.
    /// </summary>
    /// <param name="name">The tenant.</param>
    /// <param name="force">Whether its plans, jobs, models, datasets and rules go, too.</param>
    /// <param name="by">Who asks, for the models' audit trails.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>What went with it.</returns>
    /// <exception cref="ClusteringException">There is none of that name, or it has datasets, models or jobs, which were not to go.</exception>
    Task<TenantDeletion> DeleteAsync(string name, bool force = false, string by = "", CancellationToken cancellation = default);

    /// <summary>What is known of a tenant's keys, newest first.</summary>
    Task<ImmutableArray<KeyInfo>> KeysAsync(string tenant, CancellationToken cancellation = default);

    /// <summary>Makes a key.</summary>
    /// <param name="key">What it opens: tenant, role, models, until when. Its id is made up.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The key, which is shown this once, and what is known of it.</returns>
    /// <exception cref="ClusteringException">There is no such tenant or role.</exception>
    Task<(ApiKey Key, KeyInfo Info)> MakeKeyAsync(KeyInfo key, CancellationToken cancellation = default);

    /// <summary>Makes a key with the rights of another, which still opens for a while, so that programs can go over to it one after the other.</summary>
    /// <param name="tenant">Whose key it is.</param>
    /// <param name="id">Id of the key before.</param>
    /// <param name="grace">How long the one before still opens.</param>
    /// <param name="by">Who asks.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="ClusteringException">The tenant has no such key, or it was revoked.</exception>
    Task<(ApiKey Key, KeyInfo Info)> RotateKeyAsync(string tenant, string id, TimeSpan grace, string by = "", CancellationToken cancellation = default);

    /// <summary>Has a key open nothing any more. Places that answer notice within seconds.</summary>
    /// <exception cref="ClusteringException">The tenant has no such key.</exception>
    Task<KeyInfo> RevokeKeyAsync(string tenant, string id, CancellationToken cancellation = default);

    /// <summary>Who shows a key; null: it opens nothing.</summary>
    Task<Admission?> AdmitAsync(ApiKey key, CancellationToken cancellation = default);
}
