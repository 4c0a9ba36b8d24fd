using System.Globalization;
using System.Runtime.InteropServices;
using OrleansCluster.Datasets;
using OrleansCluster.Numerics.Preparation;
using OrleansCluster.Numerics.Rows;
using OrleansCluster.Serving;
using OrleansCluster.Web.Problems;

namespace OrleansCluster.Web.Rows;

/// <summary>Rows for a model that prepares them: each value is checked to be of its column's type, by the rules that tables are read by.</summary>
internal static class TypedRows
{
    /// <summary>Seconds from 1970 to the beginning of the years 1 and 10000.</summary>
    private const double FirstTime = -62_135_596_800, EndOfTime = 253_402_300_800;

    /// <param name="rows">The rows.</param>
    /// <param name="positions">Which of their columns are the model's, in its order.</param>
    /// <param name="inputs">What those are.</param>
    /// <exception cref="ProblemException">A value is of another type; the message says where and what to do.</exception>
    public static RowsPayload Of(AskedRows rows, int[] positions, AskedColumns inputs)
    {
        int columns = positions.Length;
        var values = new double[checked(rows.Rows * columns)];
        TypedTexts[] texts = [.. inputs.Types.Select(type => new TypedTexts(type))];
        RowBlock block = RowBytes.AsBlock(rows.Values, rows.Precision, rows.Width);
        var sent = new double[rows.Width];
        for (int row = 0; row < rows.Rows; row++)
        {
            block.CopyRow(row, sent);
            for (int j = 0; j < columns; j++)
            {
                object? other = null;
                bool isOther = rows.Others?.TryGetValue((row * rows.Width) + positions[j], out other) == true;
                double value = sent[positions[j]];
                string? problem = !isOther ? Check(value, inputs.Types[j]) : other switch
                {
                    null => Miss(out value),
                    bool => CheckFlag(other, inputs.Types[j]),
                    string text => Read(text, inputs.Types[j], rows.AreTexts, texts[j], out value),
                    _ => throw new InvalidOperationException($"A value is a {other.GetType()}."),
                };
                if (problem is not null)
                    throw Wrong(row, inputs.Names[j], problem);
                values[(row * columns) + j] = value;
            }
        }

        return new RowsPayload
        {
            Precision = "f8",
            Columns = columns,
            Values = MemoryMarshal.AsBytes(values.AsSpan()).ToArray(),
            Types =
            [
                .. inputs.Names.Select((name, j) =>
                    new TypedColumn { Name = name, Type = RowColumn.NameOf(inputs.Types[j]), Categories = [.. texts[j].Categories] }),
            ],
        };
    }

    /// <summary>Why what was sent in the place of a number is none.</summary>
    /// <param name="other">A text, true or false, or null.</param>
    public static string NoNumber(object? other) => other switch
    {
        null => "the value is missing. Fill it in or leave the row out.",
        bool flag => $"{(flag ? "true" : "false")} is no number. Write 1 or 0.",
        "NaN" or "Infinity" or "-Infinity" => $"'{other}' is not a finite number. Fill it in or leave the row out.",
        _ => $"'{Short((string)other)}' is text. Numbers are written without quotes.",
    };

    /// <summary>A problem with a value.</summary>
    public static ProblemException Wrong(int row, string column, string problem) =>
        JsonTable.Wrong($"Row {row.ToString(CultureInfo.InvariantCulture)} (from 0), column '{column}': {problem}", row, column);

    private static string? Check(double value, ColumnType type) => type switch
    {
        // What is infinite is found with the rest.
        _ when !double.IsFinite(value) => null,
        ColumnType.Category => $"{Text(value)} is a number, and the column holds categories: send their texts, in quotes.",
        ColumnType.Boolean when value is not (0 or 1) => $"{Text(value)} is neither yes nor no: send true or false, or 1 or 0.",
        ColumnType.Time when value is not (>= FirstTime and < EndOfTime) =>
            $"{Text(value)} is no time in seconds since 1970 of the years 1 to 9999: send seconds, or a text as 2024-01-31T13:45:00Z.",
        _ => null,
    };

    private static string? Miss(out double value)
    {
        value = double.NaN;
        return null;
    }

    private static string? CheckFlag(object flag, ColumnType type) => type switch
    {
        ColumnType.Boolean => null,
        ColumnType.Number => NoNumber(flag),
        ColumnType.Category => $"{((bool)flag ? "true" : "false")} is no category: send its text, in quotes.",
        _ => $"{((bool)flag ? "true" : "false")} is no time: send one as 2024-01-31.",
    };

    private static string? Read(string text, ColumnType type, bool areTexts, TypedTexts texts, out double value)
    {
        if (type != ColumnType.Number || areTexts || TypedTexts.IsMissing(text))
            return texts.Read(text, out value);
        value = double.NaN;
        return NoNumber(text);
    }

    private static string Short(string text) => text.Length > 40 ? text[..40] + "…" : text;

    private static string Text(double value) => value.ToString(CultureInfo.InvariantCulture);
}
