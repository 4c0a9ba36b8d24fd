using System.Text.Json;

namespace OrleansCluster.Cli.Tests;

/// <summary>Models that are retrained by themselves, from the command line.</summary>
[Collection(nameof(CommandLine))]
public sealed class RetrainingCommandTests
{
    [Fact]
    public async Task A_plan_is_set_followed_to_the_end_of_a_run_shown_and_taken_away()
    {
        using Workspace work = CommandLine.NewWorkspace();
        await work.JsonAsync("train", "kmeans", "--data", work.Write("points.csv", Points(300)), "--k", "2", "--model", "m");
        (await work.RunAsync("retraining", "show", "m")).Refused(1).ShouldContain("retraining set m --dataset");
        (await work.RunAsync("retraining", "set", "m", "--dataset", "points")).Refused(1).ShouldContain("Nothing would ever begin");
        (await work.RunAsync("retraining", "set", "m", "--dataset", "points", "--cron", "0 2 * * *", "--every", "soon")).Refused(2).ShouldContain("'soon'");
        (await work.RunAsync("retraining", "set", "nobody", "--dataset", "points", "--cron", "0 2 * * *")).Refused(2).ShouldContain("'nobody'");
        (await work.RunAsync("retraining", "list")).Succeeded().Output.ShouldContain("No model is retrained by itself");

        await work.RunAsync("models", "policy", "m", "--min-size", "10");
        JsonElement plan = (await work.JsonAsync(
            "retraining", "set", "m", "--dataset", "points", "--cron", "0 2 * * *", "--time-zone", "Europe/Berlin", "--new-rows", "50")).GetProperty("plan");
        (plan.GetProperty("schedule").GetString(), plan.GetProperty("time_zone").GetString(), plan.GetProperty("new_rows").GetInt64(),
            plan.GetProperty("pause_seconds").GetDouble()).ShouldBe(("0 2 * * *", "Europe/Berlin", 50, 43_200));
        await work.JsonAsync("datasets", "import", "points", work.Write("points.csv", Points(360)));
        JsonElement looked = (await work.JsonAsync("retraining", "look", "--wait")).GetProperty("items")[0];
        JsonElement run = looked.GetProperty("ended")[0];
        (run.GetProperty("step").GetString(), run.GetProperty("cause").GetString(), run.GetProperty("version").GetInt32(), run.GetProperty("job").GetString())
            .ShouldBe(("promoted", "rows", 2, "auto-m-1"));
        string shown = (await work.RunAsync("retraining", "show", "m")).Succeeded().Output;
        shown.ShouldContain("0 2 * * * (Europe/Berlin); 50 new rows");
        shown.ShouldContain("it passed every rule");

        await work.RunAsync("models", "policy", "m", "--min-size", "1000");
        Outcome rejected = await work.RunAsync("retraining", "run", "m", "--wait");
        rejected.ExitCode.ShouldBe(3, rejected.Error);
        rejected.Output.ShouldContain("rejected");
        (await work.RunAsync("retraining", "budget", "--a-day", "3")).Succeeded().Output.ShouldContain("At most 3 a day; 1 began");
        (await work.RunAsync("retraining", "off", "m")).Succeeded();
        (await work.RunAsync("retraining", "resume", "m")).Refused(1);
    }

    private static string Points(int rows)
    {
        var random = new Random(1);
        return "x,y\n" + string.Concat(Enumerable.Range(0, rows).Select(i => FormattableString.Invariant(
            $"{(i % 2 * 10) + random.NextDouble():F3},{(i % 2 * 10) + random.NextDouble():F3}\n")));
    }
}
