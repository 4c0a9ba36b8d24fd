using OrleansCluster.Numerics.Monitoring;

namespace OrleansCluster.Numerics.Segments;

/// <summary>How far predicted numbers are from true ones.</summary>
/// <param name="Rows">Rows.</param>
/// <param name="Absolute">Sum of the absolute errors.</param>
/// <param name="Squares">Sum of the squared errors.</param>
public readonly record struct Errors(long Rows, double Absolute, double Squares)
{
    /// <summary>Mean absolute error; NaN of no rows.</summary>
    public double Mean => Absolute / Rows;

    /// <summary>Root of the mean squared error.</summary>
    public double Root => Math.Sqrt(Squares / Rows);

    /// <summary>These and another row, which counts so many times.</summary>
    public Errors With(double error, int times = 1) => new(Rows + times, Absolute + (times * Math.Abs(error)), Squares + (times * (error * error)));

    public static Errors operator -(Errors all, Errors some) => new(all.Rows - some.Rows, all.Absolute - some.Absolute, all.Squares - some.Squares);

    /// <summary>The mean absolute error's interval at 95 %, normal.</summary>
    public (double Low, double High) Interval()
    {
        double half = Proportion.Z * Math.Sqrt(Variance / Rows);
        return (Math.Max(0, Mean - half), Mean + half);
    }

    /// <summary>How much greater the mean is than one before, as a share of that, and the interval of it at 95 %, normal by the delta method.</summary>
    public (double Share, double Low, double High) Over(Errors before)
    {
        double share = Mean / before.Mean;
        double half = Proportion.Z * Math.Sqrt((Variance / Rows) + (share * share * before.Variance / before.Rows)) / before.Mean;
        return (share - 1, share - 1 - half, share - 1 + half);
    }

    /// <summary>The probability that two mean absolute errors are at least as different by chance (Welch, with the normal distribution).</summary>
    public static double Chance(Errors one, Errors other)
    {
        double spread = (one.Variance / one.Rows) + (other.Variance / other.Rows), apart = one.Mean - other.Mean;
        return apart == 0 ? 1 : spread > 0 ? Tails.ChiSquare(apart * apart / spread, 1) : spread == 0 ? 0 : 1;
    }

    /// <summary>Of absolute errors, over n − 1; NaN of fewer than two rows.</summary>
    private double Variance => Rows < 2 ? double.NaN : Math.Max(0, Squares - (Rows * Mean * Mean)) / (Rows - 1);
}
