using System.Globalization;
using System.Text.Json;

namespace OrleansCluster.Cli.Tests;

/// <summary>Rows compared with those that a model was trained on, and windows of them.</summary>
[Collection(nameof(CommandLine))]
public sealed class MonitorTests
{
    [Fact]
    public async Task Drift_ends_with_3_and_names_the_column_and_windows_are_kept()
    {
        using Workspace work = CommandLine.NewWorkspace();
        string rows = work.Write("rows.csv", Points(seed: 1, shift: 0)), same = work.Write("same.csv", Points(seed: 2, shift: 0));
        string moved = work.Write("moved.csv", Points(seed: 3, shift: 3));
        await work.JsonAsync("train", "kmeans", "--data", rows, "--k", "3", "--model", "m");

        JsonElement calm = await work.JsonAsync("monitor", "drift", "m", "--data", same);
        (calm.GetProperty("drifted").GetBoolean(), calm.GetProperty("causes").GetArrayLength()).ShouldBe((false, 0));
        Outcome text = await work.RunAsync("monitor", "drift", "m@1", "--data", moved);
        text.ExitCode.ShouldBe(3, text.Error);
        text.Output.ShouldContain("column 'y': its values moved by");
        text.Output.ShouldNotContain("column 'x'");
        text.Output.ShouldContain("inertia per row");
        calm.GetProperty("fits").EnumerateArray().Select(fit => fit.GetProperty("name").GetString()).ShouldBe(["inertia_per_row", "simplified_silhouette"]);
        (await work.RunAsync("monitor", "drift", "m", "--data", same, "--cluster-shift", "0")).Refused(1).ShouldContain("not above 0");
        (await work.RunAsync("monitor", "drift", "m", "--data", same, "--limit", "20")).Output.ShouldContain("not enough rows");

        (await work.RunAsync("monitor", "drift", "m")).Refused(1).ShouldContain("Nothing was observed yet");
        await work.JsonAsync("monitor", "observe", "m", "--data", same, "--window", "monday");
        (await work.JsonAsync("monitor", "observe", "m", "--data", moved, "--window", "tuesday")).GetProperty("windows")[0].GetProperty("rows").GetInt64()
            .ShouldBe(300);
        (await work.JsonAsync("monitor", "windows", "m")).GetProperty("windows").EnumerateArray().Select(window => window.GetProperty("name").GetString())
            .ShouldBe(["monday", "tuesday"]);
        Outcome newest = await work.RunAsync("monitor", "drift", "m", "--against", "monday", "--report", "json");
        newest.ExitCode.ShouldBe(3, newest.Error);
        JsonDocument.Parse(newest.Output).RootElement.GetProperty("observed").GetProperty("name").GetString().ShouldBe("tuesday");

        (await work.RunAsync("monitor", "drift", "m", "--window", "sunday")).Refused(1).ShouldContain("there are monday, tuesday");
        (await work.RunAsync("monitor", "drift", "m", "--window", "monday", "--data", same)).Refused(2).ShouldContain("give one of them");
        (await work.RunAsync("monitor", "drift", "m", "--data", work.Write("other.csv", "x,z\n1,2\n"))).Refused(2).ShouldContain("'y'");
        (await work.RunAsync("monitor", "observe", "m", "--data", same, "--window", "a/b")).Refused(2).ShouldContain("'/'");
    }

    private static string Points(int seed, double shift)
    {
        var random = new Random(seed);
        return "x,y\n" + string.Concat(Enumerable.Range(0, 300).Select(i => string.Create(
            CultureInfo.InvariantCulture, $"{(i % 3 * 10) + random.NextDouble():F3},{(i % 2 * 10) + random.NextDouble() + shift:F3}\n")));
    }
}
