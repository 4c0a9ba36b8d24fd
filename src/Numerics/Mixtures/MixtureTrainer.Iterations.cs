using OrleansCluster.Numerics.Distances;
using OrleansCluster.Numerics.Mixtures.Components;
using OrleansCluster.Numerics.Mixtures.Steps;
using OrleansCluster.Numerics.Training;

namespace OrleansCluster.Numerics.Mixtures;

/// <summary>The iterations of a restart and what follows them.</summary>
public sealed partial class MixtureTrainer
{
    /// <summary>
    /// A mean log-likelihood may fall by this times 1 + its magnitude from one iteration to the next by rounding alone: covariances are inverted, which
    /// magnifies the 2^−53 of each operation by their condition.
    /// </summary>
    private const double Rounding = 1.0 / (1 << 30);

    private const string OutOfReach = "a row lies so far from every component that its density is 0. Look for outliers, or bring the columns to one scale.";

    private void EndIteration(ComponentMoments moments, List<TrainingEvent> events)
    {
        double objective = moments.LogLikelihood / moments.TotalWeight;
        _iteration++;
        if (!double.IsFinite(objective))
        {
            throw TrainingException.OfRestart($"The log-likelihood in iteration {_iteration} is {objective}", OutOfReach);
        }

        double gain = objective - _previousObjective;
        if (gain < -Rounding * (1 + Math.Abs(objective)))
        {
            throw TrainingException.OfRestart(
                $"The mean log-likelihood fell from {_previousObjective:R} to {objective:R} in iteration {_iteration}, which exact EM never does",
                "the covariances are too close to singular for their digits. Use a larger regularization.");
        }

        _previousObjective = objective;
        Maximized maximized = _maximization.Maximize(moments);
        double shift = Distance.Squared(maximized.Parameters.Means, _current!.Means);
        events.Add(new IterationEnded(_restart, _iteration, objective, shift, 0, moments.Densities));
        // In the first iteration, and after a component began anew, there is no gain: comparisons with NaN are false.
        if (gain < _spec.Tolerance || gain <= 0)
            _stop = "tolerance";
        else if (_iteration >= _spec.MaxIterations)
            _stop = "max-iterations";
        Accept(maximized);
    }

    /// <summary>Takes new parameters, unless components collapsed: then it is first asked where.</summary>
    private void Accept(Maximized maximized)
    {
        // Without a floor, what makes every covariance singular is the data.
        if (_spec.Regularization == 0 && maximized.Collapsed.Length == maximized.Parameters.K)
            throw NotDefinite(maximized.Collapsed[0]);
        bool known = _stayed && maximized.Lost.Length == 0;
        if (maximized.Collapsed.Length > 0 && !known)
        {
            _collapse = new Collapse(maximized.Parameters, maximized.FloorHits, maximized.Collapsed, maximized.Lost);
            _stage = Stage.Locate;
            return;
        }

        Take(maximized.Parameters, maximized.FloorHits);
    }

    private void Take(MixtureParameters parameters, int[] hits)
    {
        if (GaussianFactors.TryCreate(parameters, out int failed) is null)
            throw NotDefinite(failed);
        (_current, _floorHits) = (parameters, hits);
        _stage = _stop.Length > 0 ? Stage.Final : Stage.Iterate;
    }

    private TrainingException NotDefinite(int component) => TrainingException.OfRestart(
        $"The covariance of {(_spec.Covariance == CovarianceForm.Tied ? "all components" : $"component {component}")} after iteration {_iteration} is not "
            + "positive definite",
        "columns depend on each other, or it has fewer rows than columns. "
            + (_spec.Regularization == 0 ? "Use a regularization above 0, " : "Use a larger regularization, ")
            + "leave out columns that others determine, or ask for diag covariances.");

    private void EndFinal(MixtureSummary summary, List<TrainingEvent> events)
    {
        double objective = summary.LogLikelihood / summary.TotalWeight;
        if (!double.IsFinite(objective))
            throw TrainingException.OfRestart($"The log-likelihood of the result is {objective}", OutOfReach);
        if (!summary.Totals.HasSize(_spec.Weights))
            throw new TrainingException(
                "The squares of the weights leave float64, so that there is no effective sample size: multiply all weights by a constant, so that they are "
                    + "near 1.");
        NoteFloor();
        NoteUnlabelled(summary);
        bool better = _best is null || objective > _best.Objective;
        _log.End(new RestartEnded(_restart, _iteration, objective, _stop), better, events);
        if (better)
            _best = new MixtureCandidate(_restart, _stop, _current!, _floorHits, summary);
        EndRestart(events);
    }

    /// <summary>Notes which covariances lie on the floor, but for those whose rows are one point, where components stayed there: of them it was told.</summary>
    private void NoteFloor()
    {
        int all = _spec.Covariance.Directions(_columns);
        int[] hit = [.. Enumerable.Range(0, _floorHits.Length).Where(c => _floorHits[c] > 0 && !(_stayed && _floorHits[c] == all))];
        if (hit.Length == 0)
            return;
        // What leaves a component no direction at all is its rows; what leaves every component without the same few is the columns.
        bool everywhere = _spec.Covariance == CovarianceForm.Tied || (hit.Length == _floorHits.Length && _floorHits.Length > 1);
        string which = everywhere ? "The covariances of all components were"
            : $"The covariance{(hit.Length == 1 ? "" : "s")} of component{(hit.Length == 1 ? "" : "s")} {string.Join(", ", hit.Select(ClusterMark.Of))} "
                + $"{(hit.Length == 1 ? "was" : "were")}";
        string why = Array.TrueForAll(hit, c => _floorHits[c] == all) ? "few or almost equal rows"
            : everywhere ? "columns probably depend on each other"
            : _floorHits.Length == 1 ? "few or almost equal rows, or columns that depend on each other"
            : "few or almost equal rows";
        _log.Note($"{which} lifted to the floor of {_spec.Regularization:R} of the columns' variances: {why}.");
    }

    /// <summary>Notes the components that no row is most probably of: nobody will see their labels.</summary>
    private void NoteUnlabelled(MixtureSummary summary)
    {
        for (int c = 0; c < summary.Weights.Length; c++)
        {
            if (summary.Weights[c] > 0)
                continue;
            int twin = Enumerable.Range(0, c).FirstOrDefault(earlier => AreTwins(_current!, earlier, c), -1);
            _log.Note(twin < 0
                ? $"Component {ClusterMark.Of(c)} is the most probable one of no row."
                : $"Component {ClusterMark.Of(c)} is component {ClusterMark.Of(twin)} once more, so that no row is labelled with it: they had the same "
                    + "start, and EM cannot tell them apart. Start from different means, or ask for fewer components.");
        }
    }

    private static bool AreTwins(MixtureParameters mixture, int one, int other)
        => mixture.Weights[one] == mixture.Weights[other]
            && mixture.Mean(one).SequenceEqual(mixture.Mean(other)) && mixture.Covariance(one).SequenceEqual(mixture.Covariance(other));
}
