namespace OrleansCluster.Pages.Pictures;

/// <summary>Colours of clusters: those that people chose, else by id.</summary>
internal static class Paint
{
    private const int Colours = 12;

    /// <summary>The class of a cluster's colour.</summary>
    public static string ClassOf(int label) => label < 0 ? "c-other" : $"c{label % Colours}";

    /// <summary>What fills a cluster's marks: the colour that was chosen, else nothing, and the class does.</summary>
    public static string? FillOf(string chosen) => IsColour(chosen) ? chosen : null;

    private static bool IsColour(string text) => text.Length == 7 && text[0] == '#' && text.Skip(1).All(char.IsAsciiHexDigit);
}
