namespace OrleansCluster.Models.Routing;

/// <summary>
/// What must hold of a candidate's answers, counted since its step began, before a canary by the clock takes its next step; else it stands still.
/// </summary>
[GenerateSerializer, Immutable, Alias("oc.CanaryGuards")]
public sealed record CanaryGuards
{
    /// <summary>Share of the rows that it answers to which the champion gives the same stable label, 0 … 1; at least this passes.</summary>
    [Id(0)] public double LeastAgreement { get; init; } = 0.9;

    /// <summary>
    /// By how much its answers may score worse than the champion's on the same rows, 0 or more: of models with densities the mean log-density, in nats; of
    /// others the mean squared distance, as a share of the champion's.
    /// </summary>
    [Id(1)] public double MostWorse { get; init; } = 0.1;

    /// <summary>Share of its rows that it may fail to answer, 0 … 1.</summary>
    [Id(2)] public double MostErrors { get; init; } = 0.01;

    /// <summary>Rows that must be compared before anything can be said, at least 1.</summary>
    [Id(3)] public long LeastRows { get; init; } = 100;

    /// <summary>
    /// The budget of alerts, of models with densities: share of its rows that it may flag as anomalies, 0 … 1; null: 5 points more than the champion flags
    /// of the same rows.
    /// </summary>
    [Id(4)] public double? MostFlagged { get; init; }

    /// <summary>
    /// By how much it may take longer than the champion to answer the same rows, 0 or more: 1 is twice as long. Judged once the champion's answers have
    /// taken a tenth of a second together.
    /// </summary>
    [Id(5)] public double MostSlower { get; init; } = 1;
}

/// <summary>What was counted of a candidate's answers. Tallies of one route subtract.</summary>
[GenerateSerializer, Immutable, Alias("oc.CanaryTally")]
public sealed record CanaryTally
{
    /// <summary>Rows compared with the champion.</summary>
    [Id(0)] public long Rows { get; init; }

    /// <summary>Rows in the champion's cluster.</summary>
    [Id(1)] public long Same { get; init; }

    /// <summary>Rows that the candidate should have answered and could not.</summary>
    [Id(2)] public long Errors { get; init; }

    /// <summary>Rows that both scored in the same unit.</summary>
    [Id(3)] public long Scored { get; init; }

    /// <summary>The candidate's losses on those, added up.</summary>
    [Id(4)] public double Loss { get; init; }

    /// <summary>The champion's losses on the same rows, added up.</summary>
    [Id(5)] public double ChampionLoss { get; init; }

    /// <summary>Of the rows scored in nats, those that the candidate's threshold flags as anomalies.</summary>
    [Id(6)] public long Flagged { get; init; }

    /// <summary>Of the same rows, those that the champion's flags.</summary>
    [Id(7)] public long ChampionFlagged { get; init; }

    /// <summary>How long the candidate took to label the rows compared.</summary>
    [Id(8)] public TimeSpan Time { get; init; }

    /// <summary>How long the champion took to label the same rows.</summary>
    [Id(9)] public TimeSpan ChampionTime { get; init; }

    /// <summary>What was counted after an earlier tally.</summary>
    public CanaryTally Since(CanaryTally? earlier) => earlier is null ? this : new CanaryTally
    {
        Rows = Rows - earlier.Rows,
        Same = Same - earlier.Same,
        Errors = Errors - earlier.Errors,
        Scored = Scored - earlier.Scored,
        Loss = Loss - earlier.Loss,
        ChampionLoss = ChampionLoss - earlier.ChampionLoss,
        Flagged = Flagged - earlier.Flagged,
        ChampionFlagged = ChampionFlagged - earlier.ChampionFlagged,
        Time = Time - earlier.Time,
        ChampionTime = ChampionTime - earlier.ChampionTime,
    };
}

/// <summary>What came of one guard.</summary>
[GenerateSerializer, Immutable, Alias("oc.GuardOutcome")]
public sealed record GuardOutcome
{
    /// <summary><c>rows</c>, <c>agreement</c>, <c>score</c>, <c>anomalies</c>, <c>time</c> or <c>errors</c>.</summary>
    [Id(0)] public required string Guard { get; init; }

    [Id(1)] public required bool Passed { get; init; }

    /// <summary>What was measured; null: it could not be.</summary>
    [Id(2)] public required double? Value { get; init; }

    /// <summary>What passes: the greatest or least value.</summary>
    [Id(3)] public required double Limit { get; init; }

    /// <summary>Why, for people.</summary>
    [Id(4)] public required string Why { get; init; }
}
