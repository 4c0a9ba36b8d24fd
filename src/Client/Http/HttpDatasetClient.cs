using System.Collections.Immutable;
using OrleansCluster.Contracts.Api;
using OrleansCluster.Datasets;
using OrleansCluster.Json;

namespace OrleansCluster.Client.Http;

/// <summary>Datasets, over HTTP.</summary>
internal sealed class HttpDatasetClient(ServiceConnection service, Func<string> newId) : IDatasetClient
{
    public IImportSession Session(string import) => new HttpImportSession(service, import);

    public Task<IDatasetImport> ImportAsync(DatasetSchema schema, CancellationToken cancellation = default) =>
        DatasetImport.BeginAsync(Session(newId()), schema, cancellation);

    public Task<IDatasetImport> AppendAsync(DatasetVersion earlier, string source, CancellationToken cancellation = default) =>
        DatasetImport.ContinueAsync(Session(newId()), earlier, source, cancellation);

    public Task<string> VerifyAsync(DatasetVersion dataset, int shard, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        return service.AskAsync<string>(HttpMethod.Get, Invariant($"{Of(dataset.Name)}/versions/{dataset.Version}/shards/{shard}"), cancellation);
    }

    public Task<ImmutableArray<DatasetVersion>> ListAsync(CancellationToken cancellation = default) =>
        service.AskAsync<ImmutableArray<DatasetVersion>>(HttpMethod.Get, "datasets", cancellation);

    public Task<DatasetVersion?> FindAsync(string name, int version = 0, CancellationToken cancellation = default) =>
        service.AskAsync<DatasetVersion?>(HttpMethod.Get, Invariant($"{Of(name)}/versions/{version}"), cancellation);

    public IAsyncEnumerable<DatasetRows> ReadAsync(DatasetVersion dataset, ImmutableArray<int> columns, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        string query = Requests.Query(("columns", columns.IsEmpty ? null : string.Join(',', columns)));
        return service.StreamAsync<DatasetRows>(HttpMethod.Get, Invariant($"{Of(dataset.Name)}/versions/{dataset.Version}/rows{query}"), cancellation);
    }

    public IAsyncEnumerable<DatasetRows> ReadSparseAsync(DatasetVersion dataset, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        return service.StreamAsync<DatasetRows>(
            HttpMethod.Get, Invariant($"{Of(dataset.Name)}/versions/{dataset.Version}/rows{Requests.Query(("layout", DatasetLayouts.Sparse))}"), cancellation);
    }

    private static string Of(string name) => Requests.Path("datasets", "dataset", name);
}

/// <summary>One import, over HTTP.</summary>
internal sealed class HttpImportSession(ServiceConnection service, string import) : IImportSession
{
    private readonly string _path = Requests.Path("imports", "import", import);

    public Task BeginAsync(DatasetSchema schema, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(schema);
        var document = new ImportDocument
        {
            Dataset = schema.Name,
            Columns = [.. schema.Columns],
            Precision = schema.Precision,
            IdColumn = schema.IdColumn,
            WeightColumn = schema.WeightColumn,
            Source = schema.Source,
            Types = [.. schema.Types],
            Layout = schema.Layout,
        };
        return service.TellAsync(HttpMethod.Put, _path, cancellation, Requests.Json(document, ApiJson.Default.ImportDocument));
    }

    public Task AppendAsync(ImportRows rows, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var document = new ImportRowsDocument { Sequence = rows.Sequence, ValueBytes = rows.Values.Length, Ids = [.. rows.Ids] };
        return service.TellAsync(
            HttpMethod.Post, _path + "/rows", cancellation, Requests.Joined(document, ApiJson.Default.ImportRowsDocument, rows.Values, rows.Weights));
    }

    public Task ContinueAsync(int version, int shard, CancellationToken cancellation = default) => service.TellAsync(
        HttpMethod.Post, _path + "/continue" + Requests.Query(("version", version), ("shard", shard)), cancellation, Requests.Nothing);

    public Task AddCategoriesAsync(ImportCategories categories, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(categories);
        var document = new ImportCategoriesDocument { Column = categories.Column, First = categories.First, Texts = [.. categories.Texts] };
        return service.TellAsync(
            HttpMethod.Post, _path + "/categories", cancellation, Requests.Json(document, ApiJson.Default.ImportCategoriesDocument));
    }

    public Task ExpectAsync(ImmutableArray<ExpectationResult> expectations, CancellationToken cancellation = default)
    {
        var document = new ImportExpectationsDocument { Expectations = ExpectationDocuments.Of(expectations) };
        return service.TellAsync(
            HttpMethod.Post, _path + "/expectations", cancellation, Requests.Json(document, ApiJson.Default.ImportExpectationsDocument));
    }

    public Task<DatasetVersion> CommitAsync(CancellationToken cancellation = default) =>
        service.AskAsync<DatasetVersion>(HttpMethod.Post, _path + "/commit", cancellation, Requests.Nothing);

    public async Task AbortAsync()
    {
        try
        {
            await service.TellAsync(HttpMethod.Delete, _path, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception e) when (e is ClusteringException or UnavailableException)
        {
            // It ends by itself, and what led here is the failure to report.
        }
    }
}
