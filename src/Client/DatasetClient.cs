using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using OrleansCluster.Datasets;
using OrleansCluster.Tenancy;

namespace OrleansCluster.Client;

/// <inheritdoc/>
internal sealed partial class DatasetClient(IGrainFactory grains, string tenant, Func<string> newId) : IDatasetClient
{
    private readonly JobClient _jobs = new(grains, tenant, newId);
    private readonly ModelClient _models = new(grains, tenant, newId, RefusalOptions.Tell);

    public IImportSession Session(string import) =>
        new ImportSession(grains.GetGrain<IImportGrain>(GrainKeys.For(tenant, GrainKeys.CheckName("import", import))));

    public Task<IDatasetImport> ImportAsync(DatasetSchema schema, CancellationToken cancellation = default) =>
        DatasetImport.BeginAsync(Session(newId()), schema, cancellation);

    public Task<IDatasetImport> AppendAsync(DatasetVersion earlier, string source, CancellationToken cancellation = default) =>
        AppendAsync(earlier, source, "", cancellation);

    public Task<IDatasetImport> AppendAsync(DatasetVersion earlier, string source, string by, CancellationToken cancellation = default) =>
        DatasetImport.ContinueAsync(Session(newId()), earlier, source, cancellation, by);

    public Task<string> VerifyAsync(DatasetVersion dataset, int shard, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        IRowsGrain reading = grains.GetGrain<IRowsGrain>(GrainKeys.For(tenant, newId()));
        return Calls.Ask(() => reading.Verify(dataset.Name, dataset.Version, shard, cancellation), cancellation);
    }

    public async Task<ImmutableArray<DatasetVersion>> ListAsync(CancellationToken cancellation = default)
    {
        ImmutableArray<string> names = await Calls.Ask(() => grains.GetGrain<ICatalogGrain>(GrainKeys.For(tenant, CatalogKinds.Datasets)).List(cancellation),
            cancellation).ConfigureAwait(false);
        DatasetVersion?[] newest = await Task.WhenAll(names.Select(name => FindAsync(name, 0, cancellation))).ConfigureAwait(false);
        return [.. newest.OfType<DatasetVersion>()];
    }

    public Task<DatasetVersion?> FindAsync(string name, int version = 0, CancellationToken cancellation = default) =>
        Calls.Ask(() => Dataset(name).Get(version, cancellation), cancellation);

    public IAsyncEnumerable<DatasetRows> ReadAsync(DatasetVersion dataset, ImmutableArray<int> columns, CancellationToken cancellation = default) =>
        ReadAsync(dataset, columns, sparse: false, cancellation);

    public IAsyncEnumerable<DatasetRows> ReadSparseAsync(DatasetVersion dataset, CancellationToken cancellation = default) =>
        ReadAsync(dataset, [], sparse: true, cancellation);

    private async IAsyncEnumerable<DatasetRows> ReadAsync(
        DatasetVersion dataset, ImmutableArray<int> columns, bool sparse, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        IRowsGrain reading = grains.GetGrain<IRowsGrain>(GrainKeys.For(tenant, newId()));
        try
        {
            for (int shard = 0; shard < dataset.Shards; shard++)
            {
                for (int first = 0; ;)
                {
                    var query = new RowsQuery
                    {
                        Dataset = dataset.Name,
                        Version = dataset.Version,
                        Shard = shard,
                        FirstRow = first,
                        Columns = columns,
                        Sparse = sparse,
                    };
                    DatasetRows rows = await Calls.Ask(() => reading.Read(query, cancellation), cancellation).ConfigureAwait(false);
                    if (rows.Rows == 0)
                        break;
                    if (sparse && !rows.Sparse)
                        throw new ClusteringException($"The rows of '{dataset.Name}' are read by a silo of an earlier build, which sends them with their "
                            + "zeros: wait until all silos are of this one.");
                    first += rows.Rows;
                    yield return rows;
                }
            }
        }
        finally
        {
            await CloseAsync(reading).ConfigureAwait(false);
        }
    }

    private static async Task CloseAsync(IRowsGrain reading)
    {
        try
        {
            await reading.Close().ConfigureAwait(false);
        }
        catch (Exception e) when (e is OrleansException or TimeoutException or ObjectDisposedException)
        {
            // It ends by itself.
        }
    }
}
