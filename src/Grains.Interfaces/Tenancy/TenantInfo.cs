namespace OrleansCluster.Tenancy;

/// <summary>One whose datasets, jobs and models nobody else sees.</summary>
[GenerateSerializer, Immutable, Alias("oc.TenantInfo")]
public sealed record TenantInfo
{
    [Id(0)] public required string Name { get; init; }

    [Id(1)] public required DateTimeOffset Created { get; init; }

    [Id(2)] public string By { get; init; } = "";

    /// <summary>Since when its keys open nothing; null: it is not suspended.</summary>
    [Id(3)] public DateTimeOffset? Suspended { get; init; }

    [Id(4)] public TenantQuotas Quotas { get; init; } = new();
}

/// <summary>How much a tenant may have and ask for; 0: as much as there is.</summary>
[GenerateSerializer, Immutable, Alias("oc.TenantQuotas")]
public sealed record TenantQuotas
{
    /// <summary>Bytes of its datasets' shards, all versions; what several share is counted once.</summary>
    [Id(0)] public long StoredBytes { get; init; }

    [Id(1)] public long Models { get; init; }

    /// <summary>Jobs that have not ended.</summary>
    [Id(2)] public long Jobs { get; init; }

    /// <summary>Rows that models are asked about in a second, on each silo.</summary>
    [Id(3)] public long RowsPerSecond { get; init; }

    /// <summary>Bytes of one request.</summary>
    [Id(4)] public long RequestBytes { get; init; }

    /// <summary>Versions of its models that have their parameters.</summary>
    [Id(5)] public long Versions { get; init; }

    /// <summary>
    /// How much of a silo's threads it gets beside other tenants that have something to do, too: 1 to 10,000; 0: as usual, which is 100.
    /// </summary>
    [Id(6)] public int Weight { get; init; }
}
