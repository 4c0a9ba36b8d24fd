using System.Globalization;
using System.Text.Json;
using OrleansCluster.Cli.Commands;
using OrleansCluster.Contracts;
using OrleansCluster.Training;
using Spectre.Console;

namespace OrleansCluster.Cli.Output;

/// <summary>Jobs as text and as JSON.</summary>
internal static class JobOutput
{
    /// <summary>Writes a job, and its report when there is one, as an object.</summary>
    public static void Write(Utf8JsonWriter json, JobStatus job, TrainingReport? report, ClusterNames names)
    {
        json.WriteStartObject();
        json.WriteString("id", job.Id);
        json.WriteString("state", job.State.Word());
        json.WriteString("model", job.Model);
        json.WriteStartObject("dataset");
        json.WriteString("name", job.Dataset);
        json.WriteNumber("version", job.DatasetVersion);
        json.WriteNumber("rows", job.Rows);
        json.WriteEndObject();
        json.WriteNumber("k", job.K);
        json.WriteNumber("largest_k", job.LargestK > 0 ? job.LargestK : job.K);
        json.WriteNumber("version", job.Version);
        json.WriteString("phase", job.Phase);
        json.WriteNumber("restart", job.Restart);
        json.WriteNumber("restarts", job.Restarts);
        json.WriteNumber("iteration", job.Iteration);
        json.WriteNumber("max_iterations", job.MaxIterations);
        json.WriteReal("objective", job.Objective);
        json.WriteReal("best", job.Version > 0 ? job.Objective : job.Best);
        json.WriteString("created", job.Created);
        json.WriteString("error", job.Error);
        if (report is not null)
        {
            json.WritePropertyName("report");
            TrainingJson.Write(json, report, 0, names);
        }

        json.WriteEndObject();
    }

    /// <summary>A table of jobs.</summary>
    public static void Write(CommandContext context, IReadOnlyList<JobStatus> jobs)
    {
        IAnsiConsole console = context.Terminal.Out;
        if (jobs.Count == 0)
        {
            Terminal.Print($"No jobs yet. Start one with: {context.Suggest($"train {context.Families.All[0].Description.Name} --data FILE --k K")}");
            return;
        }

        new Listing(
            Column.Word("job"), Column.Word("state"), Column.Name("model"), Column.Name("dataset", leaves: 2), Column.Number("k"),
                Column.Number("restart", leaves: 3),
            Column.Number("objective"), Column.Word("created", leaves: 1))
            .AddAll(jobs, job =>
            [
                job.Id, job.State.Word(), job.Version > 0 ? $"{job.Model}@{job.Version}" : job.Model, $"{job.Dataset}@{job.DatasetVersion}", K(job),
                $"{Math.Min(job.Restart + 1, job.Restarts)}/{job.Restarts}", Numbers.Objective(job.Version > 0 ? job.Objective : job.Best),
                    Listing.Date(job.Created),
            ])
            .Write(console);
    }

    /// <summary>Where one job stands.</summary>
    public static void Write(CommandContext context, JobStatus job)
    {
        IAnsiConsole console = context.Terminal.Out;
        TrainingText.Heading(console, $"job {job.Id}", job.State.Word());
        TrainingText.Fact(console, "model", job.Model, job.K == 1 && job.LargestK == 0 ? "1 cluster" : $"{K(job)} clusters");
        TrainingText.Fact(console, "dataset", $"{job.Dataset}@{job.DatasetVersion}", Numbers.Of(job.Rows, "row"));
        TrainingText.Fact(console, "stands at", ProgressView.Sentence(job));
        TrainingText.Fact(console, "created", Listing.Date(job.Created));
        if (job.Error.Length > 0)
            TrainingText.Fact(console, "error", job.Error);
        if (job.State == JobState.Interrupted)
            TrainingText.Fact(console, "go on", context.Suggest($"jobs resume {job.Id}"));
    }

    /// <summary>The number of clusters of the published version, or those that are tried.</summary>
    private static string K(JobStatus job) => job.Version == 0 && job.LargestK > 0 ? $"{job.K}..{job.LargestK}" : job.K.ToString(CultureInfo.InvariantCulture);
}
