using OrleansCluster.Numerics.Algebra;

namespace OrleansCluster.Numerics.Mixtures.Components;

/// <summary>
/// Keeps covariances above a floor: Σ ⪰ r·diag(v) with the columns' variances v and the regularization r (spherical: σ² ≥ r·mean v).
/// The covariance of greatest likelihood under that constraint has, in columns divided by √v, the eigenvalues max(λ, r): so the
/// likelihood still never falls, and components that do not touch the floor are not changed at all.
/// </summary>
/// <param name="variances">d column variances of the data.</param>
/// <param name="regularization">r, at least 0.</param>
internal sealed class CovarianceFloor(double[] variances, double regularization)
{
    private readonly double _mean = Mean(variances);

    /// <summary>Lifts one covariance to the floor.</summary>
    /// <param name="form">Form of the covariance.</param>
    /// <param name="covariance">What is kept of it.</param>
    /// <returns>In how many directions it had to be lifted.</returns>
    public int Apply(CovarianceForm form, Span<double> covariance)
    {
        if (regularization == 0)
            return 0;
        if (form is CovarianceForm.Full or CovarianceForm.Tied)
            return Holds(covariance) ? 0 : Lift(covariance);
        int hits = 0;
        for (int j = 0; j < covariance.Length; j++)
        {
            double least = regularization * (form == CovarianceForm.Spherical ? _mean : variances[j]);
            if (covariance[j] >= least)
                continue;
            covariance[j] = least;
            hits++;
        }

        return hits;
    }

    private static double Mean(double[] variances)
    {
        double sum = 0;
        foreach (double variance in variances)
            sum += variance;
        return sum / variances.Length;
    }

    /// <summary>Whether Σ − r·diag(v) is positive definite: a factorisation instead of eigenvalues, which are rarely needed.</summary>
    private bool Holds(ReadOnlySpan<double> covariance)
    {
        int d = variances.Length;
        var shifted = covariance.ToArray();
        for (int j = 0; j < d; j++)
            shifted[Symmetric.Index(j, j)] = Math.FusedMultiplyAdd(-regularization, variances[j], shifted[Symmetric.Index(j, j)]);
        return Symmetric.TryFactor(shifted, shifted, d);
    }

    private int Lift(Span<double> covariance)
    {
        int d = variances.Length;
        var scaled = new double[d * d];
        for (int i = 0; i < d; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double entry = covariance[Symmetric.Index(i, j)] / (Math.Sqrt(variances[i]) * Math.Sqrt(variances[j]));
                scaled[(i * d) + j] = entry;
                scaled[(j * d) + i] = entry;
            }
        }

        SymmetricEigen eigen = SymmetricEigen.Decompose(scaled, d);
        int hits = 0;
        foreach (double value in eigen.Values)
        {
            if (value < regularization)
                hits++;
        }

        double[] lifted = eigen.Rebuild(value => Math.Max(value, regularization));
        for (int i = 0; i < d; i++)
        {
            for (int j = 0; j <= i; j++)
                covariance[Symmetric.Index(i, j)] = lifted[(i * d) + j] * (Math.Sqrt(variances[i]) * Math.Sqrt(variances[j]));
        }

        return hits;
    }
}
