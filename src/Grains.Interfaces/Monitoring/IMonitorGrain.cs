using System.Collections.Immutable;
using OrleansCluster.Datasets;
using OrleansCluster.Tenancy;

namespace OrleansCluster.Monitoring;

/// <summary>
/// Keeps what was observed under a model, in windows; key: <c>tenant/model</c>. The newest windows stay, a bounded number of those that silos observed
/// while they answered, and of others.
/// </summary>
[Alias("oc.IMonitorGrain")]
public interface IMonitorGrain : IPackable
{
    /// <summary>Adds a part to a window. One that is told again is not added again.</summary>
    /// <exception cref="ClusteringException">The name is not allowed, the part is damaged, or it cannot be kept.</exception>
    [Alias("Keep"), Audited("window.keep", Counted = true, Tells = "part")]
    Task<ObservedWindow> Keep(WindowPart part, CancellationToken cancellation = default);

    /// <summary>All windows, the oldest first.</summary>
    [Alias("Windows")]
    Task<ImmutableArray<ObservedWindow>> Windows(CancellationToken cancellation = default);

    /// <summary>What a window holds; null: there is none.</summary>
    /// <param name="window">Its name.</param>
    /// <param name="version">Version of the model.</param>
    /// <param name="cancellation">Gives up.</param>
    [Alias("Find")]
    Task<Observation?> Find(string window, int version, CancellationToken cancellation = default);

    /// <summary>Keeps a check of segments, of a bounded number the newest. One that is told again is not kept again.</summary>
    /// <returns>All that are kept, the oldest first.</returns>
    /// <exception cref="ClusteringException">It cannot be kept; the message says why.</exception>
    [Alias("Tell"), Audited("segments.tell")]
    Task<ImmutableArray<SegmentCheck>> Tell(SegmentCheck check, CancellationToken cancellation = default);

    /// <summary>The checks of segments, the oldest first.</summary>
    [Alias("Checks")]
    Task<ImmutableArray<SegmentCheck>> Checks(CancellationToken cancellation = default);

    /// <summary>Drops the windows of a version that is gone.</summary>
    /// <param name="version">Version of the model; 0: of all versions, and the checks of segments.</param>
    /// <param name="cancellation">Gives up.</param>
    [Alias("Forget")]
    Task Forget(int version, CancellationToken cancellation = default);
}

/// <summary>What is added to a window.</summary>
[GenerateSerializer, Immutable, Alias("oc.WindowPart")]
public sealed record WindowPart
{
    /// <summary>Tells this part from others of its window.</summary>
    [Id(0)] public required string Id { get; init; }

    /// <summary>Name of the window; empty: the day, as <c>2026-01-31</c> (UTC).</summary>
    [Id(1)] public required string Window { get; init; }

    [Id(2)] public required Observation Observation { get; init; }

    /// <summary>
    /// The silo that tells what it was asked, one part after the other, so that its last is all that need be known again; empty: somebody who observed rows.
    /// </summary>
    [Id(3)] public string Teller { get; init; } = "";
}

/// <summary>Rows that were observed under one version.</summary>
[GenerateSerializer, Immutable, Alias("oc.ObservedWindow")]
public sealed record ObservedWindow
{
    [Id(0)] public required string Name { get; init; }

    [Id(1)] public required int Version { get; init; }

    [Id(2)] public required long Rows { get; init; }

    /// <summary>When its first part came.</summary>
    [Id(3)] public required DateTimeOffset Since { get; init; }

    /// <summary>When its last part came.</summary>
    [Id(4)] public required DateTimeOffset Until { get; init; }

    /// <summary>Content hash of the blob with its counts.</summary>
    [Id(5)] public required string Counts { get; init; }

    /// <summary>Bytes of that.</summary>
    [Id(6)] public required long Bytes { get; init; }

    /// <summary>Ids of its last parts.</summary>
    [Id(7)] public ImmutableArray<string> Parts { get; init; } = [];

    /// <summary>Whether silos observed it while they answered.</summary>
    [Id(8)] public bool IsServed { get; init; }

    /// <summary>Rows that are far from every cluster.</summary>
    [Id(9)] public long Far { get; init; }
}
