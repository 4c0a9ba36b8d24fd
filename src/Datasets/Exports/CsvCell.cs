using System.Buffers;

namespace OrleansCluster.Datasets;

/// <summary>Texts as cells of comma-separated text.</summary>
public static class CsvCell
{
    private static readonly SearchValues<char> NeedQuotes = SearchValues.Create(",\"\r\n \t;");

    /// <summary>The text, in quotes where a reader could take it for several cells.</summary>
    public static string Of(string text) => text.AsSpan().ContainsAny(NeedQuotes) ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
}
