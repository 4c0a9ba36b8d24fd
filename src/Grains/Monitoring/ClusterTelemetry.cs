using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace OrleansCluster.Monitoring;

/// <summary>
/// What the grains count: all their instruments. Labels: <c>tenant</c>, <c>model</c> and, of what a version did, <c>model_version</c>; never a value of a
/// row, nor a key.
/// </summary>
public static class ClusterTelemetry
{
    /// <summary>Models and versions whose series are told apart: what collects keeps at most 2,000 of an instrument, and some have a label more.</summary>
    internal const int MostModels = 600;

    /// <summary>Clusters of a version, and versions, whose rows are counted by cluster.</summary>
    internal const int MostClusters = 64, MostClusteredVersions = 30;

    /// <summary>What durations are counted by: from the quickest answer to the longest call. Without advice the first bucket would end at 5 s.</summary>
    private static readonly InstrumentAdvice<double> Seconds = new()
    {
        HistogramBucketBoundaries = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    };

    private static readonly InstrumentAdvice<double> Shares = new() { HistogramBucketBoundaries = [0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99] };

    private static readonly InstrumentAdvice<long> Sizes = new()
    {
        HistogramBucketBoundaries = [1 << 10, 1 << 12, 1 << 14, 1 << 16, 1 << 18, 1 << 20, 1 << 22, 1 << 24],
    };

    private static readonly Meter Meter = new(TelemetryNames.Cluster);
    private static readonly ModelLabels Labels = new(MostModels);
    private static readonly AnsweredRows Rows = new(MostClusters, MostClusteredVersions);

    private static readonly Counter<long> Iterations =
        Meter.CreateCounter<long>("cluster.training.iterations", "{iteration}", "Training iterations that ended");
    private static readonly Counter<long> TrainedRows = Meter.CreateCounter<long>("cluster.training.rows", "{row}", "Rows looked at by training iterations");
    private static readonly Histogram<double> IterationSeconds =
        Meter.CreateHistogram("cluster.training.iteration.duration", "s", "Duration of a training iteration", null, Seconds);
    private static readonly Counter<double> PhaseSeconds =
        Meter.CreateCounter<double>("cluster.training.phase.time", "s", "Time that trainings spent in each phase");
    private static readonly Gauge<double> Objective =
        Meter.CreateGauge<double>("cluster.training.objective", null, "Objective of the iteration of the model's training that ended last");
    private static readonly Counter<long> Retries = Meter.CreateCounter<long>("cluster.training.retries", "{retry}", "Steps that were asked for again");
    private static readonly Counter<long> Checkpoints =
        Meter.CreateCounter<long>("cluster.training.checkpoints", "{checkpoint}", "Checkpoints of trainings");
    private static readonly Counter<long> Jobs = Meter.CreateCounter<long>("cluster.training.jobs", "{job}", "Trainings that ended, by outcome");
    private static readonly Counter<long> Versions = Meter.CreateCounter<long>("cluster.models.published", "{version}", "Model versions published");
    private static readonly ObservableCounter<long> RowsOfVersions =
        Meter.CreateObservableCounter("cluster.serving.rows", Rows.Tell, "{row}", "Rows answered");
    private static readonly Histogram<double> AnswerSeconds =
        Meter.CreateHistogram("cluster.serving.duration", "s", "Duration of an answered question", null, Seconds);
    private static readonly Counter<long> Errors = Meter.CreateCounter<long>("cluster.serving.errors", "{question}", "Questions without an answer, by kind");
    private static readonly ObservableCounter<long> ClusteredRows =
        Meter.CreateObservableCounter("cluster.serving.cluster.rows", Rows.TellClusters, "{row}", "Rows assigned to each cluster");
    private static readonly UpDownCounter<long> ModelBytes =
        Meter.CreateUpDownCounter<long>("cluster.serving.models.memory", "By", "Parameters that are ready to answer");
    private static readonly Counter<long> DroppedModels = Meter.CreateCounter<long>(
        "cluster.serving.models.dropped", "{model}", "Parameters that were ready to answer and made room for others");
    private static readonly Counter<long> ObservedRows =
        Meter.CreateCounter<long>("cluster.monitoring.rows", "{row}", "Rows of questions that were observed");
    private static readonly Counter<long> SkippedRows = Meter.CreateCounter<long>(
        "cluster.monitoring.skipped", "{row}", "Rows of versions that were not observed, because too many others are");
    private static readonly Histogram<double> ScorePlaces = Meter.CreateHistogram(
        "cluster.monitoring.score", "1", "Where scores of observed rows lie among those of the training rows: the share that were no greater", null, Shares);
    private static readonly Histogram<double> Entropies = Meter.CreateHistogram(
        "cluster.monitoring.entropy", "1",
        "Entropy of the responsibilities of observed rows, as a share of the greatest: 0 is certain, 1 is as likely everywhere", null, Shares);
    private static readonly Histogram<long> StateBytes = Meter.CreateHistogram("cluster.storage.state.size", "By", "State that a grain wrote", null, Sizes);
    private static readonly Counter<double> ComputeSeconds =
        Meter.CreateCounter<double>("cluster.compute.time", "s", "Time that threads of the pool worked, by what for");
    private static readonly Gauge<double> Distance = Meter.CreateGauge<double>(
        "cluster.monitoring.drift", null,
        "Greatest Jensen-Shannon distance of a column, a score or the clusters' shares from training, of the last whole window");
    private static readonly Gauge<int> Drifted =
        Meter.CreateGauge<int>("cluster.monitoring.drifted", null, "Whether the last whole window had drifted from the training rows");

    /// <summary>Spans of trainings (<c>train</c>) and questions (<c>assign</c>, <c>score</c>, <c>explain</c>).</summary>
    public static ActivitySource Activities { get; } = new(TelemetryNames.Cluster);

    internal static void IterationEnded(string tenant, string model, long rows, double seconds, double objective)
    {
        KeyValuePair<string, object?>[] labels = Labels.Of(tenant, model);
        Iterations.Add(1, labels);
        TrainedRows.Add(rows, labels);
        IterationSeconds.Record(seconds, labels);
        Objective.Record(objective, labels);
    }

    internal static void PhaseLasted(string tenant, string model, string phase, double seconds) =>
        PhaseSeconds.Add(seconds, [.. Labels.Of(tenant, model), new("phase", phase)]);

    internal static void Retried(string tenant, string model) => Retries.Add(1, Labels.Of(tenant, model));

    internal static void Saved(string tenant, string model) => Checkpoints.Add(1, Labels.Of(tenant, model));

    /// <param name="tenant">Whose job it was.</param>
    /// <param name="model">What it trained.</param>
    /// <param name="outcome"><c>succeeded</c>, <c>failed</c> or <c>interrupted</c>.</param>
    internal static void JobEnded(string tenant, string model, string outcome) => Jobs.Add(1, [.. Labels.Of(tenant, model), new("outcome", outcome)]);

    internal static void Published(string tenant, string model, int version) => Versions.Add(1, Labels.Of(tenant, model, version));

    /// <param name="tenant">Whose model it is.</param>
    /// <param name="model">The model.</param>
    /// <param name="version">The version that answered.</param>
    /// <param name="rows">Rows answered.</param>
    /// <param name="seconds">How long the question took.</param>
    /// <param name="clusters">The stable id of each row's cluster; empty: it was not asked.</param>
    internal static void Answered(string tenant, string model, int version, long rows, double seconds, ReadOnlySpan<int> clusters = default)
    {
        if (!RowsOfVersions.Enabled)
            return;
        KeyValuePair<string, object?>[] labels = Labels.Of(tenant, model, version);
        AnswerSeconds.Record(seconds, labels);
        // From here on the name is known to be a model's.
        if (Rows.Add(labels, rows, clusters))
            _ = Labels.Of(tenant, model);
    }

    /// <summary>The clusters of some of the rows, as <see cref="Answered"/> wants them; empty: nobody counts them.</summary>
    internal static int[] Some(ReadOnlySpan<int> clusters, int[] some)
    {
        var mine = new int[RowsOfVersions.Enabled ? some.Length : 0];
        for (int i = 0; i < mine.Length; i++)
            mine[i] = clusters[some[i]];
        return mine;
    }

    internal static void NotAnswered(string tenant, string model, Exception why) =>
        Errors.Add(1, [.. Labels.Known(tenant, model), new("error.type", KindOf(why))]);

    internal static void ModelsTake(long bytes) => ModelBytes.Add(bytes);

    internal static void ModelDropped() => DroppedModels.Add(1);

    internal static void Observed(string tenant, string model, int version, long rows) => ObservedRows.Add(rows, Labels.Of(tenant, model, version));

    internal static void Skipped(long rows) => SkippedRows.Add(rows);

    internal static void Compared(string tenant, string model, int version, double distance, bool drifted)
    {
        KeyValuePair<string, object?>[] labels = Labels.Of(tenant, model, version);
        Distance.Record(distance, labels);
        Drifted.Record(drifted ? 1 : 0, labels);
    }

    /// <summary>Whether anybody counts <see cref="Scored"/>.</summary>
    internal static bool CountsScores => ScorePlaces.Enabled || Entropies.Enabled;

    /// <summary>Notes scores of observed rows.</summary>
    /// <param name="tenant">Whose model it is.</param>
    /// <param name="model">The model.</param>
    /// <param name="version">The version that answered.</param>
    /// <param name="score">What the score is called.</param>
    /// <param name="places">For each row the share of the training rows whose score was no greater.</param>
    internal static void Scored(string tenant, string model, int version, string score, IEnumerable<double> places)
    {
        KeyValuePair<string, object?>[] labels = [.. Labels.Of(tenant, model, version), new("score", score)];
        foreach (double place in places)
            ScorePlaces.Record(place, labels);
    }

    /// <summary>Notes how uncertain observed rows' clusters were, 0 … 1.</summary>
    internal static void Uncertain(string tenant, string model, int version, IEnumerable<double> entropies)
    {
        KeyValuePair<string, object?>[] labels = Labels.Of(tenant, model, version);
        foreach (double entropy in entropies)
            Entropies.Record(entropy, labels);
    }

    /// <summary>Notes how long threads worked for a model; <paramref name="model"/> is empty where it is no one model's.</summary>
    internal static void Computed(string tenant, string model, TimeSpan training, TimeSpan serving)
    {
        KeyValuePair<string, object?>[] labels = Labels.Of(tenant, model);
        ComputeSeconds.Add(training.TotalSeconds, [.. labels, new("purpose", "training")]);
        ComputeSeconds.Add(serving.TotalSeconds, [.. labels, new("purpose", "serving")]);
    }

    /// <summary>Notes state that was written.</summary>
    /// <param name="state">What it is.</param>
    /// <param name="bytes">As it is stored.</param>
    public static void StateTakes(string state, long bytes) => StateBytes.Record(bytes, new KeyValuePair<string, object?>("state", state));

    private static string KindOf(Exception why) => why switch
    {
        ClusteringException => "refused",
        OperationCanceledException => "cancelled",
        UnavailableException or TimeoutException or Orleans.Runtime.OrleansException => "unavailable",
        _ => "failed",
    };
}
