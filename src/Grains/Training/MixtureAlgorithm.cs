using System.Collections.Immutable;
using OrleansCluster.Datasets;
using OrleansCluster.Numerics;
using OrleansCluster.Numerics.Mixtures;
using OrleansCluster.Numerics.Training;

namespace OrleansCluster.Training;

/// <summary>Gaussian mixtures by EM, as the numerics define them.</summary>
public sealed class MixtureAlgorithm : ITrainingAlgorithm
{
    public string Name => TrainingAlgorithmNames.Mixture;

    public ITrainer Create(TrainingRequest request, DatasetManifest manifest)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(manifest);
        MixtureOptions options = request.Mixture!;
        StartRows.CheckK(options.K, manifest);
        ReadOnlyMemory<double> means = StartRows.Decode(options.InitialMeans, "means");
        try
        {
            MixtureSpec spec = MixtureSpec.Create(
                options.K, CovarianceForms.Parse(options.Covariance), Init(options.Init), means, options.Regularization, options.Tolerance,
                options.MaxIterations, options.Restarts, options.Seed, Policy(options.Collapse), options.Contamination);
            return new MixtureTrainer(spec, manifest.Schema.Columns.Length);
        }
        catch (ArgumentException e)
        {
            throw new ClusteringException(PlainMessage(e));
        }
    }

    public ITrainer Restore(ReadOnlyMemory<byte> saved) => MixtureTrainer.Restore(saved);

    public IShardWorker CreateWorker(RowBlock rows) => new MixtureShardWorker(rows);

    public TrainedModel Finish(ITrainer trainer, TrainingRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        MixtureResult result = ((MixtureTrainer)trainer).Result
            ?? throw new InvalidOperationException("The training is not done.");
        var clusters = ImmutableArray.CreateBuilder<ClusterRecord>(result.Model.K);
        for (int label = 0; label < result.Model.K; label++)
            clusters.Add(new ClusterRecord { Label = label, Size = result.Sizes[label], Weight = result.LabelWeights[label], Spread = result.Spread[label] });
        return new TrainedModel
        {
            Parameters = result.Model.Encode(),
            Digest = result.Model.Digest,
            K = result.Model.K,
            Restart = result.Restart,
            Stop = result.Stop,
            Objective = result.Objective,
            ObjectiveName = "mean_log_likelihood",
            Clusters = clusters.MoveToImmutable(),
            Mixture = new MixtureRecord
            {
                Options = request.Mixture! with { InitialMeans = default },
                LogLikelihood = result.Criteria.LogLikelihood,
                Bic = result.Criteria.Bic,
                Aic = result.Criteria.Aic,
                Icl = result.Criteria.Icl,
                Weights = [.. result.Model.Weights],
                FloorHits = [.. result.FloorHits],
                Threshold = result.Model.Threshold,
            },
        };
    }

    private static MixtureInit Init(string name) => name switch
    {
        "kmeans" => MixtureInit.KMeans,
        "k-means++" => MixtureInit.PlusPlus,
        "random" => MixtureInit.RandomResponsibilities,
        "given" => MixtureInit.Given,
        _ => throw new ClusteringException($"init is '{name}': it must be kmeans, k-means++, random, or starting means must be given."),
    };

    private static CollapsePolicy Policy(string name) => name switch
    {
        "reseed" => CollapsePolicy.Reseed,
        "drop" => CollapsePolicy.Drop,
        "fail" => CollapsePolicy.Fail,
        _ => throw new ClusteringException($"collapse is '{name}': it must be reseed, drop or fail."),
    };

    /// <summary>The message without the parameter's name that the runtime appends.</summary>
    private static string PlainMessage(ArgumentException e)
    {
        int appended = e.ParamName is null ? -1 : e.Message.LastIndexOf($" (Parameter '{e.ParamName}')", StringComparison.Ordinal);
        return appended < 0 ? e.Message : e.Message[..appended];
    }
}
