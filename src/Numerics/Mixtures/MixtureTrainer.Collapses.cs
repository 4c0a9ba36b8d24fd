using OrleansCluster.Numerics.Statistics;
using OrleansCluster.Numerics.Training;

namespace OrleansCluster.Numerics.Mixtures;

/// <summary>Components that lost their rows, or whose rows are one point.</summary>
public sealed partial class MixtureTrainer
{
    private void EndLocate(RowSelection rows, List<TrainingEvent> events)
    {
        collapse!.Places.Add(Collapse.Describe(rows.Rows));
        if (collapse.Places.Count < collapse.Components.Length)
            return;
        string told = $"{collapse.Describe()} in iteration {iteration}";
        switch (spec.Collapse)
        {
            case CollapsePolicy.Fail:
                throw new TrainingException($"{told}{OfRestart()}: ask for fewer components, another seed, a larger regularization, or for collapsed components to be re-seeded or dropped.");
            case CollapsePolicy.Drop:
                if (collapse.Components.Length == collapse.Parameters.K)
                    throw new TrainingException($"{told}{OfRestart()}: no component is left. Use another start or a larger regularization.");
                log.Warn(restart, $"{told} and dropped.", events);
                int[] hits = [.. collapse.FloorHits.Where((_, c) => Array.IndexOf(collapse.Components, c) < 0)];
                Resume(maximization.Without(collapse.Parameters, collapse.Components), hits, events);
                break;
            default:
                if (collapse.Components.Length == collapse.Parameters.K)
                    throw new TrainingException($"{told}{OfRestart()}: no component is left to go on with. Use another start or a larger regularization.");
                if (reseeds >= spec.K)
                {
                    Stay(told, events);
                    break;
                }

                log.Warn(restart, $"{told} and re-seeded.", events);
                stage = Stage.Reseed;
                break;
        }
    }

    /// <summary>Components that come back to the same points whatever their start belong there; the floor keeps their density finite.</summary>
    private void Stay(string told, List<TrainingEvent> events)
    {
        bool floored = Array.TrueForAll(collapse!.Components, c => collapse.FloorHits[c] > 0);
        if (!floored)
        {
            throw new TrainingException(
                $"{told}{OfRestart()}, after components had been re-seeded {reseeds} times: ask for fewer components, a larger regularization, or for collapsed components to be dropped.");
        }

        log.Warn(restart, $"{told}, after components had been re-seeded {reseeds} times: it stays there, with the covariance of the floor.", events);
        stayed = true;
        (MixtureParameters parameters, int[] hits) = (collapse.Parameters, collapse.FloorHits);
        collapse = null;
        Take(parameters, hits, events);
    }

    private void EndReseed(RowSelection rows, List<TrainingEvent> events)
    {
        MixtureParameters parameters = maximization.Reseed(collapse!.Parameters, collapse.Components, [.. rows.Rows.Select(row => row.Values)]);
        reseeds++;
        foreach (int c in collapse.Components)
            collapse.FloorHits[c] = 0;
        Resume(parameters, collapse.FloorHits, events);
    }

    /// <summary>Goes on with repaired parameters, whose likelihood may be less than before.</summary>
    private void Resume(MixtureParameters parameters, int[] hits, List<TrainingEvent> events)
    {
        collapse = null;
        previousObjective = double.NaN;
        if (stop == "tolerance")
            stop = iteration >= spec.MaxIterations ? "max-iterations" : "";
        Take(parameters, hits, events);
    }
}
