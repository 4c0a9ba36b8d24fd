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
        var totals = new ClusterTotals(statistic, _columns);
        int[] empty = EmptyClusterRelocation.Empty(totals);
        if (empty.Length == 0)
        {
            EndIteration(totals, null, [], events, parallel);
            return;
        }

        _tally.Count(_iteration + 1, empty, _spec.Empty);
        switch (_spec.Empty)
        {
            case EmptyClusters.Fail:
                throw Empty($"{Clusters(empty, ClusterMark.Lost)} became empty in iteration {_iteration + 1}");
            case EmptyClusters.Drop:
                EndIteration(totals, Objective(totals, parallel), empty, events, parallel);
                break;
            default:
                _waiting = statistic.Encode().ToArray();
                _stage = Stage.Relocate;
                break;
        }
    }

    private void EndRelocation(RowSelection farthest, List<TrainingEvent> events, IParallel parallel)
    {
        ClusterTotals totals = Waiting();
        _waiting = null;
        _stage = Stage.Iterate;
        double objective = Objective(totals, parallel);
        int[] left = EmptyClusterRelocation.Relocate(totals, EmptyClusterRelocation.Empty(totals), farthest.Rows, _frame);
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
        double[] means = totals.Means(_frame, _current, _meansOf, _spec.Geometry, parallel);
        _room = _meansOf?.GiveUp();
        _meansOf = dropped.Length == 0 ? totals : null;
        if (dropped.Length > 0)
        {
            // Moved rows are counted against the centres that stay: the labels of the others were nobody's.
            means = Without(means, dropped);
            _current = Without(_current, dropped);
        }

        double shift = ClusterTotals.Shift(_current, means, _columns);
        // Centres that stay where they are keep every row, even if rows of weight zero moved just now.
        bool settled = totals.Moved == 0 || means.AsSpan().SequenceEqual(_current);
        (_previous, _current) = (_current, means);
        _iteration++;
        if (settled)
            _stop = "converged";
        else if (shift <= _absoluteTolerance)
            _stop = "tolerance";
        else if (_iteration >= _spec.MaxIterations)
            _stop = "max-iterations";
        if (_stop.Length > 0)
            _stage = Stage.Final;
        objective ??= ObjectiveBesideTheNextName(totals, _previous, parallel);
        events.Add(new IterationEnded(_restart, _iteration, _spec.ObjectiveShare * objective.Value, shift, totals.Moved, totals.Distances));
    }

    /// <summary>To name a step of megabytes takes longer than the objective, and one worker: with two, neither waits for the other.</summary>
    private double ObjectiveBesideTheNextName(ClusterTotals totals, double[] centroids, IParallel parallel)
    {
        Action? name = null;
        if (parallel.Workers > 1 && totals.AreMany)
        {
            EncodedStep named = _next = NextStep().Encode();
            name = () => _ = named.Digest;
        }

        return totals.Objective(_frame, _moments, centroids, parallel, name);
    }

    private void EndFinal(Int128[] values, List<TrainingEvent> events)
    {
        int k = _current.Length / _columns;
        int[] empty = [.. Enumerable.Range(0, k).Where(c => values[k + c] == 0)];
        if (empty.Length > 0)
        {
            _tally.Count(_iteration, empty, _spec.Empty);
            if (_spec.Empty == EmptyClusters.Fail)
                throw Empty($"{Clusters(empty, ClusterMark.Lost)} {(empty.Length == 1 ? "is" : "are")} empty after the last iteration");
            if (_spec.Empty == EmptyClusters.Drop)
            {
                // Rows of weight zero may have been there: they are counted anew.
                _current = Without(_current, empty);
                return;
            }

            _log.Note($"{Clusters(empty, ClusterMark.Of)} of the model {(empty.Length == 1 ? "holds" : "hold")} no row.");
        }

        var candidate = Candidate.From(_restart, _stop, _current, values, _frame, FinalUnit(), _spec.ObjectiveShare);
        if (_tally.Clusters > 0)
            _log.Note(_tally.Describe(_spec.Empty));
        bool better = _best is null || candidate.Objective < _best.Objective;
        _log.End(new RestartEnded(_restart, _iteration, candidate.Objective, _stop), better, events);
        if (better)
            _best = candidate;
        EndRestart(events);
    }

    private static TrainingException Empty(string reason)
        => TrainingException.OfRestart(reason, "ask for fewer clusters, another seed, or for empty clusters to be relocated or dropped.");

    private ClusterTotals Waiting() => new(Statistic.Decode<ExactTotals>(_waiting), _columns);

    private int RelocationRows()
    {
        ClusterTotals totals = Waiting();
        return EmptyClusterRelocation.RowsNeeded(totals, EmptyClusterRelocation.Empty(totals).Length, _frame.QuantizeWeight(_greatestWeight));
    }

    private double Objective(ClusterTotals totals, IParallel parallel) => totals.Objective(_frame, _moments, _current, parallel);

    private double[] Without(double[] centroids, int[] clusters)
        => [.. Enumerable.Range(0, centroids.Length / _columns).Except(clusters).SelectMany(c => centroids[(c * _columns)..((c + 1) * _columns)])];

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
