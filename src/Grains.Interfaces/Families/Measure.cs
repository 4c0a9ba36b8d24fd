using System.Collections.Immutable;

namespace OrleansCluster.Families;

/// <summary>A number that a family tells of a training, or of a model.</summary>
[GenerateSerializer, Immutable, Alias("oc.Measure")]
public sealed record Measure
{
    /// <summary>As JSON has it: <c>log_likelihood</c>.</summary>
    [Id(0)] public required string Name { get; init; }

    /// <summary>NaN where it says nothing.</summary>
    [Id(1)] public required double Value { get; init; }

    /// <summary>What people call it, where they are shown it; else empty.</summary>
    [Id(2)] public string Title { get; init; } = "";

    /// <summary>Which values are the better ones; of some neither are.</summary>
    [Id(3)] public Better Better { get; init; }
}

/// <summary>Which values of a measure are the better ones.</summary>
public enum Better
{
    Neither,
    Less,
    More,
}

/// <summary>A number that a family tells of every cluster.</summary>
[GenerateSerializer, Immutable, Alias("oc.PartMeasure")]
public sealed record PartMeasure
{
    /// <summary>As JSON has it: <c>weights</c>.</summary>
    [Id(0)] public required string Name { get; init; }

    /// <summary>In the order of the report's clusters, which tell their stable ids.</summary>
    [Id(1)] public required ImmutableArray<double> Values { get; init; }

    /// <summary>What people call it, where they are shown it; else empty.</summary>
    [Id(2)] public string Title { get; init; } = "";
}

/// <summary>A word that a family tells of a training, or of a model.</summary>
[GenerateSerializer, Immutable, Alias("oc.Remark")]
public sealed record Remark
{
    /// <summary>As JSON has it: <c>covariance</c>.</summary>
    [Id(0)] public required string Name { get; init; }

    [Id(1)] public required string Text { get; init; }
}

/// <summary>Things that are told together, under one name.</summary>
[GenerateSerializer, Immutable, Alias("oc.Particulars")]
public sealed record Particulars
{
    /// <summary>As JSON has it: <c>acceleration</c>.</summary>
    [Id(0)] public required string Name { get; init; }

    [Id(1)] public ImmutableArray<Remark> Remarks { get; init; } = [];

    [Id(2)] public ImmutableArray<Measure> Measures { get; init; } = [];
}
