namespace OrleansCluster.Datasets;

/// <summary>What stands between the whole of a number and its fraction.</summary>
public enum DecimalMark
{
    /// <summary>1.5.</summary>
    Point,

    /// <summary>1,5.</summary>
    Comma,
}

/// <summary>What parts the digits of a number into groups of three.</summary>
public enum ThousandsMark
{
    /// <summary>1234.</summary>
    None,

    /// <summary>1,234.</summary>
    Comma,

    /// <summary>1.234.</summary>
    Point,

    /// <summary>1 234, with a blank or one that does not break.</summary>
    Space,

    /// <summary>1'234 or 1’234.</summary>
    Apostrophe,

    /// <summary>1_234.</summary>
    Underscore,
}

/// <summary>In which order a date has its parts.</summary>
public enum DateForm
{
    /// <summary>2024-01-31.</summary>
    YearFirst,

    /// <summary>31/01/2024, with slashes, points or dashes.</summary>
    DayFirst,

    /// <summary>01/31/2024, with slashes, points or dashes.</summary>
    MonthFirst,
}

/// <summary>
/// How a text writes numbers and dates, as somebody says: nothing in a text tells 1,234 from 1.234, or the third of April from the fourth of March.
/// </summary>
/// <param name="Decimal">Between the whole of a number and its fraction.</param>
/// <param name="Thousands">Between groups of three digits, which may be there or not.</param>
/// <param name="Dates">Order of a date's parts; dates with the year first are read as well, which can be nothing else.</param>
public sealed record WrittenForms(
    DecimalMark Decimal = DecimalMark.Point, ThousandsMark Thousands = ThousandsMark.None, DateForm Dates = DateForm.YearFirst)
{
    private const int LongestNumber = 400;

    /// <summary>As programs write: 1234.5, and 2024-01-31.</summary>
    public static WrittenForms Plain { get; } = new();

    /// <summary>Forms as people name them.</summary>
    /// <param name="point"><c>point</c> or <c>comma</c>; null: point.</param>
    /// <param name="thousands"><c>comma</c>, <c>point</c>, <c>space</c>, <c>apostrophe</c> or <c>underscore</c>; null: nothing.</param>
    /// <param name="dates"><c>dmy</c> or <c>mdy</c>; null: the year is first.</param>
    public static WrittenForms Of(string? point, string? thousands, string? dates) => new(
        Enum.Parse<DecimalMark>(point ?? nameof(DecimalMark.Point), ignoreCase: true),
        Enum.Parse<ThousandsMark>(thousands ?? nameof(ThousandsMark.None), ignoreCase: true),
        dates switch { "dmy" => DateForm.DayFirst, "mdy" => DateForm.MonthFirst, _ => DateForm.YearFirst });

    /// <summary>What is wrong with what was said; null: nothing.</summary>
    public string? Fault => (Decimal, Thousands) is (DecimalMark.Comma, ThousandsMark.Comma) or (DecimalMark.Point, ThousandsMark.Point)
        ? $"Decimals and thousands cannot both have a {Name(Decimal)}: say another mark of thousands, or none." : null;

    /// <summary>Whether numbers are written with a point and nothing else.</summary>
    internal bool HasPlainNumbers => Decimal == DecimalMark.Point && Thousands == ThousandsMark.None;

    /// <summary>Whether a comma belongs to numbers.</summary>
    internal bool HasComma => Decimal == DecimalMark.Comma || Thousands == ThousandsMark.Comma;

    /// <summary>Options that say so, for messages; empty where nothing is said of numbers.</summary>
    internal string NumberOptions => string.Join(' ', new[]
    {
        Decimal == DecimalMark.Point ? "" : $"--decimal {Name(Decimal)}", Thousands == ThousandsMark.None ? "" : $"--thousands {Name(Thousands)}",
    }.Where(option => option.Length > 0));

    /// <summary>A number as it would be written.</summary>
    internal string NumberExample => (Thousands switch
    {
        ThousandsMark.Comma => "1,234",
        ThousandsMark.Point => "1.234",
        ThousandsMark.Space => "1 234",
        ThousandsMark.Apostrophe => "1'234",
        ThousandsMark.Underscore => "1_234",
        _ => "1234",
    }) + (Decimal == DecimalMark.Comma ? ",5" : ".5");

    /// <summary>Times as they are read, for messages.</summary>
    internal string TimeExamples => Dates switch
    {
        DateForm.DayFirst => "31/01/2024 or 31/01/2024 13:45:00 (--dates dmy) or 2024-01-31",
        DateForm.MonthFirst => "01/31/2024 or 01/31/2024 1:45 PM (--dates mdy) or 2024-01-31",
        _ => "2024-01-31 or 2024-01-31 13:45:00 or 2024-01-31T13:45:00+01:00",
    };

    /// <summary>What would have a cell read as a number, for messages; empty: nothing.</summary>
    /// <param name="cell">As it is written.</param>
    /// <param name="delimiter">What separates cells: beside commas a comma within quotes separates thousands, if it can.</param>
    internal static string NumberOptionsFor(ReadOnlySpan<byte> cell, byte delimiter)
    {
        List<string> options = [];
        foreach (DecimalMark point in Enum.GetValues<DecimalMark>())
        {
            foreach (ThousandsMark thousands in Enum.GetValues<ThousandsMark>())
            {
                // No more than the cell shows: one with a comma alone needs not be told of points.
                var forms = new WrittenForms(point, thousands);
                if (!forms.HasPlainNumbers && forms.Fault is null && forms.IsSeenIn(cell) && forms.TryNumber(cell, out _))
                    options.Add(forms.NumberOptions);
            }
        }

        return string.Join(" or ", delimiter == ',' ? options.Take(1) : options);
    }

    /// <summary>What would have a cell read as a time, for messages; empty: nothing.</summary>
    internal static string DateOptions(ReadOnlySpan<byte> cell) => TimeText.TryParse(cell, out _) ? "" : string.Join(" or ", new[]
    {
        TimeText.TryParse(cell, DateForm.DayFirst, out _) ? "--dates dmy (day first)" : "",
        TimeText.TryParse(cell, DateForm.MonthFirst, out _) ? "--dates mdy (month first)" : "",
    }.Where(option => option.Length > 0));

    /// <summary>As people name a mark.</summary>
    private static string Name<T>(T mark)
        where T : struct, Enum => mark.ToString().ToLowerInvariant();

    private bool IsSeenIn(ReadOnlySpan<byte> cell)
    {
        bool thousands = Thousands == ThousandsMark.None;
        for (int at = 0; at < cell.Length; at++)
            thousands |= MarkOfThousands(cell[at..]) > 0;
        return thousands && (Decimal == DecimalMark.Point || Thousands == ThousandsMark.Point || cell.Contains((byte)','));
    }

    /// <summary>The float64 nearest to the number.</summary>
    /// <param name="cell">As it is written; blanks around it do not count.</param>
    /// <param name="value">Out: the number.</param>
    /// <returns>False for what is no number in this form, not finite, or an integer beyond 2^53.</returns>
    internal bool TryNumber(ReadOnlySpan<byte> cell, out double value)
    {
        if (HasPlainNumbers)
            return NumberText.TryParse(cell, out value);
        Span<byte> plain = stackalloc byte[LongestNumber];
        int length = Rewrite(NumberText.Trim(cell), plain);
        value = 0;
        return length > 0 && NumberText.TryParse(plain[..length], out value);
    }

    /// <summary>Whether the cell is meant as a number in this form: one that can be used or not.</summary>
    internal bool IsNumeric(ReadOnlySpan<byte> cell)
    {
        if (HasPlainNumbers)
            return NumberText.IsNumeric(cell);
        Span<byte> plain = stackalloc byte[LongestNumber];
        int length = Rewrite(NumberText.Trim(cell), plain);
        return length > 0 && NumberText.IsNumeric(plain[..length]);
    }

    /// <summary>Writes a number with a point and without marks of thousands.</summary>
    /// <returns>Its length; 0: it is not of this form, or longer than numbers are.</returns>
    private int Rewrite(ReadOnlySpan<byte> cell, Span<byte> plain)
    {
        int at = cell.Length > 0 && cell[0] is (byte)'-' or (byte)'+' ? 1 : 0;
        if (cell.Length > plain.Length)
            return 0;
        cell[..at].CopyTo(plain);
        int written = at, digits = 0, groups = 0;
        while (at < cell.Length)
        {
            if (char.IsAsciiDigit((char)cell[at]))
            {
                plain[written++] = cell[at++];
                digits++;
                continue;
            }

            int mark = digits == 0 ? 0 : MarkOfThousands(cell[at..]);
            if (mark == 0)
                break;
            // One to three digits before the first mark, and three behind each.
            if (groups++ == 0 ? digits > 3 : digits != 3)
                return 0;
            digits = 0;
            at += mark;
        }

        ReadOnlySpan<byte> rest = cell[at..];
        if ((groups > 0 && digits != 3) || (Decimal != DecimalMark.Point && rest.Contains((byte)'.')))
            return 0;
        rest.CopyTo(plain[written..]);
        if (rest.Length > 0 && rest[0] == (Decimal == DecimalMark.Comma ? ',' : '.'))
            plain[written] = (byte)'.';
        return written + rest.Length;
    }

    /// <summary>Length of the mark that a text begins with; 0: it does not.</summary>
    private int MarkOfThousands(ReadOnlySpan<byte> text) => Thousands switch
    {
        ThousandsMark.Comma => text[0] == ',' ? 1 : 0,
        ThousandsMark.Point => text[0] == '.' ? 1 : 0,
        ThousandsMark.Underscore => text[0] == '_' ? 1 : 0,
        ThousandsMark.Apostrophe => text[0] == '\'' ? 1 : text.StartsWith("\u2019"u8) ? 3 : 0,
        ThousandsMark.Space => text[0] == ' ' ? 1 : text.StartsWith("\u00A0"u8) ? 2 : text.StartsWith("\u202F"u8) || text.StartsWith("\u2009"u8) ? 3 : 0,
        _ => 0,
    };
}
