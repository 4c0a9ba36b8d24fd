using System.Collections.Immutable;
using Orleans.Concurrency;

namespace OrleansCluster.Tenancy;

/// <summary>
/// The audit log of a tenant: who changed what and who read data; key: <c>tenant/</c><see cref="Name"/>. Entries are only ever added. Each bears the hash of
/// the one before, so that one that was changed or left out shows (<see cref="AuditChain"/>).
/// </summary>
[Alias("oc.IAuditGrain")]
public interface IAuditGrain : IGrainWithStringKey
{
    /// <summary>The second part of its key.</summary>
    public const string Name = "log";

    /// <summary>Entries of a page.</summary>
    public const int PageEntries = 64;

    /// <summary>Adds entries. Answered when they are written.</summary>
    [Alias("Append"), AlwaysInterleave]
    Task Append(ImmutableArray<AuditRecord> records, CancellationToken cancellation = default);

    /// <summary>Notes what a silo is about to do. Answered when it is written; if the silo ends before it has told how that ended, the log says so.</summary>
    [Alias("Begin"), AlwaysInterleave]
    Task Begin(AuditIntent intent, CancellationToken cancellation = default);

    /// <summary>Adds the entry of what was begun. Answered when it is written.</summary>
    /// <param name="intent">What was begun, as <see cref="AuditIntent.Id"/> names it.</param>
    /// <param name="record">How it ended.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    [Alias("End"), AlwaysInterleave]
    Task End(string intent, AuditRecord record, CancellationToken cancellation = default);

    /// <summary>A page of entries as they are kept.</summary>
    /// <param name="page">From 0, oldest first; -1: the newest. Past the last: the answer has no lines.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="ClusteringException">The page cannot be read.</exception>
    [Alias("Read"), AlwaysInterleave]
    Task<AuditPage> Read(long page, CancellationToken cancellation = default);

    /// <summary>Content hashes of the blobs that hold older entries.</summary>
    /// <exception cref="ClusteringException">What names them cannot be read.</exception>
    [Alias("Blobs"), AlwaysInterleave]
    Task<ImmutableArray<string>> Blobs(CancellationToken cancellation = default);
}

/// <summary>What is to be written into an audit log.</summary>
[GenerateSerializer, Immutable, Alias("oc.AuditRecord")]
public sealed record AuditRecord
{
    /// <summary>Who asked; empty: nobody said.</summary>
    [Id(0)] public string Who { get; init; } = "";

    /// <summary>What was asked for.</summary>
    [Id(1)] public required string What { get; init; }

    /// <summary>Of which dataset, model, job, key or tenant.</summary>
    [Id(2)] public string Which { get; init; } = "";

    [Id(3)] public string Detail { get; init; } = "";

    /// <summary>One of <see cref="AuditOutcomes"/>.</summary>
    [Id(4)] public required string Outcome { get; init; }

    /// <summary>How many times.</summary>
    [Id(5)] public long Times { get; init; } = 1;

    /// <summary>Rows that were asked about or read.</summary>
    [Id(6)] public long Rows { get; init; }

    /// <summary>When the first of several was asked for; null: there are not several.</summary>
    [Id(7)] public DateTimeOffset? Since { get; init; }
}

/// <summary>What a silo is about to do.</summary>
[GenerateSerializer, Immutable, Alias("oc.AuditIntent")]
public sealed record AuditIntent
{
    /// <summary>Its name among all that are begun.</summary>
    [Id(0)] public required string Id { get; init; }

    /// <summary>Address of the silo, with its generation.</summary>
    [Id(1)] public required string Silo { get; init; }

    [Id(2)] public required DateTimeOffset Begun { get; init; }

    /// <summary>What is to be written if the silo ends before it has told how it ended.</summary>
    [Id(3)] public required AuditRecord Record { get; init; }
}

/// <summary>How what was asked for ended.</summary>
public static class AuditOutcomes
{
    public const string Done = "done";

    /// <summary>Nothing was done.</summary>
    public const string Refused = "refused";

    /// <summary>It is not known what was done.</summary>
    public const string Failed = "failed";
}

/// <summary>Some entries of an audit log.</summary>
[GenerateSerializer, Immutable, Alias("oc.AuditPage")]
public sealed record AuditPage
{
    /// <summary>Number of the page, from 0.</summary>
    [Id(0)] public required long Page { get; init; }

    /// <summary>Entries of the whole log.</summary>
    [Id(1)] public required long Entries { get; init; }

    /// <summary>Hash of the newest entry; empty: there is none.</summary>
    [Id(2)] public required string Head { get; init; }

    /// <summary>The entries, oldest first: lines of JSON (an <c>AuditEntryDocument</c> each), to the byte as their hashes were taken.</summary>
    [Id(3)] public required ImmutableArray<string> Lines { get; init; }
}
