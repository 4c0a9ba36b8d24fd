using System.Collections.Concurrent;
using OrleansCluster.Monitoring;
using OrleansCluster.Serving;

namespace OrleansCluster.Tenancy;

/// <summary>
/// Refuses questions about more rows a second than a tenant may ask about on this silo, where they are answered and whoever asks.
/// </summary>
public sealed class RowQuotas(TenantLimits limits, TimeProvider time) : IIncomingGrainCallFilter
{
    private readonly ConcurrentDictionary<string, RowAllowance> _allowances = new(StringComparer.Ordinal);

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
    private static long Count(RowsPayload? rows) => rows?.CountRows() ?? 0;

    private async Task Ask(IIncomingGrainCallContext context, string tenant)
    {
        long perSecond = (await limits.Get(tenant)).RowsPerSecond;
        if (perSecond == 0)
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
        RowAllowance allowance = _allowances.GetOrAdd(tenant, static (_, clock) => new RowAllowance(clock), time);
        allowance.Take(rows, perSecond, goesOn);
        await context.Invoke();
        if (shard is not null)
            allowance.Take(AuditedCall.Rows(context.Result), perSecond, goesOn: true);
    }
}
