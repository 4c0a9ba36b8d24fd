using System.Text.Json;
using OrleansCluster.Cli.Tests;

namespace OrleansCluster.EndToEnd.Tests;

/// <summary>The command line itself: help, text output, and the demo.</summary>
public sealed class CommandLineTests
{
    [Theory]
    [InlineData("")]
    [InlineData("--help")]
    [InlineData("train kmeans --help")]
    [InlineData("datasets import --help")]
    public async Task Help_touches_no_home(string arguments)
    {
        using Workspace work = ClusterProgram.NewWorkspace();
        Outcome outcome = await work.RunAsync(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        outcome.Succeeded().Output.ShouldContain("--home <DIR>");
        outcome.Error.ShouldBeEmpty();
        Directory.Exists(work.Home).ShouldBeFalse();
    }

    [Fact]
    public async Task The_home_is_named_by_the_environment()
    {
        using Workspace work = ClusterProgram.NewWorkspace();
        var environment = new Dictionary<string, string?> { ["ORLEANSCLUSTER_HOME"] = work.At("elsewhere") };
        (await ClusterProgram.RunAsync(work.Folder, ["datasets", "import", "line", work.Write("line.csv", "1\n2\n"), "--report", "json"], environment))
            .Succeeded();
        Directory.Exists(work.At("elsewhere")).ShouldBeTrue();
    }

    [Fact]
    public async Task Text_without_a_terminal_is_plain()
    {
        using Workspace work = ClusterProgram.NewWorkspace();
        Outcome outcome = (await work.RunAsync("train", "kmeans", "--data", work.Write("rows.csv", Blobs.Make(400, 2, 3)), "--k", "3")).Succeeded();
        outcome.Output.ShouldContain("cluster");
        outcome.Output.ShouldContain("inertia");
        (outcome.Output + outcome.Error).ShouldNotContain("\u001b");
        foreach (string command in new[] { "datasets list", "datasets show rows", "models list", "models show rows", "jobs list",
            "assign --model rows --data rows.csv" })
            (await work.RunAsync(command.Split(' ')))
                .Succeeded().Output.ShouldContain(command.StartsWith("jobs", StringComparison.Ordinal) ? "succeeded" : "rows");
    }

    [Fact]
    public async Task The_demo_survives_its_crash_and_ends_with_commands_that_work()
    {
        using Workspace work = ClusterProgram.NewWorkspace();
        JsonElement report = await work.JsonAsync("demo");
        report.GetProperty("versions").EnumerateArray().Select(version => version.GetProperty("version").GetInt32()).ShouldBe([1, 2]);
        report.GetProperty("assigned").GetInt64().ShouldBe(7);
        JsonElement crash = report.GetProperty("crash");
        crash.GetProperty("digest").GetString().ShouldBe(crash.GetProperty("uninterrupted_digest").GetString());
        string[] commands = [.. report.GetProperty("commands").EnumerateArray().Select(command => command.GetString()!)];
        report.GetProperty("mixture").GetProperty("algorithm").GetString().ShouldBe("gmm");
        // Two in a hundred of 418 places.
        report.GetProperty("anomalies").GetInt64().ShouldBeInRange(8, 10);
        commands.Length.ShouldBe(5);
        foreach (string command in commands)
        {
            string[] words = command.Split(' ');
            Path.GetFileNameWithoutExtension(words[0]).ShouldBe("cluster");
            (await ClusterProgram.RunAsync(work.Folder, words[1..])).Succeeded();
        }
    }
}
