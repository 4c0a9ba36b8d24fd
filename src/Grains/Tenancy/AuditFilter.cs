using System.Collections.Concurrent;
using System.Reflection;

namespace OrleansCluster.Tenancy;

/// <summary>
/// Writes the audit log: the one place that does. Methods say that they belong into it (<see cref="AuditedAttribute"/>). A change is noted before it is done,
/// and answered when its entry is written; one whose entry cannot be written fails, although it was done. Questions are counted and told every little while.
/// </summary>
public sealed class AuditFilter(IGrainFactory grains, AuditTally tally, ILocalSiloDetails silo, TimeProvider time) : IIncomingGrainCallFilter
{
    private static readonly ConcurrentDictionary<MethodInfo, AuditedCall?> Calls = new();

    private readonly string _silo = silo.SiloAddress.ToParsableString();
    private long _begun;

    public Task Invoke(IIncomingGrainCallContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return !context.TargetId.IsSystemTarget() && Calls.GetOrAdd(context.InterfaceMethod, AuditedCall.Of) is { } call
            ? call.Counted ? Count(context, call) : Tell(context, call)
            : context.Invoke();
    }

    private static string Outcome(Exception e) => e is ClusteringException { InnerException: null } ? AuditOutcomes.Refused : AuditOutcomes.Failed;

    /// <summary>Who asks: who said so for the whole call, or else what is asked for.</summary>
    private static string Who(IIncomingGrainCallContext context) =>
        RequestContext.Get(GrainKeys.CallerContext) is string caller ? caller : AuditedCall.By(context.Request);

    private async Task Count(IIncomingGrainCallContext context, AuditedCall call)
    {
        var key = new AuditTallyKey(call, context.TargetId, AuditedCall.Which(context.Request), Who(context));
        try
        {
            await context.Invoke();
        }
        catch (Exception e)
        {
            tally.Add(key with { Outcome = Outcome(e) }, call.Detail(context.Request), 0, AuditedCall.Times(context.Request));
            throw;
        }

        tally.Add(key, call.Detail(context.Request), AuditedCall.Rows(context.Result), AuditedCall.Times(context.Request));
    }

    private async Task Tell(IIncomingGrainCallContext context, AuditedCall call)
    {
        string? tenant = call.OfTenant ? AuditedCall.TenantOf(context.Request) : TenantBoundary.TenantOf(context.TargetId);
        if (tenant is null)
        {
            await context.Invoke();
            return;
        }

        IAuditGrain log = grains.GetGrain<IAuditGrain>(GrainKeys.For(tenant, IAuditGrain.Name));
        AuditRecord record = Record(context, call, tenant);
        string id = $"{_silo}/{Interlocked.Increment(ref _begun)}";
        try
        {
            await log.Begin(new AuditIntent { Id = id, Silo = _silo, Begun = time.GetUtcNow(), Record = record });
        }
        catch (ClusteringException e)
        {
            throw new ClusteringException($"It was not begun, because that could not be written into the audit log: {e.Message}", e.InnerException ?? e);
        }

        try
        {
            await context.Invoke();
        }
        catch (Exception e)
        {
            record = record with { Outcome = Outcome(e) };
            throw;
        }
        finally
        {
            await End(log, id, record);
        }
    }

    private static AuditRecord Record(IIncomingGrainCallContext context, AuditedCall call, string tenant)
    {
        string which = AuditedCall.Which(context.Request);
        return new AuditRecord
        {
            Who = AuditedCall.Short(Who(context)),
            What = call.What,
            Which = AuditedCall.Short(which.Length > 0 ? which : call.OfTenant ? tenant : NameOf(context.TargetId)),
            Detail = call.Detail(context.Request),
            Outcome = AuditOutcomes.Done,
        };
    }

    private static async Task End(IAuditGrain log, string id, AuditRecord record)
    {
        try
        {
            await log.End(id, record);
        }
        catch (ClusteringException e) when (record.Outcome == AuditOutcomes.Done)
        {
            throw new ClusteringException($"It was done, and could not be written into the audit log: {e.Message}", e.InnerException ?? e);
        }
        catch (Exception) when (record.Outcome != AuditOutcomes.Done)
        {
            // Whoever asked is told why it was not done.
        }
    }

    /// <summary>What a grain is called within its tenant.</summary>
    internal static string NameOf(GrainId grain) => grain.Key.ToString()!.Split('/')[1];
}
