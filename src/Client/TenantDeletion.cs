using System.Collections.Immutable;

namespace OrleansCluster.Client;

/// <summary>What went with a tenant, by name.</summary>
public sealed record TenantDeletion
{
    public required string Tenant { get; init; }

    /// <summary>Plans of models that were retrained by themselves, by model.</summary>
    public ImmutableArray<string> Plans { get; init; } = [];

    public ImmutableArray<string> Jobs { get; init; } = [];

    public ImmutableArray<string> Models { get; init; } = [];

    public ImmutableArray<string> Datasets { get; init; } = [];

    /// <summary>Rules of alerts beside the usual ones.</summary>
    public ImmutableArray<string> Rules { get; init; } = [];

    /// <summary>Ids of its keys.</summary>
    public ImmutableArray<string> Keys { get; init; } = [];
}
