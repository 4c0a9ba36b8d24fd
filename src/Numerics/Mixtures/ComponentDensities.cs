using OrleansCluster.Numerics.Explanation;
using OrleansCluster.Numerics.Mixtures.Components;

namespace OrleansCluster.Numerics.Mixtures;

/// <summary>
/// Components as clusters that fit a row by their weighted log-density: s(x) = ln π − ½ (d ln 2π + ln |Σ|) − ½ (x − μ)ᵀ Σ⁻¹ (x − μ), by the Cholesky factor L
/// of Σ.
/// </summary>
public sealed class ComponentDensities : IQuadraticClusters
{
    private readonly GaussianFactors _factors;
    private readonly double[]?[] _curvatures;

    /// <exception cref="InvalidDataException">A covariance is not positive definite.</exception>
    public ComponentDensities(MixtureModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        _factors = GaussianFactors.Create(model.Parameters);
        _curvatures = new double[]?[model.Parameters.Form == CovarianceForm.Tied ? 1 : model.K];
    }

    public int K => _factors.Parameters.K;

    public int Columns => _factors.Parameters.Columns;

    public double Scale => 0.5;

    public double Constant(int cluster) => _factors.Constants[cluster];

    public void Subtract(int cluster, ReadOnlySpan<double> row, Span<double> differences)
    {
        ReadOnlySpan<double> mean = _factors.Parameters.Mean(cluster), origins = _factors.Parameters.Origins;
        for (int j = 0; j < Columns; j++)
            differences[j] = row[j] - origins[j] - mean[j];
    }

    public void Multiply(int cluster, ReadOnlySpan<double> differences, Span<double> products)
    {
        ReadOnlySpan<double> inverses = _factors.Inverses(cluster);
        if (_factors.Triangular)
        {
            SolveLower(cluster, differences, products, 0);
            SolveUpper(_factors.Factor(cluster), products);
            return;
        }

        for (int j = 0; j < Columns; j++)
            products[j] = differences[j] * inverses[j] * inverses[j];
    }

    public double Curvature(int cluster, int column)
    {
        int place = cluster < _curvatures.Length ? cluster : 0;
        // Whoever comes first makes them, and whoever makes them makes the same.
        return (_curvatures[place] ??= Curvatures(place))[column];
    }

    /// <summary>The diagonal of Σ⁻¹ = L⁻ᵀ L⁻¹: entry j is the squared length of column j of L⁻¹.</summary>
    private double[] Curvatures(int cluster)
    {
        int d = Columns;
        var curvatures = new double[d];
        double[] unit = new double[d], column = new double[d];
        for (int j = 0; j < d; j++)
        {
            if (!_factors.Triangular)
            {
                curvatures[j] = _factors.Inverses(cluster)[j] * _factors.Inverses(cluster)[j];
                continue;
            }

            Array.Clear(unit);
            unit[j] = 1;
            Array.Clear(column);
            SolveLower(cluster, unit, column, j);
            double sum = 0;
            for (int i = j; i < d; i++)
                sum = Math.FusedMultiplyAdd(column[i], column[i], sum);
            curvatures[j] = sum;
        }

        return curvatures;
    }

    /// <summary>L y = b, from a row on before which b is 0.</summary>
    private void SolveLower(int cluster, ReadOnlySpan<double> right, Span<double> solution, int first)
    {
        ReadOnlySpan<double> factor = _factors.Factor(cluster);
        for (int i = first; i < Columns; i++)
        {
            double rest = right[i];
            ReadOnlySpan<double> row = factor.Slice(Symmetric.Index(i, 0), i + 1);
            for (int k = first; k < i; k++)
                rest = Math.FusedMultiplyAdd(-row[k], solution[k], rest);
            solution[i] = rest / row[i];
        }
    }

    /// <summary>Lᵀ y = b, in place.</summary>
    private static void SolveUpper(ReadOnlySpan<double> factor, Span<double> values)
    {
        for (int i = values.Length - 1; i >= 0; i--)
        {
            values[i] /= factor[Symmetric.Index(i, i)];
            for (int k = 0; k < i; k++)
                values[k] = Math.FusedMultiplyAdd(-factor[Symmetric.Index(i, k)], values[i], values[k]);
        }
    }
}
