using System.Globalization;

namespace OrleansCluster.Tenancy;

/// <summary>Days as usage is kept by: of UTC, written as <c>2026-11-29</c>.</summary>
public static class UsageDays
{
    private const string Format = "yyyy-MM-dd";

    /// <summary>The key of the grain of a tenant's month.</summary>
    /// <param name="tenant">Whose usage it is.</param>
    /// <param name="day">A day of the month.</param>
    public static string KeyOf(string tenant, DateOnly day) => GrainKeys.For(tenant, "usage-" + day.ToString("yyyy-MM", CultureInfo.InvariantCulture));

    public static string Write(DateOnly day) => day.ToString(Format, CultureInfo.InvariantCulture);

    public static bool TryRead(string? text, out DateOnly day) =>
        DateOnly.TryParseExact(text, Format, CultureInfo.InvariantCulture, DateTimeStyles.None, out day);

    /// <summary>The day of a moment.</summary>
    public static DateOnly Of(DateTimeOffset moment) => DateOnly.FromDateTime(moment.UtcDateTime);
}
