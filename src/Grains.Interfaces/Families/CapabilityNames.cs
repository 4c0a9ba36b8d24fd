using System.Collections.Immutable;

namespace OrleansCluster.Families;

/// <summary>What can be asked of a model.</summary>
public static class CapabilityNames
{
    /// <summary>The cluster of a row.</summary>
    public const string Labels = "labels";

    /// <summary>How far a row is from its cluster's centre.</summary>
    public const string Distances = "distances";

    /// <summary>How probable a row is, and whether it is an anomaly.</summary>
    public const string Densities = "densities";

    /// <summary>How much each part of the model has of a row.</summary>
    public const string Responsibilities = "responsibilities";

    /// <summary>Rows drawn from the model.</summary>
    public const string Samples = "samples";

    /// <summary>How far its density is from that of another model.</summary>
    public const string Divergences = "divergences";

    /// <summary>Says that a model lacks something, and what it has.</summary>
    /// <param name="model">Which model: <c>The model 'x'</c>.</param>
    /// <param name="title">What people call its family.</param>
    /// <param name="missing">Names of what it lacks.</param>
    /// <param name="present">Names of what it has.</param>
    public static string Missing(string model, string title, ImmutableArray<string> missing, ImmutableArray<string> present) =>
        $"{model} ({title}) has no {string.Join(" and no ", missing)}: it has {string.Join(", ", present)}.";
}
