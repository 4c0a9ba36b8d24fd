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

    /// <summary>These and another row.</summary>
    public Errors With(double error) => new(Rows + 1, Absolute + Math.Abs(error), Squares + (error * error));

    public static Errors operator -(Errors all, Errors some) => new(all.Rows - some.Rows, all.Absolute - some.Absolute, all.Squares - some.Squares);

    /// <summary>The mean absolute error's interval at 95 %, normal.</summary>
    public (double Low, double High) Interval()
    {
        double half = 1.959963984540054 * Math.Sqrt(Variance / Rows);
        return (Math.Max(0, Mean - half), Mean + half);
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
