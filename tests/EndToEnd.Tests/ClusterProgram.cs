using System.Diagnostics;
using System.Reflection;
using OrleansCluster.Cli.Tests;

namespace OrleansCluster.EndToEnd.Tests;

/// <summary>The command as its users run it: by the script of the repository, which builds it when a source is newer, as a process of its own.</summary>
internal static class ClusterProgram
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private static readonly string[] Program = Words();

    /// <summary>The folder of the sources.</summary>
    public static string Repository => Path.GetFullPath(typeof(ClusterProgram).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "Repository").Value!);

    /// <summary>A folder whose commands are processes of their own.</summary>
    public static Workspace NewWorkspace() => new((folder, arguments) => RunAsync(folder, arguments));

    /// <summary>Runs a command to its end.</summary>
    public static async Task<Outcome> RunAsync(string folder, IEnumerable<string> arguments, IReadOnlyDictionary<string, string?>? environment = null)
    {
        using RunningProgram program = Start(folder, [.. Program, .. arguments], environment);
        return await program.EndAsync(Patience);
    }

    /// <summary>Runs a command to its end by way of another program, which takes it as its last arguments.</summary>
    public static async Task<Outcome> RunAsync(string folder, IEnumerable<string> arguments, IReadOnlyList<string> through)
    {
        using RunningProgram program = Start(folder, [.. through, .. Program, .. arguments]);
        return await program.EndAsync(Patience);
    }

    /// <summary>Runs a script that runs the command.</summary>
    public static async Task<Outcome> RunScriptAsync(string folder, string script)
    {
        using RunningProgram program = Start(folder, ["bash", script]);
        return await program.EndAsync(2 * Patience);
    }

    /// <summary>Starts a command in the folder, on its home, with <c>--report json</c>.</summary>
    public static RunningProgram StartJson(this Workspace work, params string[] arguments) =>
        Start(work.Folder, [.. Program, .. arguments, "--home", work.Home, "--report", "json"]);

    /// <summary>Starts a program in <paramref name="folder"/>, without a terminal and with nothing to read.</summary>
    private static RunningProgram Start(string folder, IReadOnlyList<string> command, IReadOnlyDictionary<string, string?>? environment = null)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1))
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true
        };
        // What surrounds the tests must not reach the program.
        foreach (string name in new[] { "ORLEANSCLUSTER_HOME", "ORLEANSCLUSTER_DEBUG" })
            start.Environment.Remove(name);
        foreach ((string name, string? value) in environment ?? new Dictionary<string, string?>())
            start.Environment[name] = value;
        return new RunningProgram(start);
    }

    private static string[] Words() =>
        OperatingSystem.IsWindows() ? ["cmd", "/c", Path.Combine(Repository, "cluster.cmd")] : [Path.Combine(Repository, "cluster")];
}
