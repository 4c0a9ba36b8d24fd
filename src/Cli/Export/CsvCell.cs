using System.Buffers;
using System.Text;

namespace OrleansCluster.Cli.Export;

/// <summary>Cells of comma-separated text.</summary>
internal static class CsvCell
{
    private static readonly SearchValues<char> NeedQuotes = SearchValues.Create(",\"\r\n \t;");

    /// <summary>Adds a cell, in quotes where it needs them.</summary>
    public static void Append(StringBuilder text, string cell)
    {
        if (cell.AsSpan().ContainsAny(NeedQuotes))
            text.Append('"').Append(cell.Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"');
        else
            text.Append(cell);
    }
}
