using OrleansCluster.Numerics.Distances;
using OrleansCluster.Numerics.Functions;
using OrleansCluster.Numerics.Matchings;

namespace OrleansCluster.Numerics.Alignment;

/// <summary>Distances between the Gaussians of two versions. Rows are the clusters of the new version, columns those of the old one.</summary>
/// <remarks>
/// With variances on both sides the sums run over columns; as soon as one side has matrices, both are treated as matrices.
/// Pairs that a cheap lower bound puts beyond the limit are not computed further.
/// </remarks>
public abstract class GaussianCosts : IPairCosts
{
    private protected GaussianCosts(VersionClusters before, VersionClusters after, bool definite)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        if (before.Columns != after.Columns)
            throw new ArgumentException($"The versions have {before.Columns} and {after.Columns} columns; clusters can be compared in the same columns only.");
        Dimension = before.Columns;
        Full = Dimension > 1 && !(before.Diagonal && after.Diagonal);
        Before = new GaussianComponents(before, Full, definite);
        After = new GaussianComponents(after, Full, definite);
    }

    public int Rows => After.Count;

    public int Columns => Before.Count;

    private protected int Dimension { get; }

    private protected bool Full { get; }

    private protected GaussianComponents Before { get; }

    private protected GaussianComponents After { get; }

    public void Row(int row, double limit, Span<double> costs)
    {
        double[] scratch = new double[Dimension * (Dimension + 1)];
        for (int column = 0; column < Columns; column++)
            costs[column] = Between(row, column, limit, scratch);
    }

    /// <summary>The distance of one pair.</summary>
    public double Between(int row, int column) => Between(row, column, double.PositiveInfinity, new double[Dimension * (Dimension + 1)]);

    private protected abstract double Between(int row, int column, double limit, Span<double> scratch);
}

/// <summary>
/// Bhattacharyya distance: ⅛ (μ − μ′)ᵀ Σ̄⁻¹ (μ − μ′) + ½ ln(|Σ̄| / √(|Σ| |Σ′|)) with Σ̄ = (Σ + Σ′) / 2; e to its negative is the share in which
/// the densities overlap, from 1 (the same) to 0.
/// </summary>
/// <remarks>A. Bhattacharyya, Bull. Calcutta Math. Soc. 35 (1943) 99–109; for Gaussians T. Kailath, IEEE Trans. Comm. Tech. 15 (1967) 52–60.</remarks>
public sealed class BhattacharyyaCosts(VersionClusters before, VersionClusters after) : GaussianCosts(before, after, definite: true)
{
    private protected override double Between(int row, int column, double limit, Span<double> scratch)
    {
        int d = Dimension;
        ReadOnlySpan<double> mean = After.Mean(row);
        ReadOnlySpan<double> other = Before.Mean(column);
        // No eigenvalue exceeds the trace, and the determinants' part is never negative.
        if (Distance.Squared(mean, other) / (4 * (After.Traces[row] + Before.Traces[column])) >= limit)
            return double.PositiveInfinity;

        ReadOnlySpan<double> covariance = After.Covariance(row);
        ReadOnlySpan<double> otherCovariance = Before.Covariance(column);
        double squared = 0;
        double halfLogDeterminant = 0;
        if (Full)
        {
            Span<double> average = scratch[..(d * d)];
            Span<double> difference = scratch.Slice(d * d, d);
            for (int t = 0; t < average.Length; t++)
                average[t] = 0.5 * (covariance[t] + otherCovariance[t]);
            for (int j = 0; j < d; j++)
                difference[j] = mean[j] - other[j];
            SmallMatrix.Cholesky(average, d);
            squared = SmallMatrix.SolvedNormSquared(average, difference);
            for (int j = 0; j < d; j++)
                halfLogDeterminant += Elementary.Log(average[(j * d) + j]);
        }
        else
        {
            for (int j = 0; j < d; j++)
            {
                double average = 0.5 * (covariance[j] + otherCovariance[j]);
                squared += (mean[j] - other[j]) * (mean[j] - other[j]) / average;
                halfLogDeterminant += Elementary.Log(Math.Sqrt(average));
            }
        }

        double determinants = halfLogDeterminant - (0.5 * (After.HalfLogDeterminants[row] + Before.HalfLogDeterminants[column]));
        return (0.125 * squared) + Math.Max(0, determinants);
    }
}

/// <summary>
/// 2-Wasserstein distance in units of spread: √(‖μ − μ′‖² + tr Σ + tr Σ′ − 2 tr(Σ^½ Σ′ Σ^½)^½) / √((s² + s′²) / 2).
/// The last trace is the sum of the singular values of LᵀL′ for Cholesky factors L, L′; singular covariances are welcome.
/// </summary>
/// <remarks>D. Dowson, B. Landau, J. Multivariate Analysis 12 (1982) 450–455; I. Olkin, F. Pukelsheim, Linear Algebra Appl. 48 (1982) 257–263.</remarks>
public sealed class WassersteinCosts : GaussianCosts
{
    private readonly CentroidCosts _units;

    /// <param name="before">The earlier version, with covariances.</param>
    /// <param name="after">The new version, with covariances and the same columns.</param>
    /// <param name="leastSpread">As for <see cref="CentroidCosts"/>.</param>
    public WassersteinCosts(VersionClusters before, VersionClusters after, double leastSpread = AlignmentOptions.DefaultLeastSpread)
        : base(before, after, definite: false) => _units = new CentroidCosts(before, after, leastSpread);

    /// <summary>The distance of one pair in the columns' unit.</summary>
    public double Absolute(int row, int column) => Math.Sqrt(Squared(row, column, double.PositiveInfinity, new double[Dimension * (Dimension + 1)]));

    private protected override double Between(int row, int column, double limit, Span<double> scratch)
    {
        double unit = _units.SquaredUnit(row, column);
        double squared = Squared(row, column, limit * limit * unit, scratch);
        return squared == 0 ? 0 : Math.Sqrt(squared / unit);
    }

    private double Squared(int row, int column, double limit, Span<double> scratch)
    {
        int d = Dimension;
        double squared = Distance.Squared(After.Mean(row), Before.Mean(column));
        ReadOnlySpan<double> factor = After.Factor(row);
        ReadOnlySpan<double> other = Before.Factor(column);
        if (!Full)
        {
            for (int j = 0; j < d; j++)
                squared += (factor[j] - other[j]) * (factor[j] - other[j]);
            return squared;
        }

        // The nuclear norm of a product is at most the product of the Frobenius norms.
        double roots = Math.Sqrt(After.Traces[row]) - Math.Sqrt(Before.Traces[column]);
        if (squared + (roots * roots) >= limit)
            return double.PositiveInfinity;
        double traces = After.Traces[row] + Before.Traces[column];
        SmallMatrix.TransposedProduct(factor, other, scratch, d);
        double bures = traces - (2 * SmallMatrix.NuclearNorm(scratch[..(d * d)], d));
        // What is left of equal matrices is rounding, whose root would look like a distance.
        return squared + (bures > traces * 1e-14 ? bures : 0);
    }
}
