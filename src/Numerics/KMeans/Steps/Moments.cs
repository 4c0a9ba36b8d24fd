using OrleansCluster.Numerics.Exact;
using OrleansCluster.Numerics.Statistics;

namespace OrleansCluster.Numerics.KMeans.Steps;

/// <summary>
/// Total weight, sums and sums of squares of each column on the frame's grid, and how many rows they count: totals [weight | S_j | Q_j | rows].
/// S_j = Σ q; Q_j = Σ ⌊2^40 q² / q_w⌋, so that Q_j is the sum of w(x − o)² of the very rows that S_j sums, 40 bits below its unit of 2^(2·E(H_j) + e_w).
/// </summary>
/// <param name="totals">2 + 2d sums; without the last as earlier builds saved them.</param>
internal sealed class Moments(ExactTotals totals)
{
    /// <summary>Bits of Q below the unit.</summary>
    public const int SquareBits = 40;

    private readonly int _columns = (totals.Values.Length - 1) / 2;

    public ExactTotals Totals => totals;

    /// <summary>In units of 2^e_w.</summary>
    public Int128 Weight => totals.Values[0];

    /// <summary>Rows whose weight is at least a unit; null where nobody counted them.</summary>
    public long? CountedRows => totals.Values.Length % 2 == 0 ? (long)totals.Values[^1] : null;

    /// <summary>Q_j in units of 2^(2·E(H_j) + e_w − 40).</summary>
    public Int128 Squares(int column) => totals.Values[1 + _columns + column];

    /// <summary>What one value adds to Q.</summary>
    /// <param name="q">|q| ≤ <paramref name="weight"/>.</param>
    /// <param name="weight">q_w, above 0.</param>
    public static Int128 Square(long q, long weight)
    {
        UInt128 square = Math.BigMul((ulong)Math.Abs(q), (ulong)Math.Abs(q));
        if (long.IsPow2(weight))
        {
            int shift = (int)long.TrailingZeroCount(weight) - SquareBits;
            return (Int128)(shift >= 0 ? square >> shift : square << -shift);
        }

        UInt128 quotient = square / (ulong)weight;
        UInt128 rest = square - (quotient * (ulong)weight);
        return (Int128)((quotient << SquareBits) + ((rest << SquareBits) / (ulong)weight));
    }

    /// <summary>Mean over columns of the weighted population variance: what the tolerance is relative to.</summary>
    public double MeanVariance(ColumnFrame frame)
    {
        double sum = 0;
        DoubleDouble weight = DoubleDouble.From(Weight);
        for (int j = 0; j < _columns; j++)
        {
            DoubleDouble total = DoubleDouble.From(totals.Values[1 + j]);
            DoubleDouble spread = (DoubleDouble.From(Squares(j)).Scale(-SquareBits) * weight) - (total * total);
            sum += Math.ScaleB(Math.Max(0, spread.High) / (weight.High * weight.High), 2 * frame.RangeExponents[j]);
        }

        return sum / _columns;
    }
}
