namespace OrleansCluster.Numerics.Alignment;

/// <summary>What comparing covariance matrices needs of linear algebra, in plain loops: the same bits everywhere. Square, row-major.</summary>
internal static class SmallMatrix
{
    private const int MostSweeps = 64;

    /// <summary>
    /// Overwrites a symmetric matrix with its lower Cholesky factor, zero above the diagonal. A pivot that is zero up to rounding
    /// gives a zero column, so a semidefinite matrix has a factor too.
    /// </summary>
    /// <returns>−1, or the first column whose pivot was not positive.</returns>
    public static int Cholesky(Span<double> matrix, int d)
    {
        int defect = -1;
        for (int j = 0; j < d; j++)
        {
            double diagonal = matrix[(j * d) + j];
            double pivot = diagonal;
            for (int t = 0; t < j; t++)
                pivot -= matrix[(j * d) + t] * matrix[(j * d) + t];
            bool positive = pivot > diagonal * (d * 2.3e-16);
            if (!positive && defect < 0)
                defect = j;
            double root = positive ? Math.Sqrt(pivot) : 0;
            matrix[(j * d) + j] = root;
            for (int i = j + 1; i < d; i++)
            {
                double value = matrix[(i * d) + j];
                for (int t = 0; t < j; t++)
                    value -= matrix[(i * d) + t] * matrix[(j * d) + t];
                matrix[(i * d) + j] = positive ? value / root : 0;
                matrix[(j * d) + i] = 0;
            }
        }

        return defect;
    }

    /// <summary>‖L⁻¹ v‖² by forward substitution, which overwrites <paramref name="v"/>.</summary>
    public static double SolvedNormSquared(ReadOnlySpan<double> lower, Span<double> v)
    {
        int d = v.Length;
        double sum = 0;
        for (int i = 0; i < d; i++)
        {
            double value = v[i];
            for (int t = 0; t < i; t++)
                value -= lower[(i * d) + t] * v[t];
            v[i] = value / lower[(i * d) + i];
            sum += v[i] * v[i];
        }

        return sum;
    }

    /// <summary>Writes (LᵀM)ᵀ for two lower factors: its rows are the columns of LᵀM.</summary>
    public static void TransposedProduct(ReadOnlySpan<double> l, ReadOnlySpan<double> m, Span<double> result, int d)
    {
        for (int column = 0; column < d; column++)
        {
            for (int row = 0; row < d; row++)
            {
                double sum = 0;
                for (int t = Math.Max(row, column); t < d; t++)
                    sum += l[(t * d) + row] * m[(t * d) + column];
                result[(column * d) + row] = sum;
            }
        }
    }

    /// <summary>
    /// Sum of the singular values (nuclear norm), by one-sided Jacobi rotations of the rows until they are orthogonal
    /// (Hestenes 1958; Golub and Van Loan, Matrix Computations, 8.6.3). Overwrites the matrix.
    /// </summary>
    public static double NuclearNorm(Span<double> matrix, int d)
    {
        bool rotated = true;
        for (int sweep = 0; sweep < MostSweeps && rotated; sweep++)
        {
            rotated = false;
            for (int p = 0; p < d - 1; p++)
            {
                for (int q = p + 1; q < d; q++)
                    rotated |= Orthogonalise(matrix.Slice(p * d, d), matrix.Slice(q * d, d));
            }
        }

        double sum = 0;
        for (int p = 0; p < d; p++)
            sum += Math.Sqrt(Dot(matrix.Slice(p * d, d), matrix.Slice(p * d, d)));
        return sum;
    }

    private static bool Orthogonalise(Span<double> p, Span<double> q)
    {
        double pp = Dot(p, p);
        double qq = Dot(q, q);
        double pq = Dot(p, q);
        if (Math.Abs(pq) <= 1e-15 * Math.Sqrt(pp) * Math.Sqrt(qq))
            return false;
        double zeta = (qq - pp) / (2 * pq);
        double tangent = (zeta >= 0 ? 1 : -1) / (Math.Abs(zeta) + Math.Sqrt(1 + (zeta * zeta)));
        double cosine = 1 / Math.Sqrt(1 + (tangent * tangent));
        double sine = cosine * tangent;
        for (int t = 0; t < p.Length; t++)
            (p[t], q[t]) = ((cosine * p[t]) - (sine * q[t]), (sine * p[t]) + (cosine * q[t]));
        return true;
    }

    private static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double sum = 0;
        for (int t = 0; t < a.Length; t++)
            sum += a[t] * b[t];
        return sum;
    }
}
