using System.Collections.Immutable;
using OrleansCluster.Datasets;
using OrleansCluster.Numerics.Adaptation;
using OrleansCluster.Numerics.KMeans;
using OrleansCluster.Numerics.KMeans.Assign;
using OrleansCluster.Numerics.Rows;
using OrleansCluster.Numerics.Selection;
using OrleansCluster.Numerics.Statistics;
using OrleansCluster.Numerics.Training;
using OrleansCluster.Training;

namespace OrleansCluster.Families.KMeans;

/// <summary>k-means, as the numerics define it.</summary>
public sealed class KMeansFamily : IFamily
{
    /// <summary>With so many clusters, which kernels serve depends on the columns too.</summary>
    private const int ManyClusters = 128;

    public FamilyDescription Description => KMeansDescription.Value;

    public ImmutableArray<string> Capabilities { get; } = Families.Capabilities.Of(typeof(PreparedKMeans));

    public StatisticKinds Statistics => KMeansStatistics.Kinds;

    public ITrainingOptions Typical { get; } = new KMeansOptions { K = ManyClusters };

    public ImmutableArray<int> RehearsedColumns(int k) => k == ManyClusters ? [4, 128] : [4];

    public bool ComparesScales(ITrainingOptions options) => true;

    public ITrainer Create(ITrainingOptions options, DatasetManifest manifest)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        var asked = (KMeansOptions)options;
        return Trainer(asked, Asked.Decode(asked.InitialCentroids, "centroids"), manifest);
    }

    public int NeededRows(ITrainingOptions options)
    {
        var asked = (KMeansOptions)options;
        return asked.Empty == "fail" ? asked.K : 0;
    }

    public TrainingNeeds? Needs(ITrainingOptions options, int k, int columns)
    {
        var asked = (KMeansOptions)options;
        const int ExactSum = 16;
        double values = (double)k * columns, totals = (k + 1.0) * (columns + 2);
        string bounds = BoundChoice.Name(k, columns, asked.Plain);
        return new TrainingNeeds
        {
            // A label, a bound, and while a start is looked for the nearest candidate and its D.
            RowBytes = 8 + 12 + (bounds == "screen" ? columns + 64 + 28 : bounds == "groups" ? 8 + (4.0 * ((k + 15) / 16)) : 0),
            ShardBytes = sizeof(long) * totals,
            ThreadBytes = (sizeof(long) * totals) + (256 * (k + columns)) + (1 << 20),
            StepBytes = 2 * sizeof(double) * values,
            StatisticBytes = ExactSum * totals,
            RowWork = values,
            Rate = 40e9,
            StartPasses = asked.Init switch { "k-means++" => k, "parallel" => 4, _ => 1 },
        };
    }

    public ITrainer Continue(ITrainingOptions options, DatasetManifest manifest, ReadOnlyMemory<byte> parameters)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        KMeansModel model = KMeansModel.Decode(parameters);
        return Trainer((KMeansOptions)options with { K = model.K, LargestK = 0, Numbers = "", Init = ITrainingOptions.Given, Restarts = 1 }, model.Centroids,
            manifest);
    }

    public ReadOnlyMemory<byte> Adapt(ReadOnlyMemory<byte> parameters, ImmutableArray<AdaptedCluster> clusters, RowBlock rows) =>
        KMeansAdaptation.Adapt(KMeansModel.Decode(parameters), clusters, rows).Encode();

    public ITrainer Restore(ReadOnlyMemory<byte> saved) => SelectionTrainer.Is(saved.Span) ? KMeansSelection.Restore(saved) : KMeansTrainer.Restore(saved);

    public ITrainer Rehearse(ITrainingOptions options, int k, int columns)
    {
        var asked = (KMeansOptions)options;
        // Enough iterations for bounds of groups to begin.
        return new KMeansTrainer(
            KMeansSpec.Create(k, asked.Init == ITrainingOptions.Given ? "random" : asked.Init, maxIterations: 20, tolerance: 0, plain: asked.Plain), columns);
    }

    public IShardWorker CreateWorker(RowBlock rows) => new KMeansShardWorker(rows);

    public IShardWorker CreateWorker(SparseBlock rows) => new SparseKMeansWorker(rows);

    /// <summary>What judges numbers of clusters looks at every column.</summary>
    public string? RefusesSparse(ITrainingOptions options) =>
        ((KMeansOptions)options).LargestK > 0 ? "Numbers of clusters are compared on dense rows: ask for one number, or import these with --dense." : null;

    public TrainingOutcome Finish(ITrainer trainer, ITrainingOptions options)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        var selection = trainer as SelectionTrainer;
        KMeansResult result = (selection is null ? ((KMeansTrainer)trainer).Result : KMeansSelection.Result(selection))
            ?? throw new InvalidOperationException("The training is not done.");
        return new TrainingOutcome
        {
            Model = new FinishedKMeans(this, result.Model),
            Restart = result.Restart,
            Stop = result.Stop,
            Objective = result.Objective,
            Clusters = TrainingOutcome.Records(result.Sizes, result.Weights, result.Spread),
            Selection = Selections.Records(selection),
        };
    }

    /// <summary>What spared distances and why, and how many were left.</summary>
    public ImmutableArray<Particulars> Tell(TrainingReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        bool plain = ((KMeansOptions)report.Options).Plain;
        double all = (double)report.Rows * report.K * report.Iterations.Length;
        // Of several numbers of clusters the iterations are those of all.
        bool counted = report.Selection.IsEmpty && all > 0;
        return
        [
            new Particulars
            {
                Name = "acceleration",
                Remarks =
                [
                    new Remark { Name = "bounds", Text = BoundChoice.Name(report.K, report.Columns.Length, plain) },
                    new Remark { Name = "reason", Text = BoundChoice.Reason(report.K, report.Columns.Length, plain) },
                ],
                Measures = counted
                    ? [new Measure { Name = "distances_per_row_and_centre", Value = report.Iterations.Sum(iteration => iteration.Distances) / all }]
                    : [],
            },
        ];
    }

    public bool Owns(ReadOnlySpan<byte> parameters) => parameters.StartsWith("OCKM"u8);

    public IModel Decode(ReadOnlyMemory<byte> parameters) => new FinishedKMeans(this, KMeansModel.Decode(parameters));

    private static ITrainer Trainer(KMeansOptions options, ReadOnlyMemory<double> centroids, DatasetManifest manifest)
    {
        Asked.CheckK(Math.Max(options.K, options.LargestK), manifest);
        Asked.CheckWidth(manifest, each: false);
        return Asked.Checked(() =>
        {
            KMeansSpec spec = KMeansSpec.Create(
                options.K, options.Init, centroids, options.Restarts, options.MaxIterations, options.Tolerance, options.Seed, options.Empty, options.Plain);
            int columns = manifest.Schema.Columns.Length;
            if (options.LargestK == 0)
                return manifest.Schema.WeightColumn is null ? new KMeansTrainer(spec, Known(manifest)) : new KMeansTrainer(spec, columns);
            SelectionCriterion criterion = SelectionCriteria.Parse(options.Select, SelectionCriteria.OfKMeans);
            return KMeansSelection.Create(spec, Asked.Numbers(options), criterion, columns, options.SilhouetteRows, Asked.Weights(options));
        }, manifest);
    }

    private static UnweightedRows Known(DatasetManifest manifest) => new(
        manifest.Rows,
        manifest.Shards.Max(shard => shard.Rows),
        manifest.Columns.Select(column => column.Minimum).ToArray(),
        manifest.Columns.Select(column => column.Maximum).ToArray());
}
