using System.Collections.Immutable;

namespace OrleansCluster.Models.Routing;

/// <summary>How a model's bare name is answered now, for people.</summary>
[GenerateSerializer, Immutable, Alias("oc.RouteStatus")]
public sealed record RouteStatus
{
    /// <summary>The route; null: there is none.</summary>
    [Id(0)] public required ModelRoute? Route { get; init; }

    /// <summary>The version that the alias <c>champion</c> names; 0: none.</summary>
    [Id(1)] public required int Champion { get; init; }

    /// <summary>Who answers how much now, ascending by version.</summary>
    [Id(2)] public required ImmutableArray<RouteShare> Shares { get; init; }

    /// <summary>The canary's step now, from 0; −1: there is no canary.</summary>
    [Id(3)] public required int Step { get; init; }

    /// <summary>How long until its next step; null: none follows by the clock, or it is due and stands still (<see cref="Held"/>).</summary>
    [Id(4)] public required TimeSpan? Left { get; init; }

    /// <summary>What came of the canary's guards since its step began; none: it has no guards, or no further step.</summary>
    [Id(5)] public ImmutableArray<GuardOutcome> Guards { get; init; } = [];

    /// <summary>Why the canary stands still although its next step is due; empty: it does not.</summary>
    [Id(6)] public string Held { get; init; } = "";
}
