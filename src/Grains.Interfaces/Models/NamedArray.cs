using System.Collections.Immutable;

namespace OrleansCluster.Models;

/// <summary>An array of a version's parameters.</summary>
[GenerateSerializer, Immutable, Alias("oc.NamedArray")]
public sealed record NamedArray
{
    /// <summary>As files and JSON have it: <c>weights</c>.</summary>
    [Id(0)] public required string Name { get; init; }

    /// <summary>Lengths of its dimensions, the slowest first.</summary>
    [Id(1)] public required ImmutableArray<int> Shape { get; init; }

    /// <summary>float64, little-endian, row-major.</summary>
    [Id(2)] public required ReadOnlyMemory<byte> Values { get; init; }

    /// <summary>Whether the first dimension counts the clusters, in the order of the parameters.</summary>
    [Id(3)] public bool PerCluster { get; init; } = true;

    /// <summary>Whether it is short enough to be shown in a document, and not only in a file of its own.</summary>
    [Id(4)] public bool Inline { get; init; }
}
