using System.Text.Json;
using OrleansCluster.Alerts;
using OrleansCluster.Cli.Commands;
using OrleansCluster.Cli.Output;
using OrleansCluster.Contracts;
using OrleansCluster.Contracts.Api;
using OrleansCluster.Json;
using Spectre.Console;

namespace OrleansCluster.Cli.Alerts;

/// <summary>Alerts, rules and silences, as text and as JSON.</summary>
internal static class AlertOutput
{
    private const int MostResolved = 10;

    public static void WriteAlerts(CommandContext context, AlertStatus status)
    {
        if (WritesJson(context, status))
            return;
        Alert[] shown =
        [
            .. status.Alerts.Where(alert => alert.State != AlertState.Resolved),
            .. status.Alerts.Where(alert => alert.State == AlertState.Resolved).Take(MostResolved),
        ];
        if (shown.Length == 0)
        {
            Terminal.Print($"Nothing is wrong, by {Numbers.Of(status.Rules.Length, "rule")}.");
        }
        else
        {
            context.Terminal.Out.WriteLine();
            new Listing(
                Column.Word("id"), Column.Word("state"), Column.Word("severity", leaves: 2), Column.Name("rule"), Column.Name("cause"),
                Column.Word("since", leaves: 3), Column.Prose("models", least: 16), Column.Name("seen to by", leaves: 1))
                .AddAll(shown, alert =>
                [
                    alert.Id, alert.Silence.Length > 0 ? "silenced" : AlertDocuments.Word(alert.State), alert.Severity, alert.Rule, alert.Cause,
                    Listing.Date(alert.Since), string.Join("; ", alert.Models.Select(model => $"{model.Model}: {model.Text}")), alert.By,
                ])
                .Write(context.Terminal.Out);
        }

        if (status.Trouble.Length > 0)
            Prose.Marked(context.Terminal.Out, "!", $"not told: {status.Trouble}", Palette.Warning);
    }

    public static void WriteRules(CommandContext context, AlertStatus status)
    {
        if (WritesJson(context, status))
            return;
        context.Terminal.Out.WriteLine();
        new Listing(
            Column.Name("rule"), Column.Prose("wrong when", least: 16), Column.Word("for"), Column.Word("severity"), Column.Name("models"),
            Column.Word("again after", leaves: 1))
            .AddAll(status.Rules, rule =>
            [
                rule.Name, AlertDocuments.Condition(rule),
                rule.For == TimeSpan.Zero ? "" : DurationText.Of(rule.For), rule.Severity, rule.Models, DurationText.Of(rule.Repeat),
            ])
            .Write(context.Terminal.Out);
        Prose.Note(context.Terminal.Out, $"told to: {string.Join(", ", status.Receivers)}");
    }

    public static void WriteSilences(CommandContext context, AlertStatus status)
    {
        if (WritesJson(context, status))
            return;
        if (status.Silences.IsEmpty)
        {
            Terminal.Print("Everything is told.");
            return;
        }

        context.Terminal.Out.WriteLine();
        new Listing(
            Column.Word("id"), Column.Name("rule"), Column.Name("models"), Column.Name("cause"), Column.Word("until"), Column.Name("by", leaves: 2),
            Column.Prose("why", least: 12))
            .AddAll(status.Silences, silence =>
                [silence.Id, Any(silence.Rule), Any(silence.Models), Any(silence.Cause), Listing.Date(silence.Until), silence.By, silence.Reason])
            .Write(context.Terminal.Out);
    }

    public static void Write(CommandContext context, Alert alert)
    {
        if (context.Json)
            JsonReport.Print(json => JsonSerializer.Serialize(json, AlertDocuments.Of(alert), ApiJson.Default.AlertDocument));
        else
            Terminal.Print($"{alert.By} sees to {alert.Id}: {alert.Rule}, {alert.Cause}. It is not told again while it lasts.");
    }

    public static void Write(CommandContext context, AlertSilence silence)
    {
        if (context.Json)
            JsonReport.Print(json => JsonSerializer.Serialize(json, AlertDocuments.Of(silence), ApiJson.Default.AlertSilenceDocument));
        else
        {
            Terminal.Print($"{silence.Id}: alerts of rule {Any(silence.Rule)}, models {Any(silence.Models)}, cause {Any(silence.Cause)} are not told until "
                + $"{Listing.Date(silence.Until)}.");
        }
    }

    private static bool WritesJson(CommandContext context, AlertStatus status)
    {
        if (context.Json)
            JsonReport.Print(json => JsonSerializer.Serialize(json, AlertDocuments.Of(status), ApiJson.Default.AlertsDocument));
        return context.Json;
    }

    private static string Any(string pattern) => pattern.Length > 0 ? pattern : "*";

}
