using System.Text.Json.Serialization;

namespace OrleansCluster.Contracts.Api;

/// <summary>What a tenant used over several days, and what that costs.</summary>
public sealed class UsageDocument
{
    [JsonPropertyName("tenant")]
    public string Tenant { get; set; } = "";

    /// <summary>The first day (UTC), as <c>2026-11-29</c>.</summary>
    [JsonPropertyName("since")]
    public string Since { get; set; } = "";

    /// <summary>The last day.</summary>
    [JsonPropertyName("until")]
    public string Until { get; set; } = "";

    /// <summary>All days together, by model.</summary>
    [JsonPropertyName("models")]
    public ModelUsageDocument[] Models { get; set; } = [];

    /// <summary>Bytes that datasets took, summed over days, in 10⁹.</summary>
    [JsonPropertyName("stored_gigabyte_days")]
    public decimal StoredGigabyteDays { get; set; }

    /// <summary>What the price list is in; null: there is none.</summary>
    [JsonPropertyName("currency")]
    public string? Currency { get; set; }

    /// <summary>What storing costs; null: there is no price list.</summary>
    [JsonPropertyName("stored_cost")]
    public decimal? StoredCost { get; set; }

    /// <summary>What all of it costs.</summary>
    [JsonPropertyName("cost")]
    public decimal? Cost { get; set; }

    /// <summary>Day by day; those on which nothing was used or stored are left out.</summary>
    [JsonPropertyName("days")]
    public UsageDayDocument[] Days { get; set; } = [];
}

/// <summary>What was used on a day.</summary>
public sealed class UsageDayDocument
{
    [JsonPropertyName("day")]
    public string Day { get; set; } = "";

    [JsonPropertyName("stored_bytes")]
    public long StoredBytes { get; set; }

    [JsonPropertyName("models")]
    public ModelUsageDocument[] Models { get; set; } = [];
}

/// <summary>What a model used.</summary>
public sealed class ModelUsageDocument
{
    /// <summary>Its name; empty: work for the tenant that is no one model's, as importing is; <c>-</c>: those that are too many to be told apart.</summary>
    [JsonPropertyName("model")]
    public string Model { get; set; } = "";

    /// <summary>How long threads of the silos' compute pools worked on its trainings.</summary>
    [JsonPropertyName("training_seconds")]
    public decimal TrainingSeconds { get; set; }

    /// <summary>How long they worked on questions to it.</summary>
    [JsonPropertyName("serving_seconds")]
    public decimal ServingSeconds { get; set; }

    [JsonPropertyName("requests")]
    public long Requests { get; set; }

    [JsonPropertyName("rows")]
    public long Rows { get; set; }

    /// <summary>What that costs; null: there is no price list.</summary>
    [JsonPropertyName("cost")]
    public decimal? Cost { get; set; }
}

/// <summary>What things cost. What is not said costs nothing.</summary>
public sealed class PriceListDocument
{
    /// <summary>Three capital letters, as <c>EUR</c>.</summary>
    [JsonPropertyName("currency")]
    public string Currency { get; set; } = "";

    /// <summary>An hour of a thread that trains.</summary>
    [JsonPropertyName("training_hour")]
    public decimal TrainingHour { get; set; }

    /// <summary>An hour of a thread that answers.</summary>
    [JsonPropertyName("serving_hour")]
    public decimal ServingHour { get; set; }

    /// <summary>10⁹ bytes of datasets for 30 days.</summary>
    [JsonPropertyName("stored_gigabyte_month")]
    public decimal StoredGigabyteMonth { get; set; }

    /// <summary>A million questions.</summary>
    [JsonPropertyName("million_requests")]
    public decimal MillionRequests { get; set; }

    /// <summary>A million rows of answers.</summary>
    [JsonPropertyName("million_rows")]
    public decimal MillionRows { get; set; }
}
