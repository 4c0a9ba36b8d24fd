namespace OrleansCluster.Tenancy;

/// <summary>
/// Admits what a tenant may have a limited number of (<see cref="TenantQuotas"/>), one at a time, so that two who come together do not both get the last; key:
/// <c>tenant/</c><see cref="Name"/>.
/// </summary>
[Alias("oc.IQuotaGrain")]
public interface IQuotaGrain : IGrainWithStringKey
{
    /// <summary>The second part of its key.</summary>
    public const string Name = "quota";

    /// <summary>Admits a job that is about to start.</summary>
    /// <param name="job">Its id.</param>
    /// <param name="model">The model that it trains.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="ClusteringException">The tenant has as many jobs, models or versions as it may have.</exception>
    [Alias("AdmitJob")]
    Task AdmitJob(string job, string model, CancellationToken cancellation = default);

    /// <summary>Admits a model that is about to be copied here.</summary>
    /// <param name="model">Its name.</param>
    /// <param name="versions">Versions with parameters that it would have more than now.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="ClusteringException">The tenant would have more models or versions than it may have.</exception>
    [Alias("AdmitModel")]
    Task AdmitModel(string model, int versions, CancellationToken cancellation = default);

    /// <summary>Admits rows that are about to be stored.</summary>
    /// <param name="manifest">Content hash of their manifest; empty: it is not known yet what comes.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="ClusteringException">The tenant's datasets take as many bytes as they may take, or would take more.</exception>
    [Alias("AdmitRows")]
    Task AdmitRows(string manifest, CancellationToken cancellation = default);

    /// <summary>Bytes of the tenant's datasets as its quota counts them: what several versions share is counted once.</summary>
    [Alias("StoredBytes")]
    Task<long> StoredBytes(CancellationToken cancellation = default);
}
