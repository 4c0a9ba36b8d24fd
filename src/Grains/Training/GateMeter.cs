using System.Runtime.InteropServices;
using OrleansCluster.Compute;
using OrleansCluster.Datasets;
using OrleansCluster.Families;
using OrleansCluster.Models;
using OrleansCluster.Models.Gates;
using OrleansCluster.Numerics.Evaluation;
using OrleansCluster.Numerics.Preparation;
using OrleansCluster.Numerics.Rows;
using OrleansCluster.Numerics.Statistics;
using OrleansCluster.Serving;
using OrleansCluster.Tenancy;

namespace OrleansCluster.Training;
/// <summary>
/// Measures what a model's policy asks of a result before it is published. The same result over the same rows has the same measures, to the bit.
/// </summary>
internal sealed class GateMeter(IGrainFactory grains, TrainingServices services)
{
    /// <summary>Rows of held-out data whose densities are computed in one go.</summary>
    private const int RowsAtOnce = 65_536;

    /// <summary>The measures; null: the model has no policy.</summary>
    public async Task<GateMeasures?> Measure(TrainingRun run, PreparedModel prepared, TrainingRequest request, DatasetManifest manifest, CancellationToken stop)
    {
        string key = GrainKeys.For(run.Shards.Tenant, request.Model);
        if (await grains.GetGrain<IModelGates>(key).Plan(stop) is not { } plan)
            return null;
        FittedPreparation? preparation = (run.Trainer as PreparationTrainer)?.Rows?.Fitted;
        var measures = new GateMeasures { Champion = plan.Champion };
        foreach (GateRule rule in plan.Policy.Rules)
        {
            try
            {
                measures = rule.Metric switch
                {
                    GateMetrics.Objective when plan.Champion > 0 =>
                        measures with { ChampionObjective = await ObjectiveOfChampion(run, request, manifest, preparation, plan, stop) },
                    GateMetrics.LogLikelihood =>
                        measures with
                        {
                            LogLikelihood = await LogLikelihood(
                        prepared, request, manifest, preparation, plan.Policy.HeldOut, run.Shards.Tenant, stop)
                        },
                    GateMetrics.Silhouette => measures with { Silhouette = await SampleSilhouette(run, prepared, request, manifest, preparation, stop) },
                    _ => measures,
                };
            }
            catch (Exception e) when (Failures.Translate(e) is ClusteringException told && !Failures.IsOfSurroundings(told))
            {
                // What cannot be measured does not pass its gate; the training was good all the same.
                measures = measures with { Trouble = measures.Trouble.Length == 0 ? told.Message : $"{measures.Trouble} {told.Message}" };
            }
        }

        return measures;
    }

    /// <summary>The champion's objective on the rows of this run, through its partitions.</summary>
    private async Task<double> ObjectiveOfChampion(
        TrainingRun run, TrainingRequest request, DatasetManifest manifest, FittedPreparation? preparation, GatePlan plan, CancellationToken stop)
    {
        if (plan.Algorithm != run.Shards.Algorithm)
            throw new ClusteringException($"The champion, version {plan.Champion}, is {plan.Algorithm} and this version is {run.Shards.Algorithm}: their "
                + "objectives are of different kinds.");
        IFamily family = services.Families.Find(plan.Algorithm);
        byte[] parameters = await services.Blobs.ReadAsync(plan.Parameters, stop);
        var training = new JobTraining(family, request.Asked(), request.Preparation, manifest, preparation);
        return await run.ObjectiveOfStart(training.Begin(rows => family.Continue(request.Asked().Once(), rows, parameters)), stop);
    }

    /// <summary>Mean log-density of the held-out rows, by weight, summed in row order.</summary>
    private async Task<double> LogLikelihood(
        PreparedModel prepared, TrainingRequest request, DatasetManifest trained, FittedPreparation? preparation, string heldOut, string tenant,
            CancellationToken stop)
    {
        var densities = prepared.Ask<IDensities>(request.Model);
        DatasetReference kept = DatasetReference.Parse(heldOut);
        DatasetVersion dataset = await grains.GetGrain<IDatasetGrain>(GrainKeys.For(tenant, kept.Name)).Get(kept.Version, stop)
            ?? throw new ClusteringException($"There is no dataset '{heldOut}' with the held-out rows.");
        DatasetManifest manifest = await services.Manifests.Get(dataset.Manifest, stop);
        if (preparation is null && !manifest.Schema.Columns.SequenceEqual(trained.Schema.Columns))
            throw new ClusteringException($"The held-out rows '{heldOut}' have the columns {string.Join(", ", manifest.Schema.Columns)}, the model "
                + $"{string.Join(", ", trained.Schema.Columns)}.");
        BoundPreparation? bound = preparation?.Bind(manifest.RowColumns);
        double sum = 0, weight = 0;
        for (int index = 0; index < manifest.Shards.Length; index++)
        {
            using ShardLease shard = await services.Shards.Open(dataset.Manifest, index, stop);
            RowBlock rows = shard.Rows;
            for (int first = 0; first < rows.Rows; first += RowsAtOnce)
            {
                RowBlock some = rows.Slice(first, Math.Min(RowsAtOnce, rows.Rows - first));
                Scores scores = await services.Compute.Run(
                    ComputePriority.Training, services.AccountOf(tenant, request.Model),
                    parallel => densities.Score(bound?.Prepare(some, parallel) ?? some, 1, 0, parallel), stop);
                ReadOnlySpan<double> told = MemoryMarshal.Cast<byte, double>(scores.LogDensities.Span);
                for (int i = 0; i < some.Rows; i++)
                {
                    double w = rows.Weights.IsEmpty ? 1 : rows.Weights.Span[first + i];
                    if (w == 0)
                        continue;
                    sum += w * told[i];
                    weight += w;
                }
            }
        }

        return weight > 0 ? sum / weight : throw new ClusteringException($"The held-out rows '{heldOut}' have no weight.");
    }

    /// <summary>Mean silhouette of as many training rows as anchors would be, drawn the same way.</summary>
    private async Task<double> SampleSilhouette(
        TrainingRun run, PreparedModel prepared, TrainingRequest request, DatasetManifest manifest, FittedPreparation? preparation, CancellationToken stop)
    {
        var labelling = prepared.Ask<ILabels>(request.Model);
        WeightMeaning meaning = Asked.Weights(request.Asked());
        AnchorRows sample = AnchorRows.Decode(await AnchorCollector.Sample(grains, run.Shards, manifest, preparation, services));
        return await services.Compute.Run(
            ComputePriority.Training,
            services.AccountOf(run.Shards),
            parallel =>
            {
                var labels = new int[sample.Rows.Rows];
                labelling.Assign(sample.Rows, labels, new double[labels.Length], parallel);
                double[] weights = sample.Rows.Weights.ToArray();
                double scale = WeightTotals.Of(weights).Scale(meaning);
                double mean = Silhouette.Score(
                    prepared.Measured(sample.Rows, parallel).WithWeights(weights.Select(weight => weight * scale).ToArray()), labels, parallel).Mean;
                return double.IsNaN(mean)
                    ? throw new ClusteringException("The sampled rows are all in one cluster, or each alone in its own, so that there is no silhouette.")
                    : mean;
            },
            stop);
    }
}
