using System.Globalization;
using System.Text.Json;
using OrleansCluster.Cli.Commands;
using OrleansCluster.Cli.Output;
using OrleansCluster.Contracts;
using OrleansCluster.Contracts.Api;
using OrleansCluster.Json;
using OrleansCluster.Retraining;
using Spectre.Console;

namespace OrleansCluster.Cli.Retraining;

/// <summary>Retraining by itself, as text and as JSON.</summary>
internal static class RetrainingOutput
{
    private const int MostRuns = 12;

    public static void Write(CommandContext context, RetrainingStatus status)
    {
        if (context.Json)
            JsonReport.Print(json => JsonSerializer.Serialize(json, RetrainingDocuments.Of(status), ApiJson.Default.RetrainingDocument));
        else
            WriteText(context.Terminal.Out, status);
    }

    public static void Write(CommandContext context, IReadOnlyList<RetrainingStatus> all)
    {
        if (context.Json)
        {
            var page = new RetrainingPageDocument { Items = [.. all.Select(RetrainingDocuments.Of)] };
            JsonReport.Print(json => JsonSerializer.Serialize(json, page, ApiJson.Default.RetrainingPageDocument));
            return;
        }

        if (all.Count == 0)
        {
            Terminal.Print($"No model is retrained by itself. Begin with: {context.Suggest("retraining set NAME --dataset DATASET --cron '0 2 * * *'")}");
            return;
        }

        context.Terminal.Out.WriteLine();
        new Listing(
            Column.Name("model"), Column.Name("dataset", leaves: 2), Column.Word("next", leaves: 1), Column.Prose("now", least: 12),
            Column.Prose("last run", least: 12))
            .AddAll(all, one =>
            [
                one.Model, one.Plan.Dataset, one.Next is { } next ? Listing.Date(next) : "", Now(one),
                one.Ended.FirstOrDefault() is { } last ? $"{RetrainingDocuments.Word(last.Step)}: {last.Why}" : "",
            ])
            .Write(context.Terminal.Out);
    }

    public static void Write(CommandContext context, RetrainingBudget budget)
    {
        if (context.Json)
            JsonReport.Print(json => JsonSerializer.Serialize(json, RetrainingDocuments.Of(budget), ApiJson.Default.RetrainingBudgetDocument));
        else
        {
            string most = budget.MostADay == 0 ? "No limit of its own" : $"At most {Number(budget.MostADay)} a day";
            Terminal.Print($"{most}; {Number(budget.Taken.Length)} began within the last 24 hours.");
        }
    }

    /// <summary>Where a run stands, shortly.</summary>
    public static string Where(RetrainingRun run) => run.Step switch
    {
        RetrainingStep.Training => $"training, job {run.Job}",
        RetrainingStep.Trying => $"version {Number(run.Version)} is tried, step {Number(run.CanaryStep + 1)}",
        _ => RetrainingDocuments.Word(run.Step),
    };

    private static void WriteText(IAnsiConsole console, RetrainingStatus status)
    {
        RetrainingPlan plan = status.Plan;
        console.WriteLine();
        TrainingText.Heading(console, status.Model, $"is retrained on {plan.Dataset}{(plan.By.Length > 0 ? $", as {plan.By} set it" : "")}");
        console.WriteLine();
        TrainingText.Fact(console, "when", string.Join("; ", When(plan)), "");
        if (status.Next is { } next)
            TrainingText.Fact(console, "next", Listing.Date(next), "");
        string then = plan.Steps.IsEmpty ? "the policy promotes it or not"
            : $"it answers {Shares(plan)}, {DurationText.Of(plan.Every)} each, and becomes champion";
        TrainingText.Fact(console, "then", then, "");
        TrainingText.Fact(
            console, "at most",
            $"{Number(plan.MostADay)} a day, {DurationText.Of(plan.Pause)} apart; stops after {Number(plan.MostFailures)} that came to nothing", "");
        console.WriteLine();
        if (status.Stopped.Length > 0)
            Prose.Marked(console, "✗", $"stopped: {status.Stopped}", Palette.Warning);
        if (status.Current is { } current)
            Prose.Marked(console, "…", $"run {Number(current.Number)}, because {current.Because}: {Where(current)}", Style.Plain);
        else if (status.Waiting.Length > 0)
            Prose.Marked(console, "!", status.Waiting, Style.Plain);
        if (status.Ended.IsEmpty)
        {
            Prose.Note(console, "no run has ended yet");
            return;
        }

        new Listing(
            Column.Number("run"), Column.Word("began", leaves: 3), Column.Word("because", leaves: 4), Column.Number("version"), Column.Word("end"),
            Column.Prose("why", least: 16))
            .AddAll(status.Ended.Take(MostRuns), run =>
            [
                Number(run.Number), Listing.Date(run.Began), run.Cause, run.Version > 0 ? Number(run.Version) : "", RetrainingDocuments.Word(run.Step), run.Why,
            ])
            .Write(console);
    }

    private static string Now(RetrainingStatus status) =>
        status.Current is { } run ? Where(run) : status.Stopped.Length > 0 ? $"stopped: {status.Stopped}" : status.Waiting;

    private static IEnumerable<string> When(RetrainingPlan plan)
    {
        if (plan.Schedule.Length > 0)
            yield return $"at {plan.Schedule} ({plan.TimeZone})";
        if (plan.DriftedWindows > 0)
            yield return $"{Numbers.Of(plan.DriftedWindows, "window")} drifted";
        if (plan.NewRows > 0)
            yield return $"{Numbers.Of(plan.NewRows, "new row")}";
        if (plan.OldestChampion is { } age)
            yield return $"the champion is older than {DurationText.Of(age)}";
        if (plan.Hours.Length > 0)
            yield return $"but by the schedule only between {plan.Hours} ({plan.TimeZone})";
    }

    private static string Shares(RetrainingPlan plan) => string.Join(", ", plan.Steps.Select(step => RouteOutput.Share(step)));

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
