using OrleansCluster.Client;

namespace OrleansCluster.Web.Tests.Clients;

/// <summary>The client over a grain factory.</summary>
public sealed class GrainClientTests(Service service) : ClientSuite(service)
{
    protected override IClusteringClient Client { get; } = service.Client;
}

/// <summary>The client over HTTP.</summary>
public sealed class HttpClientTests(Service service) : ClientSuite(service), IDisposable
{
    private readonly ClusteringClient _client = new(service.Address);

    protected override IClusteringClient Client => _client;

    public void Dispose() => _client.Dispose();
}
