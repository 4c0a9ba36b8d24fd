using System.Collections.Immutable;
using OrleansCluster.Datasets;
using OrleansCluster.Numerics;
using OrleansCluster.Numerics.Mixtures;
using OrleansCluster.Numerics.Selection;
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
        return Trainer(options, Init(options.Init), Asked.Decode(options.InitialMeans, "means"), null, manifest);
    }

    public ITrainer Continue(TrainingRequest request, DatasetManifest manifest, ReadOnlyMemory<byte> parameters)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(manifest);
        MixtureParameters start = MixtureModel.Decode(parameters).Parameters;
        return Trainer(request.Mixture! with { K = start.K, LargestK = 0, Restarts = 1 }, MixtureInit.Parameters, default, start, manifest);
    }

    public ITrainer Restore(ReadOnlyMemory<byte> saved) =>
        SelectionTrainer.Is(saved.Span) ? MixtureSelection.Restore(saved) : MixtureTrainer.Restore(saved);

    public ITrainer Rehearse(TrainingRequest request, int k, int columns)
    {
        ArgumentNullException.ThrowIfNull(request);
        MixtureOptions options = request.Mixture!;
        MixtureInit init = options.Init == "given" ? MixtureInit.PlusPlus : Init(options.Init);
        return new MixtureTrainer(MixtureSpec.Create(k, CovarianceForms.Parse(options.Covariance), init, maxIterations: 3), columns);
    }

    public IShardWorker CreateWorker(RowBlock rows) => new PartShardWorker(rows, static part => new MixtureShardWorker(part));

    public TrainedModel Finish(ITrainer trainer, TrainingRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var selection = trainer as SelectionTrainer;
        MixtureResult result = (selection is null ? ((MixtureTrainer)trainer).Result : MixtureSelection.Result(selection))
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
            Selection = Selections.Records(selection),
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

    private static ITrainer Trainer(MixtureOptions options, MixtureInit init, ReadOnlyMemory<double> means, MixtureParameters? parameters, DatasetManifest manifest)
    {
        Asked.CheckK(Math.Max(options.K, options.LargestK), manifest);
        try
        {
            MixtureSpec spec = MixtureSpec.Create(
                options.K, CovarianceForms.Parse(options.Covariance), init, means, options.Regularization, options.Tolerance,
                options.MaxIterations, options.Restarts, options.Seed, Policy(options.Collapse), options.Contamination, parameters);
            int columns = manifest.Schema.Columns.Length;
            return options.LargestK == 0
                ? new MixtureTrainer(spec, columns)
                : MixtureSelection.Create(spec, options.LargestK, SelectionCriteria.Parse(options.Select, SelectionCriteria.OfMixtures), columns, options.HeldOut);
        }
        catch (ArgumentException e)
        {
            throw new ClusteringException(Asked.PlainMessage(e));
        }
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
}
