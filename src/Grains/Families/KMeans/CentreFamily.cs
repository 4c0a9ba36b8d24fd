using System.Collections.Immutable;
using System.Text;
using OrleansCluster.Datasets;
using OrleansCluster.Numerics.Adaptation;
using OrleansCluster.Numerics.KMeans;
using OrleansCluster.Numerics.KMeans.Assign;
using OrleansCluster.Numerics.KMeans.Sphere;
using OrleansCluster.Numerics.Rows;
using OrleansCluster.Numerics.Selection;
using OrleansCluster.Numerics.Statistics;
using OrleansCluster.Numerics.Training;
using OrleansCluster.Training;

namespace OrleansCluster.Families.KMeans;

/// <summary>What families of centres share: k-means of rows as they are, or on the sphere.</summary>
/// <param name="geometry">Where rows and centres lie.</param>
public abstract class CentreFamily(KMeansGeometry geometry) : IFamily
{
    /// <summary>Values of a sample of sparse rows that are made dense: 128 MB.</summary>
    private const int MostSampleValues = 1 << 24;

    public abstract FamilyDescription Description { get; }

    public abstract ImmutableArray<string> Capabilities { get; }

    public StatisticKinds Statistics => KMeansStatistics.Kinds;

    public virtual ITrainingOptions Typical => Description.Defaults;

    public virtual ImmutableArray<int> RehearsedColumns(int k) => [4];

    public bool ComparesScales(ITrainingOptions options) => true;

    public ITrainer Create(ITrainingOptions options, DatasetManifest manifest)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        var asked = (ICentreOptions)options;
        ReadOnlyMemory<double> centroids = Asked.Decode(asked.Start, "centroids");
        CheckRows(Math.Max(asked.K, asked.LargestK), manifest);
        return Asked.Checked(() =>
        {
            KMeansSpec spec = Spec(asked, asked.K, asked.Init, centroids, asked.Restarts);
            if (asked.LargestK == 0)
                return Trainer(spec, manifest);
            CheckSample(asked, manifest);
            SelectionCriterion criterion = SelectionCriteria.Parse(asked.Select, SelectionCriteria.OfKMeans);
            return KMeansSelection.Create(
                spec, Asked.Numbers(asked), criterion, manifest.Schema.Columns.Length, asked.SilhouetteRows, Asked.Weights(asked));
        }, manifest);
    }

    public int NeededRows(ITrainingOptions options)
    {
        var asked = (ICentreOptions)options;
        return asked.Empty == "fail" ? asked.K : 0;
    }

    public virtual TrainingNeeds? Needs(ITrainingOptions options, int k, int columns)
    {
        var asked = (ICentreOptions)options;
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

    public virtual TrainingNeeds? SparseNeeds(ITrainingOptions options, int k, int columns, double entries)
    {
        var asked = (ICentreOptions)options;
        const int ExactSum = 16, ColumnBytes = 3072;
        double values = (double)k * columns, totals = (k + 1.0) * (columns + 2), padded = (k + 7) / 8 * 8;
        // Of k-means||, about 2k rows in each of five rounds, with their zeros: as they are chosen, as they are compared, and as they are clustered.
        double candidates = asked.Init == "parallel" ? (10.0 * k) + 1 : k;
        return new TrainingNeeds
        {
            // A label and a bound, and while a start is looked for the nearest candidate and its D.
            RowBytes = 8 + 12,
            ShardBytes = sizeof(long) * (totals + columns),
            ThreadBytes = (sizeof(long) * totals) + (1 << 20),
            StepBytes = 2 * sizeof(double) * values,
            StatisticBytes = ExactSum * totals,
            // The centres of two iterations turned around, and what is told of every column.
            SharedBytes = (2 * sizeof(float) * padded * columns) + (3 * sizeof(double) * candidates * columns) + ((double)ColumnBytes * columns),
            RowWork = entries * k,
            StepWork = values,
            Rate = 1e9,
            StartPasses = asked.Init switch { "k-means++" => k, "parallel" => 4, _ => 1 },
        };
    }

    public ITrainer Continue(ITrainingOptions options, DatasetManifest manifest, ReadOnlyMemory<byte> parameters)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        KMeansModel model = KMeansModel.Decode(parameters, geometry);
        CheckRows(model.K, manifest);
        return Asked.Checked(() => Trainer(Spec((ICentreOptions)options, model.K, ITrainingOptions.Given, model.Centroids, restarts: 1), manifest), manifest);
    }

    public ReadOnlyMemory<byte> Adapt(ReadOnlyMemory<byte> parameters, ImmutableArray<AdaptedCluster> clusters, RowBlock rows) =>
        KMeansAdaptation.Adapt(KMeansModel.Decode(parameters, geometry), clusters, rows).Encode();

    public ITrainer Restore(ReadOnlyMemory<byte> saved) =>
        SelectionTrainer.Is(saved.Span) ? KMeansSelection.Restore(saved, geometry) : KMeansTrainer.Restore(saved, geometry);

    public ITrainer Rehearse(ITrainingOptions options, int k, int columns)
    {
        var asked = (ICentreOptions)options;
        // Enough iterations for bounds of groups to begin.
        return new KMeansTrainer(
            KMeansSpec.Create(k, asked.Init == ITrainingOptions.Given ? "random" : asked.Init, maxIterations: 20, tolerance: 0, plain: asked.Plain,
                geometry: geometry), columns);
    }

    public abstract IShardWorker CreateWorker(RowBlock rows);

    public abstract IShardWorker CreateWorker(SparseBlock rows);

    public string? RefusesSparse(ITrainingOptions options) => null;

    public virtual TrainingOutcome Finish(ITrainer trainer, ITrainingOptions options)
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
        bool plain = ((ICentreOptions)report.Options).Plain;
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

    public bool Owns(ReadOnlySpan<byte> parameters) => parameters.StartsWith(Encoding.ASCII.GetBytes(KMeansModel.MagicOf(geometry)));

    public IModel Decode(ReadOnlyMemory<byte> parameters) => new FinishedKMeans(this, KMeansModel.Decode(parameters, geometry));

    /// <summary>The model, ready to answer.</summary>
    protected internal abstract PreparedModel Prepare(IModel finished, KMeansModel model);

    private void CheckRows(int k, DatasetManifest manifest)
    {
        Asked.CheckK(k, manifest);
        // Rows of length 1 lie as far apart as they can be.
        if (geometry == KMeansGeometry.Euclidean)
            Asked.CheckWidth(manifest, each: false);
    }

    private KMeansSpec Spec(ICentreOptions options, int k, string init, ReadOnlyMemory<double> centroids, int restarts) => KMeansSpec.Create(
        k, init, centroids, restarts, options.MaxIterations, options.Tolerance, options.Seed, options.Empty, options.Plain, geometry);

    private KMeansTrainer Trainer(KMeansSpec spec, DatasetManifest manifest)
    {
        // Ranges of directions are not those of the rows.
        bool known = manifest.Schema.WeightColumn is null && geometry == KMeansGeometry.Euclidean;
        return known ? new KMeansTrainer(spec, Known(manifest)) : new KMeansTrainer(spec, manifest.Schema.Columns.Length);
    }

    /// <summary>Refuses a sample of sparse rows for silhouettes that would be too large with its zeros.</summary>
    private static void CheckSample(ICentreOptions options, DatasetManifest manifest)
    {
        int columns = manifest.Schema.Columns.Length, most = Math.Max(2, MostSampleValues / columns);
        if (manifest.Schema.IsSparse && Math.Min(options.SilhouetteRows, manifest.Rows) > most)
            throw new ArgumentException(
                $"The silhouettes that compare numbers of clusters are of {options.SilhouetteRows} rows with their zeros, and of {columns} columns at most "
                    + $"{most} rows are taken: ask for --silhouette-rows {most}, or for one number of clusters.");
    }

    private static UnweightedRows Known(DatasetManifest manifest) => new(
        manifest.Rows,
        manifest.Shards.Max(shard => shard.Rows),
        manifest.Columns.Select(column => column.Minimum).ToArray(),
        manifest.Columns.Select(column => column.Maximum).ToArray());
}
