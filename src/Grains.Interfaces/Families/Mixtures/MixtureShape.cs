namespace OrleansCluster.Families.Mixtures;

/// <summary>What the components of a mixture look like in builds whose parameters had no named arrays: it is read and never written.</summary>
[GenerateSerializer, Immutable, Alias("oc.MixtureShape")]
public sealed record MixtureShape
{
    /// <summary><c>full</c>, <c>tied</c>, <c>diag</c> or <c>spherical</c>.</summary>
    [Id(0)] public required string Covariance { get; init; }

    /// <summary>Share of each component: k float64, little-endian.</summary>
    [Id(1)] public required ReadOnlyMemory<byte> Weights { get; init; }

    /// <summary>float64, little-endian, row-major: k × d × d (full), d × d (tied), k × d (diag) or k (spherical).</summary>
    [Id(2)] public required ReadOnlyMemory<byte> Covariances { get; init; }

    /// <summary>Rows of this log-density or a lower one are anomalies; −∞: none.</summary>
    [Id(3)] public required double Threshold { get; init; }
}
