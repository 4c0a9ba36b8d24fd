using System.Collections.Immutable;
using OrleansCluster.Numerics.Exact;
using OrleansCluster.Numerics.Functions;
using OrleansCluster.Numerics.Rows;
using OrleansCluster.Numerics.Statistics;

namespace OrleansCluster.Numerics.Preparation;

/// <summary>
/// Exact sums that the derivative of a power transform's likelihood needs. With p = ψ(x) − ψ(m), q = dψ/dλ and l = sign(x) ln(1 + |x|): Σwp, Σwq, Σwpp, Σwpq,
/// Σwl.
/// </summary>
/// <param name="Exponent">λ.</param>
/// <param name="Centre">ψ(m), so that nothing cancels.</param>
/// <param name="Units">Exponents of the five grids.</param>
internal sealed record PowerSums(double Exponent, double Centre, ImmutableArray<long> Units)
{
    public const int Count = 5;

    /// <summary>Grids that hold the sums of a column.</summary>
    public static PowerSums For(double exponent, double mean, double least, double greatest, double weight)
    {
        double centre = YeoJohnson.Transform(mean, exponent);
        // ψ rises, and its derivative rises with the distance from 0.
        double p = Math.Max(Math.Abs(YeoJohnson.Transform(least, exponent) - centre), Math.Abs(YeoJohnson.Transform(greatest, exponent) - centre));
        double q = Math.Max(Slope(least, exponent), Slope(greatest, exponent));
        double l = Math.Max(Math.Abs(Logarithm(least)), Math.Abs(Logarithm(greatest)));
        return new PowerSums(
            exponent, centre, [.. new[] { p, q, p * p, p * q, l }.Select(most => (long)FixedPoint.UnitFor(weight, Math.Min(most, double.MaxValue)) + 1)]);
    }

    public static void Add(FitPass pass, RowBlock rows, int first, int count, Int128[] sums)
    {
        ReadOnlySpan<double> values = rows.Float64.Span;
        for (int row = first; row < first + count; row++)
        {
            double weight = FitPasses.WeightOf(rows, row);
            if (!(weight > 0))
                continue;
            for (int j = 0; j < pass.Columns.Length; j++)
            {
                double x = values[(row * rows.Columns) + pass.Columns[j]], exponent = pass.Numbers[2 * j];
                if (double.IsNaN(x))
                    continue;
                double p = YeoJohnson.Transform(x, exponent) - pass.Numbers[(2 * j) + 1], q = Slope(x, exponent);
                Span<Int128> own = sums.AsSpan(Count * j, Count);
                ReadOnlySpan<long> units = pass.Integers.AsSpan().Slice(Count * j, Count);
                own[0] += FitPasses.Signed(weight * p, (int)units[0]);
                own[1] += FitPasses.Signed(weight * q, (int)units[1]);
                own[2] += FitPasses.Signed(weight * (p * p), (int)units[2]);
                own[3] += FitPasses.Signed(weight * (p * q), (int)units[3]);
                own[4] += FitPasses.Signed(weight * Logarithm(x), (int)units[4]);
            }
        }
    }

    /// <summary>The derivative of the mean log-likelihood: −(E pq − Ep Eq) / (E pp − (Ep)²) + E l. NaN where the values cannot be told apart.</summary>
    public double Derivative(ExactTotals sums, int place, double weight)
    {
        double p = Mean(0), q = Mean(1), squares = Mean(2), products = Mean(3), logarithms = Mean(4);
        return logarithms - ((products - (p * q)) / (squares - (p * p)));

        double Mean(int sum) => FixedPoint.ToDouble(sums[place + sum], (int)Units[sum]) / weight;
    }

    /// <summary>dψ/dλ, at least 0.</summary>
    private static double Slope(double x, double exponent) => x >= 0 ? RaisedSlope(Near.LogOnePlus(x), exponent)
        : RaisedSlope(Near.LogOnePlus(-x), 2 - exponent);

    /// <summary>d/dp (e^pu − 1) / p = u² (t e^t − e^t + 1) / t² with t = pu; by its series near 0.</summary>
    private static double RaisedSlope(double u, double power)
    {
        double t = power * u;
        if (Math.Abs(t) > 0.25)
            return u * u * (((t - 1) * Elementary.Exp(t)) + 1) / (t * t);
        // Σ t^n (n + 1) / (n + 2)!.
        double sum = 0, factorial = 1.0 / 2, power2 = 1;
        for (int n = 0; n < 14; n++)
        {
            sum = Math.FusedMultiplyAdd(power2, (n + 1) * factorial, sum);
            factorial /= n + 3;
            power2 *= t;
        }

        return u * u * sum;
    }

    private static double Logarithm(double x) => x >= 0 ? Near.LogOnePlus(x) : -Near.LogOnePlus(-x);
}
