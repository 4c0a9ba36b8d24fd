using System.Text.Json.Serialization;

namespace OrleansCluster.Contracts.Api;

/// <summary>What a training would take: memory of each silo, messages, passes over the rows, time.</summary>
public sealed class TrainingPlanDocument
{
    [JsonPropertyName("family")]
    public string Family { get; set; } = "";

    [JsonPropertyName("dataset")]
    public string Dataset { get; set; } = "";

    [JsonPropertyName("dataset_version")]
    public int DatasetVersion { get; set; }

    [JsonPropertyName("rows")]
    public long Rows { get; set; }

    /// <summary>Columns that the model sees; those before the preparation, where how many there are after it depends on the rows.</summary>
    [JsonPropertyName("columns")]
    public int Columns { get; set; }

    [JsonPropertyName("prepared")]
    public bool Prepared { get; set; }

    /// <summary>Clusters, or the most that are tried.</summary>
    [JsonPropertyName("clusters")]
    public int Clusters { get; set; }

    [JsonPropertyName("starts")]
    public int Starts { get; set; }

    /// <summary>Most iterations of a start.</summary>
    [JsonPropertyName("max_iterations")]
    public int MaxIterations { get; set; }

    [JsonPropertyName("silos")]
    public int Silos { get; set; }

    /// <summary>Threads that compute on each silo.</summary>
    [JsonPropertyName("threads")]
    public int Threads { get; set; }

    [JsonPropertyName("shards")]
    public long Shards { get; set; }

    /// <summary>Bytes of the rows' values that each silo maps: they give way to anything else.</summary>
    [JsonPropertyName("mapped_bytes")]
    public long MappedBytes { get; set; }

    /// <summary>Bytes that a silo takes besides.</summary>
    [JsonPropertyName("memory_bytes")]
    public long MemoryBytes { get; set; }

    [JsonPropertyName("memory_bytes_of_rows")]
    public long MemoryBytesOfRows { get; set; }

    [JsonPropertyName("memory_bytes_of_thread")]
    public long MemoryBytesOfThread { get; set; }

    /// <summary>Bytes that a silo may take.</summary>
    [JsonPropertyName("memory_limit_bytes")]
    public long MemoryLimitBytes { get; set; }

    [JsonPropertyName("iteration_messages")]
    public long IterationMessages { get; set; }

    /// <summary>Bytes of an iteration that go from silo to silo.</summary>
    [JsonPropertyName("iteration_message_bytes")]
    public long IterationMessageBytes { get; set; }

    /// <summary>Seconds of an iteration that spares nothing; later ones spare most.</summary>
    [JsonPropertyName("iteration_seconds")]
    public double IterationSeconds { get; set; }

    /// <summary>Passes over the rows if every start takes as many iterations as it may.</summary>
    [JsonPropertyName("most_passes")]
    public long MostPasses { get; set; }

    /// <summary>Seconds if every start takes as many iterations as it may.</summary>
    [JsonPropertyName("most_seconds")]
    public double MostSeconds { get; set; }

    [JsonPropertyName("fits")]
    public bool Fits { get; set; }

    /// <summary>Why it does not fit, with the numbers and what would; null: it does.</summary>
    [JsonPropertyName("refusal")]
    public string? Refusal { get; set; }
}
