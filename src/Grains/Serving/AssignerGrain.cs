using System.Collections.Immutable;
using System.Diagnostics;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;
using OrleansCluster.Compute;
using OrleansCluster.Datasets;
using OrleansCluster.Families;
using OrleansCluster.Models;
using OrleansCluster.Monitoring;
using OrleansCluster.Numerics;
using OrleansCluster.Tenancy;

namespace OrleansCluster.Serving;

/// <inheritdoc cref="IAssignerGrain"/>
[StatelessWorker]
public sealed partial class AssignerGrain(
    PreparedModels models, LabelMaps labels, ShardCache shards, ICompute compute, RouteLeases leases, AgreementLedger ledger, TimeProvider time, IOptions<ServingOptions> options)
    : Grain, IAssignerGrain
{
    private string Name => GrainKeys.Parse(this.GetPrimaryKeyString()).Name;

    public async Task<Assignments> Assign(int version, RowsPayload rows, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        long started = time.GetTimestamp();
        using Activity? activity = Begin();
        return version == 0
            ? await AssignByRoute(activity, rows, started, cancellation)
            : await Assign(activity, await Prepare(version, cancellation), rows, started, cancellation);
    }

    public async Task<Assignments> AssignShard(ShardRows rows, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        long started = time.GetTimestamp();
        using Activity? activity = Begin();
        (ResolvedVersion resolved, PreparedModel model, LabelMap map) = await Prepare(rows.Version, cancellation);
        using ShardLease shard = await shards.Open(rows.Manifest, rows.Shard, cancellation);
        CheckColumns(rows.Columns.IsDefaultOrEmpty ? shard.Rows.Columns : rows.Columns.Length, model);
        var labelling = model.Ask<ILabels>(Name);
        int affordable = (int)Math.Clamp(options.Value.DistanceTermsPerCall / model.TermsPerRow, 1, int.MaxValue);
        int count = Math.Min(affordable, shard.Rows.Rows - rows.FirstRow);
        if (count <= 0)
            return new Assignments { Version = resolved.Version, Labels = default, Distances = default };
        RowBlock block = Columns(shard.Rows.Slice(rows.FirstRow, count), rows.Columns);
        // Bulk work gives way to questions, like a training does. Begun work runs to its end, so the mapping stays while it is read.
        Assignments answer = await compute.Run(ComputePriority.Training, parallel => labelling.Assign(block, resolved.Version, parallel), cancellation);
        End(activity, resolved.Version, block.Rows, started);
        return answer with { Labels = map.Apply(answer.Labels) };
    }

    public async Task<Scores> Score(ScoreQuery query, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        if (query.Top < 1)
            throw new ClusteringException($"The number of components to tell is {query.Top}: ask for at least 1.");
        long started = time.GetTimestamp();
        using Activity? activity = Begin();
        (ResolvedVersion resolved, PreparedModel model, LabelMap map) = await Prepare(query.Version, cancellation);
        var densities = model.Ask<IDensities>(Name);
        RowBlock block = Block(query.Rows, model);
        Scores answer = await compute.Run(
            ComputePriority.Serving,
            parallel => densities.Score(block, Math.Min(query.Top, model.K), resolved.Version, parallel),
            cancellation);
        End(activity, resolved.Version, block.Rows, started);
        return answer with { Components = map.Apply(answer.Components) };
    }

    public async Task<Samples> Sample(SampleQuery query, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        (ResolvedVersion resolved, PreparedModel model, LabelMap map) = await Prepare(query.Version, cancellation);
        var samples = model.Ask<ISamples>(Name);
        int place = query.Component < 0 ? query.Component : map.Place(query.Component, model.K);
        if (query.Component < -1 || (query.Component >= 0 && place < 0))
            throw new ClusteringException($"The model has no component {query.Component}: it has {map.Describe(model.K)}.");
        Samples drawn = await compute.Run(ComputePriority.Serving, parallel => samples.Sample(query, place, model.Columns, resolved.Version, parallel), cancellation);
        return drawn with { Components = map.Apply(drawn.Components) };
    }

    public async Task<DivergenceEstimate> Diverge(DivergenceQuery query, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        if (query.Rows < 1 || query.FirstRow < 0)
            throw new ClusteringException($"{query.Rows} rows from row {query.FirstRow} on cannot be drawn: ask for at least 1, from row 0 or later.");
        PreparedModel from = (await Prepare(query.From, cancellation)).Model, to = (await Prepare(query.To, cancellation)).Model;
        (IDivergences here, IDivergences there) = (from.Ask<IDivergences>(Name), to.Ask<IDivergences>(Name));
        CheckColumns(from.Columns, to);
        int affordable = (int)Math.Clamp(options.Value.DistanceTermsPerCall / (from.TermsPerRow + to.TermsPerRow), 1, int.MaxValue);
        int rows = Math.Min(affordable, query.Rows);
        return await compute.Run(ComputePriority.Training, parallel => here.Diverge(there, query, rows, parallel), cancellation);
    }

    private static RowBlock Block(RowsPayload rows, PreparedModel model)
    {
        Precision precision = Precisions.Parse(rows.Precision);
        CheckColumns(rows.Columns, model);
        int rowBytes = rows.Columns * (int)precision;
        if (rows.Values.Length % rowBytes != 0)
            throw new ClusteringException($"{rows.Values.Length} bytes are not whole rows of {rows.Columns} columns of {rows.Precision} ({rowBytes} bytes a row).");
        return RowBytes.AsBlock(rows.Values, precision, rows.Columns);
    }

    private static void CheckColumns(int columns, PreparedModel model)
    {
        if (columns != model.Columns)
            throw new ClusteringException($"The rows have {columns} {(columns == 1 ? "column" : "columns")}, the model has {model.Columns}: give the columns that it was trained on, in their order.");
    }

    private static RowBlock Columns(RowBlock rows, ImmutableArray<int> columns)
    {
        if (columns.IsDefaultOrEmpty)
            return rows;
        if (columns.Any(column => column < 0 || column >= rows.Columns))
            throw new ClusteringException($"A column of {rows.Columns} was asked for that is not there.");
        return RowBytes.AsBlock(RowBytes.OfColumns(rows, columns.AsSpan()), rows.Precision, columns.Length, rows.Weights, rows.FirstRow);
    }

    private async Task<(ResolvedVersion Version, PreparedModel Model, LabelMap Map)> Prepare(int version, CancellationToken cancellation)
    {
        string key = this.GetPrimaryKeyString();
        ResolvedVersion resolved = await GrainFactory.GetGrain<IModelGrain>(key).Resolve(version, cancellation)
            ?? throw new ClusteringException(version == 0
                ? $"There is no model '{GrainKeys.Parse(key).Name}': train it first, or correct the name."
                : $"There is no version {version} of the model '{GrainKeys.Parse(key).Name}'.");
        return await Prepare(resolved, cancellation);
    }

    private async Task<(ResolvedVersion Version, PreparedModel Model, LabelMap Map)> Prepare(ResolvedVersion resolved, CancellationToken cancellation) =>
        (resolved, await models.Get(resolved.Parameters, cancellation), await labels.Get(resolved.Alignment, cancellation));

    private Activity? Begin()
    {
        (string tenant, string model) = GrainKeys.Parse(this.GetPrimaryKeyString());
        return ClusterTelemetry.Activities.StartActivity("assign")?.SetTag("tenant", tenant).SetTag("model", model);
    }

    private void End(Activity? activity, int version, long rows, long started)
    {
        (string tenant, string model) = GrainKeys.Parse(this.GetPrimaryKeyString());
        activity?.SetTag("version", version).SetTag("rows", rows);
        ClusterTelemetry.Assigned(tenant, model, version, rows, time.GetElapsedTime(started).TotalSeconds);
    }
}
