using System.Collections.Immutable;

namespace OrleansCluster.Alerts;

/// <summary>What a figure of a model is.</summary>
/// <param name="Name">One of <see cref="AlertFigures"/>.</param>
/// <param name="Model">The model.</param>
/// <param name="Cause">The column, or the model.</param>
/// <param name="Value">Its value.</param>
/// <param name="Text">What it says, for people.</param>
/// <param name="Rule">The rule that it is made for; empty: for any of the figure.</param>
internal sealed record AlertFigure(string Name, string Model, string Cause, double Value, string Text, string Rule = "");

/// <summary>
/// What becomes of alerts at a moment. A function of rules, figures, what was, and the moment: alerts begin, are told, are told again, end, and come back.
/// </summary>
internal static class AlertBook
{
    /// <summary>Alerts that have ended and are remembered.</summary>
    public const int MostResolved = 100;

    /// <param name="rules">The rules.</param>
    /// <param name="silences">The silences.</param>
    /// <param name="figures">All figures that are known now.</param>
    /// <param name="unknown">Models of which nothing can be said now: what was wrong of them stays so.</param>
    /// <param name="before">The alerts before, the oldest first.</param>
    /// <param name="count">Ids given so far.</param>
    /// <param name="now">The moment.</param>
    /// <returns>The alerts, and those of them that are to be told.</returns>
    public static (ImmutableArray<Alert> Alerts, ImmutableArray<Alert> Tell, int Count) Update(
        IReadOnlyList<AlertRule> rules, IReadOnlyList<AlertSilence> silences, IReadOnlyList<AlertFigure> figures, IReadOnlySet<string> unknown,
        ImmutableArray<Alert> before, int count, DateTimeOffset now)
    {
        var alerts = new List<Alert>(before);
        var tell = new List<Alert>();
        var touched = new HashSet<(string, string)>();
        foreach (AlertRule rule in rules)
        {
            ILookup<string, AlertFigure> causes = figures
                .Where(figure => figure.Name == rule.Figure && (figure.Rule.Length == 0 || figure.Rule == rule.Name)
                    && AlertRules.Fits(rule.Models, figure.Model))
                .ToLookup(figure => figure.Cause, StringComparer.Ordinal);
            string[] known = [.. alerts.Where(alert => alert.Rule == rule.Name && alert.State != AlertState.Resolved).Select(alert => alert.Cause)];
            foreach (string cause in causes.Select(group => group.Key).Union(known).Order(StringComparer.Ordinal))
            {
                touched.Add((rule.Name, cause));
                Alert? was = alerts.LastOrDefault(alert => alert.Rule == rule.Name && alert.Cause == cause);
                ImmutableArray<AlertedModel> models = Wrong(rule, causes[cause], was, unknown);
                if (models.IsEmpty)
                {
                    End(was, now, alerts, tell);
                    continue;
                }

                Alert next = Begin(rule, cause, models, was, ref count, now) with { Severity = rule.Severity, Models = models };
                if (next.State == AlertState.Pending && now - next.Since >= rule.For)
                    next = next with { State = AlertState.Firing, Fired = now };
                next = next with { Silence = silences.FirstOrDefault(silence => AlertRules.Covers(silence, next, now))?.Id ?? "" };
                if (next is { State: AlertState.Firing, By: "", Silence: "" } && (next.Told is not { } told || now - told >= rule.Repeat))
                {
                    next = next with { Told = now };
                    tell.Add(next);
                }

                alerts.RemoveAll(alert => alert.Id == next.Id);
                alerts.Add(next);
            }
        }

        // The rule is gone.
        foreach (Alert alert in alerts.Where(alert => alert.State != AlertState.Resolved && !touched.Contains((alert.Rule, alert.Cause))).ToArray())
            End(alert, now, alerts, tell);
        foreach (Alert old in alerts.Where(alert => alert.State == AlertState.Resolved).SkipLast(MostResolved).ToArray())
            alerts.Remove(old);
        return ([.. alerts], [.. tell], count);
    }

    /// <summary>The models of which it is wrong: those beyond the limit, and those that were and are not yet well again.</summary>
    private static ImmutableArray<AlertedModel> Wrong(AlertRule rule, IEnumerable<AlertFigure> figures, Alert? was, IReadOnlySet<string> unknown)
    {
        AlertedModel[] before = was is null or { State: AlertState.Resolved } ? [] : [.. was.Models];
        (double limit, double well) = (Bad(rule, rule.Above), Bad(rule, rule.Below ?? rule.Above));
        IEnumerable<AlertedModel> now = figures
            .Where(figure => Bad(rule, figure.Value) > limit
                || (Bad(rule, figure.Value) > well && before.Any(model => model.Model == figure.Model)))
            .Select(figure => new AlertedModel { Model = figure.Model, Value = figure.Value, Text = figure.Text });
        IEnumerable<AlertedModel> all = now.Concat(before.Where(model => unknown.Contains(model.Model))).DistinctBy(model => model.Model);
        return [.. all.OrderBy(model => model.Model, StringComparer.Ordinal)];
    }

    /// <summary>A value that is the greater the worse.</summary>
    private static double Bad(AlertRule rule, double value) => rule.IsLess ? -value : value;

    /// <summary>The alert as it was; one that comes back soon after it has ended; or a new one.</summary>
    private static Alert Begin(AlertRule rule, string cause, ImmutableArray<AlertedModel> models, Alert? was, ref int count, DateTimeOffset now) => was switch
    {
        { State: not AlertState.Resolved } => was,
        { Told: { } told } when now - told < rule.Repeat => was with { State = AlertState.Pending, Since = now, Fired = null, Resolved = null },
        _ => new Alert
        {
            Id = $"a{++count}",
            Rule = rule.Name,
            Severity = rule.Severity,
            Cause = cause,
            State = AlertState.Pending,
            Since = now,
            Models = models,
        },
    };

    private static void End(Alert? was, DateTimeOffset now, List<Alert> alerts, List<Alert> tell)
    {
        if (was is null or { State: AlertState.Resolved })
            return;
        alerts.Remove(was);
        // What nobody was told of has not been.
        if (was.State == AlertState.Pending && was.Told is null)
            return;
        Alert ended = was with { State = AlertState.Resolved, Resolved = now, By = "" };
        alerts.Add(ended);
        if (was.State == AlertState.Firing && was.Told is not null && was.Silence.Length == 0)
            tell.Add(ended);
    }
}
