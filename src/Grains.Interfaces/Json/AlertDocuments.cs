using System.Globalization;
using OrleansCluster.Alerts;
using OrleansCluster.Contracts;
using OrleansCluster.Contracts.Api;

namespace OrleansCluster.Json;

/// <summary>Alerts as JSON, both ways.</summary>
public static class AlertDocuments
{
    /// <summary>Everything.</summary>
    public static AlertsDocument Of(AlertStatus status)
    {
        ArgumentNullException.ThrowIfNull(status);
        return new AlertsDocument
        {
            Alerts = [.. status.Alerts.Select(Of)],
            Rules = [.. status.Rules.Select(Of)],
            Silences = [.. status.Silences.Select(Of)],
            Receivers = [.. status.Receivers],
            Trouble = Text(status.Trouble),
        };
    }

    /// <summary>An alert.</summary>
    public static AlertDocument Of(Alert alert)
    {
        ArgumentNullException.ThrowIfNull(alert);
        return new AlertDocument
        {
            Id = alert.Id,
            Rule = alert.Rule,
            Severity = alert.Severity,
            Cause = alert.Cause,
            State = Word(alert.State),
            Since = alert.Since,
            Fired = alert.Fired,
            Resolved = alert.Resolved,
            Told = alert.Told,
            AcknowledgedBy = Text(alert.By),
            Silence = Text(alert.Silence),
            Models = [.. alert.Models.Select(model => new AlertedModelDocument { Model = model.Model, Value = model.Value, Text = model.Text })],
        };
    }

    /// <summary>A rule.</summary>
    public static AlertRuleDocument Of(AlertRule rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        return new AlertRuleDocument
        {
            Name = rule.Name,
            Figure = rule.Figure,
            Above = rule.Above,
            Below = rule.Below,
            Less = rule.IsLess,
            Objective = rule.Objective,
            FastSeconds = rule.Fast.TotalSeconds,
            SlowSeconds = rule.Slow.TotalSeconds,
            ForSeconds = rule.For.TotalSeconds,
            RepeatSeconds = rule.Repeat.TotalSeconds,
            Models = rule.Models,
            Severity = rule.Severity,
        };
    }

    /// <summary>A silence.</summary>
    public static AlertSilenceDocument Of(AlertSilence silence)
    {
        ArgumentNullException.ThrowIfNull(silence);
        return new AlertSilenceDocument
        {
            Id = silence.Id,
            Rule = silence.Rule,
            Models = silence.Models,
            Cause = silence.Cause,
            Since = silence.Since,
            Until = silence.Until,
            By = silence.By,
            Reason = silence.Reason,
        };
    }

    /// <summary>The rule that a document says.</summary>
    /// <exception cref="ClusteringException">A duration is none.</exception>
    public static AlertRule Read(AlertRuleDocument document, string name)
    {
        ArgumentNullException.ThrowIfNull(document);
        return new AlertRule
        {
            Name = name,
            Figure = document.Figure,
            Above = document.Above,
            Below = document.Below,
            IsLess = document.Less,
            Objective = document.Objective,
            Fast = DocumentNumbers.Span("fast_seconds", document.FastSeconds),
            Slow = DocumentNumbers.Span("slow_seconds", document.SlowSeconds),
            For = DocumentNumbers.Span("for_seconds", document.ForSeconds),
            Repeat = DocumentNumbers.Span("repeat_seconds", document.RepeatSeconds),
            Models = document.Models,
            Severity = document.Severity,
        };
    }

    /// <summary>The silence that a document asks for, and how long it lasts.</summary>
    /// <exception cref="ClusteringException">It does not say how long.</exception>
    public static (AlertSilence Silence, TimeSpan Time) Read(AlertSilenceDocument document, string by)
    {
        ArgumentNullException.ThrowIfNull(document);
        double seconds = document.ForSeconds ?? throw new ClusteringException("The silence does not say how long it lasts: give for_seconds.");
        TimeSpan time = DocumentNumbers.Span("for_seconds", seconds);
        return (new AlertSilence { Rule = document.Rule, Models = document.Models, Cause = document.Cause, By = by, Reason = document.Reason }, time);
    }

    /// <summary>When it is wrong, for people: <c>drift &gt; 0.2, until 0.1</c>.</summary>
    public static string Condition(AlertRule rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        string until = rule.Below is { } well && well != rule.Above ? $", until {Number(well)}" : "";
        string burn = rule.Figure != AlertFigures.AnomalyBurn ? ""
            : $" of {Number(100 * rule.Objective)}% over {DurationText.Of(rule.Fast)} and {DurationText.Of(rule.Slow)}";
        return $"{rule.Figure} {(rule.IsLess ? '<' : '>')} {Number(rule.Above)}{burn}{until}";
    }

    private static string Number(double value) => value.ToString("0.####", CultureInfo.InvariantCulture);

    /// <summary>The word of a state.</summary>
    public static string Word(AlertState state) => state switch
    {
        AlertState.Pending => "pending",
        AlertState.Firing => "firing",
        AlertState.Resolved => "resolved",
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "Not a state of an alert."),
    };

    private static string? Text(string text) => text.Length > 0 ? text : null;
}
