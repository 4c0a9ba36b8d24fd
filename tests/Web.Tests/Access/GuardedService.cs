using System.Net;
using System.Net.Http.Headers;
using System.Text;
using OrleansCluster.Client;
using OrleansCluster.Tenancy;
using OrleansCluster.Web.Access;
using OrleansCluster.Web.Hosting;

namespace OrleansCluster.Web.Tests.Access;

/// <summary>Tests of a second door to the same silo, at which everybody has to show a key.</summary>
[CollectionDefinition(nameof(GuardedService))]
public sealed class GuardedDoor : ICollectionFixture<GuardedService>;

/// <summary>That door.</summary>
public sealed class GuardedService(Service service) : IAsyncLifetime
{
    private WebServer? _server;
    private int _tenants;

    public HttpClient Http { get; private set; } = null!;

    public Uri Address => _server!.Address;

    public Uri GrpcAddress => _server!.GrpcAddress!;

    internal WebServer Server => _server!;

    /// <summary>The services of the silo that answers.</summary>
    internal IServiceProvider Services => service.Services;

    internal IAdministration Administration { get; } = new Administration(service.Grains);

    public async ValueTask InitializeAsync()
    {
        _server = await OpenAsync();
        Http = new HttpClient { BaseAddress = _server.Address };
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _server!.DisposeAsync();
    }

    /// <summary>One more such door.</summary>
    internal Task<WebServer> OpenAsync(TokenIssuer? issuer = null, WebOptions? options = null) => WebServer.StartAsync(
        options ?? new WebOptions { Port = 0, GrpcPort = 0 }, () => service.Client, Service.Families, access: new WebAccess
        {
            Clients = Client,
            Administration = Administration,
            Issuer = issuer,
            Holds = TimeSpan.Zero,
        });

    /// <summary>What a tenant has, without a door.</summary>
    public IClusteringClient Client(string tenant) => new ClusteringClient(service.Grains, tenant, refusals: RefusalOptions.Tell);

    /// <summary>A tenant that no other test has.</summary>
    internal async Task<string> TenantAsync(TenantQuotas? quotas = null)
    {
        string name = $"tenant-{Interlocked.Increment(ref _tenants)}";
        await Administration.CreateAsync(name, quotas, cancellation: TestContext.Current.CancellationToken);
        return name;
    }

    /// <summary>A key.</summary>
    internal async Task<ApiKey> KeyAsync(string tenant, string role, params string[] models) => (await Administration.MakeKeyAsync(
        new KeyInfo { Id = "", Tenant = tenant, Role = role, Models = [.. models] }, TestContext.Current.CancellationToken)).Key;

    /// <summary>A key for each role.</summary>
    internal async Task<Dictionary<string, ApiKey>> KeysAsync(string tenant)
    {
        var keys = new Dictionary<string, ApiKey>();
        foreach (string role in Roles.All)
            keys[role] = await KeyAsync(tenant, role);
        return keys;
    }

    /// <summary>A tenant with rows and a model of them, both named <c>m</c>.</summary>
    internal async Task<string> TenantWithModelAsync(TenantQuotas? quotas = null)
    {
        string tenant = await TenantAsync(quotas);
        ApiKey key = await KeyAsync(tenant, Roles.Trainer);
        (await SendAsync(HttpMethod.Post, "/api/v1/datasets/m", key.Text, "x,y\n0,0\n0,1\n10,0\n10,1\n", "text/csv")).Succeeded();
        Answer job = await SendAsync(HttpMethod.Post, "/api/v1/jobs", key.Text, """{"dataset": "m", "model": "m", "family": "kmeans", "options": {"k": 2}}""");
        job.Succeeded(HttpStatusCode.Accepted);
        string id = job.Json.GetProperty("id").GetString()!;
        // Ends with the job.
        (await SendAsync(HttpMethod.Get, $"/api/v1/jobs/{id}/events", key.Text)).Text.ShouldContain("succeeded");
        return tenant;
    }

    /// <summary>Sends a request with a key, or without.</summary>
    public async Task<Answer> SendAsync(HttpMethod method, string path, string? key, string? body = null, string type = "application/json")
    {
        using var request = new HttpRequestMessage(method, path);
        if (key is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, type);
        return await AnswerAsync(Http, request);
    }

    internal static async Task<Answer> AnswerAsync(HttpClient http, HttpRequestMessage request)
    {
        using HttpResponseMessage response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        return new Answer(response.StatusCode, await response.Content.ReadAsByteArrayAsync(), response.Content.Headers.ContentType?.MediaType, response.Headers,
            response.Content.Headers);
    }
}
