namespace OrleansCluster.Monitoring;

/// <summary>Tells what the clusters of a model are like; key: <c>tenant/model</c>. A stateless worker.</summary>
[Alias("oc.IProfilerGrain")]
public interface IProfilerGrain : IGrainWithStringKey
{
    /// <summary>What the clusters of a version are like, as a bounded number of the rows say that it was trained on.</summary>
    /// <exception cref="ClusteringException">No such model, version or cluster; its rows are gone; or it is too much for one answer.</exception>
    [Alias("Profile"), Tenancy.Audited("model.profile", Counted = true)]
    Task<ClusterProfiles> Profile(ProfileQuery query, CancellationToken cancellation = default);
}

/// <summary>What is to be told of clusters.</summary>
[GenerateSerializer, Immutable, Alias("oc.ProfileQuery")]
public sealed record ProfileQuery
{
    /// <summary>The most rows that are told of each kind.</summary>
    public const int MostRows = 20;

    /// <summary>Version of the model; 0: the champion, else the newest.</summary>
    [Id(0)] public int Version { get; init; }

    /// <summary>Stable id of the only cluster to tell of; −1: all.</summary>
    [Id(1)] public int Cluster { get; init; } = -1;

    /// <summary>How many typical, representative and doubtful rows are told, 0 to <see cref="MostRows"/>.</summary>
    [Id(2)] public int Rows { get; init; } = 3;

    /// <summary>How many columns of each cluster are told at most, those first that set it apart; 0: all.</summary>
    [Id(3)] public int Columns { get; init; }
}

/// <summary>What clusters are like.</summary>
[GenerateSerializer, Immutable, Alias("oc.ClusterProfiles")]
public sealed record ClusterProfiles
{
    /// <summary>UTF-8 JSON: a <c>ClusterProfilesDocument</c>.</summary>
    [Id(0)] public required ReadOnlyMemory<byte> Document { get; init; }

    /// <summary>How many rows it shows: what the audit log tells.</summary>
    [Id(1)] public long Rows { get; init; }
}
