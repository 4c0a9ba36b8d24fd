namespace OrleansCluster.Datasets;

/// <summary>Whether the first record of a text names its columns.</summary>
internal static class TextHeader
{
    private const long FirstYear = 1900, LastYear = 2100;

    /// <summary>
    /// It does when it has text and no number; an empty cell or a sign for a missing value is neither. It does too when it numbers the columns behind an
    /// empty cell, and the rows are numbered below it. Numbers alone are a row, unless they look like years or positions.
    /// </summary>
    /// <exception cref="DataFormatException">It may be either: nobody's row must pass for a header, and no header for a row.</exception>
    public static bool IsThere(TextSample sample, string name, ReadOptions options)
    {
        SampleRecord first = sample.Records[0];
        int text = Array.IndexOf(first.Kinds, CellKind.Text), number = Array.IndexOf(first.Kinds, CellKind.Number);
        if (number < 0)
            return text >= 0;
        if (text < 0 && NumbersColumnsAndRows(sample))
            return true;
        int doubtful = sample.Records.Count == 1 ? -1 : Enumerable.Range(0, Math.Min(first.Width, sample.Records[1].Width))
            .FirstOrDefault(column => first.Kinds[column] == CellKind.Text && sample.Records[1].Kinds[column] == CellKind.Number, -1);
        if (doubtful >= 0)
            throw Doubt(name, options, $"it has the number {Show(sample, number)}, and {Show(sample, doubtful)} where the next line has a number");
        if (LooksLikeNames(sample))
            throw Doubt(name, options, $"its numbers ({Show(sample, number)}, …) look like years or positions, and unlike those below");
        return false;
    }

    private static DataFormatException Doubt(string name, ReadOptions options, string why)
    {
        string remedy = options.HasOptions
            ? "Say which with --header yes or --header no."
            : "Remove it if it is a header; if it is a row, write its numbers with a decimal point.";
        return new DataFormatException($"{name}: the first line may be a header or a row: {why}. {remedy}");
    }

    private static string Show(TextSample sample, int column) => NumberText.Show(sample.Records[0][column]);

    /// <summary>Whether the record is what pandas writes above numbered rows: <c>,0,1,2</c>.</summary>
    private static bool NumbersColumnsAndRows(TextSample sample)
    {
        SampleRecord first = sample.Records[0];
        if (sample.LaterWidth() != first.Width || first.Width < 2 || !first[0].IsEmpty)
            return false;
        return Enumerable.Range(1, first.Width - 1).All(column => Integer(first, column) == column - 1)
            && sample.Later.Select((record, row) => Integer(record, 0) == row).All(numbered => numbered);
    }

    /// <summary>
    /// Whether the numbers of the first record rise and differ from those below: all below have fractions; or the first ones, three or more, are evenly
    /// spaced and some record's below are not; or they are years and none below is one; or they are 0 and 1, and nowhere below again.
    /// </summary>
    private static bool LooksLikeNames(TextSample sample)
    {
        SampleRecord first = sample.Records[0];
        int[] columns = [.. Enumerable.Range(0, first.Width).Where(column => first.Kinds[column] == CellKind.Number)];
        SampleRecord[] later = [.. sample.Later.Where(record => record.Width == first.Width)];
        long?[] values = Integers(first, columns);
        if (later.Length == 0 || values.Contains(null) || values[0] < 0 || values.Zip(values.Skip(1)).Any(pair => pair.First >= pair.Second))
            return false;
        if (columns.Length > 1 || (first.Width == 1 && values[0] == 0))
        {
            if (later.All(record => columns.All(column => record.Kinds[column] == CellKind.Number && Integer(record, column) is null)))
                return true;
        }

        if (columns.Length > 2)
            return Step(values) is { } step && later.Any(record => Step(Integers(record, columns)) != step);
        if (columns.Length == 2 && first.Width == 2 && values is [0, 1])
            return later.Length > 1
                && later.All(record => columns.All(column => record.Kinds[column] == CellKind.Number && Integer(record, column) != values[column]));
        return (columns.Length == 2 || first.Width > 1) && values.All(IsYear)
            && later.All(record => columns.All(column => record.Kinds[column] == CellKind.Number && !IsYear(Integer(record, column))));
    }

    private static long?[] Integers(SampleRecord record, int[] columns) => [.. columns.Select(column => Integer(record, column))];

    /// <summary>The cell as an integer that is written without a point; null when it is none.</summary>
    private static long? Integer(SampleRecord record, int column)
    {
        ReadOnlySpan<byte> cell = NumberText.Trim(record[column]);
        return System.Buffers.Text.Utf8Parser.TryParse(cell, out long value, out int used) && used == cell.Length ? value : null;
    }

    private static long? Step(long?[] values)
    {
        long? step = values[1] - values[0];
        return values.Skip(1).Zip(values).All(pair => pair.First - pair.Second == step) ? step : null;
    }

    private static bool IsYear(long? value) => value is >= FirstYear and <= LastYear;
}
