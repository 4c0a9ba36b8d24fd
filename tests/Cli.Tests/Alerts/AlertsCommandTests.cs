using System.Text.Json;

namespace OrleansCluster.Cli.Tests;

/// <summary>What is wrong with models, from the command line.</summary>
[Collection(nameof(CommandLine))]
public sealed class AlertsCommandTests
{
    [Fact]
    public async Task A_rule_is_set_what_it_raises_is_listed_seen_to_and_silenced()
    {
        using Workspace work = CommandLine.NewWorkspace();
        string rows = work.Write("rows.csv", Points(0)), moved = work.Write("moved.csv", Points(20));
        await work.JsonAsync("train", "kmeans", "--data", rows, "--k", "2", "--model", "m");
        (await work.RunAsync("alerts", "list")).Succeeded().Output.ShouldContain("Nothing is wrong, by 3 rules");
        (await work.RunAsync("alerts", "rule", "moved", "--when", "drift above 2")).Refused(2).ShouldContain("'drift > 0.2'");
        (await work.RunAsync("alerts", "rule", "moved", "--when", "weather > 2")).Refused(1).ShouldContain("there are drift, missing");
        (await work.RunAsync("alerts", "rule", "moved", "--when", "outside > 0.5", "--severity", "page", "--repeat", "1h")).Succeeded().Output
            .ShouldContain("outside > 0.5");
        await work.JsonAsync("monitor", "observe", "m", "--data", moved, "--window", "w");
        JsonElement alert = (await work.JsonAsync("alerts", "look")).GetProperty("alerts").EnumerateArray()
            .Single(one => one.GetProperty("rule").GetString() == "moved");
        (alert.GetProperty("state").GetString(), alert.GetProperty("cause").GetString(), alert.GetProperty("severity").GetString())
            .ShouldBe(("firing", "y", "page"));
        (await work.RunAsync("alerts", "list")).Succeeded().Output.ShouldContain("moved");
        (await work.JsonAsync("alerts", "ack", alert.GetProperty("id").GetString()!)).GetProperty("acknowledged_by").GetString().ShouldBe(Environment.UserName);
        (await work.RunAsync("alerts", "ack", "a99")).Refused(1).ShouldContain("no alert a99");
        (await work.RunAsync("alerts", "silence", "--for", "60d")).Refused(1).ShouldContain("up to 30 days");
        string silence = (await work.JsonAsync("alerts", "silence", "--rule", "moved", "--for", "1h")).GetProperty("id").GetString()!;
        (await work.RunAsync("alerts", "silences")).Succeeded().Output.ShouldContain(silence);
        (await work.RunAsync("alerts", "unsilence", silence)).Succeeded().Output.ShouldContain("Everything is told");
        (await work.RunAsync("alerts", "unrule", "moved")).Succeeded().Output.ShouldNotContain("moved");
    }

    private static string Points(double shift)
    {
        var random = new Random(1);
        return "x,y\n" + string.Concat(Enumerable.Range(0, 300).Select(i => FormattableString.Invariant(
            $"{(i % 2 * 10) + random.NextDouble():F3},{(i % 2 * 10) + random.NextDouble() + shift:F3}\n")));
    }
}
