using System.Collections.Immutable;

namespace OrleansCluster.Training;

/// <summary>Which rows a job trains on and how its reduction tree is shaped. The same for all steps of a job.</summary>
[GenerateSerializer, Immutable, Alias("oc.JobShards")]
public sealed record JobShards
{
    [Id(0)] public required string Tenant { get; init; }

    [Id(1)] public required string Job { get; init; }

    /// <summary>Which algorithm's workers compute the steps.</summary>
    [Id(2)] public required string Algorithm { get; init; }

    /// <summary>Content hash of the dataset version's manifest.</summary>
    [Id(3)] public required string Manifest { get; init; }

    /// <summary>Number of shards.</summary>
    [Id(4)] public required int Shards { get; init; }

    /// <summary>Children of a node of the reduction tree: a power of two, at least 2.</summary>
    [Id(5)] public required int FanIn { get; init; }

    /// <summary>Addresses of the silos that the job was spread over when it was taken up; empty where there is nothing to choose.</summary>
    [Id(6)] public ImmutableArray<string> Silos { get; init; } = [];

    /// <summary>The model that is trained: what the work is counted for. Empty: an earlier build began the job.</summary>
    [Id(7)] public string Model { get; init; } = "";
}

/// <summary>A step by name: its digest stands for the bytes, which are fetched once per silo.</summary>
[GenerateSerializer, Immutable, Alias("oc.StepName")]
public sealed record StepName
{
    [Id(0)] public required JobShards Job { get; init; }

    /// <summary>SHA-256 of the step's bytes, lower-case hex.</summary>
    [Id(1)] public required string Digest { get; init; }

    /// <summary>First byte wanted of the statistic; not 0 when earlier pieces of it are here already.</summary>
    [Id(2)] public int Offset { get; init; }
}

/// <summary>A statistic, or the news that it is still being computed.</summary>
[GenerateSerializer, Immutable, Alias("oc.StepReply")]
public sealed record StepReply
{
    /// <summary>Still computing: ask again, which joins the running work.</summary>
    public static StepReply StillRunning { get; } = new() { Pending = true };

    [Id(0)] public bool Pending { get; init; }

    /// <summary>The encoded statistic from the byte asked for on, at most <see cref="WireLimits.PieceBytes"/> of it, when not <see cref="Pending"/>.</summary>
    [Id(1)] public ReadOnlyMemory<byte> Statistic { get; init; }

    /// <summary>Length of the whole statistic in bytes; what <see cref="Statistic"/> does not reach is asked for by <see cref="StepName.Offset"/>.</summary>
    [Id(2)] public int Length { get; init; }
}

/// <summary>A piece of a step's bytes.</summary>
[GenerateSerializer, Immutable, Alias("oc.StepChunk")]
public sealed record StepChunk
{
    /// <summary>Length of the whole step in bytes.</summary>
    [Id(0)] public required int Length { get; init; }

    [Id(1)] public required ReadOnlyMemory<byte> Bytes { get; init; }
}
