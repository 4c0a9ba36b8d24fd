using System.Diagnostics;
using System.Text.Json;

namespace OrleansCluster.Cli.Clusters;

/// <summary>A process of a cluster on this machine. The time it started tells it from a later one with the same number.</summary>
internal sealed record LocalProcess(string Name, int Id, DateTime Started, int Gateway)
{
    /// <summary>The running process; null when it has ended.</summary>
    public Process? Find()
    {
        try
        {
            Process process = Process.GetProcessById(Id);
            if (!process.HasExited && (process.StartTime.ToUniversalTime() - Started).Duration() < TimeSpan.FromSeconds(2))
                return process;
            process.Dispose();
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            // It ended before or while we looked.
        }

        return null;
    }
}

/// <summary>The processes of the cluster that <c>up</c> started on a home, as remembered for <c>down</c>.</summary>
internal sealed record LocalCluster(string Name, IReadOnlyList<LocalProcess> Silos, LocalProcess? Server)
{
    /// <summary>What <c>--cluster</c> takes to reach it.</summary>
    public string Address => string.Join(',', Silos.Select(silo => $"127.0.0.1:{silo.Gateway.ToString(System.Globalization.CultureInfo.InvariantCulture)}"));

    public IEnumerable<LocalProcess> Processes => Server is null ? Silos : [.. Silos, Server];

    public static string Folder(string home) => Path.Combine(home, "cluster");

    public static LocalCluster? Read(string home)
    {
        try
        {
            return JsonSerializer.Deserialize<LocalCluster>(File.ReadAllBytes(Note(home)));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or JsonException)
        {
            return null;
        }
    }

    public void Write(string home) => File.WriteAllBytes(Note(home), JsonSerializer.SerializeToUtf8Bytes(this));

    public static void Forget(string home) => File.Delete(Note(home));

    private static string Note(string home) => Path.Combine(Folder(home), "processes.json");
}
