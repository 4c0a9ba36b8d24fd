using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text.Json;
using Orleans.Concurrency;
using OrleansCluster.Compute;
using OrleansCluster.Contracts.Api;
using OrleansCluster.Datasets;
using OrleansCluster.Families;
using OrleansCluster.Models;
using OrleansCluster.Numerics.Parallelism;
using OrleansCluster.Numerics.Preparation;
using OrleansCluster.Numerics.Rows;
using OrleansCluster.Serving;
using OrleansCluster.Tenancy;

namespace OrleansCluster.Monitoring;

/// <inheritdoc cref="IProfilerGrain"/>
[StatelessWorker]
public sealed class ProfilerGrain(
    ServedModels served, ShardCache shards, ManifestCache manifests, ICompute compute, UsageMeter usage, KeptProfiles kept) : Grain, IProfilerGrain
{
    /// <summary>About how many rows and values are looked at, and how many shards they are taken from, at most.</summary>
    private const int MostRows = 100_000, MostValues = 4_000_000, MostShards = 64;

    /// <summary>Multiplications of the model that all rows together may take: about a second of a core.</summary>
    private const double MostTerms = 1e9;

    /// <summary>How often a value is looked at for each cluster.</summary>
    private const int LooksPerValue = 4;

    /// <summary>Clusters times columns of one answer.</summary>
    private const int MostTold = 20_000;

    private string Name => GrainKeys.Parse(this.GetPrimaryKeyString()).Name;

    public async Task<ClusterProfiles> Profile(ProfileQuery query, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        if (query.Columns < 0)
            throw new ClusteringException($"{query.Columns} columns of each cluster were asked for: ask for some, or with 0 for all.");
        if (query.Rows is < 0 or > ProfileQuery.MostRows)
            throw new ClusteringException($"{query.Rows} rows of each kind were asked for: ask for 0 to {ProfileQuery.MostRows}.");
        (string tenant, string name) = GrainKeys.Parse(this.GetPrimaryKeyString());
        ServedModel model = await served.Get(this.GetPrimaryKeyString(), query.Version, cancellation);
        ModelVersion version = await GrainFactory.GetGrain<IModelGrain>(this.GetPrimaryKeyString()).Get(model.Version, cancellation)
            ?? throw new ClusteringException($"There is no version {query.Version} of the model '{name}'.");
        int place = query.Cluster < 0 ? -1 : model.Labels.Place(query.Cluster, model.Model.K);
        if (query.Cluster < -1 || (query.Cluster >= 0 && place < 0))
            throw new ClusteringException($"The model has no cluster {query.Cluster}: it has {model.Labels.Describe(model.Model.K)}.");
        DatasetVersion dataset = await GrainFactory.GetGrain<IDatasetGrain>(GrainKeys.For(tenant, version.Training.Dataset))
            .Get(version.Training.DatasetVersion, cancellation)
            ?? throw new ClusteringException($"The rows that version {model.Version} of the model '{name}' was trained on are gone: "
                + $"the dataset '{version.Training.Dataset}' has no version {version.Training.DatasetVersion} any more.");
        DatasetManifest manifest = await manifests.Get(dataset.Manifest, cancellation);
        int[] columns = Places(manifest, version.Training.AskedColumns(), dataset);
        if (place < 0 && (long)model.Model.K * columns.Length > MostTold)
            throw new ClusteringException($"{model.Model.K} clusters of {columns.Length} columns are too many for one answer: ask for one cluster.");
        ModelMeter meter = usage.Of(tenant, name);
        // Nothing of it ever changes: a version is what its job made of these rows.
        string known = string.Join(
            '/', tenant, name, model.Version, version.Training.Job, version.Training.Digest, dataset.Manifest, query.Cluster, query.Rows, query.Columns);
        ClusterProfiles told = await kept.Get(known, Compute).WaitAsync(cancellation);
        meter.Answered(told.Rows);
        return told;

        // Whoever asked may leave meanwhile, and come back for it.
        async Task<ClusterProfiles> Compute()
        {
            var looked = await Look(manifest, dataset.Manifest, columns, model.Model, CancellationToken.None);
            ClusterProfilesDocument document = await compute.Run(
                ComputePriority.Training, meter.Serving, parallel => Tell(looked, model, manifest, columns, place, query, parallel),
                CancellationToken.None);
            (document.Model, document.Version) = (name, model.Version);
            (document.Dataset, document.DatasetVersion, document.Rows) = (dataset.Name, dataset.Version, manifest.Rows);
            return new ClusterProfiles
            {
                Document = JsonSerializer.SerializeToUtf8Bytes(document, ApiJson.Default.ClusterProfilesDocument),
                Rows = document.Clusters.Sum(cluster => cluster.Typical.Length + cluster.Representative.Length + cluster.Doubtful.Length),
            };
        }
    }

    private static int[] Places(DatasetManifest manifest, IEnumerable<string> columns, DatasetVersion dataset)
    {
        var places = manifest.Schema.Columns.Index().ToDictionary(column => column.Item, column => column.Index, StringComparer.Ordinal);
        return [.. columns.Select(column => places.TryGetValue(column, out int place) ? place
            : throw new ClusteringException($"The dataset '{dataset.Name}' version {dataset.Version} has no column '{column}'."))];
    }

    /// <summary>Rows that are spread over evenly spaced shards: all of them where they are not too many.</summary>
    private async Task<LookedRows> Look(DatasetManifest manifest, string hash, int[] columns, PreparedModel model, CancellationToken cancellation)
    {
        double terms = Math.Max(model.TermsPerRow, (double)model.K * columns.Length * LooksPerValue);
        double most = Math.Min(MostTerms / terms, MostValues / (double)manifest.Schema.Columns.Length);
        int affordable = (int)Math.Clamp(most, 100, MostRows), all = manifest.Shards.Length;
        int taken = manifest.Rows <= affordable ? all : Math.Min(all, MostShards);
        var rows = new LookedRows(manifest.Schema.Columns.Length);
        for (int i = 0; i < taken; i++)
        {
            int number = (int)((long)i * all / taken);
            using ShardLease shard = await shards.Open(hash, number, cancellation);
            int there = shard.Count, count = manifest.Rows <= affordable ? there : Math.Min(there, Math.Max(1, affordable / taken));
            for (int row = 0; row < there; row++)
            {
                if (SpreadRows.Takes(row, there, count))
                    rows.Add(shard, row, DatasetManifest.FirstRow(number));
            }
        }

        return rows;
    }

    private ClusterProfilesDocument Tell(
        LookedRows looked, ServedModel served, DatasetManifest manifest, int[] columns, int place, ProfileQuery query, IParallel parallel)
    {
        RowBlock block = looked.Block();
        RowBlock seen = served.Preparation is { } fitted
            ? AskedRows.Of(block, manifest.RowColumns, fitted).Seen(parallel)
            : new RowBlock(looked.Columns(columns), columns.Length);
        RowChecks.CheckFinite(seen);
        (int[] labels, double[] distances) = (new int[seen.Rows], new double[seen.Rows]);
        var labelling = served.Model.Ask<ILabels>(Name);
        labelling.Assign(seen, labels, distances, parallel);
        ClusterFits? fits = served.Model.Fits is { } quadratic ? ClusterFits.Of(quadratic, seen, labels, parallel) : null;
        ImmutableArray<RowColumn> all = manifest.RowColumns, told = [.. columns.Select(column => all[column])];
        var profiles = new ClusterProfiling(told, [.. columns.Select(column => looked.Column(column))], labels, distances, labelling, fits, looked,
            parallel);
        int[] places = place >= 0 ? [place] : [.. Enumerable.Range(0, served.Model.K)];
        var clusters = new ClusterProfileDocument[places.Length];
        parallel.For(places.Length, i =>
        {
            clusters[i] = profiles.Of(places[i], query.Rows, query.Columns, served.Labels.IdOf);
            if (served.Model.Fits is { } centres)
                clusters[i].Centre = Centre(centres, places[i], served.Preparation, [.. told.Select(column => column.Name)]);
        });
        return new ClusterProfilesDocument
        {
            LookedAt = seen.Rows,
            Measure = fits is null ? null : served.Model.FitName,
            Clusters = [.. clusters.OrderBy(cluster => cluster.Cluster)],
        };
    }

    /// <summary>The centre as the table's columns have it: what preparation cannot take back is told as the model sees it.</summary>
    private static ClusterCentreDocument[] Centre(
        Numerics.Explanation.IQuadraticClusters clusters, int place, FittedPreparation? preparation, string[] names)
    {
        var centre = new double[clusters.Columns];
        clusters.Subtract(place, new double[clusters.Columns], centre);
        for (int j = 0; j < centre.Length; j++)
            centre[j] = 0 - centre[j];
        if (preparation is null)
            return [.. names.Zip(centre, (column, value) => new ClusterCentreDocument { Column = column, Value = value })];
        ToldRow told = preparation.Undo(centre);
        return [.. told.Names.Zip(told.Values, (column, value) => new ClusterCentreDocument { Column = column, Value = value })];
    }
}

/// <summary>Rows that are looked at, in all columns of their dataset.</summary>
/// <param name="width">Columns of the dataset.</param>
internal sealed class LookedRows(int width)
{
    private readonly List<double> _values = [];
    private readonly List<long> _numbers = [];
    private readonly List<string> _ids = [];

    public void Add(ShardLease shard, int row, long first)
    {
        var values = new double[width];
        shard.Dense(row, 1).CopyRow(0, values);
        _values.AddRange(values);
        _numbers.Add(first + row);
        if (shard.HasIds)
            _ids.Add(shard.Id(row));
    }

    public RowBlock Block() => new(_values.ToArray(), width);

    /// <summary>Number of a row in the dataset.</summary>
    public long Number(int row) => _numbers[row];

    /// <summary>Null: rows have none.</summary>
    public string? Id(int row) => _ids.Count == 0 ? null : _ids[row];

    /// <summary>The values of a column.</summary>
    public double[] Column(int column) => Columns([column]);

    /// <summary>Some columns of all rows, row by row.</summary>
    public double[] Columns(int[] columns)
    {
        var taken = new double[_numbers.Count * columns.Length];
        ReadOnlySpan<double> values = CollectionsMarshal.AsSpan(_values);
        for (int row = 0, i = 0; row < _numbers.Count; row++)
        {
            foreach (int column in columns)
                taken[i++] = values[(row * width) + column];
        }

        return taken;
    }
}
