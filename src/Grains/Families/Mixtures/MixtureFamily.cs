using System.Collections.Immutable;
using OrleansCluster.Datasets;
using OrleansCluster.Numerics.Adaptation;
using OrleansCluster.Numerics.Alignment;
using OrleansCluster.Numerics.Mixtures;
using OrleansCluster.Numerics.Mixtures.Components;
using OrleansCluster.Numerics.Rows;
using OrleansCluster.Numerics.Selection;
using OrleansCluster.Numerics.Statistics;
using OrleansCluster.Numerics.Training;
using OrleansCluster.Training;

namespace OrleansCluster.Families.Mixtures;

/// <summary>Gaussian mixtures by EM, as the numerics define them.</summary>
public sealed class MixtureFamily : IFamily
{
    public FamilyDescription Description => MixtureDescription.Value;

    public ImmutableArray<string> Capabilities { get; } = Families.Capabilities.Of(typeof(PreparedMixture));

    public StatisticKinds Statistics => MixtureStatistics.Kinds;

    public ITrainingOptions Typical { get; } = new MixtureOptions { K = 8 };

    public ITrainer Create(ITrainingOptions options, DatasetManifest manifest)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        var asked = (MixtureOptions)options;
        return Trainer(asked, Init(asked.Init), Asked.Decode(asked.InitialMeans, "means"), null, manifest);
    }

    public int NeededRows(ITrainingOptions options)
    {
        var asked = (MixtureOptions)options;
        return asked.Init is "kmeans" or "k-means++" ? asked.K : 0;
    }

    /// <summary>One variance for all columns is that of the greatest numbers. Where each has its own, a mixture is the same in any units.</summary>
    public bool ComparesScales(ITrainingOptions options) => ((MixtureOptions)options).Covariance == CovarianceForm.Spherical.Name();

    public TrainingNeeds? Needs(ITrainingOptions options, int k, int columns)
    {
        var asked = (MixtureOptions)options;
        CovarianceForm form = CovarianceForms.Parse(asked.Covariance);
        double statistic = form.StatisticBytes(k, columns);
        return new TrainingNeeds
        {
            // Of the clusters that it starts from: a label, a bound, the nearest candidate and its D.
            RowBytes = 8 + 12,
            ShardBytes = sizeof(long) * (k + 1.0) * (columns + 2),
            // A chunk's rows twice, a panel's densities, the moments of one component, and those that are being summed.
            ThreadBytes = (16.0 * 2048 * (columns + 8)) + (256.0 * (k + columns)) + (8.0 * columns * (columns + 8)) + statistic + (1 << 20),
            StepBytes = 2 * statistic,
            StatisticBytes = statistic,
            RowWork = (double)k * columns * (form is CovarianceForm.Full or CovarianceForm.Tied ? columns + 4 : 8),
            Rate = 8e9,
            StartPasses = asked.Init == "kmeans" ? 20 : asked.Init == "k-means++" ? k : 2,
        };
    }

    public ITrainer Continue(ITrainingOptions options, DatasetManifest manifest, ReadOnlyMemory<byte> parameters)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        MixtureParameters start = MixtureModel.Decode(parameters).Parameters;
        return Trainer((MixtureOptions)options with { K = start.K, LargestK = 0, Numbers = "", Restarts = 1 }, MixtureInit.Parameters, default, start,
            manifest);
    }

    public ReadOnlyMemory<byte> Adapt(ReadOnlyMemory<byte> parameters, ImmutableArray<AdaptedCluster> clusters, RowBlock rows) =>
        MixtureAdaptation.Adapt(MixtureModel.Decode(parameters), clusters, rows).Encode();

    public ITrainer Restore(ReadOnlyMemory<byte> saved) =>
        SelectionTrainer.Is(saved.Span) ? MixtureSelection.Restore(saved) : MixtureTrainer.Restore(saved);

    public ITrainer Rehearse(ITrainingOptions options, int k, int columns)
    {
        var asked = (MixtureOptions)options;
        MixtureInit init = asked.Init == ITrainingOptions.Given ? MixtureInit.PlusPlus : Init(asked.Init);
        return new MixtureTrainer(MixtureSpec.Create(k, CovarianceForms.Parse(asked.Covariance), init, maxIterations: 3), columns);
    }

    public IShardWorker CreateWorker(RowBlock rows) => new PartShardWorker(rows, static part => new MixtureShardWorker(part));

    public TrainingOutcome Finish(ITrainer trainer, ITrainingOptions options)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        var selection = trainer as SelectionTrainer;
        MixtureResult result = (selection is null ? ((MixtureTrainer)trainer).Result : MixtureSelection.Result(selection))
            ?? throw new InvalidOperationException("The training is not done.");
        return new TrainingOutcome
        {
            Model = new FinishedMixture(this, result.Model),
            Restart = result.Restart,
            Stop = result.Stop,
            Objective = result.Objective,
            Clusters = TrainingOutcome.Records(result.Sizes, result.LabelWeights, result.Spread),
            Selection = Selections.Records(selection),
            SampleSize = result.Criteria.Size,
            Measures =
            [
                new Measure { Name = MixtureNames.Threshold, Value = result.Model.Threshold },
                new Measure { Name = MixtureNames.LogLikelihood, Value = result.Criteria.LogLikelihood },
                new Measure { Name = MixtureNames.Bic, Value = result.Criteria.Bic },
                new Measure { Name = MixtureNames.Aic, Value = result.Criteria.Aic },
                new Measure { Name = MixtureNames.Icl, Value = result.Criteria.Icl },
            ],
            PartMeasures =
            [
                new PartMeasure { Name = MixtureNames.Weights, Values = [.. result.Model.Weights] },
                new PartMeasure { Name = MixtureNames.FloorHits, Values = [.. result.FloorHits.Select(hits => (double)hits)] },
            ],
        };
    }

    public TrainingOutcome KeepThreshold(TrainingOutcome outcome, ReadOnlyMemory<byte> parameters)
    {
        ArgumentNullException.ThrowIfNull(outcome);
        if (!Owns(parameters.Span))
            return outcome;
        MixtureModel before = MixtureModel.Decode(parameters);
        return outcome with
        {
            Model = ((FinishedMixture)outcome.Model).WithThresholdOf(before),
            Measures =
            [
                .. outcome.Measures.Select(measure => measure.Name == MixtureNames.Threshold ? measure with { Value = before.Threshold } : measure),
            ],
        };
    }

    public bool Owns(ReadOnlySpan<byte> parameters) => parameters.StartsWith("OCMM"u8);

    public IModel Decode(ReadOnlyMemory<byte> parameters) => new FinishedMixture(this, MixtureModel.Decode(parameters));

    /// <summary>
    /// Gaussians by how their densities overlap. Without a floor a covariance may be singular, which only the Wasserstein distance is defined for.
    /// </summary>
    public AlignmentCost CostBetween(TrainingReport before, TrainingReport after)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        return ((MixtureOptions)before.Options).Regularization == 0 || ((MixtureOptions)after.Options).Regularization == 0 ? AlignmentCost.Wasserstein
            : AlignmentCost.Bhattacharyya;
    }

    private static ITrainer Trainer(MixtureOptions options, MixtureInit init, ReadOnlyMemory<double> means, MixtureParameters? parameters,
        DatasetManifest manifest)
    {
        Asked.CheckK(Math.Max(options.K, options.LargestK), manifest);
        CheckSpread(options, manifest);
        return Asked.Checked(() =>
        {
            MixtureSpec spec = MixtureSpec.Create(
                options.K, CovarianceForms.Parse(options.Covariance), init, means, options.Regularization, options.Tolerance,
                options.MaxIterations, options.Restarts, options.Seed, Policy(options.Collapse), options.Contamination, parameters, Asked.Weights(options));
            int columns = manifest.Schema.Columns.Length;
            return options.LargestK == 0
                ? new MixtureTrainer(spec, columns)
                : MixtureSelection.Create(spec, Asked.Numbers(options), SelectionCriteria.Parse(options.Select, SelectionCriteria.OfMixtures), columns,
                    options.HeldOut);
        }, manifest);
    }

    /// <summary>Refuses columns of one value, over which a density would be infinite, and such whose squares are: the dataset's ranges show them.</summary>
    private static void CheckSpread(MixtureOptions options, DatasetManifest manifest)
    {
        int wide = Array.FindIndex([.. manifest.Columns.Select(column => (column.Maximum / 2) - (column.Minimum / 2))], half => !double.IsFinite(half * half));
        if (wide >= 0)
            throw new ClusteringException($"Column '{manifest.Schema.Columns[wide]}' (position {wide} from 0) has values that are too large: their squares "
                + "overflow. Divide it by a power of ten.");
        Asked.CheckWidth(manifest, each: options.Covariance != CovarianceForm.Spherical.Name());
        string[] constant = [.. manifest.Schema.Columns.Where((_, j) => manifest.Columns[j].Minimum == manifest.Columns[j].Maximum)];
        if (constant.Length == manifest.Columns.Length)
            throw new ClusteringException("All rows are equal: a density over them would be infinite.");
        if (constant.Length == 0 || options.Covariance == CovarianceForm.Spherical.Name())
            return;
        string which = constant.Length == 1 ? $"Column '{constant[0]}' (position {manifest.Schema.Columns.IndexOf(constant[0])} from 0) is"
            : $"The columns {string.Join(", ", constant.Select(column => $"'{column}'"))} are";
        throw new ClusteringException($"{which} constant: a density over {(constant.Length == 1 ? "it" : "them")} would be infinite. Leave "
            + $"{(constant.Length == 1 ? "it" : "them")} out, or ask for spherical covariances.");
    }

    private static MixtureInit Init(string name) => name switch
    {
        "kmeans" => MixtureInit.KMeans,
        "k-means++" => MixtureInit.PlusPlus,
        "random" => MixtureInit.RandomResponsibilities,
        ITrainingOptions.Given => MixtureInit.Given,
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
