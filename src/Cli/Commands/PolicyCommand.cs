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
    private static (string Metric, Option<string?> Option)[] Limits() =>
    [
        (GateMetrics.Objective, Limit("--objective-worse-than", "Its objective may be worse than the champion's on the same rows by this share", "2%")),
        (GateMetrics.Churn, Limit("--churn", "Share of the anchor rows whose cluster may change", "5%")),
        (GateMetrics.Size, Limit("--min-size", "Rows that its smallest cluster must have", "100")),
        (GateMetrics.Confidence, Limit("--confidence", "Confidence that every matched cluster must have, 0 to 1", "0.5")),
        (GateMetrics.LogLikelihood,
            Limit("--log-likelihood", "Mean log-density that the held-out rows must have, in nats; of models with densities, with --held-out", "-3.2")),
        (GateMetrics.Silhouette, Limit("--silhouette", "Mean silhouette that a sample of the rows must have, −1 to 1", "0.3")),
    ];

    public static Command Create()
    {
        var model = new Argument<string>("NAME") { Description = "Name of the model" };
        var heldOut = new Option<string?>("--held-out")
        {
            Description = "Dataset with rows kept back from training, for --log-likelihood",
            HelpName = "DATASET[@VERSION]"
        };
        Option<string> otherwise = OptionKinds.Choice("--otherwise", "What a version becomes that fails one of the rules given here", GateVerdicts.Challenger,
            GateVerdicts.Challenger, GateVerdicts.None);
        var unset = new Option<string[]>("--unset")
        {
            Description = $"Take the rule of a metric away: {string.Join(", ", GateMetrics.All)}",
            HelpName = "METRIC"
        };
        var file = new Option<string?>("--file") { Description = "Take the whole policy from a JSON file instead", HelpName = "FILE.json" };
        var clear = new Option<bool>("--clear") { Description = "Take the whole policy away: nothing is promoted by itself" };
        (Option<long?> revision, Option<string?> reason) = (ModelChangeCommands.Revision(), ModelChangeCommands.Reason());
        var command = new Command("policy",
            "Show the rules that decide whether a new version becomes champion, or set some of them: those not named stay as they are") { model };
        (string Metric, Option<string?> Option)[] limits = Limits();
        foreach ((_, Option<string?> option) in limits)
            command.Add(option);
        foreach (Option option in new Option[] { heldOut, otherwise, unset, file, clear, revision, reason })
            command.Add(option);
        return command.Runs((context, parsed) =>
        {
            bool says = parsed.GetResult(otherwise) is { Implicit: false };
            var changes = new PolicyChanges
            {
                Limits = [.. limits.Select(limit => (limit.Metric, Text: parsed.GetValue(limit.Option))).Where(given => given.Text is not null)
                    .Select(given => (given.Metric, (double)ShareText.Fraction(given.Text!)))],
                Otherwise = says ? parsed.GetRequiredValue(otherwise) : null,
                Unset = [.. (parsed.GetValue(unset) ?? []).SelectMany(text => text.Split(',')).Select(text => Metric(limits, text))],
                HeldOut = parsed.GetValue(heldOut),
            };
            (string? path, bool clears) = (parsed.GetValue(file), parsed.GetValue(clear));
            if ((path is null ? 0 : 1) + (clears ? 1 : 0) + (changes.IsEmpty ? 0 : 1) > 1)
                throw CommandException.Usage("Give rules to set or unset, or --file, or --clear: one of them.");
            if (says && changes.Limits.IsEmpty)
                throw CommandException.Usage("--otherwise goes with the rules that it is for: give their limits, too.");
            Func<string, GatePolicy?, GatePolicy?>? change = path is not null ? (_, _) => PolicyFile.Read(path) : clears ? (_, _) =>
                null : changes.IsEmpty ? null : changes.Apply;
            return RunAsync(context, Names.Check("model", parsed.GetRequiredValue(model)), change, parsed.GetValue(revision), parsed.GetValue(reason));
        });
    }

    /// <param name="change">Makes the new policy of the model's name and the one before; null: it is only shown.</param>
    private static async Task<int> RunAsync(CommandContext context, string name, Func<string, GatePolicy?, GatePolicy?>? change, long? revision, string? reason)
    {
        await using Session session = await context.OpenAsync().ConfigureAwait(false);
        ModelOutline model = await ModelsCommands.FindAsync(context, session.Client, name).ConfigureAwait(false);
        if (change is not null)
        {
            // Read after the revision that the change expects: of two changes at once, one is refused and none is lost.
            GatePolicy? policy = change(name, await session.Client.Models.PolicyAsync(name, context.Cancellation).ConfigureAwait(false));
            ModelChange what = ModelChangeCommands.ChangeOf(session.Client, model, revision, reason);
            await ModelChangeCommands.AskAsync(
                context, session.Client, name, what, () => session.Client.Models.SetPolicyAsync(name, what, policy, context.Cancellation))
                    .ConfigureAwait(false);
        }

        Write(context, name, await session.Client.Models.PolicyAsync(name, context.Cancellation).ConfigureAwait(false));
        return ExitCode.Success;
    }

    /// <summary>A metric, or the option that sets its limit.</summary>
    private static string Metric((string Metric, Option<string?> Option)[] limits, string text) =>
        limits.FirstOrDefault(limit => limit.Metric == text.Trim() || limit.Option.Name.TrimStart('-') == text.Trim().TrimStart('-')).Metric
        ?? throw CommandException.Usage($"--unset {text}: there is no such metric. There are {string.Join(", ", GateMetrics.All)}.");

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

    private static Option<string?> Limit(string name, string description, string example) =>
        new(name) { Description = $"{description}, as in {example}", HelpName = "X" };

    /// <summary>What is to be changed about a policy. What it does not name stays as it is.</summary>
    private sealed record PolicyChanges
    {
        public required ImmutableArray<(string Metric, double Limit)> Limits { get; init; }

        /// <summary>What a version becomes that fails one of those; null: what the rule said before, else challenger.</summary>
        public required string? Otherwise { get; init; }

        public required ImmutableArray<string> Unset { get; init; }

        /// <summary>Null: as before.</summary>
        public required string? HeldOut { get; init; }

        public bool IsEmpty => Limits.IsEmpty && Unset.IsEmpty && HeldOut is null;

        /// <summary>The policy after the changes; null: no rule is left.</summary>
        /// <exception cref="CommandException">There is no such rule to take away, or nothing that held-out rows are for.</exception>
        public GatePolicy? Apply(string model, GatePolicy? before)
        {
            GatePolicy policy = before ?? new GatePolicy { Rules = [] };
            foreach (string metric in Unset)
            {
                if (policy.Rules.All(rule => rule.Metric != metric))
                    throw CommandException.Usage($"--unset {metric}: {model} has no such rule. It has "
                        + $"{(policy.Rules.IsEmpty ? "none" : string.Join(", ", policy.Rules.Select(rule => rule.Metric)))}.");
                policy = policy.Without(metric);
            }

            foreach ((string metric, double limit) in Limits)
            {
                string otherwise = Otherwise ?? policy.Rules.FirstOrDefault(rule => rule.Metric == metric)?.Otherwise ?? GateVerdicts.Challenger;
                policy = policy.With(new GateRule { Metric = metric, Limit = limit, Otherwise = otherwise });
            }

            if (HeldOut is not null && policy.Rules.All(rule => rule.Metric != GateMetrics.LogLikelihood))
                throw CommandException.Usage("--held-out goes with --log-likelihood.");
            policy = policy with { HeldOut = HeldOut ?? policy.HeldOut };
            return policy.Rules.IsEmpty ? null : policy;
        }
    }
}
