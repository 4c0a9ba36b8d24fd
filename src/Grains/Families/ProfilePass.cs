using System.Runtime.CompilerServices;
using OrleansCluster.Contracts;
using OrleansCluster.Datasets;
using OrleansCluster.Numerics.Encoding;
using OrleansCluster.Numerics.Monitoring;
using OrleansCluster.Numerics.Parallelism;
using OrleansCluster.Numerics.Profiles;
using OrleansCluster.Numerics.Rows;
using OrleansCluster.Numerics.Statistics;
using OrleansCluster.Numerics.Training;

namespace OrleansCluster.Families;

/// <summary>The pass over the training rows that tells what they look like under the finished model.</summary>
/// <param name="families">Whose models they are.</param>
internal sealed class ProfilePass(FamilyRegistry families) : IPass
{
    /// <summary>What stands for a family's name in its steps.</summary>
    public const string Name = "profile";

    /// <summary>Models that are being profiled on this silo, prepared once for all of its partitions.</summary>
    private readonly ConditionalWeakTable<ProfileStep, Lazy<ProfiledModel>> _models = [];

    public StatisticKinds Statistics { get; } = StatisticKinds.Shared.With<RowProfile>().With<ObservedRows>().With<ColumnSpreads>();

    public IShardWorker CreateWorker(RowBlock rows) => new Worker(this, rows);

    public IShardWorker CreateWorker(SparseBlock rows) => new SparseWorker(this, rows);

    /// <summary>Whether only some of the columns are profiled: those that <see cref="ColumnSpreads"/> tells.</summary>
    public static bool Chooses(DatasetManifest manifest) => manifest.Schema.IsSparse && manifest.Schema.Columns.Length > SparseProfiler.MostColumns;

    /// <summary>The step for a model and its training rows.</summary>
    /// <param name="model">The model.</param>
    /// <param name="prepared">The same, ready to answer.</param>
    /// <param name="manifest">The rows as the model sees them.</param>
    /// <param name="columns">Which columns, ascending; empty: all.</param>
    public static EncodedStep Step(IModel model, PreparedModel prepared, DatasetManifest manifest, int[] columns)
    {
        ColumnSummary[] told = [.. All(manifest, columns).Select(column => manifest.Columns[column])];
        return new ProfileStep(
            new ProfileFrame(
                [.. told.Select(column => column.Minimum)], [.. told.Select(column => column.Maximum)], model.K, new ProfiledModel(prepared).Scores.Length),
            model.Encode(), columns).Encode();
    }

    /// <summary>What came of the step.</summary>
    public static ProfileDocument Tell(RowProfile profile, PreparedModel prepared, DatasetManifest manifest, int[] columns) => new()
    {
        Rows = profile.Rows,
        LeftOut = columns.Length == 0 ? 0 : manifest.Columns.Length - columns.Length,
        Columns = [.. All(manifest, columns).Select((column, index) => new ColumnProfileDocument
        {
            Name = manifest.Schema.Columns[column],
            Minimum = manifest.Columns[column].Minimum,
            Maximum = manifest.Columns[column].Maximum,
            Mean = profile.Means[index],
            StandardDeviation = profile.Deviation(index),
            Counts = profile.Histogram(index).ToArray(),
        })],
        Clusters = profile.Clusters.ToArray(),
        Scores = [.. new ProfiledModel(prepared).Scores.Select((name, index) => new ScoreProfileDocument
        {
            Name = name,
            Edges = [.. profile.Scores(index).Select(bin => bin.Edge)],
            Counts = [.. profile.Scores(index).Select(bin => bin.Count)],
        })],
        Centred = profile.Centred.Groups == 0 ? null : [.. Enumerable.Range(0, profile.Centred.Groups).Select(cluster => Centred(profile.Centred, cluster))],
        Loss = Moments(profile.Fits, RowProfile.Losses),
        Silhouette = Moments(profile.Fits, RowProfile.Silhouettes),
    };

    private static IEnumerable<int> All(DatasetManifest manifest, int[] columns) =>
        columns.Length == 0 ? Enumerable.Range(0, manifest.Columns.Length) : columns;

    private static CentredProfileDocument Centred(Moments moments, int cluster) => new()
    {
        Offsets = [.. Enumerable.Range(0, moments.Columns).Select(column => moments.Mean(cluster, column))],
        Deviations = [.. Enumerable.Range(0, moments.Columns).Select(column => moments.Deviation(cluster, column))],
        Skews = [.. Enumerable.Range(0, moments.Columns).Select(column => Math.Round(moments.Skew(cluster, column), 3))],
    };

    private static MomentsDocument? Moments(Moments moments, int place) => moments.Rows(place) == 0 ? null : new()
    {
        Rows = moments.Rows(place),
        Mean = moments.Mean(place),
        StandardDeviation = moments.Deviation(place),
        Skew = moments.Skew(place),
    };

    private ProfiledModel Model(ProfileStep step) =>
        _models.GetValue(step, asked => new Lazy<ProfiledModel>(() => new ProfiledModel(families.Decode(asked.Parameters).Prepare()))).Value;

    private static object Read(ReadOnlyMemory<byte> bytes) => ObservationFrame.Owns(bytes.Span) ? ObservationFrame.Decode(bytes)
        : SpreadStep.Owns(bytes.Span) ? SpreadStep.Decode(bytes) : ProfileStep.Decode(bytes);

    private sealed class Worker(ProfilePass pass, RowBlock rows) : IShardWorker
    {
        public PooledBytes Execute(EncodedStep step, IParallel parallel, CancellationToken cancellation = default)
        {
            if (step.Content(Read) is ObservationFrame frame)
                return ObservedRows.OfColumns(rows, frame, parallel, cancellation).Encode();
            ProfileStep asked = step.Content(ProfileStep.Decode);
            return Profiler.Profile(rows, asked.Frame, pass.Model(asked), parallel, cancellation).Encode();
        }
    }

    private sealed class SparseWorker(ProfilePass pass, SparseBlock rows) : IShardWorker
    {
        public PooledBytes Execute(EncodedStep step, IParallel parallel, CancellationToken cancellation = default) => step.Content(Read) switch
        {
            SpreadStep => ColumnSpreads.Of(rows, cancellation).Encode(),
            ProfileStep asked => SparseProfiler.Profile(rows, asked.Frame, asked.Columns, pass.Model(asked), parallel, cancellation).Encode(),
            var other => throw new InvalidDataException($"Sparse rows have no answer to a {other.GetType().Name}."),
        };
    }
}
