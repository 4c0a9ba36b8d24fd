using OrleansCluster.Numerics.Mixtures.Components;
using OrleansCluster.Numerics.Simd;

namespace OrleansCluster.Numerics.Mixtures.Kernels;

/// <summary>
/// A lower bound of each component's quadratic form in float32, by which components that cannot count for any row of a panel are passed over.
/// </summary>
/// <remarks>
/// <para>
/// For scales s with D L Lᵀ D ⪯ I, D = diag(s), no y with L y = x − μ is shorter than D (x − μ). That holds of the y that is computed too, up to a share of
/// 2^−30 whatever L's condition: it solves (L + E) y = x − μ for some |E| ≤ γ |L| (Higham, Accuracy and Stability, 8.5), and the rows of D L are no longer
/// than 1. Diagonal factors have s = 1 / L_jj. For a matrix Σ = L Lᵀ with correlations R, s_j = 1 / √(‖R‖∞ Σ_jj).
/// </para>
/// <para>
/// The bound is summed in float32 from z_j = fma(x_j, s_j, −fl(μ_j s_j)), which is off by 2^−24 (|z_j| + 2 |μ_j| s_j) and little more. So the sum of squares
/// exceeds a limit e when the computed one exceeds (1 + 2^−6) e + 258 A², where A = 2^−22 ‖(μ_j s_j)‖: of the 2^−6, d · 2^−24 covers the additions and 2^−8 the
/// cross term. The limits are <see cref="DensityKernel{TLanes,TVector}"/>'s, plus 2^−20 of their terms against rounding them to float32.
/// </para>
/// </remarks>
internal sealed unsafe class ScreenTable
{
    /// <summary>1 + 2^−6.</summary>
    public const double Slack = 1.015625;

    /// <summary>2^−20.</summary>
    public const double Rounding = 1.0 / (1 << 20);

    /// <summary>Fewer columns than this are evaluated as fast as they are screened.</summary>
    private const int LeastColumns = 4;

    /// <summary>Beyond, additions in float32 would need more slack.</summary>
    private const int MostColumns = 65_536;

    /// <summary>Scales stay below, which makes them no less true, so that products stay finite.</summary>
    private const double GreatestScale = 1e30;

    private readonly AlignedBuffer<float> _terms = new();
    private int _padded;

    /// <summary>Whether there is anything to screen by.</summary>
    public bool Useful { get; private set; }

    /// <summary>The part of each component's limits that does not depend on rows.</summary>
    public float[] Limits { get; private set; } = [];

    /// <summary>s_j and −μ_j s_j of one component, column after column.</summary>
    public float* Terms(int component) => _terms.Pointer + ((long)component * _padded * 2);

    /// <summary>Takes another mixture; memory is used again.</summary>
    /// <param name="mixture">The mixture.</param>
    /// <param name="paddedColumns">Columns with padding, a multiple of 4.</param>
    public void Set(GaussianFactors mixture, int paddedColumns)
    {
        MixtureParameters parameters = mixture.Parameters;
        (int k, int d) = (parameters.K, parameters.Columns);
        Useful = k > 1 && d is >= LeastColumns and <= MostColumns;
        if (!Useful)
            return;
        _padded = paddedColumns;
        _terms.Reserve(checked(k * _padded * 2));
        _terms.Span.Clear();
        if (Limits.Length != k)
            Limits = new float[k];
        var scales = new double[d];
        for (int c = 0; c < k; c++)
        {
            if (c == 0 || parameters.Form != CovarianceForm.Tied)
                Scales(mixture, c, scales);
            ReadOnlySpan<double> mean = parameters.Mean(c);
            float* target = Terms(c);
            double squares = 0;
            for (int j = 0; j < d; j++)
            {
                // Rounded down: 2^−20 is more than float32's rounding.
                float scale = (float)Math.Min(scales[j] * (1 - Rounding), GreatestScale);
                double shift = mean[j] * scale;
                squares += shift * shift;
                target[2 * j] = scale;
                target[(2 * j) + 1] = -(float)shift;
            }

            double constant = mixture.Constants[c], magnitude = Math.Abs(constant) + DensityTable.BeyondNegligible;
            double error = squares / (1L << 44);
            Limits[c] = (float)((2 * Slack * (constant + DensityTable.BeyondNegligible)) + (258 * error) + (Rounding * magnitude));
        }
    }

    private static void Scales(GaussianFactors mixture, int component, double[] scales)
    {
        if (!mixture.Triangular)
        {
            mixture.Inverses(component).CopyTo(scales);
            return;
        }

        ReadOnlySpan<double> covariance = mixture.Parameters.Covariance(component);
        int d = scales.Length;
        for (int j = 0; j < d; j++)
            scales[j] = 1 / Math.Sqrt(covariance[Symmetric.Index(j, j)]);
        // The largest sum of a row of |R| is at least the largest eigenvalue of R.
        double[] sums = new double[d];
        for (int i = 0; i < d; i++)
        {
            ReadOnlySpan<double> row = covariance.Slice(Symmetric.Index(i, 0), i);
            double sum = 1;
            for (int j = 0; j < row.Length; j++)
            {
                double correlation = Math.Abs(row[j]) * scales[i] * scales[j];
                sum += correlation;
                sums[j] += correlation;
            }

            sums[i] += sum;
        }

        double greatest = 0;
        foreach (double sum in sums)
            greatest = Math.Max(greatest, sum);
        double common = Math.Sqrt(greatest * (1 + Rounding));
        for (int j = 0; j < d; j++)
            scales[j] /= common;
    }
}
