using OrleansCluster.Client.Http;
using OrleansCluster.Tenancy;

namespace OrleansCluster.Client;

/// <summary>The client: over a grain factory (in the same process, or over a gateway connection), or over HTTP.</summary>
public sealed class ClusteringClient : IClusteringClient, IDisposable
{
    private readonly ServiceConnection? _service;

    /// <param name="grains">Where grains are reached.</param>
    /// <param name="tenant">Whose datasets, jobs and models these are.</param>
    /// <param name="newId">Makes ids of jobs and imports; random when not given.</param>
    /// <param name="refusals">What is done when a question is refused for a while; null: it is asked again, as <see cref="RefusalOptions"/> says.</param>
    /// <exception cref="ClusteringException">The tenant's name is not allowed.</exception>
    public ClusteringClient(
        IGrainFactory grains, string tenant = GrainKeys.DefaultTenant, Func<string>? newId = null, RefusalOptions? refusals = null)
    {
        ArgumentNullException.ThrowIfNull(grains);
        refusals ??= new RefusalOptions();
        tenant = GrainKeys.CheckName("tenant", tenant);
        Tenant = tenant;
        newId ??= Ids.Random;
        Datasets = new DatasetClient(grains, tenant, newId);
        Jobs = new JobClient(grains, tenant, newId);
        Models = new ModelClient(grains, tenant, newId, refusals);
        Monitor = new MonitorClient(grains, tenant, newId, refusals);
        Audit = new AuditClient(grains, tenant);
        Retraining = new RetrainingClient(grains, tenant);
        Alerts = new AlertClient(grains, tenant);
        Usage = new UsageClient(grains, tenant);
        Silos = new SiloClient(grains);
    }

    /// <param name="address">A service over HTTP: <c>https://host:port</c>.</param>
    /// <param name="key">The key that says who asks, and whose datasets, jobs and models these are; null: the service asks nobody who they are.</param>
    /// <exception cref="ClusteringException">The address is none, or the key cannot be one. Nothing is asked before the first question.</exception>
    public ClusteringClient(Uri address, string? key = null)
        : this(new ServiceOptions { Address = address, Key = key })
    {
    }

    /// <param name="service">A service over HTTP, and how it is asked.</param>
    /// <exception cref="ClusteringException">The address is none, or the key cannot be one. Nothing is asked before the first question.</exception>
    public ClusteringClient(ServiceOptions service)
    {
        _service = new ServiceConnection(service);
        Datasets = new HttpDatasetClient(_service, Ids.Random);
        Models = new HttpModelClient(_service, Ids.Random);
        Jobs = new HttpJobClient(_service, Models, Ids.Random);
        Monitor = new HttpMonitorClient(_service);
        Audit = new HttpAuditClient(_service);
        Retraining = new HttpRetrainingClient(_service);
        Alerts = new HttpAlertClient(_service);
        Usage = new HttpUsageClient(_service);
        Silos = new HttpSiloClient(_service);
    }

    /// <summary>Whose datasets, jobs and models these are; null: over HTTP, where the key says so.</summary>
    public string? Tenant { get; }

    public IDatasetClient Datasets { get; }

    public IJobClient Jobs { get; }

    public IModelClient Models { get; }

    public IMonitorClient Monitor { get; }

    public IAuditClient Audit { get; }

    public IRetrainingClient Retraining { get; }

    public IAlertClient Alerts { get; }

    public IUsageClient Usage { get; }

    public ISiloClient Silos { get; }

    /// <summary>Lets go of connections; does nothing to a grain factory.</summary>
    public void Dispose() => _service?.Dispose();
}
