using System.Text;
using OrleansCluster.Numerics.Preparation;

namespace OrleansCluster.Datasets;

/// <summary>Texts of a column as values, by the rules that the cells of a table are read by.</summary>
/// <param name="type">What the column is.</param>
public sealed class TypedTexts(ColumnType type)
{
    private readonly CategoryTexts _texts = new();

    /// <summary>Of a category: the texts so far, each at the place that stands for it.</summary>
    public IReadOnlyList<string> Categories => _texts.Texts;

    /// <summary>Whether a text stands for a missing value, as an empty one does.</summary>
    public static bool IsMissing(string text) => NumberText.IsMissing(Encoding.UTF8.GetBytes(text));

    /// <summary>The value of a text.</summary>
    /// <param name="text">As it is written; blanks around it do not count.</param>
    /// <param name="value">Out: the value; NaN where it is missing.</param>
    /// <returns>What is wrong with the text; null: nothing.</returns>
    public string? Read(string text, out double value)
    {
        ReadOnlySpan<byte> cell = Encoding.UTF8.GetBytes(text);
        value = double.NaN;
        if (NumberText.IsMissing(cell))
            return null;
        switch (type)
        {
            case ColumnType.Category:
                return ReadCategory(text.Trim(' ', '\t'), cell.Length, out value);
            case ColumnType.Boolean:
                return CellTypes.TryParseBoolean(cell, out value) ? null
                    : $"{NumberText.Show(cell)} is none of true, false, yes, no, t, f, y, n, 1 and 0. Correct it or leave the row out.";
            case ColumnType.Time:
                return TimeText.TryParse(cell, out value) ? null
                    : $"{NumberText.Show(cell)} is no time as 2024-01-31 or 2024-01-31 13:45:00 or 2024-01-31T13:45:00+01:00. Correct it or leave the row out.";
            default:
                return NumberText.TryParse(cell, out value) ? null : NumberText.Refusal(cell, 0).What + " Correct it or leave the row out.";
        }
    }

    private string? ReadCategory(string text, int bytes, out double value)
    {
        value = double.NaN;
        if (bytes > CategoryTexts.Longest)
            return $"the text has {bytes} bytes; a category has at most {CategoryTexts.Longest}. Correct it or leave the row out.";
        int place = _texts.Add(text);
        if (place < 0)
            return $"there are more than {CategoryTexts.Most} different texts: send fewer rows at a time.";
        value = place;
        return null;
    }
}
