using System.Globalization;

namespace OrleansCluster.Contracts;

/// <summary>Durations in words.</summary>
public static class DurationText
{
    /// <summary>A duration that somebody chose, to its two largest units: <c>1 h 30 min</c>.</summary>
    public static string Of(TimeSpan time) => time switch
    {
        { TotalDays: >= 1 } => $"{(int)time.TotalDays} d{(time.Hours > 0 ? $" {time.Hours} h" : "")}",
        { TotalHours: >= 1 } => $"{time.Hours} h{(time.Minutes > 0 ? $" {time.Minutes} min" : "")}",
        { TotalMinutes: >= 1 } => $"{time.Minutes} min{(time.Seconds > 0 ? $" {time.Seconds} s" : "")}",
        _ => $"{Math.Max(0, time.TotalSeconds).ToString("0", CultureInfo.InvariantCulture)} s",
    };
}
