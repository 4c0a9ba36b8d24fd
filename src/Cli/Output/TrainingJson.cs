using System.Text.Json;
using OrleansCluster.Families.Mixtures;
using OrleansCluster.Numerics.Kernels;
using OrleansCluster.Training;

namespace OrleansCluster.Cli.Output;

/// <summary>A training report as JSON.</summary>
internal static class TrainingJson
{
    /// <summary>Writes the report as an object.</summary>
    /// <param name="importSeconds">Time that reading the file took before the job began; 0 when there was none to read.</param>
    /// <param name="names">Names that people gave clusters.</param>
    public static void Write(Utf8JsonWriter json, TrainingReport report, double importSeconds, ClusterNames names)
    {
        json.WriteStartObject();
        WriteFields(json, report, importSeconds, names);
        json.WriteEndObject();
    }

    /// <summary>Writes the report's fields into an object that is open.</summary>
    public static void WriteFields(Utf8JsonWriter json, TrainingReport report, double importSeconds, ClusterNames names)
    {
        ITrainingOptions options = report.Options();
        json.WriteString("job", report.Job);
        json.WriteString("model", report.Model);
        json.WriteNumber("version", report.Version);
        json.WriteStartObject("dataset");
        json.WriteString("name", report.Dataset);
        json.WriteNumber("version", report.DatasetVersion);
        json.WriteNumber("rows", report.Rows);
        json.WriteNumber("columns", report.Columns.Length);
        json.WriteStrings("column_names", report.Columns);
        json.WriteEndObject();
        json.WriteNumber("k", report.K);
        json.WriteNumber("k_asked", options.K);
        json.WriteString("algorithm", report.Algorithm());
        json.WriteString("init", options.Init);
        json.WriteNumber("seed", options.Seed);
        json.WriteNumber("max_iterations", options.MaxIterations);
        json.WriteReal("tolerance", options.Tolerance);
        json.WriteString("weight_meaning", string.IsNullOrEmpty(options.Weights) ? null : options.Weights);
        if (report.KMeans is { } kmeans)
        {
            json.WriteBoolean("plain", kmeans.Plain);
            json.WriteString("empty", kmeans.Empty);
            WriteAcceleration(json, report, kmeans.Plain);
        }

        json.WriteNumber("threads", report.Threads);
        json.WriteString("stop", report.Stop);
        json.WriteReal("objective", report.Objective);
        json.WriteString("objective_name", report.ObjectiveName);
        int[] order = [.. Enumerable.Range(0, report.Clusters.Length).OrderBy(index => report.Clusters[index].Label)];
        // The stable ids of what follows cluster by cluster: sizes, and a mixture's weights and floor hits.
        json.WriteStartArray("cluster_ids");
        foreach (int index in order)
            json.WriteNumberValue(report.Clusters[index].Label);
        json.WriteEndArray();
        if (report.Mixture is { } mixture)
        {
            WriteMixture(json, mixture, order);
            json.WriteReal("sample_size", report.SampleSize);
        }

        WriteSelection(json, report);
        WriteIterations(json, report);
        WriteRestarts(json, report);
        json.WriteStartArray("sizes");
        foreach (int index in order)
            json.WriteNumberValue(report.Clusters[index].Size);
        json.WriteEndArray();
        WriteClusters(json, report, names, order);
        json.WriteStrings("warnings", report.Warnings);
        json.WriteNumber("resumed", report.Resumed);
        json.WriteString("retraining", report.Retraining switch { RetrainingKind.Warm => "warm", RetrainingKind.Fresh => "fresh", _ => null });
        json.WritePropertyName("gate");
        if (report.Gate is { } gate)
            GateOutput.Write(json, gate);
        else
            json.WriteNullValue();
        json.WriteStartObject("seconds");
        json.WriteReal("import", importSeconds);
        json.WriteReal("init", report.InitSeconds);
        json.WriteReal("iterate", report.IterateSeconds);
        json.WriteReal("total", importSeconds + report.TotalSeconds);
        json.WriteEndObject();
        json.WriteNumber("memory_peak_bytes", report.MemoryPeakBytes);
        json.WriteString("code", report.Code);
        json.WriteString("digest", report.Digest);
    }

    /// <summary>What spared distances and why, and how many were left.</summary>
    private static void WriteAcceleration(Utf8JsonWriter json, TrainingReport report, bool plain)
    {
        long evaluated = 0;
        foreach (IterationRecord iteration in report.Iterations)
            evaluated += iteration.Distances;
        double all = (double)report.Rows * report.K * report.Iterations.Length;
        json.WriteStartObject("acceleration");
        json.WriteString("bounds", BoundChoice.Name(report.K, report.Columns.Length, plain));
        json.WriteString("reason", BoundChoice.Reason(report.K, report.Columns.Length, plain));
        // Of several numbers of clusters the iterations are those of all.
        if (report.Selection.IsEmpty && all > 0)
            json.WriteReal("distances_per_row_and_centre", evaluated / all);
        json.WriteEndObject();
    }

    private static void WriteMixture(Utf8JsonWriter json, MixtureRecord mixture, int[] order)
    {
        json.WriteString("covariance", mixture.Options.Covariance);
        json.WriteReal("regularization", mixture.Options.Regularization);
        json.WriteString("collapse", mixture.Options.Collapse);
        json.WriteReal("contamination", mixture.Options.Contamination);
        json.WriteReal("threshold", mixture.Threshold);
        json.WriteReal("log_likelihood", mixture.LogLikelihood);
        json.WriteReal("bic", mixture.Bic);
        json.WriteReal("aic", mixture.Aic);
        json.WriteReal("icl", mixture.Icl);
        json.WriteReals("weights", order.Select(index => mixture.Weights[index]));
        json.WriteStartArray("floor_hits");
        foreach (int index in order)
            json.WriteNumberValue(mixture.FloorHits[index]);
        json.WriteEndArray();
    }

    private static void WriteSelection(Utf8JsonWriter json, TrainingReport report)
    {
        json.WriteStartArray("selection");
        foreach (TrialRecord tried in report.Selection)
        {
            json.WriteStartObject();
            json.WriteNumber("k", tried.K);
            json.WriteString("criterion", report.Options().Select);
            json.WriteReal("value", tried.Value);
            json.WriteNumber("start", tried.Start);
            json.WriteReal("objective", tried.Objective);
            foreach (CriterionRecord criterion in tried.Criteria)
            {
                string name = criterion.Name.Replace('-', '_');
                json.WriteReal(name, criterion.Value);
                if (criterion.Name == "silhouette")
                    json.WriteReal(name + "_error", criterion.StandardError);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteIterations(Utf8JsonWriter json, TrainingReport report)
    {
        json.WriteStartArray("iterations");
        foreach (IterationRecord iteration in report.Iterations)
        {
            json.WriteStartObject();
            json.WriteNumber("restart", iteration.Restart);
            json.WriteNumber("iteration", iteration.Iteration);
            json.WriteReal("objective", iteration.Objective);
            json.WriteReal("shift", iteration.Shift);
            json.WriteNumber("moved", iteration.Moved);
            json.WriteNumber("distances", iteration.Distances);
            json.WriteReal("seconds", iteration.Seconds);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteRestarts(Utf8JsonWriter json, TrainingReport report)
    {
        json.WriteStartArray("restarts");
        foreach (RestartRecord restart in report.Restarts)
        {
            json.WriteStartObject();
            json.WriteNumber("restart", restart.Restart);
            json.WriteNumber("iterations", restart.Iterations);
            json.WriteReal("objective", restart.Objective);
            json.WriteString("stop", restart.Stop);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteClusters(Utf8JsonWriter json, TrainingReport report, ClusterNames names, int[] order)
    {
        json.WriteStartArray("clusters");
        foreach (ClusterRecord cluster in order.Select(index => report.Clusters[index]))
        {
            json.WriteStartObject();
            json.WriteCluster(cluster.Label, names);
            json.WriteNumber("size", cluster.Size);
            json.WriteReal("weight", cluster.Weight);
            json.WriteReal("spread", cluster.Spread);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
