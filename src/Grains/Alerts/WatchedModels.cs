using System.Collections.Immutable;
using System.Globalization;
using OrleansCluster.Contracts;
using OrleansCluster.Contracts.Api;
using OrleansCluster.Models;
using OrleansCluster.Monitoring;
using OrleansCluster.Retraining;
using OrleansCluster.Tenancy;

namespace OrleansCluster.Alerts;

/// <summary>The figures of a tenant's models.</summary>
internal sealed class WatchedModels(IGrainFactory grains, string tenant)
{
    /// <summary>When so many columns drift at once, it is one thing and not many.</summary>
    private const int MostColumns = 3;

    private readonly WindowComparisons _compared = new();

    /// <summary>The models that have windows, or are retrained by themselves.</summary>
    public async Task<ImmutableArray<string>> Names(CancellationToken cancellation)
    {
        var names = new SortedSet<string>(StringComparer.Ordinal);
        foreach (string kind in (string[])[CatalogKinds.Watched, CatalogKinds.Retraining])
            names.UnionWith(await grains.GetGrain<ICatalogGrain>(GrainKeys.For(tenant, kind)).List(cancellation));
        return [.. names];
    }

    /// <summary>All figures of a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="rules">The rules, of which some have figures of their own.</param>
    /// <param name="now">The moment.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<ImmutableArray<AlertFigure>> Of(
        string model, IReadOnlyList<AlertRule> rules, DateTimeOffset now, CancellationToken cancellation)
    {
        string key = GrainKeys.For(tenant, model);
        if (await grains.GetGrain<IModelGrain>(key).Summary(cancellation) is not { } outline)
            return [];
        var figures = ImmutableArray.CreateBuilder<AlertFigure>();
        int champion = outline.Info.Default;
        IMonitorGrain monitor = grains.GetGrain<IMonitorGrain>(key);
        ObservedWindow[] windows = [.. (await monitor.Windows(cancellation)).Where(window => window.Version == champion)];
        if (await Drift(key, windows, cancellation) is { } drift)
            figures.AddRange(Of(model, drift));
        figures.AddRange(rules.Where(rule => rule.Figure == AlertFigures.AnomalyBurn).SelectMany(rule => Of(model, windows, rule, now)));
        if ((await monitor.Checks(cancellation)).LastOrDefault() is { } check)
            figures.AddRange(SegmentFigures.Of(model, check, now));
        if (await grains.GetGrain<IRetrainingGrain>(key).Status(cancellation) is { } retraining)
        {
            figures.Add(new AlertFigure(AlertFigures.RetrainingStopped, model, model, retraining.Stopped.Length > 0 ? 1 : 0, retraining.Stopped));
            RetrainingRun[] nothing = [.. retraining.Ended.TakeWhile(run => run.CameToNothing)];
            string last = nothing.Length == 0 ? "" : $"run {Text(nothing[0].Number)} ended {Word(nothing[0].Step)}: {nothing[0].Why}";
            figures.Add(new AlertFigure(AlertFigures.RetrainingFailures, model, model, nothing.Length, last));
            if (outline.Versions.FirstOrDefault(version => version.Version == champion) is { } answers)
            {
                double days = (now - answers.Created).TotalDays;
                string old = $"version {Text(champion)} is {days.ToString("0.#", CultureInfo.InvariantCulture)} days old";
                figures.Add(new AlertFigure(AlertFigures.ChampionAge, model, model, days, old));
            }
        }

        return figures.ToImmutable();
    }

    /// <summary>How far the newest window of a version is from its training rows; null: there is none with rows enough.</summary>
    private async Task<DriftDocument?> Drift(string key, ObservedWindow[] windows, CancellationToken cancellation)
    {
        var usual = new DriftThresholds();
        if (windows.LastOrDefault(one => one.Rows >= usual.MinimumRows) is not { } window)
            return null;
        return await _compared.Compare(grains.GetGrain<IObserverGrain>(key), window, usual, cancellation);
    }

    private static IEnumerable<AlertFigure> Of(string model, ObservedWindow[] windows, AlertRule rule, DateTimeOffset now)
    {
        if (BurnRate.Of(windows, rule, now) is not { } burn)
            yield break;
        string text = string.Create(
            CultureInfo.InvariantCulture,
            $"{100 * burn.FastShare:0.0}% of the rows are anomalies, where {100 * rule.Objective:0.##}% may be: {burn.Fast:0.0} times as many over the last "
                + $"{DurationText.Of(rule.Fast)}, {burn.Slow:0.0} times over {DurationText.Of(rule.Slow)}");
        yield return new AlertFigure(AlertFigures.AnomalyBurn, model, model, burn.Value, text, rule.Name);
    }

    private static IEnumerable<AlertFigure> Of(string model, DriftDocument drift)
    {
        DriftFiguresDocument[] moved = [.. drift.Columns.Where(column => column.Moved)];
        if (moved.Length > MostColumns)
        {
            string names = string.Join(", ", moved.OrderByDescending(Effect).Take(MostColumns).Select(column => column.Name));
            string many = $"{Text(moved.Length)} columns have drifted, most of all {names}";
            yield return new AlertFigure(AlertFigures.Drift, model, "many columns", moved.Max(Effect), many);
        }
        else
        {
            foreach (DriftFiguresDocument column in moved)
                yield return new AlertFigure(AlertFigures.Drift, model, column.Name, Effect(column), Tell(drift, column));
        }

        // What the columns explain is no cause of its own.
        IEnumerable<DriftFiguresDocument> rest = drift.Clusters is { } clusters ? drift.Scores.Append(clusters) : drift.Scores;
        foreach (DriftFiguresDocument one in rest.Where(one => one.Moved && moved.Length == 0))
            yield return new AlertFigure(AlertFigures.Drift, model, one.Name, Effect(one), Tell(drift, one));
        if (moved.Length == 0)
        {
            foreach (ClusterShiftDocument shift in drift.ClusterShifts.Where(shift => shift.Drifted).OrderByDescending(shift => shift.Size).Take(MostColumns))
            {
                string cluster = $"cluster {Text(shift.Cluster)}";
                yield return new AlertFigure(AlertFigures.Drift, model, cluster, shift.Size ?? 0, Tell(drift, $"{cluster}:", shift.Size ?? 0));
            }

            foreach (FitDocument fit in drift.Fits.Where(fit => fit.Drifted))
                yield return new AlertFigure(
                    AlertFigures.Drift, model, fit.Name, Math.Abs(fit.Shift ?? 0), Tell(drift, fit.Name.Replace('_', ' '), Math.Abs(fit.Shift ?? 0)));
        }

        foreach (DriftFiguresDocument column in drift.Columns)
        {
            yield return new AlertFigure(AlertFigures.Missing, model, column.Name, column.Missing.Now, Share(column.Missing, "are missing"));
            string strange = Share(column.Outside, "are not as any in training were");
            yield return new AlertFigure(AlertFigures.Outside, model, column.Name, column.Outside.Now, strange);
        }
    }

    private static double Effect(DriftFiguresDocument one) => one.Wasserstein ?? one.JensenShannon ?? one.KolmogorovSmirnov ?? 0;

    private static string Tell(DriftDocument drift, DriftFiguresDocument one) => Tell(drift, $"'{one.Name}'", Effect(one));

    private static string Tell(DriftDocument drift, string what, double effect) =>
        drift.Causes.FirstOrDefault(cause => cause.Contains(what, StringComparison.Ordinal)) is { } cause ? $"{cause} (window {drift.Observed.Name})"
            : $"moved by {effect.ToString("0.###", CultureInfo.InvariantCulture)} in the window {drift.Observed.Name}";

    private static string Share(ShareChangeDocument share, string what) =>
        string.Create(CultureInfo.InvariantCulture, $"{100 * share.Now:0.0}% {what}, {100 * share.Before:0.0}% in training");

    private static string Word(RetrainingStep step) =>
        step == RetrainingStep.RolledBack ? "rolled back" : step == RetrainingStep.Rejected ? "rejected" : "failed";

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
