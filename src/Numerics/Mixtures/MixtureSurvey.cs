using OrleansCluster.Numerics.KMeans;

namespace OrleansCluster.Numerics.Mixtures;

/// <summary>What the first passes over the rows say, whatever is trained on them: trainings on the same rows need it once.</summary>
/// <param name="Rows">Rows of positive weight.</param>
/// <param name="Origins">d numbers near the columns' means.</param>
/// <param name="Variances">The columns' d variances about them.</param>
/// <param name="Clusters">The survey of the k-means runs that starts come from; null: there was none.</param>
internal sealed record MixtureSurvey(long Rows, double[] Origins, double[] Variances, KMeansSurvey? Clusters);
