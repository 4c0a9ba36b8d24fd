using OrleansCluster.Numerics.KMeans.Steps;
using OrleansCluster.Numerics.Statistics;

namespace OrleansCluster.Numerics.KMeans;

/// <summary>What the first passes over the rows say, whatever is trained on them: trainings on the same rows need it once.</summary>
/// <param name="Ranges">Ranges of the columns and weights.</param>
/// <param name="Moments">Moments of the columns, on the grid of those ranges.</param>
internal sealed record KMeansSurvey(Ranges Ranges, Moments Moments);
