using OrleansCluster.Numerics.Functions;

namespace OrleansCluster.Numerics.Mixtures.Components;

/// <summary>
/// A mixture made ready for densities: the Cholesky factor L of each covariance and the constant of each log-density,
/// ln π_c − (½ d ln 2π + Σ_j ln L_jj). The weighted log-density of row x is that minus ½ |L⁻¹(x − μ)|².
/// </summary>
internal sealed class GaussianFactors
{
    /// <summary>ln 2π.</summary>
    public const double LogTwoPi = 1.8378770664093456;

    private readonly double[] _factors;
    private readonly double[] _inverses;
    private readonly int _length;

    private GaussianFactors(MixtureParameters parameters, double[] factors, double[] inverses, double[] constants)
    {
        (Parameters, _factors, _inverses, Constants) = (parameters, factors, inverses, constants);
        _length = (int)CovarianceForms.Packed(parameters.Columns);
    }

    public MixtureParameters Parameters { get; }

    /// <summary>Whether the quadratic form needs a triangular solve; otherwise factors are diagonal.</summary>
    public bool Triangular => Parameters.Form is CovarianceForm.Full or CovarianceForm.Tied;

    /// <summary>The constant of each component's weighted log-density; −∞ for weight 0.</summary>
    public double[] Constants { get; }

    /// <summary>L of one component, packed; only when <see cref="Triangular"/>.</summary>
    public ReadOnlySpan<double> Factor(int component)
        => _factors.AsSpan(Parameters.Form == CovarianceForm.Tied ? 0 : component * _length, _length);

    /// <summary>1 / L_jj of one component.</summary>
    public ReadOnlySpan<double> Inverses(int component)
        => _inverses.AsSpan(Parameters.Form == CovarianceForm.Tied ? 0 : component * Parameters.Columns, Parameters.Columns);

    /// <summary>The factors of a mixture; null, naming the component, when a covariance is not positive definite.</summary>
    public static GaussianFactors? TryCreate(MixtureParameters parameters, out int failed)
    {
        int d = parameters.Columns;
        int matrices = parameters.Form == CovarianceForm.Tied ? 1 : parameters.K;
        bool triangular = parameters.Form is CovarianceForm.Full or CovarianceForm.Tied;
        int packed = checked((int)CovarianceForms.Packed(d));
        var factors = new double[triangular ? checked(matrices * packed) : 0];
        var inverses = new double[matrices * d];
        var constants = new double[parameters.K];
        double logDeterminant = 0;
        for (int c = 0; c < parameters.K; c++)
        {
            if (c < matrices)
            {
                Span<double> factor = triangular ? factors.AsSpan(c * packed, packed) : default;
                if (!TryRoot(parameters, c, factor, inverses.AsSpan(c * d, d), out logDeterminant))
                {
                    failed = c;
                    return null;
                }
            }

            constants[c] = Elementary.Log(parameters.Weights[c]) - ((0.5 * d * LogTwoPi) + logDeterminant);
        }

        failed = -1;
        return new GaussianFactors(parameters, factors, inverses, constants);
    }

    /// <summary>The factors of a mixture that was trained.</summary>
    /// <exception cref="InvalidDataException">A covariance is not positive definite.</exception>
    public static GaussianFactors Create(MixtureParameters parameters)
        => TryCreate(parameters, out int failed)
            ?? throw new InvalidDataException($"The covariance of component {failed} is not positive definite.");

    private static bool TryRoot(MixtureParameters parameters, int component, Span<double> factor, Span<double> inverses, out double logDeterminant)
    {
        logDeterminant = 0;
        ReadOnlySpan<double> covariance = parameters.Covariance(component);
        bool triangular = factor.Length > 0;
        if (triangular && !Symmetric.TryFactor(covariance, factor, inverses.Length))
            return false;
        for (int j = 0; j < inverses.Length; j++)
        {
            double root = triangular ? factor[Symmetric.Index(j, j)] : Math.Sqrt(covariance[covariance.Length == 1 ? 0 : j]);
            inverses[j] = 1 / root;
            logDeterminant += Elementary.Log(root);
            if (!(root > 0) || !double.IsFinite(inverses[j]))
                return false;
        }

        return true;
    }
}
