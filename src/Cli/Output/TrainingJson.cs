using System.Text.Json;
using OrleansCluster.Contracts;
using OrleansCluster.Families;
using OrleansCluster.Families.Options;
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
        ITrainingOptions options = report.Options;
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
        if (!report.Inputs.IsDefaultOrEmpty)
        {
            json.WriteStartObject("preparation");
            json.WriteString("asked", report.Preparation);
            json.WriteStrings("steps", report.PreparationSteps);
            json.WriteStrings("inputs", report.AskedColumns());
            json.WriteEndObject();
        }

        json.WriteNumber("k", report.K);
        json.WriteNumber("k_asked", options.K);
        json.WriteString("algorithm", options.Family);
        WriteOptions(json, options);
        json.WriteString("weight_meaning", string.IsNullOrEmpty(options.Weights) ? null : options.Weights);
        foreach (Particulars particulars in report.Particulars)
            Write(json, particulars);
        json.WriteNumber("threads", report.Threads);
        json.WriteString("stop", report.Stop);
        json.WriteReal("objective", report.Objective);
        json.WriteString("objective_name", report.ObjectiveName);
        int[] order = [.. Enumerable.Range(0, report.Clusters.Length).OrderBy(index => report.Clusters[index].Label)];
        // The stable ids of what follows cluster by cluster: sizes, and what the family tells of each.
        json.WriteStartArray("cluster_ids");
        foreach (int index in order)
            json.WriteNumberValue(report.Clusters[index].Label);
        json.WriteEndArray();
        foreach (Measure measure in report.Measures)
            json.WriteReal(measure.Name, measure.Value);
        foreach (PartMeasure measure in report.PartMeasures)
            json.WriteReals(measure.Name, order.Select(index => measure.Values[index]));
        if (!double.IsNaN(report.SampleSize))
            json.WriteReal("sample_size", report.SampleSize);
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

    /// <summary>
    /// The options as they are, whatever was asked for. How often to start and what chooses are told with what came of them, and what weights mean has a name
    /// that no family has for anything else.
    /// </summary>
    private static void WriteOptions(Utf8JsonWriter json, ITrainingOptions options)
    {
        foreach (OptionInfo option in OptionList.Of(options))
        {
            string value = option.Read(options);
            if (option.Kind is OptionKind.Counts or OptionKind.Rows || option.OfChoice || option.Name is "restarts" or "weights" || value.Length == 0)
                continue;
            json.WritePropertyName(option.JsonName);
            OptionsJson.Value(option, value).WriteTo(json);
        }
    }

    private static void Write(Utf8JsonWriter json, Particulars particulars)
    {
        json.WriteStartObject(particulars.Name);
        foreach (Remark remark in particulars.Remarks)
            json.WriteString(remark.Name, remark.Text);
        foreach (Measure measure in particulars.Measures)
            json.WriteReal(measure.Name, measure.Value);
        json.WriteEndObject();
    }

    private static void WriteSelection(Utf8JsonWriter json, TrainingReport report)
    {
        json.WriteStartArray("selection");
        foreach (TrialRecord tried in report.Selection)
        {
            json.WriteStartObject();
            json.WriteNumber("k", tried.K);
            json.WriteString("criterion", report.Options.Select);
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
