using System.Globalization;
using System.Text.Json;

namespace OrleansCluster.Cli.Tests;

/// <summary>Retraining, gates and routes from the command line.</summary>
[Collection(nameof(CommandLine))]
public sealed class RouteTests
{
    private const int NotPromoted = 3;

    [Fact]
    public async Task A_retraining_is_judged_by_the_policy_and_the_exit_code_says_how_it_went()
    {
        using Workspace work = await Trained();
        JsonElement warm = await work.JsonAsync("retrain", "m", "--data", "points");
        warm.GetProperty("retraining").GetString().ShouldBe("warm");
        warm.GetProperty("gate").GetProperty("verdict").GetString().ShouldBe("champion");
        warm.GetProperty("gate").GetProperty("champion").GetInt32().ShouldBe(1);

        await work.JsonAsync("models", "policy", "m", "--min-size", "1000000");
        Outcome failed = await work.RunAsync("retrain", "m", "--data", "points", "--fresh", "--seed", "9");
        failed.ExitCode.ShouldBe(NotPromoted);
        failed.Output.ShouldContain("not promoted: it is the challenger");
        failed.Output.ShouldContain("are less than 1,000,000 rows");
        (await work.JsonAsync("assign", "--model", "m", "--data", "points.csv", "--id-column", "id")).GetProperty("version").GetInt32().ShouldBe(2);

        // A rule is set or taken away, and the others stay.
        JsonElement both = await work.JsonAsync("models", "policy", "m", "--churn", "5%", "--otherwise", "none");
        Rules(both).ShouldBe([("size", 1_000_000, "challenger"), ("churn", 0.05, "none")]);
        Rules(await work.JsonAsync("models", "policy", "m", "--churn", "7%", "--unset", "min-size")).ShouldBe([("churn", 0.07, "none")]);
        (await work.RunAsync("models", "policy", "m", "--unset", "size")).Refused(2).ShouldContain("m has no such rule. It has churn.");
        (await work.JsonAsync("models", "policy", "m", "--clear")).ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public async Task Every_answer_under_a_route_says_which_version_gave_it()
    {
        using Workspace work = await Trained();
        await work.JsonAsync("retrain", "m", "--data", "points", "--fresh", "--seed", "9");
        await work.JsonAsync("models", "promote", "m@1");
        string[] ask = ["assign", "--model", "m", "--data", "points.csv", "--id-column", "id"];
        (await work.JsonAsync([.. ask, "--out", "before.csv"])).GetProperty("version").GetInt32().ShouldBe(1);
        File.ReadLines(work.At("before.csv")).First().ShouldBe("id,cluster,distance");
        await work.JsonAsync("route", "set", "m", "1=50%", "2=50%");

        JsonElement answer = await work.JsonAsync(ask);
        int[] versions = [.. answer.GetProperty("row_versions").EnumerateArray().Select(version => version.GetInt32())];
        versions.Length.ShouldBe(300);
        versions.Count(version => version == 2).ShouldBe((int)Candidate(answer));
        versions.Distinct().Order().ShouldBe([1, 2]);
        await work.JsonAsync([.. ask, "--out", "under.csv"]);
        string[] lines = File.ReadAllLines(work.At("under.csv"));
        lines[0].ShouldBe("id,cluster,distance,version");
        lines.Skip(1).Select(line => int.Parse(line.Split(',')[^1], CultureInfo.InvariantCulture)).ShouldBe(versions);
        await work.JsonAsync([.. ask, "--out", "under.npy"]);
        Arrays.ReadNpy(work.At("under.versions.npy")).Values.ShouldBe(versions.Select(version => (double)version));
        Arrays.ReadNpy(work.At("under.npy")).Values.ShouldBe(answer.GetProperty("labels").EnumerateArray().Select(label => label.GetDouble()));
        (await work.RunAsync(ask)).Succeeded().Output.ShouldContain("version");

        // A named version needs no column, and leaves no array of another answer beside its own.
        await work.JsonAsync("assign", "--model", "m@2", "--data", "points.csv", "--id-column", "id", "--out", "under.npy");
        File.Exists(work.At("under.versions.npy")).ShouldBeFalse();
    }

    [Fact]
    public async Task Rows_with_ids_keep_their_version_while_the_candidate_grows_and_an_abort_ends_it()
    {
        using Workspace work = await Trained(processes: true);
        await work.JsonAsync("retrain", "m", "--data", "points", "--fresh", "--seed", "9");
        await work.JsonAsync("models", "promote", "m@1");
        long before = 0;
        foreach (string share in new[] { "0%", "10%", "60%", "100%" })
        {
            JsonElement status = await work.JsonAsync("route", "canary", "m", "2", "--to", share);
            status.GetProperty("canary").GetProperty("version").GetInt32().ShouldBe(2);
            long candidate = Candidate(await work.JsonAsync("assign", "--model", "m", "--data", "points.csv", "--id-column", "id"));
            candidate.ShouldBeGreaterThanOrEqualTo(before);
            candidate.ShouldBe(share switch { "0%" => 0, "100%" => 300, _ => candidate });
            before = candidate;
        }

        JsonElement shown = await work.JsonAsync("route", "show", "m");
        JsonElement agreement = shown.GetProperty("agreement")[0];
        agreement.GetProperty("version").GetInt32().ShouldBe(2);
        agreement.GetProperty("rows").GetInt64().ShouldBeGreaterThanOrEqualTo(300);
        (await work.RunAsync("route", "show", "m")).Output.ShouldContain("100%  ━━━━━");
        (await work.JsonAsync("assign", "--model", "m@champion", "--data", "points.csv", "--id-column", "id")).GetProperty("version").GetInt32().ShouldBe(1);

        (await work.JsonAsync("route", "abort", "m")).GetProperty("route").ValueKind.ShouldBe(JsonValueKind.Null);
        (await work.JsonAsync("assign", "--model", "m", "--data", "points.csv", "--id-column", "id")).GetProperty("version").GetInt32().ShouldBe(1);
    }

    /// <summary>A model whose first version is champion, with a policy that any version passes.</summary>
    /// <param name="processes">Whether each command hosts the home anew: at its end, a host writes down what its routes have counted.</param>
    internal static async Task<Workspace> Trained(bool processes = false)
    {
        Workspace work = processes ? CommandLine.NewWorkspaceOfProcesses() : CommandLine.NewWorkspace();
        var random = new Random(5);
        work.Write("points.csv", "id,x,y\n" + string.Concat(Enumerable.Range(0, 300).Select(i =>
            FormattableString.Invariant($"row{i},{(i % 3 * 8) + random.NextDouble()},{(i % 2 * 8) + random.NextDouble()}\n"))));
        await work.JsonAsync("train", "kmeans", "--data", "points.csv", "--id-column", "id", "--k", "4", "--model", "m");
        await work.JsonAsync("models", "promote", "m@1");
        await work.JsonAsync("models", "policy", "m", "--min-size", "1");
        return work;
    }

    private static (string?, double, string?)[] Rules(JsonElement policy) => [.. policy.GetProperty("rules").EnumerateArray()
        .Select(rule => (rule.GetProperty("metric").GetString(), rule.GetProperty("limit").GetDouble(), rule.GetProperty("otherwise").GetString()))];

    private static long Candidate(JsonElement answer) => answer.GetProperty("versions").EnumerateArray()
        .Where(version => version.GetProperty("version").GetInt32() == 2).Select(version => version.GetProperty("rows").GetInt64()).FirstOrDefault();
}
