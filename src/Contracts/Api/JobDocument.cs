using System.Text.Json.Serialization;

namespace OrleansCluster.Contracts.Api;

/// <summary>Where a training job stands.</summary>
public sealed class JobDocument
{
    [JsonPropertyName("id")]
    public string Id { get; set; } = "";

    /// <summary><c>queued</c>, <c>running</c>, <c>interrupted</c>, <c>succeeded</c>, <c>failed</c> or <c>cancelled</c>.</summary>
    [JsonPropertyName("state")]
    public string State { get; set; } = "";

    [JsonPropertyName("model")]
    public string Model { get; set; } = "";

    [JsonPropertyName("dataset")]
    public JobDatasetDocument Dataset { get; set; } = new();

    /// <summary>The number of clusters, of a range the smallest; of the published version once there is one.</summary>
    [JsonPropertyName("k")]
    public int K { get; set; }

    /// <summary>The greatest number of clusters to try.</summary>
    [JsonPropertyName("largest_k")]
    public int LargestK { get; set; }

    /// <summary>The version that it published; 0: none yet.</summary>
    [JsonPropertyName("version")]
    public int Version { get; set; }

    [JsonPropertyName("phase")]
    public string Phase { get; set; } = "";

    [JsonPropertyName("restart")]
    public int Restart { get; set; }

    [JsonPropertyName("restarts")]
    public int Restarts { get; set; }

    [JsonPropertyName("iteration")]
    public int Iteration { get; set; }

    [JsonPropertyName("max_iterations")]
    public int MaxIterations { get; set; }

    /// <summary>Of the newest iteration, or of the published version; null: there is none yet.</summary>
    [JsonPropertyName("objective")]
    public double? Objective { get; set; }

    /// <summary>Of the best restart that has ended; null: none has.</summary>
    [JsonPropertyName("best")]
    public double? Best { get; set; }

    [JsonPropertyName("created")]
    public DateTimeOffset Created { get; set; }

    /// <summary>Why it failed, or what it waits for; empty: nothing is wrong.</summary>
    [JsonPropertyName("error")]
    public string Error { get; set; } = "";
}

/// <summary>What a job trains on.</summary>
public sealed class JobDatasetDocument
{
    [JsonPropertyName("name")]
    public string Name { get; set; } = "";

    [JsonPropertyName("version")]
    public int Version { get; set; }

    [JsonPropertyName("rows")]
    public long Rows { get; set; }
}

/// <summary>Some jobs, newest first.</summary>
public sealed class JobPageDocument
{
    [JsonPropertyName("items")]
    public JobDocument[] Items { get; set; } = [];

    /// <summary>What <c>after</c> must be for the next page; null: there is none.</summary>
    [JsonPropertyName("next")]
    public string? Next { get; set; }
}

/// <summary>What happened in a job: the data of a server-sent event.</summary>
public sealed class ProgressDocument
{
    [JsonPropertyName("job")]
    public JobDocument Job { get; set; } = new();

    /// <summary>Iterations that ended since the event before.</summary>
    [JsonPropertyName("iterations")]
    public IterationDocument[] Iterations { get; set; } = [];

    [JsonPropertyName("warnings")]
    public string[] Warnings { get; set; } = [];
}
