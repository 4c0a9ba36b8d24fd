using System.Diagnostics;
using System.Runtime.InteropServices;
using OrleansCluster.Compute;
using OrleansCluster.Families;
using OrleansCluster.Models;
using OrleansCluster.Models.Routing;
using OrleansCluster.Numerics.Rows;

namespace OrleansCluster.Serving;

/// <content>Answers to a model's bare name: by its route, where one is set.</content>
public sealed partial class AssignerGrain
{
    private async Task<Assignments> AssignByRoute(Activity? activity, RowsPayload rows, long started, CancellationToken cancellation)
    {
        string key = this.GetPrimaryKeyString();
        if (known.Find(key) is { } kept)
        {
            try
            {
                return await AssignBy(kept, activity, rows, started, cancellation);
            }
            catch (ClusteringException)
            {
                // A version that the route let go of meanwhile may be gone; what else is wrong is said below.
                known.Forget(key);
            }
        }

        return await AssignBy(await served.Plan(key, cancellation), activity, rows, started, cancellation);
    }

    private async Task<Assignments> AssignBy(ServingPlan plan, Activity? activity, RowsPayload rows, long started, CancellationToken cancellation)
    {
        if (plan.Route == 0)
            return await Assign(activity, await served.Get(plan.Versions[0], cancellation), rows, started, cancellation);
        var versions = new Dictionary<int, ServedVersion>();
        RowBlock? block = null;
        foreach (ResolvedVersion version in plan.Versions)
        {
            if (await PrepareTried(plan, version, cancellation) is not { } ready)
                continue;
            versions.Add(version.Version, ready);
            // Each version checks the columns for itself.
            block = Block(rows, ready.Model);
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
            (int number, PreparedModel model, LabelMap map) = await served.Get(version, cancellation);
            return new ServedVersion(number, model, model.Ask<ILabels>(Name), map);
        }
        catch (ClusteringException) when (plan.Champion > 0 && (version.Version == plan.Canary || plan.Shadows.Contains(version.Version)))
        {
            return null;
        }
    }

    private async Task<Assignments> Assign(Activity? activity, ServedModel prepared, RowsPayload rows, long started, CancellationToken cancellation)
    {
        (int version, PreparedModel model, LabelMap map) = prepared;
        RowBlock block = Block(rows, model);
        var labelling = model.Ask<ILabels>(Name);
        Assignments answer = await compute.Run(ComputePriority.Serving, parallel => labelling.Assign(block, version, parallel), cancellation);
        End(activity, version, block.Rows, started);
        return answer with { Labels = map.Apply(answer.Labels) };
    }
}
