using System.Collections.Immutable;
using OrleansCluster.Datasets;
using OrleansCluster.Tenancy;

namespace OrleansCluster.Client;

/// <inheritdoc/>
internal sealed class DatasetClient(IGrainFactory grains, string tenant, Func<string> newId) : IDatasetClient
{
    public async Task<IDatasetImport> ImportAsync(DatasetSchema schema, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(schema);
        IImportGrain import = grains.GetGrain<IImportGrain>(GrainKeys.For(tenant, newId()));
        await Calls.Ask(() => import.Begin(schema, cancellation), cancellation).ConfigureAwait(false);
        return new DatasetImport(import, schema);
    }

    public async Task<ImmutableArray<DatasetVersion>> ListAsync(CancellationToken cancellation = default)
    {
        ImmutableArray<string> names = await Calls.Ask(() => grains.GetGrain<ICatalogGrain>(GrainKeys.For(tenant, CatalogKinds.Datasets)).List(cancellation), cancellation).ConfigureAwait(false);
        DatasetVersion?[] newest = await Task.WhenAll(names.Select(name => FindAsync(name, 0, cancellation))).ConfigureAwait(false);
        return [.. newest.OfType<DatasetVersion>()];
    }

    public Task<DatasetVersion?> FindAsync(string name, int version = 0, CancellationToken cancellation = default) =>
        Calls.Ask(() => grains.GetGrain<IDatasetGrain>(GrainKeys.For(tenant, GrainKeys.CheckName("dataset", name))).Get(version, cancellation), cancellation);
}
