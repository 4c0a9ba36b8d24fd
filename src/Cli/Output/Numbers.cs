using System.Globalization;
using OrleansCluster.Contracts;

namespace OrleansCluster.Cli.Output;

/// <summary>Numbers for people.</summary>
internal static class Numbers
{
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

    /// <summary>Numbers below each other: six significant digits of the largest, and as many decimals for all.</summary>
    public static string[] Aligned(IReadOnlyList<double> values)
    {
        double largest = values.Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty().Max();
        if (largest is >= 1e9 or < 1e-3)
            return [.. values.Select(Real)];
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
