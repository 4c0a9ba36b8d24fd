namespace OrleansCluster.Models;

/// <summary>
/// A version of a model as one thing, in JSON: the columns of its rows and their ranges, what is done to rows before the model sees them, family, parameters
/// (by hash), stable ids, the training that it came from, and what its training rows look like.
/// </summary>
[GenerateSerializer, Immutable, Alias("oc.ModelPackage")]
public sealed record ModelPackage
{
    /// <summary>
    /// Content hash of the manifest's blob; empty: the version was published before there were packages, and the manifest was put together now.
    /// </summary>
    [Id(0)] public string Hash { get; init; } = "";

    /// <summary>UTF-8 JSON.</summary>
    [Id(1)] public required ReadOnlyMemory<byte> Manifest { get; init; }

    /// <summary>UTF-8 JSON; empty: nobody looked at the training rows.</summary>
    [Id(2)] public ReadOnlyMemory<byte> Profile { get; init; }
}
