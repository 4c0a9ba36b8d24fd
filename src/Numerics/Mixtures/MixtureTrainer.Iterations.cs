using OrleansCluster.Numerics.Statistics;
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

    private void EndStart(ComponentMoments moments, List<TrainingEvent> events)
        => Accept(maximization.Maximize(moments), events);

    private void EndIteration(ComponentMoments moments, List<TrainingEvent> events)
    {
        double objective = moments.LogLikelihood / moments.TotalWeight;
        iteration++;
        if (!double.IsFinite(objective))
        {
            throw new TrainingException(
                $"The log-likelihood in iteration {iteration}{OfRestart()} is {objective}: a row lies so far from every component that its density is 0. Look for outliers, or bring the columns to one scale.");
        }

        double gain = objective - previousObjective;
        if (gain < -Rounding * (1 + Math.Abs(objective)))
        {
            throw new TrainingException(
                $"The mean log-likelihood fell from {previousObjective:R} to {objective:R} in iteration {iteration}{OfRestart()}, which exact EM never does: the covariances are too close to singular for their digits. Use a larger regularization.");
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
        Accept(maximized, events);
    }

    /// <summary>Takes new parameters, unless components collapsed: then it is first asked where.</summary>
    private void Accept(Maximized maximized, List<TrainingEvent> events)
    {
        // Without a floor, what makes every covariance singular is the data.
        if (spec.Regularization == 0 && maximized.Collapsed.Length == maximized.Parameters.K)
            throw new TrainingException(NotDefinite(maximized.Collapsed[0]));
        bool known = stayed && Array.TrueForAll(maximized.Collapsed, c => maximized.FloorHits[c] > 0);
        if (maximized.Collapsed.Length > 0 && !known)
        {
            collapse = new Collapse(maximized.Parameters, maximized.FloorHits, maximized.Collapsed);
            stage = Stage.Locate;
            return;
        }

        Take(maximized.Parameters, maximized.FloorHits, events);
    }

    private void Take(MixtureParameters parameters, int[] hits, List<TrainingEvent> events)
    {
        if (GaussianFactors.TryCreate(parameters, out int failed) is null)
            throw new TrainingException(NotDefinite(failed));
        (current, floorHits) = (parameters, hits);
        stage = stop.Length > 0 ? Stage.Final : Stage.Iterate;
        if (stage == Stage.Final)
            WarnOfFloor(events);
    }

    private string NotDefinite(int component)
        => $"The covariance of {(spec.Covariance == CovarianceForm.Tied ? "all components" : $"component {component}")} after iteration {iteration}{OfRestart()} is not positive definite: "
            + "columns depend on each other, or it has fewer rows than columns. "
            + (spec.Regularization == 0 ? "Use a regularization above 0, " : "Use a larger regularization, ")
            + "leave out columns that others determine, or ask for diag covariances.";

    private void WarnOfFloor(List<TrainingEvent> events)
    {
        int[] hit = [.. Enumerable.Range(0, floorHits.Length).Where(c => floorHits[c] > 0)];
        if (hit.Length == 0)
            return;
        bool everywhere = spec.Covariance == CovarianceForm.Tied || (hit.Length == floorHits.Length && floorHits.Length > 1);
        log.Warn(
            restart,
            everywhere
                ? $"The covariances of all components were lifted to the floor of {spec.Regularization:R} of the columns' variances: columns probably depend on each other."
                : $"The covariance of component{(hit.Length == 1 ? "" : "s")} {string.Join(", ", hit)} was lifted to the floor of {spec.Regularization:R} of the columns' variances: {(floorHits.Length == 1 ? "few or almost equal rows, or columns that depend on each other" : "few or almost equal rows")}.",
            events);
    }

    private void EndFinal(MixtureSummary summary, List<TrainingEvent> events)
    {
        double objective = summary.LogLikelihood / summary.TotalWeight;
        if (!double.IsFinite(objective))
            throw new TrainingException($"The log-likelihood of the result{OfRestart()} is {objective}: a row lies so far from every component that its density is 0.");
        log.End(new RestartEnded(restart, iteration, objective, stop), events);
        if (best is null || objective > best.Objective)
            best = new MixtureCandidate(restart, stop, current!, floorHits, summary);
        if (restart + 1 < spec.Restarts)
            BeginRestart(restart + 1);
        else
            stage = Stage.Done;
    }

    private string OfRestart() => spec.Restarts == 1 ? "" : $" of restart {restart}";
}
