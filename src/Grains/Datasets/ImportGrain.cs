using System.Runtime.InteropServices;
using OrleansCluster.Compute;
using OrleansCluster.Tenancy;

namespace OrleansCluster.Datasets;

/// <inheritdoc cref="IImportGrain"/>
public sealed class ImportGrain(IBlobStore blobs, ManifestCache manifests, ICompute compute) : Grain, IImportGrain
{
    /// <summary>How long an import may pause before it counts as abandoned.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(30);

    private DatasetSchema? _schema;
    private DatasetWriter? _writer;
    private string? _manifest;
    private long _taken;

    public Task Begin(DatasetSchema schema, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(schema);
        if (_schema is not null && (_taken > 0 || _manifest is not null || !SameSchema(_schema, schema)))
            throw new ClusteringException($"An import into '{_schema.Name}' is under way in this session already: begin another one.");
        GrainKeys.CheckName("dataset", schema.Name);
        try
        {
            _writer ??= new DatasetWriter(blobs, new RowSchema(
                schema.Columns, Precisions.Parse(schema.Precision), schema.IdColumn, schema.WeightColumn, schema.Types.IsDefaultOrEmpty ? null
                    : schema.Types.Select(ColumnTypes.Parse)));
        }
        catch (Exception e) when (e is DataFormatException or ArgumentException)
        {
            throw e is ArgumentException ? new ClusteringException(e.Message) : Failures.Translate(e);
        }

        _schema = schema;
        DelayDeactivation(Patience);
        return Task.CompletedTask;
    }

    public async Task Append(ImportRows rows, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        DatasetWriter writer = _writer ?? throw NothingUnderWay();
        DelayDeactivation(Patience);
        if (rows.Sequence < _taken)
            return;
        if (rows.Sequence > _taken)
            throw new ClusteringException($"Message {rows.Sequence} of the import arrived where message {_taken} belongs: begin the import again.");
        try
        {
            // Checking, summing and hashing belong on the pool. Once begun it is finished: half a message must not be left in the shard.
            await await compute.Run(
                ComputePriority.Training,
                _ => writer.AppendAsync(
                    rows.Values,
                    MemoryMarshal.Cast<byte, double>(rows.Weights.Span).ToArray(),
                    rows.Ids.IsDefaultOrEmpty ? default : rows.Ids.AsMemory(),
                    CancellationToken.None),
                CancellationToken.None);
            _taken++;
        }
        catch (Exception e)
        {
            await Forget();
            throw e is ArgumentException ? new ClusteringException(e.Message) : Failures.Translate(e);
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

    public async Task<DatasetVersion> Commit(CancellationToken cancellation = default)
    {
        if (_manifest is null)
        {
            DatasetWriter writer = _writer ?? throw NothingUnderWay();
            try
            {
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

        (string tenant, _) = GrainKeys.Parse(this.GetPrimaryKeyString());
        return await GrainFactory.GetGrain<IDatasetGrain>(GrainKeys.For(tenant, _schema!.Name))
            .Commit(new DatasetCommit { Manifest = _manifest, Source = _schema.Source }, cancellation);
    }

    public async Task Abort(CancellationToken cancellation = default)
    {
        await Forget();
        DeactivateOnIdle();
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => Forget();

    private static bool SameSchema(DatasetSchema a, DatasetSchema b) =>
        a with { Columns = [], Types = [] } == b with { Columns = [], Types = [] } && a.Columns.AsSpan().SequenceEqual(b.Columns.AsSpan())
            && a.Types.AsSpan().SequenceEqual(b.Types.AsSpan());

    private static ClusteringException NothingUnderWay() =>
        new("There is no import under way here: it was never begun, has failed, or the process that held it ended. Begin it again.");

    private async Task Forget()
    {
        if (_writer is { } writer)
        {
            _writer = null;
            await writer.DisposeAsync();
        }
    }
}
