using System.Collections.Immutable;
using Orleans.Concurrency;

namespace OrleansCluster.Silos;

/// <summary>Tells of the silos of a cluster: which there are, how they are, and what they hold. One for the whole cluster; key: <see cref="Key"/>.</summary>
[Alias("oc.ISilosGrain")]
public interface ISilosGrain : IGrainWithStringKey
{
    /// <summary>The key of the one of a cluster.</summary>
    public const string Key = "silos";

    /// <summary>Asks every silo that takes part. One that does not answer within some seconds is told of with what the others know.</summary>
    [Alias("Look"), AlwaysInterleave]
    Task<ClusterReport> Look(CancellationToken cancellation = default);
}

/// <summary>Tells of the silo that it is on; key: the silo's address, where whoever asks has it placed.</summary>
[Alias("oc.ISiloGrain")]
public interface ISiloGrain : IGrainWithStringKey
{
    /// <summary>How this silo is, and what it holds.</summary>
    [Alias("Tell"), AlwaysInterleave]
    Task<SiloReport> Tell(CancellationToken cancellation = default);
}

/// <summary>The silos of a cluster at a moment.</summary>
[GenerateSerializer, Immutable, Alias("oc.ClusterReport")]
public sealed record ClusterReport
{
    /// <summary>When they were asked.</summary>
    [Id(0)] public DateTimeOffset Time { get; init; }

    /// <summary>Those that take part in the order of their addresses, then those that are gone, the latest first.</summary>
    [Id(1)] public ImmutableArray<SiloReport> Silos { get; init; } = [];
}

/// <summary>One silo.</summary>
[GenerateSerializer, Immutable, Alias("oc.SiloReport")]
public sealed record SiloReport
{
    /// <summary>Address, port and generation: <c>127.0.0.1:11111@153</c>. A silo that starts again is another one.</summary>
    [Id(0)] public string Address { get; init; } = "";

    /// <summary>As its host calls it.</summary>
    [Id(1)] public string Name { get; init; } = "";

    /// <summary>The machine.</summary>
    [Id(2)] public string Host { get; init; } = "";

    /// <summary>What the membership says of it: <c>joining</c>, <c>active</c>, <c>shutting-down</c>, <c>stopping</c>, <c>dead</c>.</summary>
    [Id(3)] public string Status { get; init; } = "";

    [Id(4)] public DateTimeOffset Started { get; init; }

    /// <summary>Its last sign of life in the membership.</summary>
    [Id(5)] public DateTimeOffset Seen { get; init; }

    /// <summary>Version of the program; empty: it did not say.</summary>
    [Id(6)] public string Version { get; init; } = "";

    /// <summary>How busy its machine is, from 0 to 1; NaN: nobody knows.</summary>
    [Id(7)] public double Cpu { get; init; } = double.NaN;

    /// <summary>Bytes that its process has in memory; 0: it did not say.</summary>
    [Id(8)] public long MemoryBytes { get; init; }

    /// <summary>Bytes that its process may take: by its own limit, its container's or the machine's.</summary>
    [Id(9)] public long MemoryLimit { get; init; }

    /// <summary>Threads that compute.</summary>
    [Id(10)] public int Threads { get; init; }

    /// <summary>Active grains by their kind, the most first.</summary>
    [Id(11)] public ImmutableArray<GrainCount> Grains { get; init; } = [];

    /// <summary>Shards that it holds for trainings under way.</summary>
    [Id(12)] public ImmutableArray<HeldShards> Shards { get; init; } = [];

    /// <summary>Why it tells nothing itself; empty: it does.</summary>
    [Id(13)] public string Trouble { get; init; } = "";
}

/// <summary>How many grains of a kind are active.</summary>
[GenerateSerializer, Immutable, Alias("oc.GrainCount")]
public sealed record GrainCount
{
    /// <summary>The kind: <c>model</c>, <c>partition</c>.</summary>
    [Id(0)] public string Kind { get; init; } = "";

    [Id(1)] public long Count { get; init; }
}

/// <summary>The shards of a job that a silo holds.</summary>
[GenerateSerializer, Immutable, Alias("oc.HeldShards")]
public sealed record HeldShards
{
    [Id(0)] public string Tenant { get; init; } = "";

    [Id(1)] public string Job { get; init; } = "";

    /// <summary>How many.</summary>
    [Id(2)] public int Count { get; init; }

    /// <summary>The first, from 0.</summary>
    [Id(3)] public int First { get; init; }

    /// <summary>The last: all between are here when there are as many.</summary>
    [Id(4)] public int Last { get; init; }
}
