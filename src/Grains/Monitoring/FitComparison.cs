using OrleansCluster.Contracts.Api;
using OrleansCluster.Numerics.Monitoring;
using OrleansCluster.Numerics.Profiles;

namespace OrleansCluster.Monitoring;

/// <summary>Compares where the rows of each cluster are, and how well rows fit their clusters.</summary>
/// <param name="profile">What the training rows were like.</param>
/// <param name="lossName">What is told of how badly rows fit; empty: nothing.</param>
/// <param name="rules">What is drift.</param>
internal sealed class FitComparison(ReferenceProfile profile, string lossName, DriftRules rules)
{
    /// <summary>Comparisons that it makes in a report: all clusters' means together, losses, silhouettes.</summary>
    public const int Tests = 3;

    /// <summary>The clusters, by their ids.</summary>
    /// <param name="now">What is compared.</param>
    /// <param name="before">Other rows that are the reference; null: the training rows are.</param>
    /// <param name="tests">How many comparisons the report makes.</param>
    /// <param name="enough">Whether there are rows enough to judge anything.</param>
    public ClusterShiftDocument[] Shifts(ObservedRows now, ObservedRows? before, int tests, bool enough) =>
    [
        .. Enumerable.Range(0, Math.Min(profile.Fit.K, profile.Labels.Length)).Select(place =>
        {
            ClusterShift shift = ClusterShift.Of(place, profile.Fit, before?.Centred, now.Centred, rules, tests);
            return new ClusterShiftDocument
            {
                Cluster = profile.Labels[place],
                Drifted = enough && shift.IsDrifted,
                EnoughRows = enough && shift.IsJudged,
                RowsBefore = shift.RowsBefore,
                Rows = shift.Rows,
                Column = shift.Column < 0 ? null : profile.SeenNames[shift.Column],
                Size = Known(shift.Size),
                P = Known(shift.Chance),
                Shifts = [.. shift.Shifts.Select(Known)],
            };
        }).OrderBy(shift => shift.Cluster),
    ];

    /// <summary>How well rows fit.</summary>
    /// <inheritdoc cref="Shifts"/>
    public FitDocument[] Fits(ObservedRows now, ObservedRows? before, int tests, bool enough)
    {
        (int Place, string Name, FitMoments Moments)[] all =
            [(RowProfile.Losses, lossName, profile.Fit.Loss), (RowProfile.Silhouettes, "simplified_silhouette", profile.Fit.Silhouette)];
        return
        [
            .. all.Where(one => one.Name.Length > 0 && one.Moments is { Rows: > 0, Deviation: > 0 }).Select(one =>
            {
                MeanShift shift = MeanShift.OfFits(one.Place, one.Moments, before?.Fits, now.Fits);
                return new FitDocument
                {
                    Name = one.Name,
                    Drifted = enough && shift.IsDrifted(rules.Fit, rules, tests),
                    RowsBefore = shift.RowsBefore,
                    Rows = shift.Rows,
                    MeanBefore = Known(Mean(one.Moments, before is null ? 0 : before.Fits.Mean(one.Place))),
                    Mean = Known(Mean(one.Moments, now.Fits.Mean(one.Place))),
                    Shift = Known(shift.Size),
                    P = Known(shift.Chance),
                };
            }),
        ];
    }

    private static double Mean(FitMoments moments, double units) => moments.Mean + (moments.Deviation * units);

    private static double? Known(double value) => double.IsNaN(value) ? null : value;
}
