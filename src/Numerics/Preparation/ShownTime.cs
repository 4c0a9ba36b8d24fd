using System.Globalization;

namespace OrleansCluster.Numerics.Preparation;

/// <summary>Values of columns of dates and times, for people.</summary>
public static class ShownTime
{
    /// <summary>A time as it is shown: a date, if it is one's first moment.</summary>
    /// <param name="seconds">Since the beginning of 1970, UTC; what is beyond the calendar is shown as this number.</param>
    public static string Of(double seconds)
    {
        double ticks = DateTimeOffset.UnixEpoch.UtcTicks + (seconds * TimeSpan.TicksPerSecond);
        if (!(ticks >= 0 && ticks < DateTimeOffset.MaxValue.UtcTicks))
            return seconds.ToString(CultureInfo.InvariantCulture);
        var time = new DateTime((long)ticks, DateTimeKind.Utc);
        return time.ToString(time.TimeOfDay == TimeSpan.Zero ? "yyyy-MM-dd" : "yyyy-MM-dd HH:mm:ss.FFF", CultureInfo.InvariantCulture);
    }
}
