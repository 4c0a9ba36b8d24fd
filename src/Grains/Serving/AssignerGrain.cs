using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;
using OrleansCluster.Compute;
using OrleansCluster.Families;
using OrleansCluster.Monitoring;
using OrleansCluster.Numerics.Explanation;
using OrleansCluster.Numerics.Preparation;
using OrleansCluster.Tenancy;
using OrleansCluster.Training;

namespace OrleansCluster.Serving;

/// <inheritdoc cref="IAssignerGrain"/>
[StatelessWorker]
public sealed partial class AssignerGrain(
    ServedModels served, KnownModels known, ISiloList silos, ICompute compute, AgreementLedger ledger, ServedObservations observations, UsageMeter usage,
    TimeProvider time, IOptions<ServingOptions> options)
    : Grain, IAssignerGrain
{
    private ModelMeter? _meter;

    private string Name => GrainKeys.Parse(this.GetPrimaryKeyString()).Name;

    /// <summary>Where what is done is counted: asked for when there is such a model.</summary>
    private ModelMeter Meter
    {
        get
        {
            (string tenant, string model) = GrainKeys.Parse(this.GetPrimaryKeyString());
            return _meter ??= usage.Of(tenant, model);
        }
    }

    public Task<Assignments> Assign(int version, RowsPayload rows, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return Answer("assign", async (activity, started) => version == 0
            ? await AssignByRoute(activity, rows, started, cancellation)
            : await Assign(activity, await Prepare(version, cancellation), rows, started, cancellation), rows.CountQuestions());
    }

    public Task<Assignments> AssignShard(ShardRows rows, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        (string tenant, string model) = GrainKeys.Parse(this.GetPrimaryKeyString());
        // The silo that a training's partition of the shard would be on, so that all of them take part.
        ShardPlacement.HintShard(silos.Active(), rows.Shard, rows.Shards);
        return GrainFactory.GetGrain<IShardAssignerGrain>(GrainKeys.ForShardOf(tenant, model, rows.Dataset, rows.DatasetVersion, rows.Shard))
            .Assign(rows, cancellation);
    }

    public Task<Scores> Score(ScoreQuery query, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        return Answer("score", (activity, started) => Score(activity, query, started, cancellation));
    }

    public Task<Explanations> Explain(ExplainQuery query, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        return Answer("explain", (activity, started) => Explain(activity, query, started, cancellation));
    }

    private async Task<Scores> Score(Activity? activity, ScoreQuery query, long started, CancellationToken cancellation)
    {
        if (query.Top < 1)
            throw new ClusteringException($"The number of components to tell is {query.Top}: ask for at least 1.");
        (int version, PreparedModel model, LabelMap map, FittedPreparation? preparation) = await Prepare(query.Version, cancellation);
        var densities = model.Ask<IDensities>(Name);
        AskedRows rows = AskedRows.Of(query.Rows, model, preparation);
        Scores answer = await compute.Run(
            ComputePriority.Serving, Meter.Serving,
            parallel => rows.Score(seen => densities.Score(seen, Math.Min(query.Top, model.K), version, parallel), parallel),
            cancellation);
        End(activity, version, rows.Rows, started);
        observations.Note(this.GetPrimaryKeyString(), version, model.TermsPerRow, query.Rows);
        return answer with { Components = map.Apply(answer.Components) };
    }

    private async Task<Explanations> Explain(Activity? activity, ExplainQuery query, long started, CancellationToken cancellation)
    {
        (int version, PreparedModel model, LabelMap map, FittedPreparation? preparation) = await Prepare(query.Version, cancellation);
        IRowExplainer explainer = model.Explainer
            ?? throw new ClusteringException($"The model '{Name}' ({model.Family.Description.Title}) cannot be explained: its clusters "
                + "do not fit rows column by column.");
        AskedRows rows = AskedRows.Of(query.Rows, model, preparation);
        if ((long)rows.Rows * query.Rows.Columns > ExplainQuery.MostValues)
            throw new ClusteringException(
                $"{rows.Rows} rows of {query.Rows.Columns} columns are too many for one call: ask for at most {ExplainQuery.MostValues / query.Rows.Columns}.");
        Explanations answer = await compute.Run(
            ComputePriority.Serving, Meter.Serving,
            parallel => rows.Explain(labels: seen => model.Ask<ILabels>(Name).Assign(seen, version, parallel), explainer, version, model.FitName, parallel),
            cancellation);
        End(activity, version, rows.Rows, started);
        return answer with
        {
            Rows = [.. answer.Rows.Select(row => row with { Cluster = map.IdOf(row.Cluster), RunnerUp = map.IdOf(row.RunnerUp) })],
        };
    }

    public async Task<Samples> Sample(SampleQuery query, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        (int version, PreparedModel model, LabelMap map, FittedPreparation? preparation) = await Prepare(query.Version, cancellation);
        var samples = model.Ask<ISamples>(Name);
        int place = query.Component < 0 ? query.Component : map.Place(query.Component, model.K);
        if (query.Component < -1 || (query.Component >= 0 && place < 0))
            throw new ClusteringException($"The model has no component {query.Component}: it has {map.Describe(model.K)}.");
        Samples drawn = await compute.Run(
            ComputePriority.Serving, Meter.Serving, parallel => samples.Sample(query, place, model.Columns, version, parallel), cancellation);
        drawn = drawn with { Components = map.Apply(drawn.Components) };
        if (preparation is not null)
            drawn = await compute.Run(ComputePriority.Serving, Meter.Serving, _ => Original(drawn, preparation), cancellation);
        Meter.Answered(query.Rows, goesOn: query.FirstRow > 0);
        return drawn;
    }

    public async Task<DivergenceEstimate> Diverge(DivergenceQuery query, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        if (query.Rows < 1 || query.FirstRow < 0)
            throw new ClusteringException($"{query.Rows} rows from row {query.FirstRow} on cannot be drawn: ask for at least 1, from row 0 or later.");
        PreparedModel from = (await Prepare(query.From, cancellation)).Model, to = (await Prepare(query.To, cancellation)).Model;
        (IDivergences here, IDivergences there) = (from.Ask<IDivergences>(Name), to.Ask<IDivergences>(Name));
        RowChecks.CheckColumns(from.Columns, to.Columns);
        int affordable = (int)Math.Clamp(options.Value.DistanceTermsPerCall / (from.TermsPerRow + to.TermsPerRow), 1, int.MaxValue);
        int rows = Math.Min(affordable, query.Rows);
        DivergenceEstimate estimate = await compute.Run(
            ComputePriority.Training, Meter.Serving, parallel => here.Diverge(there, query, rows, parallel), cancellation);
        Meter.Answered(rows, goesOn: query.FirstRow > 0);
        return estimate;
    }

    /// <summary>Rows as they were before they were prepared, as far as that can be told.</summary>
    private static Samples Original(Samples drawn, FittedPreparation preparation)
    {
        double[] values = MemoryMarshal.Cast<byte, double>(drawn.Values.Span).ToArray();
        ToldRow[] rows = [.. values.Chunk(preparation.Outputs.Length).Select(row => preparation.Undo(row))];
        return rows.Length == 0 ? drawn : drawn with
        {
            Columns = [.. rows[0].Names],
            Values = MemoryMarshal.AsBytes<double>(rows.SelectMany(row => row.Values).ToArray()).ToArray(),
        };
    }

    private Task<ServedModel> Prepare(int version, CancellationToken cancellation) => served.Get(this.GetPrimaryKeyString(), version, cancellation);

    /// <summary>Answers a question, which is told whatever becomes of it.</summary>
    private async Task<T> Answer<T>(string what, Func<Activity?, long, Task<T>> answer, long questions = 1)
    {
        using Activity? activity = ClusterTelemetry.Activities.StartActivity(what);
        try
        {
            T told = await answer(activity, time.GetTimestamp());
            Meter.Answered(AuditedCall.Rows(told), questions: questions);
            return told;
        }
        catch (Exception e)
        {
            (string tenant, string model) = GrainKeys.Parse(this.GetPrimaryKeyString());
            // No message: it may name a value.
            activity?.SetTag("tenant", tenant).SetTag("model", model).SetStatus(ActivityStatusCode.Error, e.GetType().Name);
            ClusterTelemetry.NotAnswered(tenant, model, e);
            throw;
        }
    }

    private void End(Activity? activity, int version, long rows, long started, ReadOnlySpan<int> clusters = default)
    {
        (string tenant, string model) = GrainKeys.Parse(this.GetPrimaryKeyString());
        activity?.SetTag("tenant", tenant).SetTag("model", model).SetTag("model_version", version).SetTag("rows", rows);
        ClusterTelemetry.Answered(tenant, model, version, rows, time.GetElapsedTime(started).TotalSeconds, clusters);
    }
}
