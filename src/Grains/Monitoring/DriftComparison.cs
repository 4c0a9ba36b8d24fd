using System.Globalization;
using System.Text.Json;
using OrleansCluster.Contracts.Api;
using OrleansCluster.Numerics.Monitoring;
using OrleansCluster.Numerics.Preparation;

namespace OrleansCluster.Monitoring;

/// <summary>Compares observed rows of a version, and tells what came of it.</summary>
/// <param name="profile">What both sides were counted by.</param>
/// <param name="rules">What is drift.</param>
/// <param name="preparation">What the model does to rows; null: nothing.</param>
/// <param name="lossName">What the model tells of how badly rows fit; empty: nothing.</param>
internal sealed class DriftComparison(ReferenceProfile profile, DriftRules rules, FittedPreparation? preparation, string lossName)
{
    /// <summary>What the training rows are called.</summary>
    public const string Training = "training";

    /// <summary>Clusters that moved which are named.</summary>
    private const int MostMoved = 3;

    private static readonly CultureInfo Percent = MakePercent();

    private readonly FitComparison _fit = new(profile, lossName, rules);

    /// <summary>
    /// Comparisons of a report: two of the values of each column and score, what is missing, what is outside; the clusters; the far rows; how rows fit.
    /// </summary>
    private readonly int _tests = (4 * profile.Columns.Length) + (3 * profile.ScoreNames.Length) + 2 + FitComparison.Tests;

    /// <summary>A <see cref="DriftDocument"/> as JSON.</summary>
    public byte[] Tell(string model, int version, string name, ObservedRows now, string reference, ObservedRows before)
    {
        bool enough = Math.Min(now.Rows, before.Rows) >= rules.MinimumRows;
        DriftFiguresDocument[] columns = [.. profile.Columns.Select((column, index) => Figures(
            column.Name, ReferenceProfile.TypeOf(column),
            Comparison.Of(profile.Frame.Columns[index], before.Columns[index], now.Columns[index], rules, _tests), enough))];
        DriftFiguresDocument[] scores = [.. profile.ScoreNames.Select((score, index) => Figures(
            score, "score", Comparison.Of(profile.Frame.Scores[index], before.Scores[index], now.Scores[index], rules, _tests), enough))];
        DriftFiguresDocument? clusters = profile.Labels.Length == 0 || now.Clusters.Length == 0
            ? null
            : Figures("clusters", "clusters", Comparison.Unordered(before.Clusters.ToArray(), now.Clusters.ToArray(), rules, _tests), enough);
        NewMode? mode = !enough || profile.Radius <= 0 ? null : NewMode.Find(now.Far, now.Rows, Share(before), profile.Radius, profile.Beyond, rules, _tests);
        // The profile tells more of the training rows than what is observed of others.
        ObservedRows? other = ReferenceEquals(before, profile.Rows) ? null : before;
        var document = new DriftDocument
        {
            Model = model,
            Version = version,
            EnoughRows = enough,
            Observed = new DriftSideDocument { Name = name, Rows = now.Rows, Far = Share(now) },
            Reference = new DriftSideDocument { Name = reference, Rows = before.Rows, Far = Share(before) },
            Columns = columns,
            LeftOut = profile.LeftOut,
            LooksForModes = profile.KeepsFar,
            Scores = scores,
            Clusters = clusters,
            ClusterShares = [.. profile.Labels.Select((label, place) => new ClusterShareDocument
            {
                Cluster = label,
                Before = Part(before.Clusters, place),
                Now = Part(now.Clusters, place),
                Rows = now.Clusters[place],
            }).OrderBy(share => share.Cluster)],
            ShiftColumns = profile.Fit.K == 0 ? [] : [.. profile.SeenNames],
            ClusterShifts = _fit.Shifts(now, other, _tests, enough),
            Fits = _fit.Fits(now, other, _tests, enough),
            NewMode = mode is null ? null : Tell(mode),
            Thresholds = new ThresholdsDocument
            {
                Wasserstein = rules.Wasserstein,
                KolmogorovSmirnov = rules.KolmogorovSmirnov,
                JensenShannon = rules.JensenShannon,
                Share = rules.Share,
                Alpha = rules.Alpha,
                MinimumRows = rules.MinimumRows,
                ClusterShift = rules.ClusterShift,
                Fit = rules.Fit,
                ClusterRows = rules.ClusterRows,
            },
        };
        document.Causes = [.. Causes(document), .. FitCauses(document)];
        document.Drifted = document.Causes.Length > 0;
        return JsonSerializer.SerializeToUtf8Bytes(document, ApiJson.Default.DriftDocument);
    }

    private static IEnumerable<string> Causes(DriftDocument document)
    {
        foreach (DriftFiguresDocument one in document.Columns.Concat(document.Scores).Where(one => one.Drifted))
        {
            string what = one.Type == "score" ? $"the score {one.Name}" : $"column '{one.Name}'";
            if (one.Missing.Drifted)
                yield return Text($"{what}: {one.Missing.Now:P1} of the values are missing, {one.Missing.Before:P1} before");
            bool ordered = one.Wasserstein is not null;
            if (one.Outside.Drifted)
            {
                string outside = ordered ? "out of the training rows' range" : "categories that the training rows had not";
                yield return Text($"{what}: {one.Outside.Now:P1} of the values are {outside}, {one.Outside.Before:P1} before");
            }

            if (one.Moved)
                yield return one.Wasserstein >= document.Thresholds.Wasserstein
                    ? Text($"{what}: its values moved by {one.Wasserstein:0.00} standard deviations (mean {one.MeanBefore:G5} to {one.Mean:G5})")
                    : Text($"{what}: its values are distributed otherwise (Jensen–Shannon distance {one.JensenShannon:0.00})");
        }

        if (document.Clusters is { Drifted: true } clusters)
        {
            ClusterShareDocument most = document.ClusterShares.MaxBy(share => Math.Abs(share.Now - share.Before))!;
            yield return Text(
                $"the clusters' shares: cluster {most.Cluster} from {most.Before:P1} to {most.Now:P1} (Jensen–Shannon distance {clusters.JensenShannon:0.00})");
        }

        if (document.NewMode is { } mode)
            yield return Text($"a new mode: about {mode.Rows} rows ({mode.Share:P1}) are far from every cluster and close together");
    }

    private static IEnumerable<string> FitCauses(DriftDocument document)
    {
        ClusterShiftDocument[] moved = [.. document.ClusterShifts.Where(shift => shift.Drifted).OrderByDescending(shift => shift.Size)];
        foreach (ClusterShiftDocument shift in moved.Take(MostMoved))
            yield return Text($"cluster {shift.Cluster}: the mean of its rows moved by {shift.Size:0.00} standard deviations in {shift.Column}");
        if (moved.Length > MostMoved)
            yield return Text($"the means of {moved.Length - MostMoved} more clusters moved");
        foreach (FitDocument fit in document.Fits.Where(fit => fit.Drifted))
            yield return Text($"{Word(fit.Name)}: {fit.MeanBefore:G4} to {fit.Mean:G4} ({fit.Shift:+0.00;-0.00} standard deviations of the training rows)");
    }

    private static string Word(string fit) => fit switch
    {
        "inertia_per_row" => "the inertia per row",
        "negative_log_density" => "the mean negative log-density",
        _ => "the mean simplified silhouette",
    };

    private NewModeDocument Tell(NewMode mode)
    {
        (IReadOnlyList<string> names, IReadOnlyList<double> values) = preparation is null
            ? ([.. profile.Columns.Select(column => column.Name)],
                profile.Chosen.Length == 0 ? mode.Centre : [.. profile.Chosen.Select(column => mode.Centre[column])])
            : preparation.Undo(mode.Centre) is var told ? (told.Names, told.Values) : default;
        return new NewModeDocument
        {
            Rows = mode.Rows,
            Share = mode.Share,
            Centre = [.. names.Zip(values, (name, value) => new CentreValueDocument { Column = name, Value = value })],
        };
    }

    private static DriftFiguresDocument Figures(string name, string type, DriftFigures figures, bool enough) => new()
    {
        Name = name,
        Type = type,
        Drifted = enough && figures.IsDrifted,
        Moved = enough && figures.IsShaped,
        Present = figures.Present,
        Wasserstein = Known(figures.Wasserstein),
        KolmogorovSmirnov = Known(figures.KolmogorovSmirnov),
        KolmogorovSmirnovP = Known(figures.KolmogorovSmirnovChance),
        JensenShannon = Known(figures.JensenShannon),
        KullbackLeibler = Known(figures.KullbackLeibler),
        Psi = Known(figures.StabilityIndex),
        ChiSquare = Known(figures.ChiSquare),
        ChiSquareP = Known(figures.ChiSquareChance),
        MeanBefore = Known(figures.MeanBefore),
        Mean = Known(figures.Mean),
        Shift = Known(figures.Shift),
        Fullest = figures.Fullest,
        Missing = Change(figures.Missing, enough),
        Outside = Change(figures.Outside, enough),
    };

    private static ShareChangeDocument Change(ShareChange change, bool enough) =>
        new() { Before = change.Before, Now = change.Now, Drifted = enough && change.IsDrifted };

    private static double? Known(double value) => double.IsNaN(value) ? null : value;

    private static double Share(ObservedRows rows) => rows.Rows == 0 ? 0 : (double)rows.Far.Count / rows.Rows;

    private static double Part(ReadOnlySpan<long> clusters, int place)
    {
        long all = 0;
        foreach (long rows in clusters)
            all += rows;
        return all == 0 ? 0 : (double)clusters[place] / all;
    }

    private static string Text(FormattableString text) => text.ToString(Percent);

    private static CultureInfo MakePercent()
    {
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        culture.NumberFormat.PercentPositivePattern = 1;
        return culture;
    }
}
