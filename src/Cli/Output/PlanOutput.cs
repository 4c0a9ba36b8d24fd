using System.Globalization;
using OrleansCluster.Cli.Commands;
using OrleansCluster.Datasets;
using OrleansCluster.Training;
using Spectre.Console;

namespace OrleansCluster.Cli.Output;

/// <summary>What a training will take, told before it begins.</summary>
internal static class PlanOutput
{
    /// <summary>A training that may take longer is told of.</summary>
    private const double LongSeconds = 20;

    /// <summary>The plan for a dataset where this process does the work, or machines like it; null: the family says nothing of what it needs.</summary>
    public static TrainingPlan? Of(CommandContext context, DatasetVersion dataset, TrainingRequest request)
    {
        int numbers = dataset.Columns.Count(column => column.Type is "" or "number");
        // What a preparation makes of the columns is known when it was fitted.
        int columns = Math.Max(request.Preparation.Length == 0 ? numbers : dataset.Columns.Length, 1);
        int valueBytes = dataset.Precision == "f4" ? sizeof(float) : sizeof(double);
        int threads = context.Threads > 0 ? context.Threads : Environment.ProcessorCount;
        ITrainingOptions options = request.Asked();
        return TrainingPlan.Of(context.Families.Find(options.Family), options, new PlannedRows(dataset.Rows, columns, valueBytes, 1, threads));
    }

    /// <summary>Says in one line what a long training will take.</summary>
    public static void Tell(TrainingPlan? plan, TrainingRequest request)
    {
        if (plan is not null && plan.MostSeconds >= LongSeconds)
            Terminal.Say($"plan: {Memory(plan)}, {Time(plan, request)} (--plan tells more)");
    }

    /// <summary>Tells the whole plan.</summary>
    /// <returns>The exit code: whether it fits.</returns>
    /// <exception cref="CommandException">It does not fit, or there is none.</exception>
    public static int Write(CommandContext context, DatasetVersion dataset, TrainingRequest request, TrainingPlan? plan)
    {
        string family = request.Asked().Family;
        if (plan is null)
            throw CommandException.Usage($"There is no plan for the family {family}: it does not say what it needs. Train without --plan.");
        if (context.Json)
            WriteJson(family, dataset, request, plan);
        else
            WriteText(context.Terminal.Out, family, dataset, request, plan);
        return plan.Refusal(TrainingPlan.Limit) is { } refusal ? throw CommandException.Usage(refusal) : ExitCode.Success;
    }

    private static string Memory(TrainingPlan plan) =>
        $"about {Numbers.Bytes(plan.SiloBytes)} of memory besides {Numbers.Bytes(plan.MappedBytes)} of mapped rows";

    private static string Time(TrainingPlan plan, TrainingRequest request) =>
        $"about {Numbers.Seconds(plan.IterationSeconds)} an iteration, {Numbers.Seconds(plan.MostSeconds)} if "
            + $"{(plan.Starts == 1 ? "it takes" : $"each of {Numbers.Count(plan.Starts)} starts takes")} all "
            + Numbers.Of(request.Asked().MaxIterations, "iteration");

    private static void WriteText(IAnsiConsole console, string family, DatasetVersion dataset, TrainingRequest request, TrainingPlan plan)
    {
        console.WriteLine();
        TrainingText.Heading(console, $"plan for {family}, {Numbers.Of(plan.Clusters, "cluster")}",
            $"{dataset.Name} version {dataset.Version.ToString(CultureInfo.InvariantCulture)}, "
                + $"{Numbers.Count(plan.Rows.Rows)} rows × {Numbers.Of(plan.Rows.Columns, "column")}");
        console.WriteLine();
        Line("rows", $"{Numbers.Bytes(plan.MappedBytes)}, mapped from {Numbers.Of(plan.Rows.Shards, "shard")}");
        Line("memory", $"about {Numbers.Bytes(plan.SiloBytes)} besides: {Numbers.Bytes(plan.RowBytes)} kept for the rows, "
            + $"{Numbers.Bytes(plan.ThreadBytes)} a thread, {Numbers.Of(plan.Rows.Threads, "thread")}; {Numbers.Bytes(TrainingPlan.Limit)} may be taken");
        Line("iteration", $"{Numbers.Of(plan.Messages, "message")}, {Numbers.Bytes(plan.MessageBytes)} between silos, one pass over the rows");
        Line("passes", $"at most {Numbers.Count(plan.MostPasses)} over the rows");
        Line("time", Time(plan, request));
        Prose.Note(console, "times are of iterations that spare nothing, at "
            + $"{Numbers.Rate(plan.Rate)} multiply-adds a second and thread; later ones spare most"
            + (request.Preparation.Length == 0 ? "" : "; columns are those before the preparation"));

        void Line(string what, string text) => console.Write(new Prose(13, ($"  {what,-11}{text}", Style.Plain)));
    }

    private static void WriteJson(string family, DatasetVersion dataset, TrainingRequest request, TrainingPlan plan) => JsonReport.Print(json =>
    {
        json.WriteStartObject();
        json.WriteString("family", family);
        json.WriteString("dataset", dataset.Name);
        json.WriteNumber("dataset_version", dataset.Version);
        json.WriteNumber("rows", plan.Rows.Rows);
        json.WriteNumber("columns", plan.Rows.Columns);
        json.WriteBoolean("prepared", request.Preparation.Length > 0);
        json.WriteNumber("clusters", plan.Clusters);
        json.WriteNumber("starts", plan.Starts);
        json.WriteNumber("silos", plan.Rows.Silos);
        json.WriteNumber("threads", plan.Rows.Threads);
        json.WriteNumber("shards", plan.Rows.Shards);
        json.WriteNumber("mapped_bytes", plan.MappedBytes);
        json.WriteNumber("memory_bytes", plan.SiloBytes);
        json.WriteNumber("memory_bytes_of_rows", plan.RowBytes);
        json.WriteNumber("memory_bytes_of_thread", plan.ThreadBytes);
        json.WriteNumber("memory_limit_bytes", TrainingPlan.Limit);
        json.WriteNumber("iteration_messages", plan.Messages);
        json.WriteNumber("iteration_message_bytes", plan.MessageBytes);
        json.WriteNumber("iteration_seconds", plan.IterationSeconds);
        json.WriteNumber("most_passes", plan.MostPasses);
        json.WriteNumber("most_seconds", plan.MostSeconds);
        json.WriteBoolean("fits", plan.Refusal(TrainingPlan.Limit) is null);
        json.WriteEndObject();
    });
}
