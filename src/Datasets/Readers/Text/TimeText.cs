using System.Globalization;
using System.Text;

namespace OrleansCluster.Datasets;

/// <summary>
/// Times written in text: a date as 2024-01-31 or 2024/01/31, alone or with a time of day, to fractions of a second, in UTC or with its distance from it.
/// </summary>
public static class TimeText
{
    private const int Longest = 40;

    private static readonly string[] Days = ["yyyy-MM-dd", "yyyy/MM/dd"], Clocks = ["HH:mm", "HH:mm:ss", "HH:mm:ss.FFFFFFF"], Zones = ["", "K", " K", "zzz"];

    private static readonly string[] Formats =
    [
        .. Days, .. from day in Days from between in new[] { "'T'", " " } from clock in Clocks from zone in Zones select day + between + clock + zone,
    ];

    /// <summary>Seconds since 1970-01-01 00:00 UTC. A time without a zone is in UTC.</summary>
    public static bool TryParse(ReadOnlySpan<byte> cell, out double seconds)
    {
        cell = NumberText.Trim(cell);
        seconds = 0;
        // What is no time is seen by its first characters, as a rule.
        if (cell.Length is < 10 or > Longest || cell[4] is not ((byte)'-' or (byte)'/') || !char.IsAsciiDigit((char)cell[0]))
            return false;
        if (TryParsePlain(cell, out long ticks))
        {
            seconds = Seconds(ticks - DateTimeOffset.UnixEpoch.UtcTicks);
            return true;
        }

        Span<char> text = stackalloc char[Longest];
        int length = Encoding.UTF8.GetChars(cell, text);
        const DateTimeStyles Style = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        if (!DateTimeOffset.TryParseExact(text[..length], Formats, CultureInfo.InvariantCulture, Style, out DateTimeOffset time))
            return false;
        seconds = Seconds(time.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks);
        return true;
    }

    /// <summary>The same of times whose date may have another order.</summary>
    /// <param name="cell">As it is written.</param>
    /// <param name="form">The order; a date with the year first is read in any case, and years have four digits.</param>
    /// <param name="seconds">Out: since 1970-01-01 00:00 UTC.</param>
    public static bool TryParse(ReadOnlySpan<byte> cell, DateForm form, out double seconds)
    {
        if (TryParse(cell, out seconds))
            return true;
        if (form == DateForm.YearFirst)
            return false;
        Span<byte> turned = stackalloc byte[Longest];
        int length = Turn(NumberText.Trim(cell), form, turned);
        return length > 0 && TryParse(turned[..length], out seconds);
    }

    /// <summary>Writes a date as 31/1/2024, with or without a time of day, with the year first.</summary>
    /// <returns>Its length; 0: it is none.</returns>
    private static int Turn(ReadOnlySpan<byte> cell, DateForm form, Span<byte> turned)
    {
        int at = 0;
        if (cell.Length > Longest - 4 || !TryTake(cell, ref at, out int first) || at == cell.Length || cell[at] is not ((byte)'/' or (byte)'.' or (byte)'-'))
            return 0;
        byte between = cell[at++];
        if (!TryTake(cell, ref at, out int second) || at + 5 > cell.Length || cell[at++] != between
            || cell[at..(at + 4)].ContainsAnyExceptInRange((byte)'0', (byte)'9'))
            return 0;
        (int day, int month) = form == DateForm.DayFirst ? (first, second) : (second, first);
        cell[at..(at + 4)].CopyTo(turned);
        (turned[4], turned[7]) = ((byte)'-', (byte)'-');
        Put(month, turned[5..]);
        Put(day, turned[8..]);
        ReadOnlySpan<byte> clock = cell[(at + 4)..];
        if (clock.IsEmpty)
            return 10;
        at = 1;
        if (clock[0] is not ((byte)' ' or (byte)'T') || !TryTake(clock, ref at, out int hour) || at == clock.Length || clock[at] != ':')
            return 0;
        ReadOnlySpan<byte> rest = clock[at..];
        if (rest.Length > 2 && (rest[^1] | 0x20) == 'm' && (rest[^2] | 0x20) is 'a' or 'p')
        {
            if (hour is 0 or > 12)
                return 0;
            hour = (hour % 12) + ((rest[^2] | 0x20) == 'p' ? 12 : 0);
            rest = rest[..^2].TrimEnd((byte)' ');
        }

        turned[10] = (byte)' ';
        Put(hour, turned[11..]);
        rest.CopyTo(turned[13..]);
        return 13 + rest.Length;

        static void Put(int number, Span<byte> at) => (at[0], at[1]) = ((byte)('0' + (number / 10)), (byte)('0' + (number % 10)));
    }

    /// <summary>Takes a number of one or two digits.</summary>
    private static bool TryTake(ReadOnlySpan<byte> cell, ref int at, out int number)
    {
        int begin = at;
        number = 0;
        while (at < cell.Length && at < begin + 2 && char.IsAsciiDigit((char)cell[at]))
            number = (10 * number) + cell[at++] - '0';
        return at > begin;
    }

    /// <summary>The times that are written most often, in one way each: a day, alone or with hours, minutes and seconds in UTC.</summary>
    private static bool TryParsePlain(ReadOnlySpan<byte> cell, out long ticks)
    {
        ticks = 0;
        int year = (100 * Two(cell, 0)) + Two(cell, 2), month = Two(cell, 5), day = Two(cell, 8), hour = 0, minute = 0, second = 0;
        if (cell.Length == 19 && cell[10] is (byte)' ' or (byte)'T' && cell[13] == ':' && cell[16] == ':')
            (hour, minute, second) = (Two(cell, 11), Two(cell, 14), Two(cell, 17));
        else if (cell.Length != 10)
            return false;
        // Two digits that are none make a number below 0, and so does a year of them.
        if (cell[7] != cell[4] || year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month)
            || hour is < 0 or > 23 || minute is < 0 or > 59 || second is < 0 or > 59)
            return false;
        ticks = new DateTime(year, month, day, hour, minute, second, DateTimeKind.Utc).Ticks;
        return true;
    }

    /// <summary>The number of two digits; far below 0: they are none.</summary>
    private static int Two(ReadOnlySpan<byte> cell, int at)
    {
        int tens = cell[at] - '0', ones = cell[at + 1] - '0';
        return (uint)tens <= 9 && (uint)ones <= 9 ? (10 * tens) + ones : -1_000_000;
    }

    /// <summary>Seconds of a time: the same for one in a text and in any other format.</summary>
    /// <param name="ticks">Since 1970-01-01 00:00 UTC, of 100 ns.</param>
    internal static double Seconds(long ticks) => ticks / (double)TimeSpan.TicksPerSecond;

    /// <summary>The time of which <see cref="Seconds"/> made a number, to 100 ns; where float64 has not so many digits, one that it would make the same of.
    /// </summary>
    /// <param name="seconds">Since 1970-01-01 00:00 UTC.</param>
    /// <exception cref="DataFormatException">It is not of the years 1 to 9999.</exception>
    internal static DateTimeOffset Time(double seconds)
    {
        double whole = Math.Floor(seconds);
        // The rest is exact, and so is the product, nearly: beside the whole it could not be.
        double ticks = Math.Round((seconds - whole) * TimeSpan.TicksPerSecond);
        if (whole is >= -62_135_596_800 and < 253_402_300_799)
            return DateTimeOffset.UnixEpoch.AddTicks(((long)whole * TimeSpan.TicksPerSecond) + (long)ticks);
        throw new DataFormatException($"The time {seconds.ToString(CultureInfo.InvariantCulture)} s after 1970 is not of the years 1 to 9999, and cannot be "
            + "written as one.");
    }

    /// <summary>A time as it is read back the same: a day, or a day with its time in UTC.</summary>
    internal static string Write(double seconds)
    {
        DateTime time = Time(seconds).UtcDateTime;
        return time.ToString(time.TimeOfDay == TimeSpan.Zero ? "yyyy-MM-dd" : "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);
    }
}
