using System.Globalization;
using OrleansCluster.Contracts;

namespace OrleansCluster.Cli.Output;

/// <summary>Numbers for people.</summary>
internal static class Numbers
{
    /// <summary>Of a number, what a sum of a few thousand of its size may be off by in float64.</summary>
    private const double Rounding = 1e-12;

    /// <summary>A whole number with thin groups: 1,000,000.</summary>
    public static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A real number with six significant digits.</summary>
    public static string Real(double value) => value switch
    {
        double.NaN => "–",
        double.PositiveInfinity => "∞",
        double.NegativeInfinity => "−∞",
        _ => value.ToString("g6", CultureInfo.InvariantCulture),
    };

    /// <summary>A number among others of some size: what beside them is no more than the rounding of a sum is 0.</summary>
    /// <param name="value">The number.</param>
    /// <param name="size">How large the others are.</param>
    public static string Real(double value, double size) => Real(Among(value, size));

    /// <summary>0 where a number is no more than what rounding leaves of numbers of some size; else the number.</summary>
    public static double Among(double value, double size) => Math.Abs(value) <= Rounding * Math.Abs(size) ? 0 : value;

    /// <summary>Numbers below each other: six significant digits of the largest, and as many decimals for all.</summary>
    /// <param name="values">The numbers.</param>
    /// <param name="size">How large others are that they were reckoned of; 0: not larger than these.</param>
    public static string[] Aligned(IReadOnlyList<double> values, double size = 0)
    {
        double largest = values.Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty().Max();
        if (largest is >= 1e9 or < 1e-3)
            return [.. values.Select(value => Real(value, Math.Max(size, largest)))];
        int decimals = Math.Clamp(5 - (int)Math.Floor(Math.Log10(largest)), 0, 6);
        return [.. values.Select(value => double.IsFinite(value) ? value.ToString($"N{decimals}", CultureInfo.InvariantCulture) : Real(value))];
    }

    /// <summary>An objective, with enough digits to tell two runs apart.</summary>
    public static string Objective(double value)
    {
        if (double.IsNaN(value))
            return "–";
        double magnitude = Math.Abs(value);
        return magnitude is 0 or (>= 1e-3 and < 1e9) ? value.ToString("#,0.######", CultureInfo.InvariantCulture)
            : value.ToString("0.000000e+0", CultureInfo.InvariantCulture);
    }

    /// <summary>A number that changes while one looks at it: few digits.</summary>
    public static string Glance(double value) => Math.Abs(value) is >= 1e5 and < 1e9 ? value.ToString("N0", CultureInfo.InvariantCulture) : Real(value);

    /// <summary>A rate: 12.3 M.</summary>
    public static string Rate(double value) => value switch
    {
        >= 1e9 => (value / 1e9).ToString("0.0", CultureInfo.InvariantCulture) + " G",
        >= 1e6 => (value / 1e6).ToString("0.0", CultureInfo.InvariantCulture) + " M",
        >= 1e3 => (value / 1e3).ToString("0.0", CultureInfo.InvariantCulture) + " k",
        _ => value.ToString("0", CultureInfo.InvariantCulture),
    };

    /// <summary>A share of a whole: 12.3%.</summary>
    public static string Share(double part) => part.ToString("0.0", CultureInfo.InvariantCulture) + "%";

    /// <summary>A duration.</summary>
    public static string Seconds(double seconds) => seconds switch
    {
        < 0.01 => (seconds * 1000).ToString("0.0", CultureInfo.InvariantCulture) + " ms",
        < 1 => (seconds * 1000).ToString("0", CultureInfo.InvariantCulture) + " ms",
        < 60 => seconds.ToString("0.0", CultureInfo.InvariantCulture) + " s",
        < 86_400 => TimeSpan.FromSeconds(seconds).ToString(seconds < 3600 ? @"m\:ss" : @"h\:mm\:ss", CultureInfo.InvariantCulture),
        < 1e9 => DurationText.Of(TimeSpan.FromSeconds(seconds)),
        _ => "more than 30 years",
    };

    /// <summary>A size in memory or on disk.</summary>
    public static string Bytes(long bytes) => bytes switch
    {
        >= 1L << 30 => (bytes / (double)(1L << 30)).ToString("0.0", CultureInfo.InvariantCulture) + " GB",
        >= 1L << 20 => (bytes / (double)(1L << 20)).ToString("0.0", CultureInfo.InvariantCulture) + " MB",
        >= 1L << 10 => (bytes / (double)(1L << 10)).ToString("0.0", CultureInfo.InvariantCulture) + " KB",
        _ => bytes.ToString(CultureInfo.InvariantCulture) + " B",
    };

    /// <summary>"1 row", "2 rows".</summary>
    public static string Of(long count, string thing) => Of(count, thing, thing + "s");

    /// <summary>"1 entry", "2 entries".</summary>
    public static string Of(long count, string one, string many) => $"{Count(count)} {(count == 1 ? one : many)}";
}
