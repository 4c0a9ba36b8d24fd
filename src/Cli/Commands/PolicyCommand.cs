using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using OrleansCluster.Cli.Input;
using OrleansCluster.Cli.Output;
using OrleansCluster.Cli.Sessions;
using OrleansCluster.Models;
using OrleansCluster.Models.Gates;
using Spectre.Console;

namespace OrleansCluster.Cli.Commands;

/// <summary><c>models policy</c>: what a new version must be like to become champion.</summary>
internal static class PolicyCommand
{
    /// <summary>The option of each metric, in the metrics' order.</summary>
    private static readonly (string Metric, Option<string?> Option)[] Limits =
    [
        (GateMetrics.Objective, Limit("--objective-worse-than", "Its objective may be worse than the champion's on the same rows by this share", "2%")),
        (GateMetrics.Churn, Limit("--churn", "Share of the anchor rows whose cluster may change", "5%")),
        (GateMetrics.Size, Limit("--min-size", "Rows that its smallest cluster must have", "100")),
        (GateMetrics.Confidence, Limit("--confidence", "Confidence that every matched cluster must have, 0 to 1", "0.5")),
        (GateMetrics.LogLikelihood, Limit("--log-likelihood", "Mean log-density that the held-out rows must have, in nats; of mixtures, with --held-out", "-3.2")),
        (GateMetrics.Silhouette, Limit("--silhouette", "Mean silhouette that a sample of the rows must have, −1 to 1", "0.3")),
    ];

    public static Command Create()
    {
        var model = new Argument<string>("NAME") { Description = "Name of the model" };
        var heldOut = new Option<string?>("--held-out") { Description = "Dataset with rows kept back from training, for --log-likelihood", HelpName = "DATASET[@VERSION]" };
        Option<string> otherwise = OptionKinds.Choice("--otherwise", "What a version that fails becomes", GateVerdicts.Challenger, GateVerdicts.Challenger, GateVerdicts.None);
        var file = new Option<string?>("--file") { Description = "Take the policy from a JSON file instead", HelpName = "FILE.json" };
        var clear = new Option<bool>("--clear") { Description = "Take the policy away: nothing is promoted by itself" };
        (Option<long?> revision, Option<string?> reason) = (ModelChangeCommands.Revision(), ModelChangeCommands.Reason());
        var command = new Command("policy", "Show or set the rules that decide whether a new version becomes champion") { model };
        foreach ((_, Option<string?> option) in Limits)
            command.Add(option);
        foreach (Option option in new Option[] { heldOut, otherwise, file, clear, revision, reason })
            command.Add(option);
        return command.Runs((context, parsed) =>
        {
            ImmutableArray<GateRule> rules = [.. Limits.Select(limit => (limit.Metric, Text: parsed.GetValue(limit.Option))).Where(given => given.Text is not null)
                .Select(given => new GateRule { Metric = given.Metric, Limit = (double)ShareText.Fraction(given.Text!), Otherwise = parsed.GetRequiredValue(otherwise) })];
            (string? path, bool clears) = (parsed.GetValue(file), parsed.GetValue(clear));
            if ((path is null ? 0 : 1) + (clears ? 1 : 0) + (rules.IsEmpty ? 0 : 1) > 1)
                throw CommandException.Usage("Give rules as options, or --file, or --clear: one of them.");
            if (rules.IsEmpty && parsed.GetValue(heldOut) is not null)
                throw CommandException.Usage("--held-out goes with --log-likelihood.");
            GatePolicy? policy = path is not null ? PolicyFile.Read(path) : rules.IsEmpty ? null : new GatePolicy { Rules = rules, HeldOut = parsed.GetValue(heldOut) ?? "" };
            return RunAsync(context, Names.Check("model", parsed.GetRequiredValue(model)), policy, changes: clears || policy is not null, parsed.GetValue(revision), parsed.GetValue(reason));
        });
    }

    private static async Task<int> RunAsync(CommandContext context, string name, GatePolicy? policy, bool changes, long? revision, string? reason)
    {
        await using Session session = await context.OpenAsync().ConfigureAwait(false);
        ModelSummary model = await ModelsCommands.FindAsync(context, session.Client, name).ConfigureAwait(false);
        if (changes)
        {
            ModelChange change = ModelChangeCommands.ChangeOf(session.Client, model, revision, reason);
            await ModelChangeCommands.AskAsync(
                context, session.Client, name, change, () => session.Client.Models.SetPolicyAsync(name, change, policy, context.Cancellation)).ConfigureAwait(false);
        }

        Write(context, name, await session.Client.Models.PolicyAsync(name, context.Cancellation).ConfigureAwait(false));
        return ExitCode.Success;
    }

    private static void Write(CommandContext context, string name, GatePolicy? policy)
    {
        if (context.Json)
        {
            JsonReport.Print(json => PolicyFile.Write(json, policy));
            return;
        }

        if (policy is null)
        {
            Terminal.Print($"{name} has no policy: new versions are not promoted by themselves.");
            return;
        }

        IAnsiConsole console = context.Terminal.Out;
        console.WriteLine();
        TrainingText.Heading(console, name, "a new version becomes champion when all of this holds");
        console.WriteLine();
        new Listing(Column.Word("metric"), Column.Word(""), Column.Number("limit"), Column.Word("else it is"))
            .AddAll(policy.Rules, rule =>
            [
                rule.Metric, GateMetrics.IsAtMost(rule.Metric) ? "at most" : "at least", rule.Limit.ToString("R", CultureInfo.InvariantCulture),
                rule.Otherwise == GateVerdicts.None ? "not promoted" : rule.Otherwise,
            ])
            .Write(console);
        if (policy.HeldOut.Length > 0)
            Prose.Note(console, $"held-out rows: {policy.HeldOut}");
    }

    private static Option<string?> Limit(string name, string description, string example) => new(name) { Description = $"{description}, as in {example}", HelpName = "X" };
}
