using System.Collections.Immutable;
using OrleansCluster.Contracts.Api;
using OrleansCluster.Models;
using OrleansCluster.Monitoring;
using OrleansCluster.Serving;
using OrleansCluster.Tenancy;

namespace OrleansCluster.Client.Http;

/// <summary>Models and questions to them, over HTTP.</summary>
internal sealed partial class HttpModelClient(ServiceConnection service, Func<string> newId) : IModelClient
{
    public Task<ImmutableArray<ModelOutline>> ListAsync(CancellationToken cancellation = default) =>
        service.AskAsync<ImmutableArray<ModelOutline>>(HttpMethod.Get, "models", cancellation);

    public Task<ModelOutline?> FindAsync(string name, CancellationToken cancellation = default) => GetAsync<ModelOutline?>(name, "", cancellation);

    public Task<ModelVersion?> VersionAsync(string name, int version = 0, CancellationToken cancellation = default) =>
        GetAsync<ModelVersion?>(name, Invariant($"/versions/{version}"), cancellation);

    public Task<ResolvedVersion?> ResolveAsync(ModelReference reference, CancellationToken cancellation = default) => GetAsync<ResolvedVersion?>(
        reference.Name, "/resolve" + Requests.Query(("version", reference.Version), ("alias", reference.Alias)), cancellation);

    public Task<ModelParameters?> ParametersAsync(string name, int version = 0, CancellationToken cancellation = default) =>
        GetAsync<ModelParameters?>(name, Invariant($"/versions/{version}/parameters"), cancellation);

    public Task<ModelPackage?> PackageAsync(string name, int version = 0, CancellationToken cancellation = default) =>
        GetAsync<ModelPackage?>(name, Invariant($"/versions/{version}/package"), cancellation);

    public Task<Assignments> AssignAsync(string name, int version, RowsPayload rows, CancellationToken cancellation = default) =>
        service.AskAsync<Assignments>(HttpMethod.Post, Question(name, version, "assign"), cancellation, Requests.Rows(rows));

    public IAsyncEnumerable<Assignments> AssignDatasetAsync(
        string name, int version, string dataset, int datasetVersion, CancellationToken cancellation = default)
    {
        dataset = Uri.EscapeDataString(GrainKeys.CheckName("dataset", dataset));
        return service.StreamAsync<Assignments>(
            HttpMethod.Get, Question(name, version, "datasets/") + Invariant($"{dataset}/versions/{datasetVersion}/assignments"), cancellation);
    }

    public Task<Scores> ScoreAsync(string name, ScoreQuery query, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        return service.AskAsync<Scores>(HttpMethod.Post, Question(name, query.Version, "score"), cancellation, Requests.Rows(query.Rows, query.Top));
    }

    public Task<Explanations> ExplainAsync(string name, ExplainQuery query, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        return service.AskAsync<Explanations>(HttpMethod.Post, Question(name, query.Version, "explain"), cancellation, Requests.Rows(query.Rows));
    }

    public Task<ClusterProfiles> ProfileAsync(string name, ProfileQuery query, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        string asked = Requests.Query(
            ("version", query.Version == 0 ? null : query.Version), ("cluster", query.Cluster < 0 ? null : query.Cluster), ("rows", query.Rows),
            ("columns", query.Columns == 0 ? null : query.Columns));
        return service.AskAsync<ClusterProfiles>(HttpMethod.Get, Requests.Path("models", "model", name) + "/profile" + asked, cancellation);
    }

    public Task<Samples> SampleAsync(string name, SampleQuery query, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        var document = new SampleRequestDocument
        {
            Rows = query.Rows,
            Seed = query.Seed,
            Component = query.Component == -1 ? null : query.Component,
            FirstRow = query.FirstRow,
        };
        return service.AskAsync<Samples>(
            HttpMethod.Post, Question(name, query.Version, "sample"), cancellation, Requests.Json(document, ApiJson.Default.SampleRequestDocument));
    }

    private static string Of(string name) => Requests.Path("models", "model", name);

    private static string Question(string name, int version, string question) =>
        version == 0 ? $"{Of(name)}/{question}" : Invariant($"{Of(name)}@{version}/{question}");

    private Task<T> GetAsync<T>(string name, string path, CancellationToken cancellation) =>
        service.AskAsync<T>(HttpMethod.Get, Of(name) + path, cancellation);
}
