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
