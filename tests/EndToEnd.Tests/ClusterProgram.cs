using System.Diagnostics;
using System.Reflection;

namespace OrleansCluster.EndToEnd.Tests;

/// <summary>The built command, run as a process of its own.</summary>
internal static class ClusterProgram
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    /// <summary>The program that the build of this test project made.</summary>
    public static string Path { get; } = Metadata("Program");

    /// <summary>The folder of the solution.</summary>
    public static string Repository { get; } = System.IO.Path.GetFullPath(Metadata("Repository"));

    /// <summary>Runs a command to its end.</summary>
    public static async Task<Outcome> RunAsync(string folder, IEnumerable<string> arguments, IReadOnlyDictionary<string, string?>? environment = null)
    {
        using RunningProgram program = Start(folder, arguments, environment);
        return await program.EndAsync(Patience);
    }

    /// <summary>Runs a command to its end by way of another program, which takes it as its last arguments.</summary>
    public static async Task<Outcome> RunAsync(string folder, IEnumerable<string> arguments, IReadOnlyList<string> through)
    {
        using var program = new RunningProgram(Prepare(folder, [.. through.Skip(1), "dotnet", Path, .. arguments], null, through[0]));
        return await program.EndAsync(Patience);
    }

    /// <summary>Starts a command in <paramref name="folder"/>, without a terminal and with nothing to read.</summary>
    public static RunningProgram Start(string folder, IEnumerable<string> arguments, IReadOnlyDictionary<string, string?>? environment = null) =>
        new(Prepare(folder, [Path, .. arguments], environment));

    private static ProcessStartInfo Prepare(string folder, IEnumerable<string> arguments, IReadOnlyDictionary<string, string?>? environment, string program = "dotnet")
    {
        var start = new ProcessStartInfo(program) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach (string argument in arguments)
            start.ArgumentList.Add(argument);
        // What surrounds the tests must not reach the program.
        foreach (string name in new[] { "ORLEANSCLUSTER_HOME", "ORLEANSCLUSTER_DEBUG", "ORLEANSCLUSTER_COMMAND" })
            start.Environment.Remove(name);
        foreach ((string name, string? value) in environment ?? new Dictionary<string, string?>())
            start.Environment[name] = value;
        return start;
    }

    private static string Metadata(string key) => typeof(ClusterProgram).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value!;
}
