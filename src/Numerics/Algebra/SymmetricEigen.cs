namespace OrleansCluster.Numerics.Algebra;

/// <summary>Eigenvalues and eigenvectors of a symmetric matrix by cyclic Jacobi rotations: always the same operations in the same order.</summary>
internal sealed class SymmetricEigen
{
    private const int GreatestSweeps = 64;

    private SymmetricEigen(double[] values, double[] vectors) => (Values, Vectors) = (values, vectors);

    /// <summary>d eigenvalues, in no particular order.</summary>
    public double[] Values { get; }

    /// <summary>d × d, row-major: column j belongs to eigenvalue j.</summary>
    public double[] Vectors { get; }

    /// <summary>Decomposes a matrix.</summary>
    /// <param name="matrix">d × d, row-major, symmetric; destroyed.</param>
    /// <param name="d">Number of columns.</param>
    public static SymmetricEigen Decompose(double[] matrix, int d)
    {
        var vectors = new double[d * d];
        for (int j = 0; j < d; j++)
            vectors[(j * d) + j] = 1;
        for (int sweep = 0; sweep < GreatestSweeps && !Sweep(matrix, vectors, d); sweep++)
        {
        }

        var values = new double[d];
        for (int j = 0; j < d; j++)
            values[j] = matrix[(j * d) + j];
        return new SymmetricEigen(values, vectors);
    }

    /// <summary>Σ_j f(λ_j)·q_j q_jᵀ, d × d, row-major.</summary>
    public double[] Rebuild(Func<double, double> f)
    {
        int d = Values.Length;
        var result = new double[d * d];
        for (int j = 0; j < d; j++)
        {
            double value = f(Values[j]);
            for (int a = 0; a < d; a++)
            {
                double scaled = value * Vectors[(a * d) + j];
                for (int b = 0; b <= a; b++)
                    result[(a * d) + b] = Math.FusedMultiplyAdd(scaled, Vectors[(b * d) + j], result[(a * d) + b]);
            }
        }

        for (int a = 0; a < d; a++)
        {
            for (int b = 0; b < a; b++)
                result[(b * d) + a] = result[(a * d) + b];
        }

        return result;
    }

    /// <summary>One rotation for every entry off the diagonal that matters; true when none did.</summary>
    private static bool Sweep(double[] a, double[] vectors, int d)
    {
        bool done = true;
        for (int p = 0; p < d; p++)
        {
            for (int q = p + 1; q < d; q++)
            {
                double off = a[(p * d) + q];
                double scale = Math.Sqrt(Math.Abs(a[(p * d) + p])) * Math.Sqrt(Math.Abs(a[(q * d) + q]));
                if (Math.Abs(off) <= 1e-17 * scale || off == 0)
                    continue;
                // Below the rounding of the greater diagonal entry a rotation changes nothing any more.
                if (Math.Abs(off) < 1e-18 * Math.Max(Math.Abs(a[(p * d) + p]), Math.Abs(a[(q * d) + q])))
                {
                    a[(p * d) + q] = a[(q * d) + p] = 0;
                    continue;
                }

                done = false;
                Rotate(a, vectors, d, p, q);
            }
        }

        return done;
    }

    private static void Rotate(double[] a, double[] vectors, int d, int p, int q)
    {
        double theta = (a[(q * d) + q] - a[(p * d) + p]) / (2 * a[(p * d) + q]);
        double root = Math.Sqrt(Math.FusedMultiplyAdd(theta, theta, 1));
        double t = double.IsInfinity(root) ? 0.5 / theta : (theta >= 0 ? 1 : -1) / (Math.Abs(theta) + root);
        double cosine = 1 / Math.Sqrt(Math.FusedMultiplyAdd(t, t, 1));
        double sine = t * cosine;
        for (int i = 0; i < d; i++)
            Turn(ref a[(i * d) + p], ref a[(i * d) + q], cosine, sine);
        for (int i = 0; i < d; i++)
            Turn(ref a[(p * d) + i], ref a[(q * d) + i], cosine, sine);
        a[(p * d) + q] = a[(q * d) + p] = 0;
        for (int i = 0; i < d; i++)
            Turn(ref vectors[(i * d) + p], ref vectors[(i * d) + q], cosine, sine);
    }

    private static void Turn(ref double x, ref double y, double cosine, double sine)
    {
        double first = Math.FusedMultiplyAdd(cosine, x, -(sine * y));
        y = Math.FusedMultiplyAdd(sine, x, cosine * y);
        x = first;
    }
}
