using System.Collections.Immutable;

namespace OrleansCluster.Models.Routing;

/// <summary>What a model's bare name means at a moment: everything that a silo needs to answer it.</summary>
[GenerateSerializer, Immutable, Alias("oc.ServingPlan")]
public sealed record ServingPlan
{
    /// <summary>Number of the route (<see cref="ModelRoute.Number"/>); 0: there is none, and one version answers.</summary>
    [Id(0)] public required int Route { get; init; }

    /// <summary>Who answers which slots.</summary>
    [Id(1)] public required ImmutableArray<RouteSegment> Segments { get; init; }

    /// <summary>Versions that are scored and compared, and never answer.</summary>
    [Id(2)] public required ImmutableArray<int> Shadows { get; init; }

    /// <summary>The version that others are compared with; 0: none.</summary>
    [Id(3)] public required int Champion { get; init; }

    /// <summary>All versions named above, each once.</summary>
    [Id(4)] public required ImmutableArray<ResolvedVersion> Versions { get; init; }

    /// <summary>How long it is so by the clock; null: until somebody changes it.</summary>
    [Id(5)] public required TimeSpan? Stays { get; init; }

    /// <summary>The version that is being tried: its answers are scored beside the champion's, which answers where it cannot; 0: none is.</summary>
    [Id(6)] public int Canary { get; init; }

    /// <summary>The version that answers what no route divides: the champion, else the newest; null: the build that answered did not tell.</summary>
    [Id(7)] public ResolvedVersion? Default { get; init; }
}
