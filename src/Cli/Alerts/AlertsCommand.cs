using System.CommandLine;
using System.Globalization;
using OrleansCluster.Alerts;
using OrleansCluster.Cli.Commands;
using OrleansCluster.Cli.Input;
using OrleansCluster.Cli.Sessions;
using OrleansCluster.Client;

namespace OrleansCluster.Cli.Alerts;

/// <summary><c>alerts</c>: what is wrong with models, by rules, and who is told.</summary>
internal static class AlertsCommand
{
    public static Command Create() => new("alerts", "Show what is wrong with models, by rules; say what is to be told, and what not")
    {
        Status("list", "List what is wrong, and what was", (client, context) => client.StatusAsync(context.Cancellation), AlertOutput.WriteAlerts),
        Status("look", "Look now; a service does so every minute", (client, context) => client.LookAsync(context.Cancellation), AlertOutput.WriteAlerts),
        Status("rules", "List the rules", (client, context) => client.StatusAsync(context.Cancellation), AlertOutput.WriteRules),
        Rule(),
        Unrule(),
        Acknowledge(),
        Silence(),
        Status("silences", "List what is not told", (client, context) => client.StatusAsync(context.Cancellation), AlertOutput.WriteSilences),
        Unsilence(),
    };

    private static Command Status(
        string name, string description, Func<IAlertClient, CommandContext, Task<AlertStatus>> ask, Action<CommandContext, AlertStatus> write) =>
        new Command(name, description).Runs(async (context, _) =>
        {
            await using Session session = await context.OpenAsync().ConfigureAwait(false);
            write(context, await ask(session.Client.Alerts, context).ConfigureAwait(false));
            return ExitCode.Success;
        });

    private static Command Rule()
    {
        Argument<string> name = Named("Name of the rule");
        var when = new Option<string>("--when")
        {
            Description = $"What is wrong, as in 'drift > 0.2' or 'segment-accuracy < 0.8': {string.Join(", ", AlertFigures.All)}",
            HelpName = "'FIGURE > X'|'FIGURE < X'",
            Required = true,
        };
        var until = new Option<double?>("--until") { Description = "It is well again when it is not more than this, or not less [default: X]", HelpName = "Y" };
        var lasts = new Option<string?>("--for") { Description = "How long it must have been so [default: told at once]", HelpName = "TIME" };
        var repeat = new Option<string>("--repeat")
        {
            Description = "Tell it again after this time while it lasts and nobody has seen to it",
            HelpName = "TIME",
            DefaultValueFactory = _ => "4h",
        };
        var models = new Option<string>("--models") { Description = "Models, with * for any characters", HelpName = "NAMES", DefaultValueFactory = _ => "*" };
        Option<string> severity = OptionKinds.Choice("--severity", "How urgent it is", AlertSeverities.Ticket, AlertSeverities.Page, AlertSeverities.Ticket);
        var objective = new Option<string>("--objective")
        {
            Description = $"Of {AlertFigures.AnomalyBurn}: the share of anomalies that is as it should be",
            HelpName = "SHARE",
            DefaultValueFactory = _ => "1%",
        };
        Option<string> fast = Time("--fast", $"Of {AlertFigures.AnomalyBurn}: the short time", "1h");
        Option<string> slow = Time("--slow", $"Of {AlertFigures.AnomalyBurn}: the long time", "6h");
        return new Command("rule", "Set a rule, or another one of its name")
        {
            name, when, until, lasts, repeat, models, severity, objective, fast, slow,
        }.Runs((context, parsed) =>
        {
            (string figure, bool less, double above) = When(parsed.GetRequiredValue(when));
            var rule = new AlertRule
            {
                Name = Names.Check("rule", parsed.GetRequiredValue(name)),
                Figure = figure,
                Above = above,
                Below = parsed.GetValue(until),
                IsLess = less,
                Objective = (double)ShareText.Fraction(parsed.GetRequiredValue(objective)),
                Fast = ShareText.Duration(parsed.GetRequiredValue(fast)),
                Slow = ShareText.Duration(parsed.GetRequiredValue(slow)),
                For = parsed.GetValue(lasts) is { } time ? ShareText.Duration(time) : TimeSpan.Zero,
                Repeat = ShareText.Duration(parsed.GetRequiredValue(repeat)),
                Models = parsed.GetRequiredValue(models),
                Severity = parsed.GetRequiredValue(severity),
            };
            return AskAsync(context, client => client.SetRuleAsync(rule, context.Cancellation), AlertOutput.WriteRules);
        });
    }

    private static Command Unrule()
    {
        Argument<string> name = Named("Name of the rule");
        return new Command("unrule", "Take a rule away; what it raised ends") { name }.Runs((context, parsed) => AskAsync(
            context, client => client.RemoveRuleAsync(Names.Check("rule", parsed.GetRequiredValue(name)), context.Cancellation), AlertOutput.WriteRules));
    }

    private static Command Acknowledge()
    {
        var id = new Argument<string>("id") { Description = "Id of the alert", HelpName = "ID" };
        return new Command("ack", "Say that you see to an alert: it is not told again while it lasts") { id }.Runs((context, parsed) => AskAsync(
            context, client => client.AcknowledgeAsync(parsed.GetRequiredValue(id), Environment.UserName, context.Cancellation), AlertOutput.Write));
    }

    private static Command Silence()
    {
        Option<string?> rule = Pattern("--rule", "Of this rule"), models = Pattern("--models", "Of these models"), cause = Pattern("--cause", "Of this column");
        var time = new Option<string>("--for") { Description = "How long, as in 2h, up to 30 days", HelpName = "TIME", Required = true };
        var reason = new Option<string?>("--reason") { Description = "Why", HelpName = "TEXT" };
        var command = new Command("silence", "Have alerts not told for a time; they are watched all the same") { rule, models, cause, time, reason };
        return command.Runs((context, parsed) =>
        {
            var silence = new AlertSilence
            {
                Rule = parsed.GetValue(rule) ?? "",
                Models = parsed.GetValue(models) ?? "",
                Cause = parsed.GetValue(cause) ?? "",
                By = Environment.UserName,
                Reason = parsed.GetValue(reason) ?? "",
            };
            TimeSpan lasts = ShareText.Duration(parsed.GetRequiredValue(time));
            return AskAsync(context, client => client.SilenceAsync(silence, lasts, context.Cancellation), AlertOutput.Write);
        });
    }

    private static Command Unsilence()
    {
        var id = new Argument<string>("id") { Description = "Id of the silence", HelpName = "ID" };
        return new Command("unsilence", "End a silence") { id }.Runs((context, parsed) => AskAsync(
            context, async client =>
            {
                await client.UnsilenceAsync(parsed.GetRequiredValue(id), context.Cancellation).ConfigureAwait(false);
                return await client.StatusAsync(context.Cancellation).ConfigureAwait(false);
            },
            AlertOutput.WriteSilences));
    }

    private static async Task<int> AskAsync<T>(CommandContext context, Func<IAlertClient, Task<T>> ask, Action<CommandContext, T> write)
    {
        await using Session session = await context.OpenAsync().ConfigureAwait(false);
        write(context, await ask(session.Client.Alerts).ConfigureAwait(false));
        return ExitCode.Success;
    }

    private static (string Figure, bool IsLess, double Above) When(string text)
    {
        bool less = text.Contains('<');
        string[] parts = text.Split(less ? '<' : '>', StringSplitOptions.TrimEntries);
        return parts.Length == 2 && double.TryParse(parts[1], NumberStyles.Float, CultureInfo.InvariantCulture, out double above)
            ? (parts[0], less, above)
            : throw CommandException.Usage(
                $"'{text}' says no limit of a figure: write it as in 'drift > 0.2', with one of {string.Join(", ", AlertFigures.All)}.");
    }

    private static Option<string> Time(string name, string description, string otherwise) =>
        new(name) { Description = description, HelpName = "TIME", DefaultValueFactory = _ => otherwise };

    private static Argument<string> Named(string description) => new("name") { Description = description, HelpName = "NAME" };

    private static Option<string?> Pattern(string name, string description) =>
        new(name) { Description = $"{description}, with * for any characters [default: any]", HelpName = "NAMES" };
}
