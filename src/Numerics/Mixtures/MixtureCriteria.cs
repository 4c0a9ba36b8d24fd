namespace OrleansCluster.Numerics.Mixtures;

/// <summary>Criteria that weigh a mixture's likelihood against its size. Less is better, as in scikit-learn; mclust's are their negatives.</summary>
/// <param name="LogLikelihood">Σ w·ln p(x), in nats.</param>
/// <param name="Parameters">Free parameters p.</param>
/// <param name="Bic">−2 ln L + p ln n for the total weight n (Schwarz, 1978).</param>
/// <param name="Aic">−2 ln L + 2 p (Akaike, 1974).</param>
/// <param name="Icl">BIC − 2 Σ w·ln r of each row's most probable component (Biernacki, Celeux, Govaert, 2000).</param>
public sealed record MixtureCriteria(double LogLikelihood, long Parameters, double Bic, double Aic, double Icl)
{
    /// <summary>The criteria of a mixture.</summary>
    /// <param name="form">Form of the covariances.</param>
    /// <param name="k">Number of components.</param>
    /// <param name="columns">Number of columns.</param>
    /// <param name="weight">Total weight of the rows.</param>
    /// <param name="logLikelihood">Σ w·ln p(x).</param>
    /// <param name="logCertainty">Σ w·ln r of each row's most probable component, at most 0.</param>
    public static MixtureCriteria Of(CovarianceForm form, int k, int columns, double weight, double logLikelihood, double logCertainty)
    {
        long parameters = form.FreeParameters(k, columns);
        double bic = (-2 * logLikelihood) + (parameters * Elementary.Log(weight));
        return new MixtureCriteria(logLikelihood, parameters, bic, (-2 * logLikelihood) + (2 * parameters), bic - (2 * logCertainty));
    }
}
