using System.Globalization;
using OrleansCluster.Training;

namespace OrleansCluster.Pages.Words;

/// <summary>Numbers, times and names for people.</summary>
public static class Tell
{
    /// <summary>A whole number with groups: 1,000,000.</summary>
    public static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>What something costs, in the price list's currency: 1,234.50.</summary>
    public static string Cost(decimal cost) => cost.ToString("N2", CultureInfo.InvariantCulture);

    /// <summary>"1 row", "2 rows".</summary>
    public static string Of(long count, string thing) => $"{Count(count)} {thing}{(count == 1 ? "" : "s")}";

    /// <summary>A real number with so many significant digits.</summary>
    public static string Real(double value, int digits = 5) => value switch
    {
        double.NaN => "–",
        double.PositiveInfinity => "∞",
        double.NegativeInfinity => "−∞",
        _ when Math.Abs(value) is >= 1e4 and < 1e9 => value.ToString("N0", CultureInfo.InvariantCulture),
        _ => value.ToString($"g{digits}", CultureInfo.InvariantCulture).Replace('-', '−'),
    };

    /// <summary>A real number as files have it: all digits, none where there is none.</summary>
    public static string Exact(double value) => double.IsNaN(value) ? "" : value.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>A part of a whole: 12.3%.</summary>
    public static string Share(double part) => double.IsFinite(part) ? (100 * part).ToString("0.0", CultureInfo.InvariantCulture) + "%" : "–";

    /// <summary>A number with its sign, as a share: +1.2%.</summary>
    public static string Change(double part) => double.IsFinite(part)
        ? (100 * part).ToString("+0.00;−0.00;0.00", CultureInfo.InvariantCulture) + "%"
        : "–";

    /// <summary>A duration.</summary>
    public static string Seconds(double seconds) => seconds switch
    {
        double.NaN => "–",
        > 0 and < 0.00005 => "< 0.1 ms",
        < 1 => (seconds * 1000).ToString(seconds < 0.01 ? "0.0" : "0", CultureInfo.InvariantCulture) + " ms",
        < 60 => seconds.ToString("0.0", CultureInfo.InvariantCulture) + " s",
        _ => TimeSpan.FromSeconds(seconds).ToString(seconds < 3600 ? @"m\:ss" : @"d\.h\:mm\:ss", CultureInfo.InvariantCulture),
    };

    /// <summary>A size.</summary>
    public static string Bytes(long bytes) => bytes switch
    {
        >= 1L << 30 => (bytes / (double)(1L << 30)).ToString("0.0", CultureInfo.InvariantCulture) + " GB",
        >= 1L << 20 => (bytes / (double)(1L << 20)).ToString("0.0", CultureInfo.InvariantCulture) + " MB",
        >= 1L << 10 => (bytes / (double)(1L << 10)).ToString("0.0", CultureInfo.InvariantCulture) + " KB",
        _ => bytes.ToString(CultureInfo.InvariantCulture) + " B",
    };

    /// <summary>A moment, in UTC.</summary>
    public static string When(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    /// <summary>A moment as seconds since 1970.</summary>
    public static string When(double seconds) => seconds is >= -62_135_596_800 and < 253_402_300_800
        ? DateTimeOffset.UnixEpoch.AddSeconds(seconds).UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)
        : Real(seconds);

    /// <summary>A value of a column of some type, reckoned of values of some size: what is only rounding beside them is 0.</summary>
    public static string Value(double value, string type, double size) => Value(Math.Abs(value) <= 1e-12 * Math.Abs(size) ? 0 : value, type);

    /// <summary>A value of a column of some type.</summary>
    public static string Value(double value, string type) => type switch
    {
        "datetime" when double.IsFinite(value) => When(value),
        "boolean" => value switch { 0 => "no", 1 => "yes", _ => Share(value) + " yes" },
        _ => Real(value),
    };

    /// <summary>The first letters of a digest.</summary>
    public static string Digest(string digest)
    {
        ArgumentNullException.ThrowIfNull(digest);
        return digest.Length > 12 ? digest[..12] : digest;
    }

    /// <summary>Whether a job has not ended.</summary>
    public static bool IsUnderWay(JobStatus job)
    {
        ArgumentNullException.ThrowIfNull(job);
        return job.State is JobState.Queued or JobState.Running or JobState.Interrupted;
    }

    /// <summary>How far a job has come, from 0 to 1: restarts that are done, and the part of the one under way.</summary>
    public static double Progress(JobStatus job)
    {
        ArgumentNullException.ThrowIfNull(job);
        if (job.State == JobState.Succeeded)
            return 1;
        double within = job.MaxIterations > 0 ? Math.Min(1, job.Iteration / (double)job.MaxIterations) : 0;
        return job.Restarts > 0 ? Math.Clamp((job.Restart + within) / job.Restarts, 0, 1) : 0;
    }

    /// <summary>An argument as a shell takes it.</summary>
    public static string Quoted(string argument)
    {
        ArgumentNullException.ThrowIfNull(argument);
        return argument.Length > 0 && argument.All(c => char.IsAsciiLetterOrDigit(c) || "-_./@:+,=%".Contains(c, StringComparison.Ordinal))
            ? argument
            : $"'{argument.Replace("'", "'\\''", StringComparison.Ordinal)}'";
    }
}
