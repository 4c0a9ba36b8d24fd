using System.Collections.Concurrent;

namespace OrleansCluster.Compute;

/// <summary>The shares of this silo's threads, by tenant. Thread-safe.</summary>
public sealed class ComputeShares
{
    /// <summary>Tenants that are told apart; those beyond have one share together.</summary>
    private const int Most = 10_000;

    private readonly ConcurrentDictionary<string, ComputeShare> _shares = new(StringComparer.Ordinal);
    private readonly ComputeShare _others = new();

    /// <summary>The share of a tenant.</summary>
    public ComputeShare Of(string tenant) =>
        _shares.TryGetValue(tenant, out ComputeShare? share) ? share : _shares.Count < Most ? _shares.GetOrAdd(tenant, _ => new ComputeShare()) : _others;
}
