namespace OrleansCluster.Cli.Input;

/// <summary>Names of datasets.</summary>
internal static class DatasetName
{
    /// <summary>The file's name without its folder and endings, as a name that a dataset may have: <c>data/my table.csv.gz</c> becomes <c>my-table</c>.</summary>
    public static string FromFile(string path)
    {
        string name = Path.GetFileName(path);
        if (name.EndsWith(".gz", StringComparison.OrdinalIgnoreCase))
            name = name[..^3];
        name = Path.GetFileNameWithoutExtension(name);
        char[] characters = [.. name.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' ? c : '-')];
        string clean = new string(characters).Trim('-', '.');
        return clean.Length > 0 ? clean : "data";
    }
}
