using System.Diagnostics;
using OrleansCluster.Cli.Commands;

namespace OrleansCluster.Cli.Tests;

/// <summary>The README, followed from top to bottom in a fresh clone.</summary>
[Collection(nameof(CommandLine))]
public sealed class ReadmeTests
{
    /// <summary>Commands that end otherwise than with 0, and say so on the page.</summary>
    private static readonly Dictionary<string,
        int> Ends = new() { ["retrain timezones --data /tmp/drawn.csv --columns longitude,latitude"] = ExitCode.NotPromoted };

    [Fact]
    public async Task Every_command_works_in_its_order_shows_what_the_page_shows_and_leaves_nothing_in_the_clone()
    {
        ReadmeCommand[] commands = ReadmeCommand.All(await File.ReadAllTextAsync(CommandLine.InRepository("README.md")));
        commands.Length.ShouldBeGreaterThan(25);
        using var clone = new Clone();
        string[] before = clone.Files();
        foreach (ReadmeCommand command in commands)
        {
            // The one command that runs this test.
            if (command.Line == "./test")
                continue;
            string line = command.Line["./cluster ".Length..];
            (int code, string output, string error) = line == "demo"
                ? await clone.RunProgramAsync(line)
                : await CommandLine.RunAsync(clone.Folder, line.Replace("/tmp/", clone.Scratch + "/", StringComparison.Ordinal).Split(' '));
            code.ShouldBe(Ends.GetValueOrDefault(line), $"{command.Line}\n{output}{error}");
            Shows(command, output + error);
            // Nobody looks at a terminal here.
            (output + error).ShouldNotContain("\u001b", Case.Sensitive, command.Line);
        }

        clone.Files().ShouldBe(before);
    }

    /// <summary>Options in the table of commands exist.</summary>
    [Fact]
    public void The_table_of_commands_names_commands_and_options_that_there_are()
    {
        string[] lines = [.. ReadmeCommand.Block(File.ReadAllText(CommandLine.InRepository("README.md")), "text")];
        lines.Length.ShouldBeGreaterThan(10);
        foreach (string line in lines)
        {
            string[] words = line.Replace("[", "", StringComparison.Ordinal).Replace("]", "", StringComparison.Ordinal)
                .Split(' ', StringSplitOptions.RemoveEmptyEntries);
            System.CommandLine.Command command = CommandTree.Create();
            int at = 1;
            for (; at < words.Length && command.Subcommands.FirstOrDefault(one => one.Name == words[at]) is { } below
                && (at == 1 || !words.Contains("|")); at++)
                command = below;
            at.ShouldBeGreaterThan(1, line);
            string[] options = [.. new[] { command }.Concat(command.Subcommands).SelectMany(one => one.Options).Select(option => option.Name)];
            foreach (string word in words.Where(word => word.StartsWith("--", StringComparison.Ordinal)))
                options.ShouldContain(word.Split('|')[0], line);
        }
    }

    /// <summary>What the page shows below a command is what the command writes, but for times and what is left out with an ellipsis.</summary>
    private static void Shows(ReadmeCommand command, string output)
    {
        foreach (string shown in command.Output.Select(line => line.Trim())
            .Where(line => line.Length > 0 && line != "…" && !line.StartsWith("time ", StringComparison.Ordinal)))
            output.ShouldContain(shown, Case.Sensitive, command.Line);
    }

    /// <summary>What the commands need of a clone, in a folder of its own.</summary>
    private sealed class Clone : IDisposable
    {
        private readonly string _root = Directory.CreateTempSubdirectory("orleanscluster-readme-").FullName;

        public Clone()
        {
            Directory.CreateDirectory(Scratch);
            string samples = CommandLine.InRepository("samples");
            foreach (string file in Directory.GetFiles(samples, "*", SearchOption.AllDirectories))
            {
                string copy = Path.Combine(Folder, "samples", Path.GetRelativePath(samples, file));
                Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
                File.Copy(file, copy);
            }
        }

        public string Folder => Path.Combine(_root, "clone");

        public string Scratch => Path.Combine(_root, "tmp");

        public string[] Files() => [.. Directory.GetFileSystemEntries(Folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];

        /// <summary>The command as a process of its own: it starts another one and kills it.</summary>
        public async Task<Outcome> RunProgramAsync(string line)
        {
            var start = new ProcessStartInfo("dotnet")
            {
                WorkingDirectory = Folder,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                RedirectStandardInput = true
            };
            start.ArgumentList.Add(typeof(CommandTree).Assembly.Location);
            foreach (string word in line.Split(' '))
                start.ArgumentList.Add(word);
            // Where it puts a home of its own.
            start.Environment["TMPDIR"] = Scratch;
            using Process process = Process.Start(start)!;
            Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
            await process.WaitForExitAsync();
            return new Outcome(process.ExitCode, await output, await error);
        }

        public void Dispose() => Directory.Delete(_root, recursive: true);
    }
}
