using System.Collections.Immutable;

namespace OrleansCluster.Models.Routing;

/// <summary>What is to be changed about a route.</summary>
public enum RouteChangeKind
{
    /// <summary>Fixed shares.</summary>
    Set,

    /// <summary>A candidate in steps.</summary>
    Canary,

    /// <summary>Other shadows, the shares as they are.</summary>
    Shadow,

    /// <summary>No route: the champion answers, or the newest version where there is none.</summary>
    Abort,
}

/// <summary>A change of a model's route.</summary>
[GenerateSerializer, Immutable, Alias("oc.RouteChange")]
public sealed record RouteChange
{
    [Id(0)] public required RouteChangeKind Kind { get; init; }

    /// <summary>For <see cref="RouteChangeKind.Set"/>: the versions and their shares, of sum <see cref="ModelRoute.Whole"/>.</summary>
    [Id(1)] public ImmutableArray<RouteShare> Shares { get; init; } = [];

    /// <summary>For <see cref="RouteChangeKind.Canary"/>: the candidate.</summary>
    [Id(2)] public int Version { get; init; }

    /// <summary>For <see cref="RouteChangeKind.Canary"/>: its share at each step, in slots, ascending.</summary>
    [Id(3)] public ImmutableArray<int> Steps { get; init; } = [];

    /// <summary>For <see cref="RouteChangeKind.Canary"/>: how long a step lasts; zero: one step, until somebody sets another.</summary>
    [Id(4)] public TimeSpan Every { get; init; }

    /// <summary>For <see cref="RouteChangeKind.Shadow"/>: the versions; none: no shadows.</summary>
    [Id(5)] public ImmutableArray<int> Shadows { get; init; } = [];

    /// <summary>For <see cref="RouteChangeKind.Canary"/> of several steps: what must hold before each; null: the clock alone takes them.</summary>
    [Id(6)] public CanaryGuards? Guards { get; init; } = new();
}
