namespace OrleansCluster.Families.Mixtures;

/// <summary>Names of what is told of mixtures.</summary>
public static class MixtureNames
{
    /// <summary>ln L of all rows, by weight, in nats; of relative weights, of those that add up to the sample size.</summary>
    public const string LogLikelihood = "log_likelihood";

    /// <summary>−2 ln L + p ln n; less is better. NaN, as the others, where a component has one row alone and the covariance of the floor.</summary>
    public const string Bic = "bic";

    /// <summary>−2 ln L + 2 p; less is better.</summary>
    public const string Aic = "aic";

    /// <summary>BIC and twice the entropy of the labels; less is better.</summary>
    public const string Icl = "icl";

    /// <summary>Rows of this log-density or a lower one are anomalies; −∞: none.</summary>
    public const string Threshold = MeasureNames.Threshold;

    /// <summary>Share of each component.</summary>
    public const string Weights = "weights";

    /// <summary>In how many directions each component's covariance lies on the floor.</summary>
    public const string FloorHits = "floor_hits";

    /// <summary>k × d.</summary>
    public const string Means = "means";

    /// <summary>k × d × d (full), d × d (tied), k × d (diag) or k (spherical).</summary>
    public const string Covariances = "covariances";

    /// <summary>The form of the covariances: <c>full</c>, <c>tied</c>, <c>diag</c> or <c>spherical</c>.</summary>
    public const string Covariance = "covariance";
}
