namespace OrleansCluster.Numerics.Mixtures;

/// <summary>How far one component of a mixture is from one of another (or of the same) mixture.</summary>
public static class GaussianDistance
{
    /// <summary>
    /// Bhattacharyya's distance: ⅛ δᵀΣ⁻¹δ + ½ ln(|Σ| / √(|Σ₁||Σ₂|)) with δ the difference of the means and Σ = ½(Σ₁ + Σ₂), in nats. The overlap of the two is e to
    /// minus this. Source: Kailath, "The divergence and Bhattacharyya distance measures in signal selection", 1967.
    /// </summary>
    /// <param name="first">A mixture.</param>
    /// <param name="a">One of its components.</param>
    /// <param name="second">A mixture in as many columns.</param>
    /// <param name="b">One of its components.</param>
    /// <exception cref="ArgumentException">The numbers of columns differ.</exception>
    /// <exception cref="InvalidDataException">A covariance is not positive definite.</exception>
    public static double Bhattacharyya(MixtureParameters first, int a, MixtureParameters second, int b)
    {
        int d = Check(first, second);
        double[] difference = Difference(first, a, second, b);
        double[] one = Packed(first, a);
        double[] other = Packed(second, b);
        var middle = new double[one.Length];
        for (int i = 0; i < middle.Length; i++)
            middle[i] = 0.5 * (one[i] + other[i]);
        double logMiddle = Factor(middle, d);
        double logs = Factor(one, d) + Factor(other, d);
        double squared = 0;
        for (int j = 0; j < d; j++)
        {
            for (int i = 0; i < j; i++)
                difference[j] = Math.FusedMultiplyAdd(-middle[Symmetric.Index(j, i)], difference[i], difference[j]);
            difference[j] /= middle[Symmetric.Index(j, j)];
            squared = Math.FusedMultiplyAdd(difference[j], difference[j], squared);
        }

        // Logarithms are of the factors' determinants: half of the matrices'.
        return (0.125 * squared) + logMiddle - (0.5 * logs);
    }

    /// <summary>
    /// The 2-Wasserstein distance: the root of |δ|² + tr(Σ₁ + Σ₂ − 2(Σ₁^½ Σ₂ Σ₁^½)^½), in the columns' unit. Source: Olkin and Pukelsheim, 1982.
    /// </summary>
    /// <inheritdoc cref="Bhattacharyya"/>
    public static double Wasserstein(MixtureParameters first, int a, MixtureParameters second, int b)
    {
        int d = Check(first, second);
        double sum = 0;
        foreach (double difference in Difference(first, a, second, b))
            sum = Math.FusedMultiplyAdd(difference, difference, sum);
        double[] root = SymmetricEigen.Decompose(Square(first, a), d).Rebuild(static value => Math.Sqrt(Math.Max(0, value)));
        double[] product = Multiply(Multiply(root, Square(second, b), d), root, d);
        for (int i = 0; i < d; i++)
        {
            for (int j = 0; j < i; j++)
                product[(i * d) + j] = product[(j * d) + i] = 0.5 * (product[(i * d) + j] + product[(j * d) + i]);
        }

        double[] roots = SymmetricEigen.Decompose(product, d).Values;
        for (int j = 0; j < d; j++)
            sum += first.Covariance(a, j, j) + second.Covariance(b, j, j) - (2 * Math.Sqrt(Math.Max(0, roots[j])));
        return Math.Sqrt(Math.Max(0, sum));
    }

    private static int Check(MixtureParameters first, MixtureParameters second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        return first.Columns == second.Columns ? first.Columns
            : throw new ArgumentException($"A mixture in {first.Columns} columns has no distance from one in {second.Columns}.", nameof(second));
    }

    private static double[] Difference(MixtureParameters first, int a, MixtureParameters second, int b)
    {
        var difference = new double[first.Columns];
        for (int j = 0; j < difference.Length; j++)
            difference[j] = first.Mean(a)[j] - second.Mean(b)[j] + (first.Origins[j] - second.Origins[j]);
        return difference;
    }

    private static double[] Packed(MixtureParameters mixture, int component)
    {
        var packed = new double[CovarianceForms.Packed(mixture.Columns)];
        for (int i = 0; i < mixture.Columns; i++)
        {
            for (int j = 0; j <= i; j++)
                packed[Symmetric.Index(i, j)] = mixture.Covariance(component, i, j);
        }

        return packed;
    }

    private static double[] Square(MixtureParameters mixture, int component)
    {
        int d = mixture.Columns;
        var square = new double[d * d];
        for (int i = 0; i < d; i++)
        {
            for (int j = 0; j < d; j++)
                square[(i * d) + j] = mixture.Covariance(component, i, j);
        }

        return square;
    }

    /// <summary>Replaces a matrix by its factor and returns the logarithm of the factor's determinant.</summary>
    private static double Factor(double[] matrix, int d)
    {
        if (!Symmetric.TryFactor(matrix, matrix, d))
            throw new InvalidDataException("A covariance is not positive definite.");
        double sum = 0;
        for (int j = 0; j < d; j++)
            sum += Elementary.Log(matrix[Symmetric.Index(j, j)]);
        return sum;
    }

    private static double[] Multiply(double[] left, double[] right, int d)
    {
        var product = new double[d * d];
        for (int i = 0; i < d; i++)
        {
            for (int k = 0; k < d; k++)
            {
                for (int j = 0; j < d; j++)
                    product[(i * d) + j] = Math.FusedMultiplyAdd(left[(i * d) + k], right[(k * d) + j], product[(i * d) + j]);
            }
        }

        return product;
    }
}
