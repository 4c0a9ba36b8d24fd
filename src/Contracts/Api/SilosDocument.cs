using System.Text.Json.Serialization;

namespace OrleansCluster.Contracts.Api;

/// <summary>The silos of a cluster at a moment.</summary>
public sealed class SilosDocument
{
    [JsonPropertyName("time")]
    public DateTimeOffset Time { get; set; }

    /// <summary>Those that take part, then those that are gone since a day at most.</summary>
    [JsonPropertyName("silos")]
    public SiloDocument[] Silos { get; set; } = [];
}

/// <summary>One silo.</summary>
public sealed class SiloDocument
{
    /// <summary>Address, port and generation: a silo that starts again is another one.</summary>
    [JsonPropertyName("address")]
    public string Address { get; set; } = "";

    [JsonPropertyName("name")]
    public string Name { get; set; } = "";

    [JsonPropertyName("host")]
    public string Host { get; set; } = "";

    /// <summary><c>created</c>, <c>joining</c>, <c>active</c>, <c>shutting-down</c>, <c>stopping</c> or <c>dead</c>.</summary>
    [JsonPropertyName("status")]
    public string Status { get; set; } = "";

    /// <summary>Version of the program; null: it did not say.</summary>
    [JsonPropertyName("version")]
    public string? Version { get; set; }

    [JsonPropertyName("started")]
    public DateTimeOffset Started { get; set; }

    /// <summary>Its last sign of life in the membership.</summary>
    [JsonPropertyName("seen")]
    public DateTimeOffset Seen { get; set; }

    /// <summary>How busy its machine is, from 0 to 1; null: nobody knows.</summary>
    [JsonPropertyName("cpu")]
    public double? Cpu { get; set; }

    /// <summary>Bytes that its process has in memory.</summary>
    [JsonPropertyName("memory_bytes")]
    public long MemoryBytes { get; set; }

    /// <summary>Bytes that its process may take.</summary>
    [JsonPropertyName("memory_limit_bytes")]
    public long MemoryLimitBytes { get; set; }

    /// <summary>Threads that compute.</summary>
    [JsonPropertyName("threads")]
    public int Threads { get; set; }

    /// <summary>Active grains by kind, the most first.</summary>
    [JsonPropertyName("grains")]
    public GrainCountDocument[] Grains { get; set; } = [];

    /// <summary>Shards that it holds for trainings under way, of all tenants.</summary>
    [JsonPropertyName("shards")]
    public HeldShardsDocument[] Shards { get; set; } = [];

    /// <summary>Why it tells nothing itself; null: it does.</summary>
    [JsonPropertyName("trouble")]
    public string? Trouble { get; set; }
}

/// <summary>How many grains of a kind are active.</summary>
public sealed class GrainCountDocument
{
    [JsonPropertyName("kind")]
    public string Kind { get; set; } = "";

    [JsonPropertyName("count")]
    public long Count { get; set; }
}

/// <summary>The shards of a job that a silo holds.</summary>
public sealed class HeldShardsDocument
{
    [JsonPropertyName("tenant")]
    public string Tenant { get; set; } = "";

    [JsonPropertyName("job")]
    public string Job { get; set; } = "";

    [JsonPropertyName("count")]
    public int Count { get; set; }

    /// <summary>The first, from 0.</summary>
    [JsonPropertyName("first")]
    public int First { get; set; }

    [JsonPropertyName("last")]
    public int Last { get; set; }
}
