namespace OrleansCluster.Numerics.Explanation;

/// <summary>
/// Explains rows by quadratic fits. A form is shared out as Σ_j Δ_j (PΔ)_j with Δ = x − c: off the diagonal each of two
/// columns has half of what they have together. O(K d²) a row at most; curvatures of matrices take O(d³) a cluster once.
/// </summary>
/// <param name="clusters">What the rows belong to.</param>
public sealed class RowExplainer(IQuadraticClusters clusters) : IRowExplainer
{
    /// <summary>By how much of the sizes at hand a third cluster must fit better to have the row, beyond rounding.</summary>
    private const double Rounding = 1e-12;

    /// <inheritdoc/>
    public int Best(ReadOnlySpan<double> row)
    {
        var fits = new double[clusters.K];
        Fill(row, fits, new double[clusters.K * clusters.Columns], new double[clusters.K * clusters.Columns]);
        return Best(fits, -1);
    }

    /// <inheritdoc/>
    public RowExplanation Explain(ReadOnlySpan<double> row, int cluster)
    {
        int d = clusters.Columns;
        (double[] fits, double[] differences, double[] products) = (new double[clusters.K], new double[clusters.K * d], new double[clusters.K * d]);
        Fill(row, fits, differences, products);
        int other = Best(fits, cluster);
        double[] parts = new double[d], against = new double[d], boundaries = new double[d];
        Array.Fill(boundaries, double.NaN);
        for (int j = 0; j < d; j++)
        {
            parts[j] = Part(cluster, j);
            against[j] = other < 0 ? 0 : Part(other, j) - parts[j];
            if (other >= 0 && Step(j) is { } step)
                boundaries[j] = row[j] + step;
        }

        return new RowExplanation(
            cluster, other, fits[cluster], other < 0 ? double.NaN : fits[cluster] - fits[other],
            other < 0 ? 0 : clusters.Constant(cluster) - clusters.Constant(other), [.. parts], [.. against], [.. boundaries]);

        double Part(int of, int column) => clusters.Scale * differences[(of * d) + column] * products[(of * d) + column];

        // s(x + t·e_j) = s(x) − scale · (2 t (PΔ)_j + t² P_jj), so that the lead is a quadratic in t.
        double? Step(int column)
        {
            double square = clusters.Scale * (clusters.Curvature(other, column) - clusters.Curvature(cluster, column));
            double linear = 2 * clusters.Scale * (products[(other * d) + column] - products[(cluster * d) + column]);
            foreach (double step in Roots(square, linear, fits[cluster] - fits[other]))
            {
                double there = After(other, column, step);
                double slack = Rounding * (1 + Math.Abs(there) + Math.Abs(fits[other]));
                bool third = false;
                for (int c = 0; c < clusters.K && !third; c++)
                    third = c != cluster && c != other && After(c, column, step) > there + slack;
                if (!third && double.IsFinite(step))
                    return step;
            }

            return null;
        }

        double After(int of, int column, double step) =>
            fits[of] - (clusters.Scale * step * ((2 * products[(of * d) + column]) + (step * clusters.Curvature(of, column))));
    }

    /// <summary>The real roots of a·t² + b·t + c, of least magnitude first, without cancellation.</summary>
    private static IEnumerable<double> Roots(double a, double b, double c)
    {
        if (c == 0)
            return [0];
        if (a == 0)
            return b == 0 ? [] : [-c / b];
        double under = (b * b) - (4 * a * c);
        if (!(under >= 0))
            return [];
        double half = -0.5 * (b + Math.CopySign(Math.Sqrt(under), b));
        return half == 0 ? [] : new[] { c / half, half / a }.OrderBy(Math.Abs);
    }

    private void Fill(ReadOnlySpan<double> row, double[] fits, double[] differences, double[] products)
    {
        int d = clusters.Columns;
        for (int c = 0; c < clusters.K; c++)
        {
            Span<double> apart = differences.AsSpan(c * d, d), product = products.AsSpan(c * d, d);
            clusters.Subtract(c, row, apart);
            clusters.Multiply(c, apart, product);
            double sum = 0;
            for (int j = 0; j < d; j++)
                sum = Math.FusedMultiplyAdd(apart[j], product[j], sum);
            fits[c] = clusters.Constant(c) - (clusters.Scale * sum);
        }
    }

    private static int Best(double[] fits, int but)
    {
        int best = -1;
        for (int c = 0; c < fits.Length; c++)
        {
            if (c != but && fits[c] > (best < 0 ? double.NegativeInfinity : fits[best]))
                best = c;
        }

        return best;
    }
}
