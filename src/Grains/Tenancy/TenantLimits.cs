using System.Collections.Concurrent;
using OrleansCluster.Compute;

namespace OrleansCluster.Tenancy;

/// <summary>
/// What tenants may have, as this silo knows it: asked for once in a while, so that a question costs no call beside its own. Their weights come into effect
/// where that is heard. Thread-safe.
/// </summary>
public sealed class TenantLimits(ComputeShares shares, IGrainFactory grains, TimeProvider time)
{
    /// <summary>How long what a tenant may have holds here.</summary>
    private static readonly TimeSpan Holds = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, (TenantQuotas Quotas, long At)> _known = new(StringComparer.Ordinal);

    /// <summary>When a tenant's weight was asked for last.</summary>
    private readonly ConcurrentDictionary<string, long> _weighed = new(StringComparer.Ordinal);

    /// <summary>What a tenant may have; of one that nobody made, everything.</summary>
    public ValueTask<TenantQuotas> Get(string tenant) =>
        _known.TryGetValue(tenant, out (TenantQuotas Quotas, long At) known) && time.GetElapsedTime(known.At) <= Holds
            ? ValueTask.FromResult(known.Quotas)
            : new ValueTask<TenantQuotas>(Know(tenant));

    /// <summary>Has a tenant's weight come into effect, for work that goes on as before when nothing is to be heard.</summary>
    public async ValueTask Weigh(string tenant)
    {
        if (_weighed.TryGetValue(tenant, out long at) && time.GetElapsedTime(at) <= Holds)
            return;
        _weighed[tenant] = time.GetTimestamp();
        try
        {
            await Ask(tenant);
        }
        catch (Exception e) when (e is ClusteringException or UnavailableException or OrleansException or TimeoutException)
        {
            // It is asked for again before long.
        }
    }

    private async Task<TenantQuotas> Know(string tenant)
    {
        TenantQuotas quotas = await Ask(tenant);
        _known[tenant] = (quotas, time.GetTimestamp());
        return quotas;
    }

    private async Task<TenantQuotas> Ask(string tenant)
    {
        TenantQuotas quotas = (await grains.GetGrain<IAccessGrain>(IAccessGrain.Key).Tenant(tenant))?.Quotas ?? new TenantQuotas();
        shares.Of(tenant).Weight = quotas.Weight == 0 ? ComputeShare.UsualWeight : quotas.Weight;
        return quotas;
    }
}
