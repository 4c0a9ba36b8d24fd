using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using OrleansCluster.Cli.Commands;
using OrleansCluster.Contracts.Api;
using OrleansCluster.Json;
using OrleansCluster.Training;
using Spectre.Console;

namespace OrleansCluster.Cli.Output;

/// <summary>What a training will take, told before it begins.</summary>
internal static class PlanOutput
{
    /// <summary>A training that may take longer is told of.</summary>
    private const double LongSeconds = 20;

    public static Option<bool> Option() => new("--plan")
    {
        Description = "Say what the training would take (memory of each silo and thread, messages, passes over the rows, time) and train nothing; "
            + "a file is imported",
    };

    /// <summary>What a training would take where its work is done; null: its family does not say what it needs.</summary>
    /// <param name="planning">The question.</param>
    /// <param name="isAsked">Whether the plan is what is wanted: else what is wrong with the request is left for the training to say.</param>
    /// <exception cref="CommandException">It cannot be carried out.</exception>
    public static async Task<PlannedTraining?> FindAsync(Task<PlannedTraining?> planning, bool isAsked)
    {
        try
        {
            return await planning.ConfigureAwait(false);
        }
        catch (ClusteringException refused)
        {
            return isAsked ? throw CommandException.Usage(refused.Message, refused) : null;
        }
    }

    /// <summary>Says in one line what a long training will take.</summary>
    public static void Tell(PlannedTraining? plan)
    {
        if (plan is not null && plan.MostSeconds >= LongSeconds)
            Terminal.Say($"plan: {Memory(plan)}, {Time(plan)} (--plan tells more)");
    }

    /// <summary>Tells the whole plan.</summary>
    /// <returns>The exit code: whether it fits.</returns>
    /// <exception cref="CommandException">It does not fit, or there is none.</exception>
    public static int Write(CommandContext context, string family, PlannedTraining? plan)
    {
        if (plan is null)
            throw CommandException.Usage($"There is no plan for the family {family}: it does not say what it needs. Train without --plan.");
        if (context.Json)
            JsonReport.Print(json => JsonSerializer.Serialize(json, PlanDocuments.Of(plan), ApiJson.Default.TrainingPlanDocument));
        else
            WriteText(context.Terminal.Out, plan);
        return plan.Refusal.Length > 0 ? throw CommandException.Usage(plan.Refusal) : ExitCode.Success;
    }

    private static string Memory(PlannedTraining plan) =>
        $"about {Numbers.Bytes(plan.MemoryBytes)} of memory besides {Numbers.Bytes(plan.MappedBytes)} of mapped rows";

    private static string Time(PlannedTraining plan) =>
        $"about {Numbers.Seconds(plan.IterationSeconds)} an iteration, {Numbers.Seconds(plan.MostSeconds)} if "
            + $"{(plan.Starts == 1 ? "it takes" : $"each of {Numbers.Count(plan.Starts)} starts takes")} all "
            + Numbers.Of(plan.MaxIterations, "iteration");

    private static void WriteText(IAnsiConsole console, PlannedTraining plan)
    {
        console.WriteLine();
        TrainingText.Heading(console, $"plan for {plan.Family}, {Numbers.Of(plan.Clusters, "cluster")}",
            $"{plan.Dataset} version {plan.DatasetVersion.ToString(CultureInfo.InvariantCulture)}, "
                + $"{Numbers.Count(plan.Rows)} rows × {Numbers.Of(plan.Columns, "column")}");
        console.WriteLine();
        Line("rows", $"{Numbers.Bytes(plan.MappedBytes)}, mapped from {Numbers.Of(plan.Shards, "shard")}");
        Line("memory", $"about {Numbers.Bytes(plan.MemoryBytes)} besides: {Numbers.Bytes(plan.RowBytes)} kept for the rows, "
            + $"{Numbers.Bytes(plan.ThreadBytes)} a thread, {Numbers.Of(plan.Threads, "thread")}; {Numbers.Bytes(plan.MemoryLimit)} may be taken");
        Line("iteration", $"{Numbers.Of(plan.Messages, "message")}, {Numbers.Bytes(plan.MessageBytes)} between silos, one pass over the rows");
        Line("passes", $"at most {Numbers.Count(plan.MostPasses)} over the rows");
        Line("time", Time(plan));
        Prose.Note(console, "times are of iterations that spare nothing, at "
            + $"{Numbers.Rate(plan.Rate)} multiply-adds a second and thread; later ones spare most"
            + (!plan.Prepared ? "" : "; columns are those before the preparation"));

        void Line(string what, string text) => console.Write(new Prose(13, ($"  {what,-11}{text}", Style.Plain)));
    }
}
