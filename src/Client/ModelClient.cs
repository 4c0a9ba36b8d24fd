using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using OrleansCluster.Datasets;
using OrleansCluster.Models;
using OrleansCluster.Serving;
using OrleansCluster.Tenancy;

namespace OrleansCluster.Client;

/// <inheritdoc/>
internal sealed partial class ModelClient(IGrainFactory grains, string tenant, Func<string> newId) : IModelClient
{
    public async Task<ImmutableArray<ModelSummary>> ListAsync(CancellationToken cancellation = default)
    {
        ImmutableArray<string> names = await Calls.Ask(() => grains.GetGrain<ICatalogGrain>(GrainKeys.For(tenant, CatalogKinds.Models)).List(cancellation), cancellation).ConfigureAwait(false);
        ModelSummary?[] models = await Task.WhenAll(names.Select(name => FindAsync(name, cancellation))).ConfigureAwait(false);
        return [.. models.OfType<ModelSummary>()];
    }

    public async Task<ModelSummary?> FindAsync(string name, CancellationToken cancellation = default)
    {
        ImmutableArray<ModelVersion> versions = await Calls.Ask(() => Model(name).Versions(cancellation), cancellation).ConfigureAwait(false);
        if (versions.IsEmpty)
            return null;
        ModelInfo info = await Calls.Ask(() => Model(name).Info(cancellation), cancellation).ConfigureAwait(false) ?? throw new ClusteringException($"There is no model '{name}'.");
        return new ModelSummary { Name = name, Versions = versions, Info = info };
    }

    public Task<ModelVersion?> VersionAsync(string name, int version = 0, CancellationToken cancellation = default) =>
        Calls.Ask(() => Model(name).Get(version, cancellation), cancellation);

    public Task<ModelParameters?> ParametersAsync(string name, int version = 0, CancellationToken cancellation = default) =>
        Calls.Ask(() => Model(name).Parameters(version, cancellation), cancellation);

    public Task<Assignments> AssignAsync(string name, int version, RowsPayload rows, CancellationToken cancellation = default) =>
        Calls.Ask(() => Assigner(name).Assign(version, rows, cancellation), cancellation);

    public async IAsyncEnumerable<Assignments> AssignDatasetAsync(
        string name, int version, string dataset, int datasetVersion, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        GrainKeys.CheckName("dataset", dataset);
        DatasetVersion rows = await Calls.Ask(() => grains.GetGrain<IDatasetGrain>(GrainKeys.For(tenant, dataset)).Get(datasetVersion, cancellation), cancellation).ConfigureAwait(false)
            ?? throw new ClusteringException(datasetVersion == 0
                ? $"There is no dataset '{dataset}': import it first, or correct the name."
                : $"There is no version {datasetVersion} of the dataset '{dataset}'.");
        // One version answers for all rows, even when a newer one is published meanwhile.
        ResolvedVersion resolved = await Calls.Ask(() => Model(name).Resolve(version, cancellation), cancellation).ConfigureAwait(false)
            ?? throw new ClusteringException(version == 0
                ? $"There is no model '{name}': train it first, or correct the name."
                : $"There is no version {version} of the model '{name}'.");
        ImmutableArray<int> columns = await ColumnsAsync(name, resolved.Version, rows, cancellation).ConfigureAwait(false);
        for (int shard = 0; shard < rows.Shards; shard++)
        {
            for (int first = 0; ;)
            {
                var wanted = new ShardRows { Version = resolved.Version, Manifest = rows.Manifest, Shard = shard, FirstRow = first, Columns = columns };
                Assignments answer = await Calls.Ask(() => Assigner(name).AssignShard(wanted, cancellation), cancellation).ConfigureAwait(false);
                if (answer.Labels.IsEmpty)
                    break;
                first += answer.Labels.Length / sizeof(int);
                yield return answer;
            }
        }
    }

    public Task<Scores> ScoreAsync(string name, ScoreQuery query, CancellationToken cancellation = default) =>
        Calls.Ask(() => Assigner(name).Score(query, cancellation), cancellation);

    public Task<Samples> SampleAsync(string name, SampleQuery query, CancellationToken cancellation = default) =>
        Calls.Ask(() => Assigner(name).Sample(query, cancellation), cancellation);

    /// <summary>Where the model's columns are among those of the dataset; empty: just so.</summary>
    private async Task<ImmutableArray<int>> ColumnsAsync(string name, int version, DatasetVersion dataset, CancellationToken cancellation)
    {
        ModelVersion model = await Calls.Ask(() => Model(name).Get(version, cancellation), cancellation).ConfigureAwait(false)
            ?? throw new ClusteringException($"There is no version {version} of the model '{name}'.");
        string[] names = [.. dataset.Columns.Select(column => column.Name)];
        string[] missing = [.. model.Training.Columns.Where(column => !names.Contains(column))];
        if (missing.Length > 0)
            throw new ClusteringException($"The dataset '{dataset.Name}' version {dataset.Version} lacks {string.Join(", ", missing.Select(column => $"'{column}'"))} of the columns of the model '{name}': import rows with these columns.");
        return names.SequenceEqual(model.Training.Columns) ? [] : [.. model.Training.Columns.Select(column => Array.IndexOf(names, column))];
    }

    private IModelGrain Model(string name) => grains.GetGrain<IModelGrain>(GrainKeys.For(tenant, GrainKeys.CheckName("model", name)));

    private IAssignerGrain Assigner(string name) => grains.GetGrain<IAssignerGrain>(GrainKeys.For(tenant, GrainKeys.CheckName("model", name)));
}
