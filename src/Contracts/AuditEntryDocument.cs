using System.Text.Json.Serialization;

namespace OrleansCluster.Contracts;

/// <summary>
/// An entry of a tenant's audit log, a line of JSON. Its hash is the SHA-256, in hexadecimal digits, of the line's UTF-8 bytes up to <c>,"hash":</c>; each
/// entry bears the hash of the one before. No values of rows and no keys are ever in it.
/// </summary>
public sealed class AuditEntryDocument : IVersionedFile
{
    /// <summary>What this build writes.</summary>
    public const int Format = 1;

    [JsonPropertyName("format")]
    public int FormatVersion { get; set; } = Format;

    /// <summary>From 1, without gaps.</summary>
    [JsonPropertyName("number")]
    public long Number { get; set; }

    /// <summary>When it was written.</summary>
    [JsonPropertyName("at")]
    public DateTimeOffset At { get; set; }

    /// <summary>Who asked: <c>key ID</c>, <c>token SUBJECT</c>, or a user of the machine; empty: nobody said.</summary>
    [JsonPropertyName("who")]
    public string Who { get; set; } = "";

    /// <summary>What was asked for: <c>model.set-alias</c>, <c>rows.read</c>.</summary>
    [JsonPropertyName("what")]
    public string What { get; set; } = "";

    /// <summary>Of which dataset, model, job, key or tenant.</summary>
    [JsonPropertyName("which")]
    public string Which { get; set; } = "";

    /// <summary>How, shortly; empty: there is nothing to say.</summary>
    [JsonPropertyName("detail")]
    public string Detail { get; set; } = "";

    /// <summary><c>done</c>, <c>refused</c>, or <c>failed</c>, when it is not known what was done.</summary>
    [JsonPropertyName("outcome")]
    public string Outcome { get; set; } = "";

    /// <summary>How many times, of what is counted; 1 of anything else.</summary>
    [JsonPropertyName("times")]
    public long Times { get; set; }

    /// <summary>Rows that were asked about or read, of what is counted.</summary>
    [JsonPropertyName("rows")]
    public long Rows { get; set; }

    /// <summary>When the first of those that were counted was asked for; null: nothing was counted.</summary>
    [JsonPropertyName("since")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? Since { get; set; }

    /// <summary>Hash of the entry before; empty: this is the first.</summary>
    [JsonPropertyName("before")]
    public string Before { get; set; } = "";

    /// <summary>Hash of this entry; null: it has none yet.</summary>
    [JsonPropertyName("hash")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Hash { get; set; }
}

/// <summary>Where older entries of an audit log are: a blob that names those with the entries.</summary>
public sealed class AuditIndexFile : IVersionedFile
{
    /// <summary>What this build writes.</summary>
    public const int Format = 1;

    [JsonPropertyName("format")]
    public int FormatVersion { get; set; } = Format;

    [JsonPropertyName("tenant")]
    public string Tenant { get; set; } = "";

    /// <summary>Content hash of the index before; empty: this is the first.</summary>
    [JsonPropertyName("before")]
    public string Before { get; set; } = "";

    /// <summary>Content hashes of blobs with a page of entries each, oldest first.</summary>
    [JsonPropertyName("pages")]
    public string[] Pages { get; set; } = [];
}
