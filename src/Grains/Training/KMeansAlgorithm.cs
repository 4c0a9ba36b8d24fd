using System.Collections.Immutable;
using OrleansCluster.Datasets;
using OrleansCluster.Numerics;
using OrleansCluster.Numerics.KMeans;
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
        return Trainer(options, StartRows.Decode(options.InitialCentroids, "centroids"), manifest);
    }

    public ITrainer Continue(TrainingRequest request, DatasetManifest manifest, ReadOnlyMemory<byte> parameters)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(manifest);
        KMeansModel model = KMeansModel.Decode(parameters);
        return Trainer(request.KMeans! with { K = model.K, Init = "given", Restarts = 1 }, model.Centroids, manifest);
    }

    public ITrainer Restore(ReadOnlyMemory<byte> saved) => KMeansTrainer.Restore(saved);

    public IShardWorker CreateWorker(RowBlock rows) => new KMeansShardWorker(rows);

    public TrainedModel Finish(ITrainer trainer, TrainingRequest request)
    {
        KMeansResult result = ((KMeansTrainer)trainer).Result
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
            Clusters = clusters.MoveToImmutable(),
        };
    }

    private static KMeansTrainer Trainer(KMeansOptions options, ReadOnlyMemory<double> centroids, DatasetManifest manifest)
    {
        StartRows.CheckK(options.K, manifest);
        try
        {
            KMeansSpec spec = KMeansSpec.Create(
                options.K, options.Init, centroids, options.Restarts, options.MaxIterations, options.Tolerance, options.Seed, options.Empty, options.Plain);
            return new KMeansTrainer(spec, manifest.Schema.Columns.Length);
        }
        catch (ArgumentException e)
        {
            throw new ClusteringException(e.Message);
        }
    }
}
