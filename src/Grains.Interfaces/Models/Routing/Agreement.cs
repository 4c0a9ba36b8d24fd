using System.Collections.Immutable;

namespace OrleansCluster.Models.Routing;

/// <summary>How a version's labels agree with the champion's on the same rows. Counts of several silos and times add up.</summary>
[GenerateSerializer, Immutable, Alias("oc.Agreement")]
public sealed record Agreement
{
    /// <summary>The version compared with the champion.</summary>
    [Id(0)] public required int Version { get; init; }

    /// <summary>One entry a label of the champion that rows got, ascending.</summary>
    [Id(1)] public required ImmutableArray<LabelAgreement> Labels { get; init; }

    /// <summary>
    /// Rows that the version should have answered or been compared on, and could not: its parameters cannot be read, or it gives them no density.
    /// </summary>
    [Id(2)] public long Errors { get; init; }

    /// <summary>Rows of a canary that it and the champion scored in the same unit.</summary>
    [Id(3)] public long Scored { get; init; }

    /// <summary>The version's losses on those, added up: squared distances, or negative log-densities in nats.</summary>
    [Id(4)] public double Loss { get; init; }

    /// <summary>The champion's losses on the same rows, added up.</summary>
    [Id(5)] public double ChampionLoss { get; init; }

    /// <summary>What the losses are: one of <see cref="LossUnits"/>; empty: nothing was scored.</summary>
    [Id(6)] public string LossUnit { get; init; } = "";

    /// <summary>Of the rows scored in nats, those that the version's threshold flags as anomalies.</summary>
    [Id(7)] public long Flagged { get; init; }

    /// <summary>Of the same rows, those that the champion's flags.</summary>
    [Id(8)] public long ChampionFlagged { get; init; }

    /// <summary>How long the version took to label the rows compared.</summary>
    [Id(9)] public TimeSpan Time { get; init; }

    /// <summary>How long the champion took to label the same rows.</summary>
    [Id(10)] public TimeSpan ChampionTime { get; init; }

    /// <summary>All of it without the labels.</summary>
    public CanaryTally Tally() => new()
    {
        Rows = Labels.Sum(label => label.Rows),
        Same = Labels.Sum(label => label.Same),
        Errors = Errors,
        Scored = Scored,
        Loss = Loss,
        ChampionLoss = ChampionLoss,
        Flagged = Flagged,
        ChampionFlagged = ChampionFlagged,
        Time = Time,
        ChampionTime = ChampionTime,
    };
}

/// <summary>What a row can cost under a model.</summary>
public static class LossUnits
{
    /// <summary>Of a model without densities: the squared distance to the row's centre.</summary>
    public const string SquaredDistance = "squared-distance";

    /// <summary>Of a model with densities: −ln p(x).</summary>
    public const string Nats = "nats";
}

/// <summary>Rows to which the champion gives one stable label.</summary>
[GenerateSerializer, Immutable, Alias("oc.LabelAgreement")]
public sealed record LabelAgreement
{
    /// <summary>The champion's stable label.</summary>
    [Id(0)] public required int Label { get; init; }

    /// <summary>Rows compared.</summary>
    [Id(1)] public required long Rows { get; init; }

    /// <summary>Rows to which the other version gives the same label.</summary>
    [Id(2)] public required long Same { get; init; }
}

/// <summary>What was compared under one route.</summary>
[GenerateSerializer, Immutable, Alias("oc.RouteAgreement")]
public sealed record RouteAgreement
{
    /// <summary>Number of the route (<see cref="ModelRoute.Number"/>).</summary>
    [Id(0)] public int Route { get; init; }

    /// <summary>One entry a version, ascending.</summary>
    [Id(1)] public ImmutableArray<Agreement> Versions { get; init; } = [];
}
