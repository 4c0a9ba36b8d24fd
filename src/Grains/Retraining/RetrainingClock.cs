using System.Globalization;
using Cronos;

namespace OrleansCluster.Retraining;

/// <summary>The times of a plan: its schedule and its hours, in its time zone.</summary>
internal static class RetrainingClock
{
    /// <summary>The next time of a schedule after a moment; null: there is no schedule, or it has no further time.</summary>
    /// <exception cref="ClusteringException">The schedule or its time zone cannot be read.</exception>
    public static DateTimeOffset? NextAfter(this RetrainingPlan plan, DateTimeOffset moment) =>
        plan.Schedule.Length == 0 ? null : Cron(plan.Schedule).GetNextOccurrence(moment.ToUniversalTime(), Zone(plan.TimeZone))?.ToUniversalTime();

    /// <summary>Whether runs that no schedule begins may begin at a moment.</summary>
    /// <exception cref="ClusteringException">The hours or the time zone cannot be read.</exception>
    public static bool IsOpenAt(this RetrainingPlan plan, DateTimeOffset moment)
    {
        if (plan.Hours.Length == 0)
            return true;
        (TimeOnly from, TimeOnly to) = Between(plan.Hours);
        return TimeOnly.FromTimeSpan(TimeZoneInfo.ConvertTime(moment, Zone(plan.TimeZone)).TimeOfDay).IsBetween(from, to);
    }

    private static CronExpression Cron(string text)
    {
        try
        {
            return CronExpression.Parse(text);
        }
        catch (CronFormatException e)
        {
            throw new ClusteringException(
                $"'{text}' is no schedule: give the five fields of a cron expression, minute, hour, day of the month, month and day of the week, as in "
                    + $"'0 2 * * *' for two in the morning ({e.Message.TrimEnd('.')}).");
        }
    }

    private static TimeZoneInfo Zone(string name)
    {
        try
        {
            return TimeZoneInfo.FindSystemTimeZoneById(name);
        }
        catch (Exception e) when (e is TimeZoneNotFoundException or InvalidTimeZoneException or System.Security.SecurityException)
        {
            throw new ClusteringException($"'{name}' is no time zone that this machine knows: give a name of the IANA database, as Europe/Berlin or UTC.");
        }
    }

    private static (TimeOnly From, TimeOnly To) Between(string text)
    {
        string[] parts = text.Split('-');
        return parts.Length == 2 && Time(parts[0]) is { } from && Time(parts[1]) is { } to && from != to
            ? (from, to)
            : throw new ClusteringException($"'{text}' are no hours: give a beginning and an end, as in 22:00-06:00.");
    }

    private static TimeOnly? Time(string text) =>
        TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out TimeOnly time) ? time : null;
}
