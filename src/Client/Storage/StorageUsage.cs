using System.Collections.Immutable;

namespace OrleansCluster.Client.Storage;

/// <summary>What is stored, in bytes. A blob that several things name is counted once, as shared.</summary>
public sealed record StorageUsage
{
    /// <summary>By name; those that have nothing are left out.</summary>
    public required ImmutableArray<TenantUsage> Tenants { get; init; }

    /// <summary>Of blobs that things of several tenants name.</summary>
    public required long Shared { get; init; }

    /// <summary>Of blobs that nothing names.</summary>
    public required long Unnamed { get; init; }

    /// <summary>How many blobs nothing names.</summary>
    public required long UnnamedBlobs { get; init; }

    /// <summary>All bytes.</summary>
    public required long Bytes { get; init; }

    /// <summary>All blobs.</summary>
    public required long Blobs { get; init; }
}

/// <summary>What a tenant has stored, in bytes.</summary>
/// <param name="Tenant">Its name.</param>
/// <param name="Datasets">Of blobs that one of its datasets names, whatever jobs read it.</param>
/// <param name="Models">Of blobs that one of its models names.</param>
/// <param name="Jobs">Of blobs that its jobs name and nothing else.</param>
/// <param name="Shared">Of blobs that several of its datasets or models name.</param>
/// <param name="Audit">Of blobs with older entries of its audit log.</param>
public sealed record TenantUsage(string Tenant, long Datasets, long Models, long Jobs, long Shared, long Audit);

/// <summary>What was collected, or would be.</summary>
/// <param name="Blobs">How many blobs.</param>
/// <param name="Bytes">How many bytes.</param>
/// <param name="Young">Bytes that nothing names and that are too young to go.</param>
/// <param name="IsDone">Whether they are gone.</param>
public sealed record StorageCollection(long Blobs, long Bytes, long Young, bool IsDone);
