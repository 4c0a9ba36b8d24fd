using System.Collections.Concurrent;
using System.Reflection;

namespace OrleansCluster.Tenancy;

/// <summary>
/// Writes the audit log: the one place that does. Methods say that they belong into it (<see cref="AuditedAttribute"/>). A change is answered when its entry
/// is written, and a change whose entry cannot be written fails, although it was done; questions are counted and told every little while.
/// </summary>
public sealed class AuditFilter(IGrainFactory grains, AuditTally tally) : IIncomingGrainCallFilter
{
    private static readonly ConcurrentDictionary<MethodInfo, AuditedCall?> Calls = new();

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
        string outcome = AuditOutcomes.Done;
        try
        {
            await context.Invoke();
        }
        catch (Exception e)
        {
            outcome = Outcome(e);
            throw;
        }
        finally
        {
            await Write(context, call, outcome);
        }
    }

    private async Task Write(IIncomingGrainCallContext context, AuditedCall call, string outcome)
    {
        string? tenant = call.OfTenant ? AuditedCall.TenantOf(context.Request) : TenantBoundary.TenantOf(context.TargetId);
        if (tenant is null)
            return;
        string which = AuditedCall.Which(context.Request);
        var record = new AuditRecord
        {
            Who = AuditedCall.Short(Who(context)),
            What = call.What,
            Which = AuditedCall.Short(which.Length > 0 ? which : call.OfTenant ? tenant : NameOf(context.TargetId)),
            Detail = call.Detail(context.Request),
            Outcome = outcome,
        };
        try
        {
            await grains.GetGrain<IAuditGrain>(GrainKeys.For(tenant, IAuditGrain.Name)).Append([record]);
        }
        catch (ClusteringException e) when (outcome == AuditOutcomes.Done)
        {
            throw new ClusteringException($"It was done, and could not be written into the audit log: {e.Message}", e.InnerException ?? e);
        }
        catch (Exception) when (outcome != AuditOutcomes.Done)
        {
            // Whoever asked is told why it was not done.
        }
    }

    /// <summary>What a grain is called within its tenant.</summary>
    internal static string NameOf(GrainId grain) => grain.Key.ToString()!.Split('/')[1];
}
