using System.Collections.Immutable;
using OrleansCluster.Datasets;
using OrleansCluster.Numerics;
using OrleansCluster.Numerics.KMeans;
using OrleansCluster.Numerics.Selection;
using OrleansCluster.Numerics.Statistics;
using OrleansCluster.Numerics.Training;

namespace OrleansCluster.Training;

/// <summary>k-means, as the numerics define it.</summary>
public sealed class KMeansAlgorithm : ITrainingAlgorithm
{
    public string Name => TrainingAlgorithmNames.KMeans;

    public ITrainer Create(TrainingRequest request, DatasetManifest manifest)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(manifest);
        KMeansOptions options = request.KMeans!;
        return Trainer(options, Asked.Decode(options.InitialCentroids, "centroids"), manifest);
    }

    public ITrainer Continue(TrainingRequest request, DatasetManifest manifest, ReadOnlyMemory<byte> parameters)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(manifest);
        KMeansModel model = KMeansModel.Decode(parameters);
        return Trainer(request.KMeans! with { K = model.K, LargestK = 0, Init = "given", Restarts = 1 }, model.Centroids, manifest);
    }

    public ITrainer Restore(ReadOnlyMemory<byte> saved) => SelectionTrainer.Is(saved.Span) ? KMeansSelection.Restore(saved) : KMeansTrainer.Restore(saved);

    public ITrainer Rehearse(TrainingRequest request, int k, int columns)
    {
        ArgumentNullException.ThrowIfNull(request);
        KMeansOptions options = request.KMeans!;
        // Enough iterations for bounds of groups to begin.
        return new KMeansTrainer(
            KMeansSpec.Create(k, options.Init == "given" ? "random" : options.Init, maxIterations: 20, tolerance: 0, plain: options.Plain), columns);
    }

    public IShardWorker CreateWorker(RowBlock rows) => new KMeansShardWorker(rows);

    public TrainedModel Finish(ITrainer trainer, TrainingRequest request)
    {
        var selection = trainer as SelectionTrainer;
        KMeansResult result = (selection is null ? ((KMeansTrainer)trainer).Result : KMeansSelection.Result(selection))
            ?? throw new InvalidOperationException("The training is not done.");
        var clusters = ImmutableArray.CreateBuilder<ClusterRecord>(result.Model.K);
        for (int label = 0; label < result.Model.K; label++)
            clusters.Add(new ClusterRecord { Label = label, Size = result.Sizes[label], Weight = result.Weights[label], Spread = result.Spread[label] });
        return new TrainedModel
        {
            Parameters = result.Model.Encode(),
            Digest = result.Model.Digest,
            K = result.Model.K,
            Restart = result.Restart,
            Stop = result.Stop,
            Objective = result.Objective,
            ObjectiveName = "inertia",
            Selection = Selections.Records(selection),
            Clusters = clusters.MoveToImmutable(),
        };
    }

    private static ITrainer Trainer(KMeansOptions options, ReadOnlyMemory<double> centroids, DatasetManifest manifest)
    {
        Asked.CheckK(Math.Max(options.K, options.LargestK), manifest);
        try
        {
            KMeansSpec spec = KMeansSpec.Create(
                options.K, options.Init, centroids, options.Restarts, options.MaxIterations, options.Tolerance, options.Seed, options.Empty, options.Plain);
            int columns = manifest.Schema.Columns.Length;
            if (options.LargestK == 0)
                return manifest.Schema.WeightColumn is null ? new KMeansTrainer(spec, Known(manifest)) : new KMeansTrainer(spec, columns);
            return KMeansSelection.Create(spec, options.LargestK, SelectionCriteria.Parse(options.Select, SelectionCriteria.OfKMeans), columns, options.SilhouetteRows);
        }
        catch (ArgumentException e)
        {
            throw new ClusteringException(Asked.PlainMessage(e));
        }
        catch (TrainingException e)
        {
            throw Failures.Translate(e);
        }
    }

    private static UnweightedRows Known(DatasetManifest manifest) => new(
        manifest.Rows,
        manifest.Shards.Max(shard => shard.Rows),
        manifest.Columns.Select(column => column.Minimum).ToArray(),
        manifest.Columns.Select(column => column.Maximum).ToArray());
}
