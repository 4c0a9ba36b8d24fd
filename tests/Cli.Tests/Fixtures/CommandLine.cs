using System.Reflection;
using System.Text;
using OrleansCluster.Cli.Commands;
using OrleansCluster.Cli.Output;
using OrleansCluster.Families;

namespace OrleansCluster.Cli.Tests;

/// <summary>
/// The command in this process. The console, the current folder and the environment belong to the process, so tests that use it run one after the other.
/// </summary>
[CollectionDefinition(nameof(CommandLine), DisableParallelization = true)]
public sealed class CommandLine
{
    private static readonly string Repository = Path.GetFullPath(typeof(CommandLine).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "Repository").Value!);

    /// <summary>A file of the repository.</summary>
    public static string InRepository(string name) => Path.Combine(Repository, name);

    /// <summary>A folder whose commands are carried out in this process.</summary>
    internal static Workspace NewWorkspace()
    {
        var host = new LentHost();
        return new Workspace((folder, arguments) => host.DuringAsync(() => RunAsync(folder, arguments)), host.Dispose);
    }

    /// <summary>
    /// A folder whose commands each host the home anew, as processes do: for what is about that, or about files that are changed between them.
    /// </summary>
    internal static Workspace NewWorkspaceOfProcesses() => new((folder, arguments) => RunAsync(folder, arguments));

    /// <summary>Runs a command in a folder, on a home beside it, with the console in hand.</summary>
    internal static Task<Outcome> RunAsync(string folder, params string[] arguments) => RunAsync(folder, FamilyRegistry.Standard, arguments);

    /// <summary>As <see cref="RunAsync(string, string[])"/>, with other families than those that are built in.</summary>
    internal static async Task<Outcome> RunAsync(string folder, FamilyRegistry families, string[] arguments)
    {
        (TextWriter output, TextWriter error, string before) = (Console.Out, Console.Error, Directory.GetCurrentDirectory());
        using StringWriter told = new(), said = new();
        using var values = new MemoryStream();
        try
        {
            Environment.SetEnvironmentVariable("ORLEANSCLUSTER_HOME", Path.Combine(folder, "..", "home"));
            Directory.SetCurrentDirectory(folder);
            Console.SetOut(told);
            Console.SetError(said);
            JsonReport.OpenOutput = () => values;
            int code = await CommandTree.RunAsync(arguments, families);
            return new Outcome(code, told + Encoding.UTF8.GetString(values.ToArray()), said.ToString());
        }
        finally
        {
            JsonReport.OpenOutput = Console.OpenStandardOutput;
            Console.SetOut(output);
            Console.SetError(error);
            Directory.SetCurrentDirectory(before);
            Environment.SetEnvironmentVariable("ORLEANSCLUSTER_HOME", null);
        }
    }
}
