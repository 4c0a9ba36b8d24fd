using System.Collections.Immutable;

namespace OrleansCluster.Models.Routing;

/// <summary>Adds counts up.</summary>
internal static class RouteAgreements
{
    /// <summary>Counts of one route added up; of two routes, those of the newer.</summary>
    public static RouteAgreement Merge(RouteAgreement one, RouteAgreement other)
    {
        if (one.Route != other.Route)
            return one.Route > other.Route ? one : other;
        return one with
        {
            Versions =
            [
                .. one.Versions.Concat(other.Versions).GroupBy(agreement => agreement.Version).OrderBy(group => group.Key)
                    .Select(group => new Agreement
                    {
                        Version = group.Key,
                        Labels = Add(group.SelectMany(agreement => agreement.Labels)),
                        Errors = group.Sum(agreement => agreement.Errors),
                        Scored = group.Sum(agreement => agreement.Scored),
                        Loss = group.Sum(agreement => agreement.Loss),
                        ChampionLoss = group.Sum(agreement => agreement.ChampionLoss),
                        Flagged = group.Sum(agreement => agreement.Flagged),
                        ChampionFlagged = group.Sum(agreement => agreement.ChampionFlagged),
                        Time = TimeSpan.FromTicks(group.Sum(agreement => agreement.Time.Ticks)),
                        ChampionTime = TimeSpan.FromTicks(group.Sum(agreement => agreement.ChampionTime.Ticks)),
                        LossUnit = group.Max(agreement => agreement.LossUnit)!,
                    }),
            ],
        };
    }

    private static ImmutableArray<LabelAgreement> Add(IEnumerable<LabelAgreement> labels) =>
    [
        .. labels.GroupBy(label => label.Label).OrderBy(group => group.Key)
            .Select(group => new LabelAgreement { Label = group.Key, Rows = group.Sum(label => label.Rows), Same = group.Sum(label => label.Same) }),
    ];
}
