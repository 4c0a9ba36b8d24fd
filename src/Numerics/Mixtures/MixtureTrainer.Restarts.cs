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
        (restart, iteration, reseeds, stop) = (number, 0, 0, "");
        (current, clusters, collapse, centres) = (null, null, null, []);
        (previousObjective, stayed) = (double.NaN, false);
        log.Begin();
        switch (spec.Init)
        {
            case MixtureInit.Given:
                current = maximization.FromMeans(spec.Covariance, spec.InitialMeans.Span);
                floorHits = new int[spec.K];
                stage = Stage.Iterate;
                break;
            case MixtureInit.Parameters:
                current = maximization.From(spec.InitialParameters!);
                if (GaussianFactors.TryCreate(current, out int failed) is null)
                    throw new TrainingException($"The covariance of component {failed} of the starting parameters is not positive definite: start from another mixture, or anew.");
                floorHits = new int[spec.K];
                stage = Stage.Iterate;
                break;
            case MixtureInit.RandomResponsibilities:
                stage = Stage.Start;
                break;
            default:
                ulong seed = new Draws(spec.Seed, Purpose.MixtureClusters, restart, 0).Bits(0);
                string init = spec.Init == MixtureInit.PlusPlus ? "k-means++" : "parallel";
                clusters = new KMeansTrainer(KMeansSpec.Create(spec.K, init, seed: seed), columns, clusterSurvey);
                stage = Stage.Clusters;
                break;
        }
    }

    /// <summary>A restart ended, well or badly: the next one begins, or the training is done.</summary>
    private void EndRestart(List<TrainingEvent> events)
    {
        if (restart + 1 < spec.Restarts)
        {
            BeginRestart(restart + 1);
            return;
        }

        stage = Stage.Done;
        if (best?.Summary.Totals.Contradiction(spec.Weights, "BIC, AIC and ICL") is { } contradiction)
            log.Warn(new TrainingWarning(restart, contradiction, TrainingScope.Rows), events);
        log.Finish(events);
    }

    private void EndClusters()
    {
        if (clusters!.Result is { } result)
            centres = result.Model.Centroids;
        else if (spec.Init == MixtureInit.PlusPlus && clusters.Phase == "iterate")
            centres = clusters.Centroids.ToArray();
        else
            return;
        clusterSurvey ??= clusters.Survey;
        int found = centres.Length / columns;
        if (found < spec.K)
            throw FewerDistinct(found);
        clusters = null;
        stage = Stage.Start;
    }

    private TrainingException FewerDistinct(int found)
    {
        string rows = clusters!.LightRows is { } light ? $"{light}, and the others have" : "the rows have";
        string values = found == 1 ? "1 distinct value" : $"{found} distinct values";
        string most = found == 1 ? "1 component" : $"{found} components";
        return new TrainingException($"k is {spec.K}, but {rows} only {values}: ask for at most {most}.", TrainingScope.MoreClusters);
    }
}
