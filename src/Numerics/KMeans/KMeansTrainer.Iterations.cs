using OrleansCluster.Numerics.Encoding;
using OrleansCluster.Numerics.KMeans.Steps;
using OrleansCluster.Numerics.Parallelism;
using OrleansCluster.Numerics.Statistics;
using OrleansCluster.Numerics.Training;

namespace OrleansCluster.Numerics.KMeans;

/// <summary>The iterations of a restart and what follows them.</summary>
public sealed partial class KMeansTrainer
{
    private void EndAssignment(ExactTotals statistic, List<TrainingEvent> events, IParallel parallel)
    {
        var totals = new ClusterTotals(statistic, columns);
        int[] empty = EmptyClusterRelocation.Empty(totals);
        if (empty.Length == 0)
        {
            EndIteration(totals, null, [], events, parallel);
            return;
        }

        tally.Count(iteration + 1, empty, spec.Empty);
        switch (spec.Empty)
        {
            case EmptyClusters.Fail:
                throw Empty($"{Clusters(empty, ClusterMark.Lost)} became empty in iteration {iteration + 1}");
            case EmptyClusters.Drop:
                EndIteration(totals, Objective(totals, parallel), empty, events, parallel);
                break;
            default:
                waiting = statistic.Encode().ToArray();
                stage = Stage.Relocate;
                break;
        }
    }

    private void EndRelocation(RowSelection farthest, List<TrainingEvent> events, IParallel parallel)
    {
        ClusterTotals totals = Waiting();
        waiting = null;
        stage = Stage.Iterate;
        double objective = Objective(totals, parallel);
        int[] left = EmptyClusterRelocation.Relocate(totals, EmptyClusterRelocation.Empty(totals), farthest.Rows, frame);
        if (left.Length > 0)
            FewerDistinct(totals.K - left.Length);
        EndIteration(totals, objective, left, events, parallel);
    }

    /// <param name="totals">Of the iteration.</param>
    /// <param name="objective">Null: it is that of the totals, and still to be summed.</param>
    /// <param name="dropped">Clusters that are removed.</param>
    /// <param name="events">What is worth telling.</param>
    /// <param name="parallel">Where the work runs.</param>
    private void EndIteration(ClusterTotals totals, double? objective, int[] dropped, List<TrainingEvent> events, IParallel parallel)
    {
        double[] means = totals.Means(frame, current, meansOf, parallel);
        room = meansOf?.GiveUp();
        meansOf = dropped.Length == 0 ? totals : null;
        if (dropped.Length > 0)
        {
            // Moved rows are counted against the centres that stay: the labels of the others were nobody's.
            means = Without(means, dropped);
            current = Without(current, dropped);
        }

        double shift = ClusterTotals.Shift(current, means, columns);
        // Centres that stay where they are keep every row, even if rows of weight zero moved just now.
        bool settled = totals.Moved == 0 || means.AsSpan().SequenceEqual(current);
        (previous, current) = (current, means);
        iteration++;
        if (settled)
            stop = "converged";
        else if (shift <= absoluteTolerance)
            stop = "tolerance";
        else if (iteration >= spec.MaxIterations)
            stop = "max-iterations";
        if (stop.Length > 0)
            stage = Stage.Final;
        objective ??= ObjectiveBesideTheNextName(totals, previous, parallel);
        events.Add(new IterationEnded(restart, iteration, objective.Value, shift, totals.Moved, totals.Distances));
    }

    /// <summary>To name a step of megabytes takes longer than the objective, and one worker: with two, neither waits for the other.</summary>
    private double ObjectiveBesideTheNextName(ClusterTotals totals, double[] centroids, IParallel parallel)
    {
        Action? name = null;
        if (parallel.Workers > 1 && totals.AreMany)
        {
            EncodedStep named = next = NextStep().Encode();
            name = () => _ = named.Digest;
        }

        return totals.Objective(frame, moments, centroids, parallel, name);
    }

    private void EndFinal(Int128[] values, List<TrainingEvent> events)
    {
        int k = current.Length / columns;
        int[] empty = [.. Enumerable.Range(0, k).Where(c => values[k + c] == 0)];
        if (empty.Length > 0)
        {
            tally.Count(iteration, empty, spec.Empty);
            if (spec.Empty == EmptyClusters.Fail)
                throw Empty($"{Clusters(empty, ClusterMark.Lost)} {(empty.Length == 1 ? "is" : "are")} empty after the last iteration");
            if (spec.Empty == EmptyClusters.Drop)
            {
                // Rows of weight zero may have been there: they are counted anew.
                current = Without(current, empty);
                return;
            }

            log.Note($"{Clusters(empty, ClusterMark.Of)} of the model {(empty.Length == 1 ? "holds" : "hold")} no row.");
        }

        var candidate = Candidate.From(restart, stop, current, values, frame, FinalUnit());
        if (tally.Clusters > 0)
            log.Note(tally.Describe(spec.Empty));
        bool better = best is null || candidate.Objective < best.Objective;
        log.End(new RestartEnded(restart, iteration, candidate.Objective, stop), better, events);
        if (better)
            best = candidate;
        EndRestart(events);
    }

    private static TrainingException Empty(string reason)
        => TrainingException.OfRestart(reason, "ask for fewer clusters, another seed, or for empty clusters to be relocated or dropped.");

    private ClusterTotals Waiting() => new(Statistic.Decode<ExactTotals>(waiting), columns);

    private int RelocationRows()
    {
        ClusterTotals totals = Waiting();
        return EmptyClusterRelocation.RowsNeeded(totals, EmptyClusterRelocation.Empty(totals).Length, frame.QuantizeWeight(greatestWeight));
    }

    private double Objective(ClusterTotals totals, IParallel parallel) => totals.Objective(frame, moments, current, parallel);

    private double[] Without(double[] centroids, int[] clusters)
        => [.. Enumerable.Range(0, centroids.Length / columns).Except(clusters).SelectMany(c => centroids[(c * columns)..((c + 1) * columns)])];

    /// <summary>"Cluster 3" or "Clusters 3, 5 and 12 more".</summary>
    internal static string Clusters(int[] clusters, Func<int, string> name)
    {
        const int Named = 5;
        if (clusters.Length == 1)
            return $"Cluster {name(clusters[0])}";
        string names = string.Join(", ", clusters.Take(Named).Select(name));
        return clusters.Length <= Named ? $"Clusters {names}" : $"Clusters {names} and {clusters.Length - Named} more";
    }
}
