using OrleansCluster.Families;
using OrleansCluster.Families.Options;
using OrleansCluster.Training;

namespace OrleansCluster.Cli.Tests.Families.Origin;

/// <summary>A training of k-means one of whose centres stays at the origin.</summary>
[GenerateSerializer, Immutable, Alias("test.OriginOptions")]
public sealed record OriginOptions : ITrainingOptions
{
    public string Family => "origin";

    /// <summary>Number of clusters, the origin's among them.</summary>
    [Id(0)] public required int K { get; init; }

    [Id(1)] public int MaxIterations { get; init; } = 50;

    [Id(2)] public ulong Seed { get; init; }

    /// <summary>Rows this near to the origin belong to it, whatever else is near.</summary>
    [Option("Rows this near to the origin belong to it, whatever else is near", Minimum = 0)]
    [Id(3)] public double Radius { get; init; }

    /// <summary>The family, for those who ask for it.</summary>
    public static FamilyDescription Description { get; } = new(new OriginOptions { K = 1 })
    {
        Title = "k-means around the origin",
        ObjectiveName = "inertia",
        LessIsBetter = true,
        Help = "Train k-means one of whose centres stays at the origin",
        Measures = [new Measure { Name = "at_origin", Value = 0, Title = "at the origin", Better = Better.Neither }],
    };
}
