using System.Globalization;

namespace OrleansCluster.Monitoring;

/// <summary>Names of the windows that silos observe: when they begin, in UTC, as <c>2026-01-31T13</c>, or with minutes where they are no whole hours.</summary>
public static class WindowNames
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    /// <summary>Whether windows may be so long: a whole number of minutes that divides a day.</summary>
    public static bool Check(TimeSpan length) =>
        length >= TimeSpan.FromMinutes(1) && length <= Day && length.Ticks % TimeSpan.TicksPerMinute == 0 && Day.Ticks % length.Ticks == 0;

    /// <summary>The window that a moment is in.</summary>
    public static string Of(DateTimeOffset moment, TimeSpan length)
    {
        DateTime utc = moment.UtcDateTime;
        var begin = new DateTime(utc.Ticks - (utc.Ticks % length.Ticks), DateTimeKind.Utc);
        return begin.ToString(length.Ticks % TimeSpan.TicksPerHour == 0 ? "yyyy-MM-ddTHH" : "yyyy-MM-ddTHHmm", CultureInfo.InvariantCulture);
    }
}
