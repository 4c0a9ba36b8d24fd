using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Reflection;
using System.Text;
using System.Text.Json;
using OrleansCluster.Client;
using OrleansCluster.Families;
using OrleansCluster.Silo;
using OrleansCluster.Web.Hosting;
using OrleansCluster.Web.Tests;

[assembly: AssemblyFixture(typeof(Service))]

namespace OrleansCluster.Web.Tests;

/// <summary>The service at a real port, over one silo in this process, for all tests. Each has datasets and models of its own names.</summary>
public sealed class Service : IAsyncLifetime
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);

    private readonly string _home = Directory.CreateTempSubdirectory("orleanscluster-web-").FullName;
    private ClusterHost? _host;
    private WebServer? _server;
    private readonly ConcurrentDictionary<string, Lazy<Task<string>>> _shared = new();
    private int _names;

    /// <summary>A client of the service that follows no redirection and throws at no status.</summary>
    public HttpClient Http { get; private set; } = null!;

    public Uri Address => _server!.Address;

    /// <summary>Where it answers over gRPC.</summary>
    public Uri GrpcAddress => _server!.GrpcAddress!;

    /// <summary>What answers behind it.</summary>
    public IClusteringClient Client { get; private set; } = null!;

    /// <summary>Where what answers reaches its grains.</summary>
    public IGrainFactory Grains => _host!.Grains;

    /// <summary>The services of the silo that answers.</summary>
    public IServiceProvider Services => _host!.Services;

    /// <summary>The families that it trains.</summary>
    public static System.Collections.Immutable.ImmutableArray<FamilyDescription> Families =>
        [.. FamilyRegistry.Standard.All.Select(family => family.Description)];

    public async ValueTask InitializeAsync()
    {
        _host = await ClusterHost.StartAsync(new ClusterHostOptions { Home = _home, Threads = 1, AutoResume = true });
        Client = new ClusteringClient(_host.Grains, refusals: RefusalOptions.Tell);
        _server = await WebServer.StartAsync(new WebOptions { Port = 0, GrpcPort = 0 }, () => Client, Families);
        Http = new HttpClient { BaseAddress = _server.Address, Timeout = Longest };
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _server!.DisposeAsync();
        await _host!.DisposeAsync();
        Directory.Delete(_home, recursive: true);
    }

    /// <summary>A name that no other test has.</summary>
    public string Name(string like = "m") => $"{like}{Interlocked.Increment(ref _names).ToString(CultureInfo.InvariantCulture)}";

    /// <summary>A file of the repository.</summary>
    public static string InRepository(string name) =>
        Path.Combine(Path.GetFullPath(typeof(Service).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute =>
            attribute.Key == "Repository").Value!), name);

    /// <summary>Sends JSON.</summary>
    public async Task<Answer> SendAsync(HttpMethod method, string path, string? json = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        if (json is not null)
            request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        foreach ((string name, string value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return await SendAsync(request);
    }

    public async Task<Answer> SendAsync(HttpRequestMessage request)
    {
        using HttpResponseMessage response = await Http.SendAsync(request);
        return new Answer(response.StatusCode, await response.Content.ReadAsByteArrayAsync(), response.Content.Headers.ContentType?.MediaType, response.Headers,
            response.Content.Headers);
    }

    public Task<Answer> GetAsync(string path) => SendAsync(HttpMethod.Get, path);

    public Task<Answer> PostAsync(string path, string? json = null) => SendAsync(HttpMethod.Post, path, json);

    /// <summary>Sends bytes as a type of their own.</summary>
    public async Task<Answer> PostAsync(string path, byte[] body, string? type, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(body) };
        if (type is not null)
            request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        foreach ((string name, string value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return await SendAsync(request);
    }

    /// <summary>Uploads a table.</summary>
    public async Task<JsonElement> UploadAsync(string dataset, string csv) =>
        (await PostAsync($"/api/v1/datasets/{dataset}", Encoding.UTF8.GetBytes(csv), "text/csv")).Succeeded();

    /// <summary>Trains to the end.</summary>
    /// <param name="request">As the API takes it.</param>
    /// <returns>The job at its end.</returns>
    public async Task<JsonElement> TrainAsync(string request)
    {
        string job = (await PostAsync("/api/v1/jobs", request)).Succeeded(HttpStatusCode.Accepted).GetProperty("id").GetString()!;
        return await EndAsync(job);
    }

    /// <summary>Waits for a job's end.</summary>
    public async Task<JsonElement> EndAsync(string job)
    {
        using HttpResponseMessage response = await Http.GetAsync($"/api/v1/jobs/{job}/events");
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        string last = (await response.Content.ReadAsStringAsync()).Split('\n').Last(line => line.StartsWith("data: ", StringComparison.Ordinal));
        return JsonDocument.Parse(last["data: ".Length..]).RootElement.GetProperty("job");
    }

    /// <summary>As <see cref="ModelAsync"/>, one that all tests ask and none changes.</summary>
    public Task<string> SharedAsync(string family = "kmeans") => _shared.GetOrAdd(family, new Lazy<Task<string>>(() => ModelAsync(family: family))).Value;

    /// <summary>What all tests that need it share.</summary>
    /// <param name="what">What it is called among them.</param>
    /// <param name="make">Makes it.</param>
    public Task<string> SharedAsync(string what, Func<Task<string>> make) => _shared.GetOrAdd(what, new Lazy<Task<string>>(make)).Value;

    /// <summary>A model of three far clusters at (0, 0), (10, 0) and (0, 10), each of four rows around it.</summary>
    /// <param name="versions">How many versions of it.</param>
    /// <param name="family">Name of its family.</param>
    public async Task<string> ModelAsync(int versions = 1, string family = "kmeans")
    {
        string model = Name();
        await UploadAsync(model, Corners);
        for (int version = 1; version <= versions; version++)
        {
            JsonElement job =
                await TrainAsync($$"""{"family": "{{family}}", "dataset": "{{model}}", "options": {"k": 3, "seed": {{version}}, "restarts": 5} }""");
            job.GetProperty("state").GetString().ShouldBe("succeeded", job.GetProperty("error").GetString());
        }

        return model;
    }

    /// <summary>Twelve rows around three corners, with columns x and y.</summary>
    public const string Corners = "x,y\n-1,0\n1,0\n0,-1\n0,1\n9,0\n11,0\n10,-1\n10,1\n-1,10\n1,10\n0,9\n0,11\n";
}
