namespace OrleansCluster.Datasets;

/// <summary>How inputs are named: by a path, or <c>-</c> for standard input.</summary>
public static class InputName
{
    /// <summary>The path that stands for standard input.</summary>
    public const string StandardInput = "-";

    /// <summary>What messages call the input.</summary>
    public static string Of(string path) => path == StandardInput ? "standard input" : path;

    /// <summary>Whether there is something to open: a file, a pipe, or standard input.</summary>
    public static bool Exists(string path) => path == StandardInput || File.Exists(path);

    /// <summary>Whether the path is standard input under one of its names; it can be read only once.</summary>
    public static bool IsStandardInput(string path) => path is StandardInput or "/dev/stdin" or "/dev/fd/0" or "/proc/self/fd/0";
}
