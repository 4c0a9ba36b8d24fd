namespace OrleansCluster.Numerics.Mixtures.Components;

/// <summary>Symmetric matrices of which the lower triangle is kept row by row: Cholesky's factorisation, always in the same order of operations.</summary>
internal static class Symmetric
{
    /// <summary>A pivot below this share of its diagonal entry is rounding noise: 2^−46.</summary>
    private const double LeastPivot = 1.0 / (1L << 46);

    /// <summary>Where entry (i, j), j ≤ i, lies.</summary>
    public static int Index(int i, int j) => (i * (i + 1) / 2) + j;

    /// <summary>
    /// A = L·Lᵀ: L_ij = (A_ij − Σ_{k&lt;j} L_ik L_jk) / L_jj with one fused multiply-subtract a term, k ascending; L_jj a correctly rounded root.
    /// </summary>
    /// <param name="matrix">Packed A.</param>
    /// <param name="factor">Receives L, packed; may be <paramref name="matrix"/> itself.</param>
    /// <param name="columns">d.</param>
    /// <returns>Whether A is positive definite, as far as its digits tell; if not, the factor is undefined.</returns>
    public static bool TryFactor(ReadOnlySpan<double> matrix, Span<double> factor, int columns)
    {
        for (int i = 0; i < columns; i++)
        {
            int rowI = Index(i, 0);
            for (int j = 0; j < i; j++)
            {
                double rest = Reduce(matrix[rowI + j], factor.Slice(rowI, j), factor.Slice(Index(j, 0), j));
                factor[rowI + j] = rest / factor[Index(j, j)];
            }

            double diagonal = matrix[rowI + i];
            double pivot = Reduce(diagonal, factor.Slice(rowI, i), factor.Slice(rowI, i));
            if (!(pivot > LeastPivot * diagonal) || !double.IsFinite(pivot))
                return false;
            factor[rowI + i] = Math.Sqrt(pivot);
        }

        return true;
    }

    private static double Reduce(double value, ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        for (int k = 0; k < a.Length; k++)
            value = Math.FusedMultiplyAdd(-a[k], b[k], value);
        return value;
    }
}
