using System.Collections.Concurrent;
using OrleansCluster.Datasets;
using OrleansCluster.Monitoring;
using OrleansCluster.Serving;

namespace OrleansCluster.Tenancy;

/// <summary>
/// Refuses questions about more rows a second than a tenant may ask about on this silo, where they are answered and whoever asks. What a tenant may is asked
/// for once in a while, so that a question costs no call beside its own.
/// </summary>
public sealed class RowQuotas(IGrainFactory grains, TimeProvider time) : IIncomingGrainCallFilter
{
    /// <summary>How long what a tenant may holds here.</summary>
    private static readonly TimeSpan Holds = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, Known> _tenants = new(StringComparer.Ordinal);

    public Task Invoke(IIncomingGrainCallContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return !context.TargetId.IsSystemTarget() && context.InterfaceMethod.DeclaringType is { } asked
            && (asked == typeof(IAssignerGrain) || asked == typeof(IObserverGrain)) && TenantBoundary.TenantOf(context.TargetId) is { } tenant
            ? Ask(context, tenant)
            : context.Invoke();
    }

    private static long Rows(object? question) => question switch
    {
        RowsPayload rows => Count(rows),
        ScoreQuery query => Count(query.Rows),
        ExplainQuery query => Count(query.Rows),
        ObserveQuery query => Count(query.Rows),
        SampleQuery query => query.Rows,
        // Asked for in parts; the first says how many there are.
        DivergenceQuery { FirstRow: 0 } query => query.Rows,
        _ => 0,
    };

    /// <summary>What is no whole number of rows is refused by who reads it.</summary>
    private static long Count(RowsPayload? rows) =>
        rows is { Columns: > 0 } ? rows.Values.Length / ((long)rows.Columns * (rows.Precision == Precisions.Name(Numerics.Rows.Precision.Float32) ? 4 : 8)) : 0;

    private async Task Ask(IIncomingGrainCallContext context, string tenant)
    {
        if (!_tenants.TryGetValue(tenant, out Known? known) || time.GetElapsedTime(known.At) > Holds)
            known = await Know(tenant, known);
        if (known.PerSecond == 0)
        {
            await context.Invoke();
            return;
        }

        // How many rows of a shard one call answers shows afterwards; what has begun is not broken off.
        ShardRows? shard = context.Request.GetArgumentCount() > 0 ? context.Request.GetArgument(0) as ShardRows : null;
        long rows = 0;
        for (int i = 0; i < context.Request.GetArgumentCount() && rows == 0; i++)
            rows = Rows(context.Request.GetArgument(i));
        bool goesOn = shard is { Shard: > 0 } or { FirstRow: > 0 } || context.Request.GetArgument(0) is DivergenceQuery { FirstRow: > 0 };
        known.Allowance.Take(rows, known.PerSecond, goesOn);
        await context.Invoke();
        if (shard is not null)
            known.Allowance.Take(AuditedCall.Rows(context.Result), known.PerSecond, goesOn: true);
    }

    private async Task<Known> Know(string tenant, Known? before)
    {
        TenantInfo? info = await grains.GetGrain<IAccessGrain>(IAccessGrain.Key).Tenant(tenant);
        return _tenants[tenant] = new Known(info?.Quotas.RowsPerSecond ?? 0, time.GetTimestamp(), before?.Allowance ?? new RowAllowance(time));
    }

    private sealed record Known(long PerSecond, long At, RowAllowance Allowance);
}
