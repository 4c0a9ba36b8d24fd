using System.Text;
using OrleansCluster.Cli.Output;

namespace OrleansCluster.Cli.Clusters;

/// <summary>Tells on standard error what the processes of a cluster write into their logs.</summary>
internal static class LogFollower
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    /// <summary>Tells lines that are whole, until the user wants no more.</summary>
    /// <param name="logs">The files, by what their lines begin with.</param>
    /// <param name="cancellation">Ends it.</param>
    public static async Task FollowAsync(IReadOnlyList<(string Name, string Path)> logs, CancellationToken cancellation)
    {
        var read = new long[logs.Count];
        while (true)
        {
            for (int i = 0; i < logs.Count; i++)
            {
                (string text, read[i]) = NewLines(logs[i].Path, read[i]);
                foreach (string line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
                    Terminal.Say($"{logs[i].Name}  {line.TrimEnd('\r')}");
            }

            await Task.Delay(Pause, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>What was written since, up to the last end of a line, and how far that is.</summary>
    private static (string Text, long Read) NewLines(string path, long from)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        file.Position = Math.Min(from, file.Length);
        var bytes = new byte[file.Length - file.Position];
        int count = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        int end = bytes.AsSpan(0, count).LastIndexOf((byte)'\n') + 1;
        return (Encoding.UTF8.GetString(bytes, 0, end), file.Position - count + end);
    }
}
