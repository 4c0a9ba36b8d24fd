using System.Text.RegularExpressions;

namespace OrleansCluster.Datasets;

/// <summary>How inputs are named: by a path, <c>-</c> for standard input, or the address of a table (<see cref="PostgresAddress"/>).</summary>
public static class InputName
{
    /// <summary>Stands between the names of several files, which have none in them.</summary>
    public const char Separator = '\n';

    private const string Archive = ".npz";

    /// <summary>The path that stands for standard input.</summary>
    public const string StandardInput = "-";

    /// <summary>What messages call the input.</summary>
    /// <exception cref="DataFormatException">It is an address of a table, and wrong.</exception>
    public static string Of(string path) => path == StandardInput ? "standard input"
        : PostgresAddress.Is(path) ? PostgresAddress.Parse(path).Show() : path.Replace(Separator, ' ');

    /// <summary>Whether there is something to open: files, a pipe, standard input, or the address of a table, which is not looked for.</summary>
    public static bool Exists(string path) => PostgresAddress.Is(path)
        || List(path) is [_, ..] all && Array.TrueForAll(all, one => one == StandardInput || File.Exists(Split(one).File));

    /// <summary>
    /// The inputs of which a table is made, in order: files that are named one behind the other, and those that match a pattern with <c>*</c>, <c>?</c> or
    /// <c>[…]</c> in their last part, by name. A pattern that is the name of a file is that file.
    /// </summary>
    public static string[] List(string path) => PostgresAddress.Is(path) ? [path] : [.. path.Split(Separator).SelectMany(Expand)];

    /// <summary>A file, and what is meant within it: <c>arrays.npz:x</c>. Null: all of it.</summary>
    public static (string File, string? Entry) Split(string path)
    {
        int colon = path.LastIndexOf(Archive + ":", StringComparison.OrdinalIgnoreCase) is >= 0 and var at ? at + Archive.Length : -1;
        return colon < 0 || File.Exists(path) ? (path, null) : (path[..colon], path[(colon + 1)..]);
    }

    /// <summary>A path without the ending that says it is compressed, and that ending in small letters; empty: there is none.</summary>
    public static (string Path, string Packed) Unpacked(string path)
    {
        string ending = System.IO.Path.GetExtension(path).ToLowerInvariant();
        return ending is ".gz" or ".zst" ? (path[..^ending.Length], ending) : (path, "");
    }


    /// <summary>Whether the path is standard input under one of its names; it can be read only once.</summary>
    public static bool IsStandardInput(string path) => path is StandardInput or "/dev/stdin" or "/dev/fd/0" or "/proc/self/fd/0";

    private static IEnumerable<string> Expand(string path)
    {
        string pattern = System.IO.Path.GetFileName(path);
        if (!pattern.AsSpan().ContainsAny('*', '?', '[') || File.Exists(Split(path).File))
            return [path];
        string folder = System.IO.Path.GetDirectoryName(path) ?? "";
        if (!Directory.Exists(folder.Length == 0 ? "." : folder))
            return [];
        // As a shell has them: files whose names begin with a dot are not meant, unless the pattern begins so.
        string escaped = Regex.Escape(pattern).Replace("\\*", ".*", StringComparison.Ordinal).Replace("\\?", ".", StringComparison.Ordinal);
        string classes = Regex.Replace(escaped, @"\\\[(!?)([^\]]+)]", match => $"[{(match.Groups[1].Length > 0 ? "^" : "")}{match.Groups[2]}]");
        var form = new Regex($"^{classes}$", RegexOptions.CultureInvariant);
        return Directory.EnumerateFiles(folder.Length == 0 ? "." : folder).Select(file => System.IO.Path.GetFileName(file))
            .Where(name => form.IsMatch(name) && (name[0] != '.' || pattern[0] == '.')).Order(StringComparer.Ordinal)
            .Select(name => System.IO.Path.Combine(folder, name));
    }
}
