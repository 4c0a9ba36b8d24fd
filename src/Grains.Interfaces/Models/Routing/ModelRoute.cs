using System.Collections.Immutable;

namespace OrleansCluster.Models.Routing;

/// <summary>Which versions answer a model's bare name. Never changes: another route takes its place.</summary>
/// <remarks>
/// Keys are spread over <see cref="Whole"/> slots, and every slot belongs to one version. When shares change, versions that lose give up slots and versions
/// that gain take them; no other slot moves. So a key stays with its version for as long as that version's share does not fall, whatever else changes.
/// </remarks>
[GenerateSerializer, Immutable, Alias("oc.ModelRoute")]
public sealed record ModelRoute
{
    /// <summary>Slots in all: shares are whole hundredths of a percent.</summary>
    public const int Whole = 10_000;

    /// <summary>Counts the routes of a model from 1: what is counted about one is not mixed with another.</summary>
    [Id(0)] public required int Number { get; init; }

    /// <summary>The version that the alias <c>champion</c> names while this route holds; 0: none.</summary>
    [Id(1)] public required int Champion { get; init; }

    /// <summary>Who owns which slots, ascending, the first at 0; under a canary, before its first step.</summary>
    [Id(2)] public required ImmutableArray<RouteSegment> Segments { get; init; }

    /// <summary>Versions that are scored and compared with the answer, and never answer.</summary>
    [Id(3)] public ImmutableArray<int> Shadows { get; init; } = [];

    /// <summary>The version that is being tried step by step; null: none is.</summary>
    [Id(4)] public CanaryPlan? Canary { get; init; }

    /// <summary>When it was set.</summary>
    [Id(5)] public required DateTimeOffset Since { get; init; }

    /// <summary>Who set it.</summary>
    [Id(6)] public required string By { get; init; }
}

/// <summary>Slots from <see cref="First"/> to the next segment.</summary>
[GenerateSerializer, Immutable, Alias("oc.RouteSegment")]
public sealed record RouteSegment
{
    /// <summary>The first slot, from 0.</summary>
    [Id(0)] public required int First { get; init; }

    /// <summary>The version that answers keys in these slots.</summary>
    [Id(1)] public required int Version { get; init; }
}

/// <summary>A version and its share.</summary>
[GenerateSerializer, Immutable, Alias("oc.RouteShare")]
public sealed record RouteShare
{
    [Id(0)] public required int Version { get; init; }

    /// <summary>Slots out of <see cref="ModelRoute.Whole"/>: hundredths of a percent.</summary>
    [Id(1)] public required int Slots { get; init; }
}

/// <summary>A candidate whose share grows at the champion's expense, by the clock or by hand.</summary>
[GenerateSerializer, Immutable, Alias("oc.CanaryPlan")]
public sealed record CanaryPlan
{
    /// <summary>The candidate.</summary>
    [Id(0)] public required int Version { get; init; }

    /// <summary>Its share at each step, in slots, ascending; at least one.</summary>
    [Id(1)] public required ImmutableArray<int> Steps { get; init; }

    /// <summary>How long a step lasts; zero: it stays at the first until somebody sets another.</summary>
    [Id(2)] public required TimeSpan Every { get; init; }

    /// <summary>When the first step began; under guards, when the step did that it stands at.</summary>
    [Id(3)] public required DateTimeOffset Began { get; init; }

    /// <summary>What must hold before the next step; null: the clock alone takes it.</summary>
    [Id(4)] public CanaryGuards? Guards { get; init; }

    /// <summary>Under guards, the step that it stands at, from 0.</summary>
    [Id(5)] public int Step { get; init; }

    /// <summary>Under guards, what had been counted when that step began; null: nothing.</summary>
    [Id(6)] public CanaryTally? Before { get; init; }
}
