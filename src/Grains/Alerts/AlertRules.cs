using System.IO.Enumeration;
using OrleansCluster.Tenancy;

namespace OrleansCluster.Alerts;

/// <summary>What rules and silences must be like, and what they are of.</summary>
internal static class AlertRules
{
    private const int LongestPattern = 200;
    private static readonly TimeSpan Longest = TimeSpan.FromDays(365), LongestBurn = TimeSpan.FromDays(8);

    /// <summary>Refuses a rule that could not be kept.</summary>
    /// <exception cref="ClusteringException">What is wrong with it.</exception>
    public static AlertRule Check(AlertRule rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        GrainKeys.CheckName("rule", rule.Name);
        if (!AlertFigures.All.Contains(rule.Figure))
            throw new ClusteringException($"'{rule.Figure}' is no figure that rules look at: there are {string.Join(", ", AlertFigures.All)}.");
        bool less = rule.IsLess;
        if (!double.IsFinite(rule.Above) || rule.Above < 0
            || (rule.Below is { } well && !(double.IsFinite(well) && well >= 0 && (less ? well >= rule.Above : well <= rule.Above))))
        {
            throw new ClusteringException(FormattableString.Invariant(
                $"The rule is wrong {(less ? "below" : "above")} {rule.Above} and well {(less ? "above" : "below")} {rule.Below}: give numbers from 0 on, ")
                + $"the second not {(less ? "below" : "above")} the first.");
        }

        if (!(rule.Objective is > 0 and <= 1) || rule.Fast < TimeSpan.FromMinutes(1) || rule.Slow <= rule.Fast || rule.Slow > LongestBurn)
        {
            throw new ClusteringException(FormattableString.Invariant(
                $"The objective allows the share {rule.Objective} of anomalies, looked at over {rule.Fast} and {rule.Slow}: give a share above 0 up to 1, and ")
                + $"times from a minute to {LongestBurn.TotalDays:0} days, the second longer than the first.");
        }

        if (rule.Severity is not (AlertSeverities.Page or AlertSeverities.Ticket))
            throw new ClusteringException($"'{rule.Severity}' is no severity: give {AlertSeverities.Page} or {AlertSeverities.Ticket}.");
        if (rule.For < TimeSpan.Zero || rule.For > Longest || rule.Repeat < TimeSpan.FromMinutes(1) || rule.Repeat > Longest)
        {
            throw new ClusteringException(
                $"It must be so for {rule.For} and is told again after {rule.Repeat}: give times up to a year, the second of a minute or more.");
        }

        Pattern("models of the rule", rule.Models, empty: false);
        return rule;
    }

    /// <summary>Refuses a silence that could not be kept.</summary>
    /// <exception cref="ClusteringException">What is wrong with it.</exception>
    public static AlertSilence Check(AlertSilence silence, TimeSpan time)
    {
        ArgumentNullException.ThrowIfNull(silence);
        if (time < TimeSpan.FromSeconds(1) || time > TimeSpan.FromDays(30))
            throw new ClusteringException($"The silence lasts {time}: give up to 30 days, after which somebody should look again.");
        Pattern("rule of the silence", silence.Rule, empty: true);
        Pattern("models of the silence", silence.Models, empty: true);
        Pattern("cause of the silence", silence.Cause, empty: true);
        return silence;
    }

    /// <summary>Whether a pattern is of a name.</summary>
    public static bool Fits(string pattern, string name) =>
        pattern.Length == 0 || FileSystemName.MatchesSimpleExpression(pattern.Replace("?", "\\?", StringComparison.Ordinal), name, ignoreCase: false);

    /// <summary>Whether a silence keeps an alert from being told.</summary>
    public static bool Covers(AlertSilence silence, Alert alert, DateTimeOffset now) => silence.Until > now && Fits(silence.Rule, alert.Rule)
        && Fits(silence.Cause, alert.Cause) && alert.Models.All(model => Fits(silence.Models, model.Model));

    private static void Pattern(string what, string pattern, bool empty)
    {
        if (pattern.Length > LongestPattern || (pattern.Length == 0 && !empty))
            throw new ClusteringException($"The {what} have {pattern.Length} characters: give 1 to {LongestPattern}, with * for any.");
    }
}
