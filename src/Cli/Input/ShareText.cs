using System.Globalization;
using OrleansCluster.Models.Routing;

namespace OrleansCluster.Cli.Input;

/// <summary>Shares, percentages and durations as typed.</summary>
internal static class ShareText
{
    /// <summary>A share of a route in slots: <c>5%</c>, <c>0.25%</c>, or <c>0.05</c>.</summary>
    /// <exception cref="CommandException">It is no whole number of hundredths of a percent from 0% to 100%.</exception>
    public static int Slots(string text)
    {
        decimal slots = Fraction(text) * ModelRoute.Whole;
        if (slots is < 0 or > ModelRoute.Whole)
            throw CommandException.Usage($"The share '{text}' lies outside 0% to 100%.");
        return slots == decimal.Truncate(slots) ? (int)slots : throw CommandException.Usage($"The share '{text}' is finer than 0.01%, the least there is.");
    }

    /// <summary>A number that may be a percentage: <c>2%</c> or <c>0.02</c>.</summary>
    /// <exception cref="CommandException">It is none.</exception>
    public static decimal Fraction(string text)
    {
        bool percent = text.EndsWith('%');
        return decimal.TryParse(percent ? text[..^1]
            : text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out decimal value)
            ? percent ? value / 100 : value
            : throw CommandException.Usage($"'{text}' is no number: write it as in 5% or 0.05.");
    }

    /// <summary>A moment: a day or time with hyphens, of this machine's time zone where it says none, or how long ago that was.</summary>
    /// <exception cref="CommandException">It is none.</exception>
    public static DateTimeOffset Moment(string text) =>
        text.Contains('-', StringComparison.Ordinal)
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeLocal, out DateTimeOffset moment)
            ? moment
            : DateTimeOffset.UtcNow - Duration(text);

    /// <summary>A duration: <c>90s</c>, <c>15m</c>, <c>1h</c>, <c>2d</c>.</summary>
    /// <exception cref="CommandException">It is none above zero.</exception>
    public static TimeSpan Duration(string text)
    {
        double unit = text.Length < 2 ? 0 : text[^1] switch { 's' => 1, 'm' => 60, 'h' => 3_600, 'd' => 86_400, _ => 0 };
        if (unit == 0 || !double.TryParse(text[..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double count)
            || count * unit is not (>= 1 and < 3.2e9))
            throw CommandException.Usage($"'{text}' is no duration of a second or more: write it as in 90s, 15m, 1h or 2d.");
        return TimeSpan.FromSeconds(count * unit);
    }
}
