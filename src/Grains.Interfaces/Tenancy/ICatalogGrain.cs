using System.Collections.Immutable;

namespace OrleansCluster.Tenancy;

/// <summary>The names of one kind of thing that a tenant has; key: <c>tenant/kind</c>, see <see cref="CatalogKinds"/>.</summary>
[Alias("oc.ICatalogGrain")]
public interface ICatalogGrain : IGrainWithStringKey
{
    /// <summary>
    /// Adds a name; does nothing when it is there. Added before the thing itself is written, so a listing may meet a name with nothing behind it.
    /// </summary>
    [Alias("Add")]
    Task Add(string name, CancellationToken cancellation = default);

    /// <summary>Takes a name away, after the thing itself; does nothing when it is not there.</summary>
    [Alias("Remove")]
    Task Remove(string name, CancellationToken cancellation = default);

    /// <summary>All names, in ordinal order.</summary>
    [Alias("List")]
    Task<ImmutableArray<string>> List(CancellationToken cancellation = default);
}

/// <summary>What catalogs there are.</summary>
public static class CatalogKinds
{
    public const string Datasets = "datasets";
    public const string Models = "models";
    public const string Jobs = "jobs";

    /// <summary>Models that are retrained by themselves.</summary>
    public const string Retraining = "retraining";

    /// <summary>Models that have windows of observed rows.</summary>
    public const string Watched = "watched";

    /// <summary>Of the names of <see cref="Everybody"/>: the tenants that have a catalog.</summary>
    public const string Tenants = "tenants";

    /// <summary>The part of the key where a tenant's name would be.</summary>
    public const string Everybody = "_everybody";
}
