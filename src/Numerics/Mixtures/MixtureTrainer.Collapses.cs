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

    private string Told(Func<int, string> name) => $"{_collapse!.Describe(name)} {(_iteration == 0 ? "at the start" : $"in iteration {_iteration}")}";

    private void EndLocate(RowSelection rows)
    {
        _collapse!.Places.Add(Collapse.Describe(rows.Rows));
        if (_collapse.Next is not null)
            return;
        if (_spec.Collapse == CollapsePolicy.Fail)
            throw TrainingException.OfRestart(Lost, "ask for fewer components, another seed, or for collapsed components to be re-seeded or dropped.");
        // Where every component is one point, so are the rows: none of them is to be elsewhere. One without rows is.
        if (_collapse.IsOfAll)
            StayOnPoints();
        else if (_spec.Collapse == CollapsePolicy.Drop)
            Drop();
        else if (_reseeds >= _spec.K)
            StayInTheEnd();
        else
            Reseed();
    }

    private void StayOnPoints()
    {
        Collapse all = _collapse!;
        _stayed = true;
        int[] points = [.. all.Components.Except(all.Lost)];
        _log.Note($"{Collapsed}: {Staying(points.Length)}, as nothing is left beside {(points.Length == 1 ? "it" : "them")}.");
        if (all.Lost.Length == 0)
        {
            _collapse = null;
            Take(all.Parameters, all.FloorHits);
            return;
        }

        _collapse = all with { Components = all.Lost };
        if (_spec.Collapse == CollapsePolicy.Drop)
            Drop();
        else if (_reseeds >= _spec.K)
            throw Comeback();
        else
            Reseed();
    }

    /// <summary>Components that come back to the same points whatever their start belong there; the floor keeps their density finite.</summary>
    private void StayInTheEnd()
    {
        if (_spec.Regularization == 0 || _collapse!.Lost.Length > 0)
            throw Comeback();
        _log.Note($"{Collapsed}, after components had been re-seeded {_reseeds} times: {Staying(_collapse.Components.Length)}.");
        _stayed = true;
        (MixtureParameters parameters, int[] hits) = (_collapse.Parameters, _collapse.FloorHits);
        _collapse = null;
        Take(parameters, hits);
    }

    private static string Staying(int components) => $"{(components == 1 ? "it stays" : "they stay")} there, with the covariance of the floor";

    private TrainingException Comeback() => TrainingException.OfRestart(
        $"{Lost}, after components had been re-seeded {_reseeds} times",
            "ask for fewer components, a larger regularization, or for collapsed components to be dropped.");

    private void Drop()
    {
        // Whoever comes after those that are dropped moves up.
        _log.Lose();
        _log.Note($"{Lost} and {(_collapse!.Components.Length == 1 ? "was" : "were")} dropped.");
        int[] hits = [.. _collapse.FloorHits.Where((_, c) => Array.IndexOf(_collapse.Components, c) < 0)];
        Resume(_maximization.Without(_collapse.Parameters, _collapse.Components), hits);
    }

    private void Reseed()
    {
        _log.Note($"{Collapsed} and {(_collapse!.Components.Length == 1 ? "was" : "were")} re-seeded.");
        _stage = Stage.Reseed;
    }

    private void EndReseed(RowSelection rows)
    {
        MixtureParameters parameters = _maximization.Reseed(_collapse!.Parameters, _collapse.Components, [.. rows.Rows.Select(row => row.Values)]);
        _reseeds++;
        foreach (int c in _collapse.Components)
            _collapse.FloorHits[c] = 0;
        Resume(parameters, _collapse.FloorHits);
    }

    /// <summary>Goes on with repaired parameters, whose likelihood may be less than before.</summary>
    private void Resume(MixtureParameters parameters, int[] hits)
    {
        _collapse = null;
        _previousObjective = double.NaN;
        if (_stop == "tolerance")
            _stop = _iteration >= _spec.MaxIterations ? "max-iterations" : "";
        Take(parameters, hits);
    }
}
