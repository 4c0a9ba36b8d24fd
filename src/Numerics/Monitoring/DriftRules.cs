namespace OrleansCluster.Numerics.Monitoring;

/// <summary>
/// When a difference is called drift: it must be large enough to matter (an effect, which does not grow with the number of rows) and too unlikely to be chance.
/// </summary>
/// <param name="Wasserstein">Least 1-Wasserstein distance of numbers, in standard deviations of the reference.</param>
/// <param name="KolmogorovSmirnov">Least difference of the distribution functions of numbers.</param>
/// <param name="JensenShannon">
/// Least Jensen–Shannon distance of categories, of the clusters' shares, and of numbers in groups. Any of the three is enough for numbers.
/// </param>
/// <param name="Share">Least difference of the shares of missing, unseen and out-of-range values.</param>
/// <param name="Alpha">Greatest probability of a false alarm in all comparisons of one report together.</param>
/// <param name="MinimumRows">Fewer rows are not judged.</param>
/// <param name="ClusterShift">Least shift of a cluster's mean in a column, in standard deviations that the column has within the cluster.</param>
/// <param name="Fit">Least change of the mean loss and of the mean silhouette, in standard deviations of the reference's rows.</param>
/// <param name="ClusterRows">Clusters of fewer rows are not judged.</param>
public sealed record DriftRules(
    double Wasserstein = 0.1, double KolmogorovSmirnov = 0.1, double JensenShannon = 0.1, double Share = 0.05, double Alpha = 0.001, int MinimumRows = 100,
    double ClusterShift = 0.25, double Fit = 0.1, int ClusterRows = 50);
