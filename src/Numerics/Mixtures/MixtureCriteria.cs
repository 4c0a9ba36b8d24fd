using OrleansCluster.Numerics.Functions;
using OrleansCluster.Numerics.Mixtures.Components;
using OrleansCluster.Numerics.Mixtures.Steps;
using OrleansCluster.Numerics.Statistics;

namespace OrleansCluster.Numerics.Mixtures;

/// <summary>
/// Criteria that weigh a mixture's likelihood against its size. Less is better, as in scikit-learn; mclust's are their negatives. NaN where a component has
/// one row alone and a covariance on the floor: then there is no likelihood to weigh, as it grows without bound when the floor sinks, whatever the row.
/// </summary>
/// <param name="LogLikelihood">ln L = Σ w·ln p(x), in nats; of relative weights, of those times n / Σ w.</param>
/// <param name="Parameters">Free parameters p.</param>
/// <param name="Size">The number of rows n that the weights stand for.</param>
/// <param name="Bic">−2 ln L + p ln n (Schwarz, 1978).</param>
/// <param name="Aic">−2 ln L + 2 p (Akaike, 1974).</param>
/// <param name="Icl">BIC − 2 Σ w·ln r of each row's most probable component (Biernacki, Celeux, Govaert, 2000).</param>
public sealed record MixtureCriteria(double LogLikelihood, long Parameters, double Size, double Bic, double Aic, double Icl)
{
    /// <summary>The criteria of a mixture.</summary>
    /// <param name="form">Form of the covariances.</param>
    /// <param name="columns">Number of columns.</param>
    /// <param name="summary">Of the rows under it.</param>
    /// <param name="weights">What the rows' weights mean.</param>
    /// <param name="floorHits">In how many directions each component's covariance lies on the floor.</param>
    internal static MixtureCriteria Of(CovarianceForm form, int columns, MixtureSummary summary, WeightMeaning weights, ReadOnlySpan<int> floorHits)
    {
        int k = summary.Counts.Length;
        long parameters = form.FreeParameters(k, columns);
        double size = summary.Totals.Size(weights);
        bool relative = summary.Totals.AreRelative(weights);
        double scale = summary.Totals.Scale(weights);
        (double logLikelihood, double logCertainty) = (summary.LogLikelihood * scale, summary.LogCertainty * scale);
        bool defined = true;
        for (int c = 0; c < k; c++)
            defined &= floorHits[c] == 0 || !IsSingle(summary, c, relative);
        double bic = defined ? (-2 * logLikelihood) + (parameters * Elementary.Log(size)) : double.NaN;
        double aic = defined ? (-2 * logLikelihood) + (2 * parameters) : double.NaN;
        return new MixtureCriteria(logLikelihood, parameters, size, bic, aic, bic - (2 * logCertainty));
    }

    /// <summary>Whether the rows of a component stand for one row at most.</summary>
    private static bool IsSingle(MixtureSummary summary, int component, bool relative)
    {
        double sum = summary.Weights[component];
        return sum > 0 && (relative ? sum * sum <= summary.SquaredWeights[component] : sum <= 1);
    }
}
