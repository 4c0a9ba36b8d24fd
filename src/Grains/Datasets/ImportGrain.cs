using System.Collections.Immutable;
using OrleansCluster.Compute;
using OrleansCluster.Numerics.Preparation;
using OrleansCluster.Tenancy;

namespace OrleansCluster.Datasets;

/// <inheritdoc cref="IImportGrain"/>
public sealed class ImportGrain(IBlobStore blobs, ManifestCache manifests, ICompute compute, TimeProvider time) : Grain, IImportGrain
{
    /// <summary>How long an import may pause before it counts as abandoned.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(30);

    /// <summary>Nothing names the shards yet: before they could be collected for that, they are made young again.</summary>
    private static readonly TimeSpan KeepEvery = TimeSpan.FromMinutes(5);

    private long _kept = time.GetTimestamp();
    private DatasetSchema? _schema;
    private DatasetWriter? _writer;
    private ImportQueue? _queue;
    private string? _manifest;
    private string? _after;
    private ImmutableArray<ExpectationResult> _expected = [];
    private bool _rows, _continues;
    private int _continued;

    public async Task Begin(DatasetSchema schema, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(schema);
        if (_schema is not null && (_rows || _manifest is not null || !SameSchema(_schema, schema)))
            throw new ClusteringException($"An import into '{_schema.Name}' is under way in this session already: begin another one.");
        GrainKeys.CheckKept("dataset", schema.Name);
        if (schema.Layout is not ("" or DatasetLayouts.Sparse))
            throw new ClusteringException($"There is no layout '{schema.Layout}' of rows: it is {DatasetLayouts.Sparse}, or empty.");
        // Before anything is sent that could not be kept.
        await Quota.AdmitRows("", cancellation);
        try
        {
            _writer ??= new DatasetWriter(blobs, new RowSchema(
                schema.Columns, Precisions.Parse(schema.Precision), schema.IdColumn, schema.WeightColumn, schema.Types.IsDefaultOrEmpty ? null
                    : schema.Types.Select(ColumnTypes.Parse), schema.Layout.Length > 0));
        }
        catch (Exception e) when (e is DataFormatException or ArgumentException)
        {
            throw e is ArgumentException ? new ClusteringException(e.Message) : Failures.Translate(e);
        }

        _queue ??= new ImportQueue(_writer, compute, time, KeepAsync);
        _schema = schema;
        DelayDeactivation(Patience);
    }

    private IQuotaGrain Quota =>
        GrainFactory.GetGrain<IQuotaGrain>(GrainKeys.For(GrainKeys.Parse(this.GetPrimaryKeyString()).Tenant, IQuotaGrain.Name));

    public async Task Append(ImportRows rows, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ImportQueue queue = _queue ?? throw NothingUnderWay();
        if (_continues)
            throw new ClusteringException("Rows came before those of the earlier version were taken: begin again.");
        DelayDeactivation(Patience);
        _rows = true;
        try
        {
            await queue.AppendAsync(rows);
        }
        catch (Exception e) when (e is not ClusteringException)
        {
            await Forget();
            throw e is ArgumentException ? new ClusteringException(e.Message) : Failures.Translate(e);
        }
    }

    public async Task Continue(int version, int shard, CancellationToken cancellation = default)
    {
        DatasetWriter writer = _writer ?? throw NothingUnderWay();
        DelayDeactivation(Patience);
        if (shard < _continued)
            return;
        if (shard > _continued || _rows)
            throw new ClusteringException($"Shard {shard} of the earlier version came where {_continued} were taken, or behind other rows: begin again.");
        _continues = true;
        try
        {
            DatasetVersion earlier = await ContinueAsync(writer, version, shard, cancellation);
            (_continued, _after) = (shard + 1, earlier.Manifest);
        }
        finally
        {
            _continues = false;
        }
    }

    private async Task<DatasetVersion> ContinueAsync(DatasetWriter writer, int version, int shard, CancellationToken cancellation)
    {
        (string tenant, _) = GrainKeys.Parse(this.GetPrimaryKeyString());
        DatasetVersion earlier = await GrainFactory.GetGrain<IDatasetGrain>(GrainKeys.For(tenant, _schema!.Name)).Get(version, cancellation)
            ?? throw new ClusteringException($"There is no version {version} of the dataset '{_schema.Name}'.");
        DatasetManifest manifest = await manifests.Get(earlier.Manifest, cancellation);
        if (!IsContinued(manifest.Schema, _schema) || shard >= manifest.Shards.Length)
            throw new ClusteringException($"The rows have other columns, others of ids and weights, or another layout than version {version} of the dataset "
                + $"'{_schema.Name}'.");
        try
        {
            await await compute.Run(ComputePriority.Training, _ => writer.AppendAsync(manifest, shard, CancellationToken.None), CancellationToken.None);
            for (int column = 0; shard == 0 && column < manifest.Categories.Length; column++)
            {
                if (manifest.Schema.TypeOf(column) == ColumnType.Category)
                    writer.AddCategories(column, 0, manifest.Categories[column]);
            }

            return earlier;
        }
        catch (Exception e)
        {
            await Forget();
            throw Failures.Translate(e);
        }
    }

    public Task AddCategories(ImportCategories categories, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(categories);
        DatasetWriter writer = _writer ?? throw NothingUnderWay();
        DelayDeactivation(Patience);
        try
        {
            writer.AddCategories(categories.Column, categories.First, categories.Texts);
            return Task.CompletedTask;
        }
        catch (DataFormatException e)
        {
            throw Failures.Translate(e);
        }
    }

    public Task Expect(ImmutableArray<ExpectationResult> expectations, CancellationToken cancellation = default)
    {
        if (_writer is null)
            throw NothingUnderWay();
        DelayDeactivation(Patience);
        _expected = expectations;
        return Task.CompletedTask;
    }

    public async Task<DatasetVersion> Commit(CancellationToken cancellation = default)
    {
        if (_manifest is null)
        {
            DatasetWriter writer = _writer ?? throw NothingUnderWay();
            try
            {
                await StopQueue();
                (DatasetManifest manifest, string hash) = await writer.CompleteAsync(CancellationToken.None);
                manifests.Put(hash, manifest);
                _manifest = hash;
            }
            catch (Exception e)
            {
                throw Failures.Translate(e);
            }
            finally
            {
                await Forget();
            }
        }

        await Quota.AdmitRows(_manifest, cancellation);
        (string tenant, _) = GrainKeys.Parse(this.GetPrimaryKeyString());
        IDatasetGrain dataset = GrainFactory.GetGrain<IDatasetGrain>(GrainKeys.For(tenant, _schema!.Name));
        var commit = new DatasetCommit { Manifest = _manifest, Source = _schema.Source, By = _schema.By, Expectations = _expected };
        return _after is null ? await dataset.Commit(commit, cancellation) : await dataset.CommitAfter(commit, _after, cancellation);
    }

    public async Task Abort(CancellationToken cancellation = default)
    {
        await Forget();
        DeactivateOnIdle();
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => Forget();

    /// <summary>Whether rows can come behind those of a manifest. One of numbers alone tells no types.</summary>
    private static bool IsContinued(RowSchema earlier, DatasetSchema rows) => earlier.Columns.AsSpan().SequenceEqual(rows.Columns.AsSpan())
        && Precisions.Name(earlier.Precision) == rows.Precision && earlier.IdColumn == rows.IdColumn && earlier.WeightColumn == rows.WeightColumn
        && earlier.IsSparse == rows.Layout.Length > 0
        && Enumerable.Range(0, earlier.Columns.Length)
            .All(column => earlier.TypeOf(column) == (rows.Types.IsDefaultOrEmpty ? ColumnType.Number : ColumnTypes.Parse(rows.Types[column])));

    private static bool SameSchema(DatasetSchema a, DatasetSchema b) =>
        a with { Columns = [], Types = [] } == b with { Columns = [], Types = [] } && a.Columns.AsSpan().SequenceEqual(b.Columns.AsSpan())
            && a.Types.AsSpan().SequenceEqual(b.Types.AsSpan());

    private static ClusteringException NothingUnderWay() =>
        new("There is no import under way here: it was never begun, has failed, or the process that held it ended. Begin it again.");

    private async Task KeepAsync()
    {
        if (_writer is not { } writer || time.GetElapsedTime(_kept) <= KeepEvery)
            return;
        _kept = time.GetTimestamp();
        await blobs.Keep([.. writer.Written], CancellationToken.None);
    }

    private async Task StopQueue()
    {
        if (_queue is { } queue)
        {
            _queue = null;
            await queue.StopAsync(NothingUnderWay());
        }
    }

    private async Task Forget()
    {
        await StopQueue();
        if (_writer is { } writer)
        {
            _writer = null;
            await writer.DisposeAsync();
        }
    }
}
