using System.Collections.Immutable;

namespace OrleansCluster.Families;

/// <summary>What a family is to those who read what came of a training. Silos fill it in; nobody keeps it.</summary>
[GenerateSerializer, Immutable, Alias("oc.FamilyInfo")]
public sealed record FamilyInfo
{
    /// <summary>The name that commands, jobs and steps carry; empty: the build that answered did not tell.</summary>
    [Id(0)] public string Name { get; init; } = "";

    /// <summary>What people call it.</summary>
    [Id(1)] public string Title { get; init; } = "";

    /// <summary>What the parts of a model are called: <c>cluster</c>.</summary>
    [Id(2)] public string Part { get; init; } = "cluster";

    /// <summary>What people call the objective; empty: as reports do.</summary>
    [Id(3)] public string Objective { get; init; } = "";

    /// <summary>What the objective is of, for people; empty: nothing is to be said.</summary>
    [Id(4)] public string ObjectiveRemark { get; init; } = "";

    /// <summary>Whether a lesser objective is the better one.</summary>
    [Id(5)] public bool LessIsBetter { get; init; }

    /// <summary>What can be asked of its models, see <see cref="CapabilityNames"/>.</summary>
    [Id(6)] public ImmutableArray<string> Capabilities { get; init; } = [];
}
