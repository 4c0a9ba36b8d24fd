using System.Runtime.InteropServices;
using System.Collections.Immutable;
using System.Diagnostics;
using Microsoft.Extensions.Options;
using OrleansCluster.Compute;
using OrleansCluster.Datasets;
using OrleansCluster.Families;
using OrleansCluster.Monitoring;
using OrleansCluster.Numerics.Preparation;
using OrleansCluster.Numerics.Rows;
using OrleansCluster.Tenancy;

namespace OrleansCluster.Serving;

/// <inheritdoc cref="IShardAssignerGrain"/>
public sealed class ShardAssignerGrain(
    ServedModels served, ShardCache shards, ManifestCache manifests, ICompute compute, UsageMeter usage, TimeProvider time, IOptions<ServingOptions> options)
    : Grain, IShardAssignerGrain
{
    /// <summary>Sparse rows of one answer.</summary>
    private const int SparseRows = 16_384;

    private ShardLease? _shard;
    private ImmutableArray<RowColumn> _columns = [];

    public async Task<Assignments> Assign(ShardRows rows, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        long started = time.GetTimestamp();
        (string tenant, string name, string dataset, int version, int number) = GrainKeys.ParseShardOf(this.GetPrimaryKeyString());
        using Activity? activity = ClusterTelemetry.Activities.StartActivity("assign")?.SetTag("tenant", tenant).SetTag("model", name);
        ServedModel model = await served.Get(GrainKeys.For(tenant, name), rows.Version, cancellation);
        ShardLease shard = _shard ??= await Open(tenant, dataset, version, number, cancellation);
        if (model.Preparation is null)
            RowChecks.CheckColumns(rows.Columns.IsDefaultOrEmpty ? shard.Columns : rows.Columns.Length, model.Model.Columns);
        var labelling = model.Model.Ask<ILabels>(name);
        int affordable = (int)Math.Clamp(options.Value.DistanceTermsPerCall / model.Model.TermsPerRow, 1, int.MaxValue);
        ISparseLabels? sparse = shard.Sparse is not null && model.Preparation is null && rows.Columns.IsDefaultOrEmpty ? model.Model as ISparseLabels : null;
        // Their cost is that of their entries.
        int count = Math.Min(sparse is null ? affordable : SparseRows, shard.Count - rows.FirstRow);
        if (count <= 0)
        {
            Release();
            DeactivateOnIdle();
            return new Assignments { Version = model.Version, Labels = default, Distances = default };
        }

        // A preparation finds its columns by name.
        AskedRows? asked = sparse is not null ? null
            : model.Preparation is { } preparation ? AskedRows.Of(shard.Dense(rows.FirstRow, count), _columns, preparation)
            : AskedRows.Of(Numbers(shard.Dense(rows.FirstRow, count), rows.Columns));
        ModelMeter meter = usage.Of(tenant, name);
        // Bulk work gives way to questions, like a training does. Begun work runs to its end, so the mapping stays while it is read.
        Assignments answer = await compute.Run(
            ComputePriority.Training, meter.Serving, parallel => asked is null
                ? sparse!.Assign(shard.Sparse!.Slice(rows.FirstRow, count), model.Version, parallel)
                : asked.Label(seen => labelling.Assign(seen, model.Version, parallel), parallel), cancellation);
        meter.Answered(count, goesOn: number > 0 || rows.FirstRow > 0);
        activity?.SetTag("model_version", model.Version).SetTag("rows", count);
        answer = answer with { Labels = model.Labels.Apply(answer.Labels) };
        ClusterTelemetry.Answered(
            tenant, name, model.Version, count, time.GetElapsedTime(started).TotalSeconds,
            MemoryMarshal.Cast<byte, int>(answer.Labels.Span));
        return answer;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        Release();
        return Task.CompletedTask;
    }

    /// <summary>The rows, which the tenant's own dataset names: others cannot be reached.</summary>
    private async Task<ShardLease> Open(string tenant, string dataset, int version, int number, CancellationToken cancellation)
    {
        DatasetVersion found = await GrainFactory.GetGrain<IDatasetGrain>(GrainKeys.For(tenant, dataset)).Get(version, cancellation)
            ?? throw new ClusteringException($"There is no version {version} of the dataset '{dataset}'.");
        _columns = (await manifests.Get(found.Manifest, cancellation)).RowColumns;
        return number < found.Shards
            ? await shards.Open(found.Manifest, number, cancellation)
            : throw new ClusteringException($"The dataset '{dataset}' version {version} has {found.Shards} shards: shard {number} was asked for.");
    }

    private RowBlock Numbers(RowBlock rows, ImmutableArray<int> columns)
    {
        if (!columns.IsDefaultOrEmpty && columns.Any(column => column < 0 || column >= rows.Columns))
            throw new ClusteringException($"A column of {rows.Columns} was asked for that is not there.");
        AskedRows.CheckNumbers(columns.IsDefaultOrEmpty ? _columns : columns.Select(column => _columns[column]));
        if (columns.IsDefaultOrEmpty)
            return rows;
        return RowBytes.AsBlock(RowBytes.OfColumns(rows, columns.AsSpan()), rows.Precision, columns.Length, rows.Weights, rows.FirstRow);
    }

    private void Release()
    {
        _shard?.Dispose();
        _shard = null;
    }
}
