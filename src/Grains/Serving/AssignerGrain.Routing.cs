using System.Diagnostics;
using System.Runtime.InteropServices;
using OrleansCluster.Compute;
using OrleansCluster.Families;
using OrleansCluster.Models;
using OrleansCluster.Models.Routing;
using OrleansCluster.Monitoring;
using OrleansCluster.Numerics.Parallelism;
using OrleansCluster.Numerics.Preparation;

namespace OrleansCluster.Serving;

/// <content>Answers to a model's bare name: by its route, where one is set.</content>
public sealed partial class AssignerGrain
{
    /// <summary>Distance terms (rows × clusters × columns) that take about a tenth of a millisecond: computed where they are asked for.</summary>
    private const double FewTerms = 1 << 19;

    /// <summary>Rows that take as long, however few clusters and columns there are.</summary>
    private const int FewRows = 1 << 13;

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
        AskedRows? asked = null;
        foreach (ResolvedVersion version in plan.Versions)
        {
            if (await PrepareTried(plan, version, cancellation) is not { } ready)
                continue;
            versions.Add(version.Version, ready);
            // Each version checks the columns for itself; all of a model's versions have one preparation.
            asked = AskedRows.Of(rows, ready.Model, ready.Preparation);
        }

        if (!rows.Keys.IsEmpty && rows.Keys.Length != (long)asked!.Rows * sizeof(ulong))
            throw new ClusteringException($"{rows.Keys.Length} bytes of keys came with {asked.Rows} rows: give 8 bytes a row, or none.");
        var routed = new RoutedAnswer(this.GetPrimaryKeyString(), plan, versions, ledger, options.Value.ComparedRowsPerCall, time);
        Assignments answer = await compute.Run(
            ComputePriority.Serving, Meter.Serving,
            parallel => asked!.Label(seen => routed.Assign(seen, rows.Keys.Span, parallel), parallel),
            cancellation);
        if (answer.Versions.IsEmpty)
        {
            End(activity, answer.Version, asked!.Rows, started, Ids(answer));
            Observe(answer.Version, []);
        }
        else
        {
            foreach (IGrouping<int, int> mine in answer.RowVersions().Index().ToLookup(row => row.Item, row => row.Index))
            {
                int[] some = [.. mine];
                End(activity, mine.Key, some.Length, started, ClusterTelemetry.Some(Ids(answer), some));
                Observe(mine.Key, some);
            }
        }

        return answer;

        void Observe(int version, int[] some)
        {
            if (versions.TryGetValue(version, out ServedVersion? answering))
                observations.Note(this.GetPrimaryKeyString(), version, answering.Model.TermsPerRow, rows, some);
        }
    }

    /// <summary>
    /// A version of a route, ready; null: it is only tried, and cannot be read. A canary's rows are the champion's then, and counted as its errors; a
    /// shadow's failure is nobody's loss.
    /// </summary>
    private async Task<ServedVersion?> PrepareTried(ServingPlan plan, ResolvedVersion version, CancellationToken cancellation)
    {
        try
        {
            (int number, PreparedModel model, LabelMap map, FittedPreparation? preparation) = await served.Get(version, cancellation);
            return new ServedVersion(number, model, model.Ask<ILabels>(Name), map, preparation);
        }
        catch (ClusteringException) when (plan.Champion > 0 && (version.Version == plan.Canary || plan.Shadows.Contains(version.Version)))
        {
            return null;
        }
    }

    private async Task<Assignments> Assign(Activity? activity, ServedModel prepared, RowsPayload rows, long started, CancellationToken cancellation)
    {
        (int version, PreparedModel model, LabelMap map, FittedPreparation? preparation) = prepared;
        AskedRows asked = AskedRows.Of(rows, model, preparation);
        var labelling = model.Ask<ILabels>(Name);
        Assignments Label(IParallel parallel) => asked.Label(seen => labelling.Assign(seen, version, parallel), parallel);
        Assignments answer = asked.Rows <= FewRows && model.TermsPerRow * asked.Rows <= FewTerms
            ? compute.RunHere(Meter.Serving, Label)
            : await compute.Run(ComputePriority.Serving, Meter.Serving, Label, cancellation);
        answer = answer with { Labels = map.Apply(answer.Labels) };
        End(activity, version, asked.Rows, started, Ids(answer));
        observations.Note(this.GetPrimaryKeyString(), version, model.TermsPerRow, rows);
        return answer;
    }

    private static ReadOnlySpan<int> Ids(Assignments answer) => MemoryMarshal.Cast<byte, int>(answer.Labels.Span);
}
