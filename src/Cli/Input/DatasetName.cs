using OrleansCluster.Datasets;

namespace OrleansCluster.Cli.Input;

/// <summary>Names of datasets.</summary>
internal static class DatasetName
{
    /// <summary>
    /// The file's name without its folder and endings, as a name that a dataset may have: <c>data/my table.csv.gz</c> becomes <c>my-table</c>.
    /// </summary>
    public static string FromFile(string path)
    {
        if (InputName.IsStandardInput(path))
            return "stdin";
        // What a shell calls a pipe changes from call to call.
        if (path.StartsWith("/dev/fd/", StringComparison.Ordinal) || path.StartsWith("/proc/self/fd/", StringComparison.Ordinal))
            return "pipe";
        if (PostgresAddress.Is(path))
            return Clean(PostgresAddress.Parse(path).Table ?? "query");
        // Of several files the first gives its name, and a pattern what it holds beside its signs.
        (string file, string? entry) = InputName.Split(path.Split(InputName.Separator)[0]);
        string name = Path.GetFileNameWithoutExtension(InputName.Unpacked(Path.GetFileName(file)).Path);
        return Clean(entry is null ? name : $"{name}-{entry}");
    }

    /// <summary>A name for some columns of a dataset: the same for the same columns in the same order.</summary>
    public static string OfColumns(string dataset, IEnumerable<string> columns)
    {
        const int digits = 8;
        string hash = ContentHash.Of(System.Text.Encoding.UTF8.GetBytes(string.Join('\n', columns)))[..digits];
        return $"{dataset[..Math.Min(dataset.Length, Tenancy.GrainKeys.MaximumNameLength - digits - 1)]}.{hash}";
    }

    private static string Clean(string name)
    {
        char[] characters = [.. name.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' ? c : '-')];
        string clean = new string(characters).Trim('-', '.');
        return clean.Length > 0 ? clean : "data";
    }
}
