using OrleansCluster.Numerics.Mixtures.Components;
using OrleansCluster.Numerics.Statistics;
using OrleansCluster.Numerics.Training;

namespace OrleansCluster.Numerics.Mixtures;

/// <summary>Components that lost their rows, or whose rows are one point.</summary>
public sealed partial class MixtureTrainer
{
    /// <summary>Of components that stay.</summary>
    private string Collapsed => Told(ClusterMark.Of);

    /// <summary>Of components that go, or of a run that does.</summary>
    private string Lost => Told(ClusterMark.Lost);

    private string Told(Func<int, string> name) => $"{collapse!.Describe(name)} {(iteration == 0 ? "at the start" : $"in iteration {iteration}")}";

    private void EndLocate(RowSelection rows)
    {
        collapse!.Places.Add(Collapse.Describe(rows.Rows));
        if (collapse.Next is not null)
            return;
        if (spec.Collapse == CollapsePolicy.Fail)
            throw TrainingException.OfRestart(Lost, "ask for fewer components, another seed, or for collapsed components to be re-seeded or dropped.");
        // Where every component is one point, so are the rows: none of them is to be elsewhere. One without rows is.
        if (collapse.IsOfAll)
            StayOnPoints();
        else if (spec.Collapse == CollapsePolicy.Drop)
            Drop();
        else if (reseeds >= spec.K)
            StayInTheEnd();
        else
            Reseed();
    }

    private void StayOnPoints()
    {
        Collapse all = collapse!;
        stayed = true;
        int[] points = [.. all.Components.Except(all.Lost)];
        log.Note($"{Collapsed}: {Staying(points.Length)}, as nothing is left beside {(points.Length == 1 ? "it" : "them")}.");
        if (all.Lost.Length == 0)
        {
            collapse = null;
            Take(all.Parameters, all.FloorHits);
            return;
        }

        collapse = all with { Components = all.Lost };
        if (spec.Collapse == CollapsePolicy.Drop)
            Drop();
        else if (reseeds >= spec.K)
            throw Comeback();
        else
            Reseed();
    }

    /// <summary>Components that come back to the same points whatever their start belong there; the floor keeps their density finite.</summary>
    private void StayInTheEnd()
    {
        if (spec.Regularization == 0 || collapse!.Lost.Length > 0)
            throw Comeback();
        log.Note($"{Collapsed}, after components had been re-seeded {reseeds} times: {Staying(collapse.Components.Length)}.");
        stayed = true;
        (MixtureParameters parameters, int[] hits) = (collapse.Parameters, collapse.FloorHits);
        collapse = null;
        Take(parameters, hits);
    }

    private static string Staying(int components) => $"{(components == 1 ? "it stays" : "they stay")} there, with the covariance of the floor";

    private TrainingException Comeback() => TrainingException.OfRestart(
        $"{Lost}, after components had been re-seeded {reseeds} times", "ask for fewer components, a larger regularization, or for collapsed components to be dropped.");

    private void Drop()
    {
        // Whoever comes after those that are dropped moves up.
        log.Lose();
        log.Note($"{Lost} and {(collapse!.Components.Length == 1 ? "was" : "were")} dropped.");
        int[] hits = [.. collapse.FloorHits.Where((_, c) => Array.IndexOf(collapse.Components, c) < 0)];
        Resume(maximization.Without(collapse.Parameters, collapse.Components), hits);
    }

    private void Reseed()
    {
        log.Note($"{Collapsed} and {(collapse!.Components.Length == 1 ? "was" : "were")} re-seeded.");
        stage = Stage.Reseed;
    }

    private void EndReseed(RowSelection rows)
    {
        MixtureParameters parameters = maximization.Reseed(collapse!.Parameters, collapse.Components, [.. rows.Rows.Select(row => row.Values)]);
        reseeds++;
        foreach (int c in collapse.Components)
            collapse.FloorHits[c] = 0;
        Resume(parameters, collapse.FloorHits);
    }

    /// <summary>Goes on with repaired parameters, whose likelihood may be less than before.</summary>
    private void Resume(MixtureParameters parameters, int[] hits)
    {
        collapse = null;
        previousObjective = double.NaN;
        if (stop == "tolerance")
            stop = iteration >= spec.MaxIterations ? "max-iterations" : "";
        Take(parameters, hits);
    }
}
