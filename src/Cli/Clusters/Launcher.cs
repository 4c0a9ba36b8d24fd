using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace OrleansCluster.Cli.Clusters;

/// <summary>Starts and ends processes that outlive this one.</summary>
internal static class Launcher
{
    private const int Terminate = 15;
    private static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(60);

    /// <summary>Starts a program away from this terminal, with its output at the end of a file.</summary>
    /// <param name="environment">
    /// What its environment has beside ours or in place of it (null: not at all). Secrets go this way: the list of processes shows arguments to everybody.
    /// </param>
    public static LocalProcess Start(
        string name, int gateway, string log, IReadOnlyDictionary<string, string?> environment, string program, params IEnumerable<string> arguments)
    {
        if (OperatingSystem.IsWindows())
            throw CommandException.Failure("'up' needs a Unix shell: start silos one by one with 'silo' here.");
        // The shell sends the output to the file; with setsid Ctrl-C in this terminal does not reach the program.
        var start = new ProcessStartInfo("/bin/sh") { WorkingDirectory = Path.GetDirectoryName(log)! };
        string session = OnPath("setsid") is null ? "" : "setsid ";
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add($"exec {session}\"$@\" >>\"$LOG\" 2>&1 </dev/null");
        start.ArgumentList.Add("sh");
        start.ArgumentList.Add(program);
        foreach (string argument in arguments)
            start.ArgumentList.Add(argument);
        start.Environment["LOG"] = log;
        foreach ((string key, string? value) in environment)
            start.Environment[key] = value;
        using Process process = Process.Start(start)!;
        return new LocalProcess(name, process.Id, process.StartTime.ToUniversalTime(), gateway);
    }

    /// <summary>This program, to be started again with other arguments.</summary>
    public static (string Program, string[] First) Self()
    {
        string assembly = Path.Combine(AppContext.BaseDirectory, "cluster.dll");
        return (Environment.ProcessPath!, Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? [assembly] : []);
    }

    /// <summary>The file of a program on the path; null when there is none.</summary>
    public static string? OnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    /// <summary>Ports of this machine that nobody listens on.</summary>
    /// <exception cref="CommandException">There are not so many.</exception>
    public static int[] FreePorts(int count)
    {
        TcpListener[] listeners = [.. Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0))];
        try
        {
            foreach (TcpListener listener in listeners)
                listener.Start();
            return [.. listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port)];
        }
        catch (SocketException e)
        {
            throw CommandException.Failure($"This machine has fewer than {count} free ports ({e.Message}), and a silo needs two: end something that listens "
                + "or connects.", e);
        }
        finally
        {
            foreach (TcpListener listener in listeners)
                listener.Dispose();
        }
    }

    /// <summary>Waits until a server of this machine that was just started listens.</summary>
    /// <exception cref="CommandException">It ended instead, or does not listen.</exception>
    public static async Task ListensAsync(LocalProcess server, int port, string log, CancellationToken cancellation)
    {
        for (long begin = Stopwatch.GetTimestamp(); ;)
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(IPAddress.Loopback, port, cancellation).ConfigureAwait(false);
                return;
            }
            catch (SocketException e)
            {
                using Process? process = server.Find();
                string what = process is null ? "ended while it started" : "does not listen";
                if (process is null || Stopwatch.GetElapsedTime(begin) > LongestStart)
                    throw CommandException.Failure($"{server.Name} {what}. The end of its log:{Environment.NewLine}{Tail(log)}", e);
                await Task.Delay(50, cancellation).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Asks a process to end, and ends it when it does not within <paramref name="patience"/>.</summary>
    public static async Task EndAsync(LocalProcess told, TimeSpan patience)
    {
        using Process? process = told.Find();
        if (process is null)
            return;
        _ = Kill(told.Id, Terminate);
        using var timer = new CancellationTokenSource(patience);
        try
        {
            await process.WaitForExitAsync(timer.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
        }
    }

    /// <summary>The end of a log, for messages.</summary>
    public static string Tail(string log)
    {
        try
        {
            return string.Join(Environment.NewLine, File.ReadLines(log).TakeLast(12));
        }
        catch (IOException e)
        {
            return e.Message;
        }
    }

    public static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int process, int signal);
}
