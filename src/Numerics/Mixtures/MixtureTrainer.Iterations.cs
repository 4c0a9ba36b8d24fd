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
        iteration++;
        if (!double.IsFinite(objective))
        {
            throw TrainingException.OfRestart($"The log-likelihood in iteration {iteration} is {objective}", OutOfReach);
        }

        double gain = objective - previousObjective;
        if (gain < -Rounding * (1 + Math.Abs(objective)))
        {
            throw TrainingException.OfRestart(
                $"The mean log-likelihood fell from {previousObjective:R} to {objective:R} in iteration {iteration}, which exact EM never does",
                "the covariances are too close to singular for their digits. Use a larger regularization.");
        }

        previousObjective = objective;
        Maximized maximized = maximization.Maximize(moments);
        double shift = Distance.Squared(maximized.Parameters.Means, current!.Means);
        events.Add(new IterationEnded(restart, iteration, objective, shift, 0, moments.Densities));
        // In the first iteration, and after a component began anew, there is no gain: comparisons with NaN are false.
        if (gain < spec.Tolerance || gain <= 0)
            stop = "tolerance";
        else if (iteration >= spec.MaxIterations)
            stop = "max-iterations";
        Accept(maximized);
    }

    /// <summary>Takes new parameters, unless components collapsed: then it is first asked where.</summary>
    private void Accept(Maximized maximized)
    {
        // Without a floor, what makes every covariance singular is the data.
        if (spec.Regularization == 0 && maximized.Collapsed.Length == maximized.Parameters.K)
            throw NotDefinite(maximized.Collapsed[0]);
        bool known = stayed && maximized.Lost.Length == 0;
        if (maximized.Collapsed.Length > 0 && !known)
        {
            collapse = new Collapse(maximized.Parameters, maximized.FloorHits, maximized.Collapsed, maximized.Lost);
            stage = Stage.Locate;
            return;
        }

        Take(maximized.Parameters, maximized.FloorHits);
    }

    private void Take(MixtureParameters parameters, int[] hits)
    {
        if (GaussianFactors.TryCreate(parameters, out int failed) is null)
            throw NotDefinite(failed);
        (current, floorHits) = (parameters, hits);
        stage = stop.Length > 0 ? Stage.Final : Stage.Iterate;
    }

    private TrainingException NotDefinite(int component) => TrainingException.OfRestart(
        $"The covariance of {(spec.Covariance == CovarianceForm.Tied ? "all components" : $"component {component}")} after iteration {iteration} is not positive definite",
        "columns depend on each other, or it has fewer rows than columns. "
            + (spec.Regularization == 0 ? "Use a regularization above 0, " : "Use a larger regularization, ")
            + "leave out columns that others determine, or ask for diag covariances.");

    private void EndFinal(MixtureSummary summary, List<TrainingEvent> events)
    {
        double objective = summary.LogLikelihood / summary.TotalWeight;
        if (!double.IsFinite(objective))
            throw TrainingException.OfRestart($"The log-likelihood of the result is {objective}", OutOfReach);
        if (!summary.Totals.HasSize(spec.Weights))
            throw new TrainingException("The squares of the weights leave float64, so that there is no effective sample size: multiply all weights by a constant, so that they are near 1.");
        NoteFloor();
        NoteUnlabelled(summary);
        bool better = best is null || objective > best.Objective;
        log.End(new RestartEnded(restart, iteration, objective, stop), better, events);
        if (better)
            best = new MixtureCandidate(restart, stop, current!, floorHits, summary);
        EndRestart(events);
    }

    /// <summary>Notes which covariances lie on the floor, but for those whose rows are one point, where components stayed there: of them it was told.</summary>
    private void NoteFloor()
    {
        int all = spec.Covariance.Directions(columns);
        int[] hit = [.. Enumerable.Range(0, floorHits.Length).Where(c => floorHits[c] > 0 && !(stayed && floorHits[c] == all))];
        if (hit.Length == 0)
            return;
        // What leaves a component no direction at all is its rows; what leaves every component without the same few is the columns.
        bool everywhere = spec.Covariance == CovarianceForm.Tied || (hit.Length == floorHits.Length && floorHits.Length > 1);
        string which = everywhere ? "The covariances of all components were"
            : $"The covariance{(hit.Length == 1 ? "" : "s")} of component{(hit.Length == 1 ? "" : "s")} {string.Join(", ", hit.Select(ClusterMark.Of))} {(hit.Length == 1 ? "was" : "were")}";
        string why = Array.TrueForAll(hit, c => floorHits[c] == all) ? "few or almost equal rows"
            : everywhere ? "columns probably depend on each other"
            : floorHits.Length == 1 ? "few or almost equal rows, or columns that depend on each other"
            : "few or almost equal rows";
        log.Note($"{which} lifted to the floor of {spec.Regularization:R} of the columns' variances: {why}.");
    }

    /// <summary>Notes the components that no row is most probably of: nobody will see their labels.</summary>
    private void NoteUnlabelled(MixtureSummary summary)
    {
        for (int c = 0; c < summary.Weights.Length; c++)
        {
            if (summary.Weights[c] > 0)
                continue;
            int twin = Enumerable.Range(0, c).FirstOrDefault(earlier => AreTwins(current!, earlier, c), -1);
            log.Note(twin < 0
                ? $"Component {ClusterMark.Of(c)} is the most probable one of no row."
                : $"Component {ClusterMark.Of(c)} is component {ClusterMark.Of(twin)} once more, so that no row is labelled with it: they had the same start, and EM cannot tell them apart. Start from different means, or ask for fewer components.");
        }
    }

    private static bool AreTwins(MixtureParameters mixture, int one, int other)
        => mixture.Weights[one] == mixture.Weights[other]
            && mixture.Mean(one).SequenceEqual(mixture.Mean(other)) && mixture.Covariance(one).SequenceEqual(mixture.Covariance(other));
}
