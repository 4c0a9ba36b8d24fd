using OrleansCluster.Tenancy;

namespace OrleansCluster.Client;

/// <summary>The client over a grain factory: in the same process, or over a gateway connection.</summary>
public sealed class ClusteringClient : IClusteringClient
{
    /// <param name="grains">Where grains are reached.</param>
    /// <param name="tenant">Whose datasets, jobs and models these are.</param>
    /// <param name="newId">Makes ids of jobs and imports; random when not given.</param>
    /// <exception cref="ClusteringException">The tenant's name is not allowed.</exception>
    public ClusteringClient(IGrainFactory grains, string tenant = GrainKeys.DefaultTenant, Func<string>? newId = null)
    {
        ArgumentNullException.ThrowIfNull(grains);
        GrainKeys.CheckName("tenant", tenant);
        Tenant = tenant;
        newId ??= Ids.Random;
        Datasets = new DatasetClient(grains, tenant, newId);
        Jobs = new JobClient(grains, tenant, newId);
        Models = new ModelClient(grains, tenant, newId);
    }

    public string Tenant { get; }

    public IDatasetClient Datasets { get; }

    public IJobClient Jobs { get; }

    public IModelClient Models { get; }
}
