using System.Diagnostics;
using System.Runtime.InteropServices;
using OrleansCluster.Compute;
using OrleansCluster.Families;
using OrleansCluster.Models;
using OrleansCluster.Models.Routing;
using OrleansCluster.Numerics;
using OrleansCluster.Tenancy;

namespace OrleansCluster.Serving;

/// <content>Answers to a model's bare name: by its route, where one is set.</content>
public sealed partial class AssignerGrain
{
    private async Task<Assignments> AssignByRoute(Activity? activity, RowsPayload rows, long started, CancellationToken cancellation)
    {
        string key = this.GetPrimaryKeyString();
        if (leases.Find(key) is { } kept)
        {
            try
            {
                return await AssignBy(kept, activity, rows, started, cancellation);
            }
            catch (ClusteringException)
            {
                // A version that the route let go of meanwhile may be gone; what else is wrong is said below.
                leases.Forget(key);
            }
        }

        long asked = time.GetTimestamp();
        ServingPlan plan = await GrainFactory.GetGrain<IModelRoutes>(key).Serve(cancellation)
            ?? throw new ClusteringException($"There is no model '{GrainKeys.Parse(key).Name}': train it first, or correct the name.");
        leases.Keep(key, plan, asked);
        return await AssignBy(plan, activity, rows, started, cancellation);
    }

    private async Task<Assignments> AssignBy(ServingPlan plan, Activity? activity, RowsPayload rows, long started, CancellationToken cancellation)
    {
        if (plan.Route == 0)
            return await Assign(activity, await Prepare(plan.Versions[0], cancellation), rows, started, cancellation);
        var versions = new Dictionary<int, ServedVersion>();
        RowBlock? block = null;
        foreach (ResolvedVersion version in plan.Versions)
        {
            if (await PrepareTried(plan, version, cancellation) is not { } served)
                continue;
            versions.Add(version.Version, served);
            // Each version checks the columns for itself.
            block = Block(rows, served.Model);
        }

        if (!rows.Keys.IsEmpty && rows.Keys.Length != (long)block!.Rows * sizeof(ulong))
            throw new ClusteringException($"{rows.Keys.Length} bytes of keys came with {block.Rows} rows: give 8 bytes a row, or none.");
        var routed = new RoutedAnswer(this.GetPrimaryKeyString(), plan, versions, ledger, options.Value.ComparedRowsPerCall);
        Assignments answer = await compute.Run(
            ComputePriority.Serving,
            parallel => routed.Assign(block!, rows.Keys.Span, parallel),
            cancellation);
        if (answer.Versions.IsEmpty)
        {
            End(activity, answer.Version, block!.Rows, started);
        }
        else
        {
            foreach ((int version, int count) in MemoryMarshal.Cast<byte, int>(answer.Versions.Span).ToArray().CountBy(version => version))
                End(activity, version, count, started);
        }

        return answer;
    }

    /// <summary>
    /// A version of a route, ready; null: it is only tried, and cannot be read. A canary's rows are the champion's then, and counted as its errors; a shadow's failure
    /// is nobody's loss.
    /// </summary>
    private async Task<ServedVersion?> PrepareTried(ServingPlan plan, ResolvedVersion version, CancellationToken cancellation)
    {
        try
        {
            (ResolvedVersion resolved, PreparedModel model, LabelMap map) = await Prepare(version, cancellation);
            return new ServedVersion(resolved.Version, model, model.Ask<ILabels>(Name), map);
        }
        catch (ClusteringException) when (plan.Champion > 0 && (version.Version == plan.Canary || plan.Shadows.Contains(version.Version)))
        {
            return null;
        }
    }

    private async Task<Assignments> Assign(
        Activity? activity, (ResolvedVersion Version, PreparedModel Model, LabelMap Map) prepared, RowsPayload rows, long started, CancellationToken cancellation)
    {
        (ResolvedVersion resolved, PreparedModel model, LabelMap map) = prepared;
        RowBlock block = Block(rows, model);
        var labelling = model.Ask<ILabels>(Name);
        Assignments answer = await compute.Run(ComputePriority.Serving, parallel => labelling.Assign(block, resolved.Version, parallel), cancellation);
        End(activity, resolved.Version, block.Rows, started);
        return answer with { Labels = map.Apply(answer.Labels) };
    }
}
