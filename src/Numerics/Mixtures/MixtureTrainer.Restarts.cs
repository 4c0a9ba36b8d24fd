using OrleansCluster.Numerics.KMeans;
using OrleansCluster.Numerics.Mixtures.Components;
using OrleansCluster.Numerics.Randomness;
using OrleansCluster.Numerics.Training;

namespace OrleansCluster.Numerics.Mixtures;

/// <summary>How restarts begin and end.</summary>
public sealed partial class MixtureTrainer
{
    private void BeginRestart(int number)
    {
        (_restart, _iteration, _reseeds, _stop) = (number, 0, 0, "");
        (_current, _clusters, _collapse, _centres) = (null, null, null, []);
        (_previousObjective, _stayed) = (double.NaN, false);
        _log.Begin();
        switch (_spec.Init)
        {
            case MixtureInit.Given:
                _current = _maximization.FromMeans(_spec.Covariance, _spec.InitialMeans.Span);
                _floorHits = new int[_spec.K];
                _stage = Stage.Iterate;
                break;
            case MixtureInit.Parameters:
                _current = _maximization.From(_spec.InitialParameters!);
                if (GaussianFactors.TryCreate(_current, out int failed) is null)
                    throw new TrainingException(
                        $"The covariance of component {failed} of the starting parameters is not positive definite: start from another mixture, or anew.");
                _floorHits = new int[_spec.K];
                _stage = Stage.Iterate;
                break;
            case MixtureInit.RandomResponsibilities:
                _stage = Stage.Start;
                break;
            default:
                ulong seed = new Draws(_spec.Seed, Purpose.MixtureClusters, _restart, 0).Bits(0);
                string init = _spec.Init == MixtureInit.PlusPlus ? "k-means++" : "parallel";
                _clusters = new KMeansTrainer(KMeansSpec.Create(_spec.K, init, seed: seed), _columns, _clusterSurvey);
                _stage = Stage.Clusters;
                break;
        }
    }

    /// <summary>A restart ended, well or badly: the next one begins, or the training is done.</summary>
    private void EndRestart(List<TrainingEvent> events)
    {
        if (_restart + 1 < _spec.Restarts)
        {
            BeginRestart(_restart + 1);
            return;
        }

        _stage = Stage.Done;
        if (_best?.Summary.Totals.Contradiction(_spec.Weights, "BIC, AIC and ICL") is { } contradiction)
            _log.Warn(new TrainingWarning(_restart, contradiction, TrainingScope.Rows), events);
        _log.Finish(events);
    }

    private void EndClusters()
    {
        if (_clusters!.Result is { } result)
            _centres = result.Model.Centroids;
        else if (_spec.Init == MixtureInit.PlusPlus && _clusters.Phase == "iterate")
            _centres = _clusters.Centroids.ToArray();
        else
            return;
        _clusterSurvey ??= _clusters.Survey;
        int found = _centres.Length / _columns;
        if (found < _spec.K)
            throw FewerDistinct(found);
        _clusters = null;
        _stage = Stage.Start;
    }

    private TrainingException FewerDistinct(int found)
    {
        string rows = _clusters!.LightRows is { } light ? $"{light}, and the others have" : "the rows have";
        string values = found == 1 ? "1 distinct value" : $"{found} distinct values";
        string most = found == 1 ? "1 component" : $"{found} components";
        return new TrainingException($"k is {_spec.K}, but {rows} only {values}: ask for at most {most}.", TrainingScope.MoreClusters);
    }
}
