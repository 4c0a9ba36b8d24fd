namespace OrleansCluster.Cluster.Tests.Parts;

/// <summary>Where a secret can be seen.</summary>
internal static class Exposure
{
    /// <summary>Command lines of this machine's processes that show it.</summary>
    public static string[] Processes(string secret) =>
        [.. Directory.GetDirectories("/proc").Where(folder => int.TryParse(Path.GetFileName(folder), out _)).Select(CommandLine)
            .Where(line => line.Contains(secret, StringComparison.Ordinal))];

    /// <summary>Files below a folder that hold it.</summary>
    public static string[] Files(string folder, string secret)
    {
        byte[] bytes = System.Text.Encoding.UTF8.GetBytes(secret);
        return [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(file => File.ReadAllBytes(file).AsSpan().IndexOf(bytes) >= 0)];
    }

    private static string CommandLine(string process)
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, "cmdline"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It ended meanwhile.
            return "";
        }
    }
}
