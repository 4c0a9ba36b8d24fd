using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace OrleansCluster.Monitoring;

/// <summary>What the grains count. Tags: <c>tenant</c>, <c>model</c>, <c>version</c>.</summary>
public static class ClusterTelemetry
{
    /// <summary>Name of the meter and of the activity source.</summary>
    public const string Name = "OrleansCluster";

    private static readonly Meter Meter = new(Name);
    private static readonly Counter<long> Iterations =
        Meter.CreateCounter<long>("cluster.training.iterations", "{iteration}", "Training iterations that ended");
    private static readonly Counter<long> TrainedRows = Meter.CreateCounter<long>("cluster.training.rows", "{row}", "Rows looked at by training iterations");
    private static readonly Histogram<double> IterationSeconds =
        Meter.CreateHistogram<double>("cluster.training.iteration.duration", "s", "Duration of a training iteration");
    private static readonly Counter<long> Versions = Meter.CreateCounter<long>("cluster.models.published", "{version}", "Model versions published");
    private static readonly Counter<long> AssignedRows = Meter.CreateCounter<long>("cluster.serving.assignments", "{row}", "Rows assigned to clusters");
    private static readonly Histogram<double> AssignSeconds =
        Meter.CreateHistogram<double>("cluster.serving.duration", "s", "Duration of an assignment request");

    /// <summary>Spans of trainings (<c>train</c>) and assignments (<c>assign</c>).</summary>
    public static ActivitySource Activities { get; } = new(Name);

    internal static void IterationEnded(string tenant, string model, long rows, double seconds)
    {
        var tags = new TagList { { "tenant", tenant }, { "model", model } };
        Iterations.Add(1, tags);
        TrainedRows.Add(rows, tags);
        IterationSeconds.Record(seconds, tags);
    }

    internal static void Published(string tenant, string model, int version) =>
        Versions.Add(1, new TagList { { "tenant", tenant }, { "model", model }, { "version", version } });

    internal static void Assigned(string tenant, string model, int version, long rows, double seconds)
    {
        var tags = new TagList { { "tenant", tenant }, { "model", model }, { "version", version } };
        AssignedRows.Add(rows, tags);
        AssignSeconds.Record(seconds, tags);
    }
}
