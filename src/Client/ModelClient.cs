using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using OrleansCluster.Datasets;
using OrleansCluster.Models;
using OrleansCluster.Monitoring;
using OrleansCluster.Serving;
using OrleansCluster.Tenancy;

namespace OrleansCluster.Client;

/// <inheritdoc/>
internal sealed partial class ModelClient(IGrainFactory grains, string tenant, Func<string> newId, RefusalOptions refusals) : IModelClient
{
    /// <summary>Shards of a dataset that are assigned at the same time.</summary>
    private const int ShardsAhead = 8;

    private const int MostAssigners = 1000;

    private readonly ConcurrentDictionary<string, IAssignerGrain> _assigners = new(StringComparer.Ordinal);

    public async Task<ImmutableArray<ModelOutline>> ListAsync(CancellationToken cancellation = default)
    {
        ImmutableArray<string> names = await Calls.Ask(() => grains.GetGrain<ICatalogGrain>(GrainKeys.For(tenant, CatalogKinds.Models)).List(cancellation),
            cancellation).ConfigureAwait(false);
        ModelOutline?[] models = await Task.WhenAll(names.Select(name => FindAsync(name, cancellation))).ConfigureAwait(false);
        return [.. models.OfType<ModelOutline>()];
    }
    public Task<ModelOutline?> FindAsync(string name, CancellationToken cancellation = default) =>
        Calls.Ask(() => Model(name).Summary(cancellation), cancellation);

    public Task<ModelVersion?> VersionAsync(string name, int version = 0, CancellationToken cancellation = default) =>
        Calls.Ask(() => Model(name).Get(version, cancellation), cancellation);

    public Task<ModelPackage?> PackageAsync(string name, int version = 0, CancellationToken cancellation = default) =>
        Calls.Ask(() => Model(name).Package(version, cancellation), cancellation);

    public Task<ModelParameters?> ParametersAsync(string name, int version = 0, CancellationToken cancellation = default) =>
        Calls.Ask(() => Model(name).Parameters(version, cancellation), cancellation);

    public Task<Assignments> AssignAsync(string name, int version, RowsPayload rows, CancellationToken cancellation = default) =>
        Calls.Ask(() => Assigner(name).Assign(version, rows, cancellation), cancellation, refusals);

    public async IAsyncEnumerable<Assignments> AssignDatasetAsync(
        string name, int version, string dataset, int datasetVersion, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        dataset = GrainKeys.CheckName("dataset", dataset);
        DatasetVersion rows = await Calls.Ask(() => grains.GetGrain<IDatasetGrain>(GrainKeys.For(tenant, dataset)).Get(datasetVersion, cancellation),
            cancellation).ConfigureAwait(false)
            ?? throw new ClusteringException(datasetVersion == 0
                ? $"There is no dataset '{dataset}': import it first, or correct the name."
                : $"There is no version {datasetVersion} of the dataset '{dataset}'.");
        // One version answers for all rows, even when a newer one is published meanwhile.
        ResolvedVersion resolved = await Calls.Ask(() => Model(name).Resolve(version, cancellation), cancellation).ConfigureAwait(false)
            ?? throw new ClusteringException(version == 0
                ? $"There is no model '{name}': train it first, or correct the name."
                : $"There is no version {version} of the model '{name}'.");
        ImmutableArray<int> columns = await ColumnsAsync(name, resolved.Version, rows, cancellation).ConfigureAwait(false);
        // Silos work on several shards at a time; answers come in the order of the rows.
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var ahead = new Queue<Task<List<Assignments>>>();
        try
        {
            for (int shard = 0; shard < rows.Shards || ahead.Count > 0;)
            {
                while (shard < rows.Shards && ahead.Count < ShardsAhead)
                    ahead.Enqueue(AssignShardAsync(Wanted(shard++), stop.Token));
                foreach (Assignments answer in await ahead.Dequeue().ConfigureAwait(false))
                    yield return answer;
            }
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            foreach (Task unwanted in ahead)
                await unwanted.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        ShardRows Wanted(int shard) => new()
        {
            Version = resolved.Version,
            Dataset = dataset,
            DatasetVersion = rows.Version,
            Shard = shard,
            Shards = rows.Shards,
            FirstRow = 0,
            Columns = columns,
        };

        async Task<List<Assignments>> AssignShardAsync(ShardRows wanted, CancellationToken token)
        {
            var answers = new List<Assignments>();
            while (true)
            {
                Assignments answer = await Calls.Ask(() => Assigner(name).AssignShard(wanted, token), token, refusals).ConfigureAwait(false);
                if (answer.Labels.IsEmpty)
                    return answers;
                answers.Add(answer);
                wanted = wanted with { FirstRow = wanted.FirstRow + (answer.Labels.Length / sizeof(int)) };
            }
        }
    }

    public Task<Scores> ScoreAsync(string name, ScoreQuery query, CancellationToken cancellation = default) =>
        Calls.Ask(() => Assigner(name).Score(query, cancellation), cancellation, refusals);

    public Task<Explanations> ExplainAsync(string name, ExplainQuery query, CancellationToken cancellation = default) =>
        Calls.Ask(() => Assigner(name).Explain(query, cancellation), cancellation, refusals);

    public Task<ClusterProfiles> ProfileAsync(string name, ProfileQuery query, CancellationToken cancellation = default) => Calls.Ask(
        () => grains.GetGrain<IProfilerGrain>(GrainKeys.For(tenant, GrainKeys.CheckName("model", name))).Profile(query, cancellation), cancellation, refusals);

    public Task<Samples> SampleAsync(string name, SampleQuery query, CancellationToken cancellation = default) =>
        Calls.Ask(() => Assigner(name).Sample(query, cancellation), cancellation, refusals);

    /// <summary>Where the model's columns are among those of the dataset; empty: just so.</summary>
    private async Task<ImmutableArray<int>> ColumnsAsync(string name, int version, DatasetVersion dataset, CancellationToken cancellation)
    {
        ModelVersion model = await VersionAsync(name, version, cancellation).ConfigureAwait(false)
            ?? throw new ClusteringException($"There is no model '{name}': train it first, or correct the name.");
        string[] names = [.. dataset.Columns.Select(column => column.Name)];
        ImmutableArray<string> columns = model.Training.AskedColumns();
        string[] missing = [.. columns.Where(column => !names.Contains(column))];
        if (missing.Length > 0)
            throw new ClusteringException($"The dataset '{dataset.Name}' version {dataset.Version} lacks "
                + $"{string.Join(", ", missing.Select(column => $"'{column}'"))} of the columns of the model '{name}': import rows with these columns.");
        return names.SequenceEqual(columns) ? [] : [.. columns.Select(column => Array.IndexOf(names, column))];
    }

    private IModelGrain Model(string name) => grains.GetGrain<IModelGrain>(GrainKeys.For(tenant, GrainKeys.CheckName("model", name)));

    /// <summary>Finding one takes as long as an answer does.</summary>
    private IAssignerGrain Assigner(string name)
    {
        if (_assigners.TryGetValue(name, out IAssignerGrain? assigner))
            return assigner;
        if (_assigners.Count >= MostAssigners)
            _assigners.Clear();
        return _assigners[name] = grains.GetGrain<IAssignerGrain>(GrainKeys.For(tenant, GrainKeys.CheckName("model", name)));
    }
}
