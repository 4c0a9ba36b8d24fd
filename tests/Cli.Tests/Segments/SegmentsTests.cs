using System.Globalization;
using System.Text.Json;

namespace OrleansCluster.Cli.Tests;

/// <summary>Predictions evaluated by segments.</summary>
[Collection(nameof(CommandLine))]
public sealed class SegmentsTests
{
    private static readonly string[] Columns = ["--truth", "truth", "--prediction", "said"];

    [Fact]
    public async Task A_segment_that_an_average_hides_fails_the_check_and_is_named()
    {
        using Workspace work = CommandLine.NewWorkspace();
        // 1,000 rows of three countries: of those in FR every third is told wrongly, elsewhere every twentieth.
        string rows = work.Write("rows.csv", "truth,said,country,plan,p\n" + string.Concat(Enumerable.Range(0, 1000).Select(i =>
        {
            string country = i % 10 == 0 ? "FR" : i % 2 == 0 ? "DE" : "US";
            bool truth = i % 3 == 0, wrong = country == "FR" ? i / 10 % 3 == 0 : i / 10 % 20 == 0;
            return $"{(truth ? 1 : 0)},{(truth != wrong ? 1 : 0)},{country},{(i % 4 == 0 ? "pro" : "free")},{(truth != wrong ? "0.9" : "0.2")}\n";
        })));
        Outcome check = await work.RunAsync(["segments", "check", "--data", rows, .. Columns, "--by", "country", "--max-drop", "5%"]);
        check.ExitCode.ShouldBe(3, check.Error);
        check.Output.ShouldContain("✗ country=FR: accuracy 0.6600, 0.9500 in the rest (29.0% worse, 5.0% allowed)");
        (await work.RunAsync(["segments", "check", "--data", rows, .. Columns, "--by", "country", "--max-drop", "30%"])).Succeeded();

        JsonElement told = await work.JsonAsync(["segments", "evaluate", "--data", rows, .. Columns, "--by", "country,plan", "--score", "p"]);
        (told.GetProperty("kind").GetString(), told.GetProperty("overall").GetProperty("rows").GetInt64()).ShouldBe(("binary", 1000));
        JsonElement[] segments = [.. told.GetProperty("segments").EnumerateArray()];
        // Three countries, two plans, and what there is of both together: all odd rows, the US, are free.
        segments.Length.ShouldBe(10);
        JsonElement france = segments.Single(segment => segment.GetProperty("name").GetString() == "country=FR");
        (france.GetProperty("rows").GetInt64(), Figure(france, "accuracy"), france.GetProperty("rest").GetDouble()).ShouldBe((100, 0.66, 0.95));
        france.GetProperty("p").GetDouble().ShouldBeLessThan(1e-10);
        Figure(told.GetProperty("overall"), "accuracy").ShouldBe(0.921, 1e-12);
        segments.Select(segment => segment.GetProperty("drop").GetDouble()).ShouldBeInOrder(SortDirection.Descending);
    }

    [Fact]
    public async Task Numbers_are_compared_by_their_errors_and_what_cannot_be_evaluated_is_refused()
    {
        using Workspace work = CommandLine.NewWorkspace();
        string rows = work.Write("rows.csv", "y,yhat,shop\n" + string.Concat(Enumerable.Range(0, 200).Select(i =>
            $"{i},{i + ((i % 4 == 0 ? 4 : 1) * (i % 8 < 4 ? 1 : -1))}.5,{(i % 4 == 0 ? "north" : "south")}\n")));
        string[] columns = ["--truth", "y", "--prediction", "yhat", "--by", "shop"];
        Outcome check = await work.RunAsync(["segments", "check", "--data", rows, .. columns, "--max-drop", "50%"]);
        check.ExitCode.ShouldBe(3, check.Error);
        check.Output.ShouldContain("✗ shop=north: mae 4.0000");
        (await work.RunAsync(["segments", "evaluate", "--data", rows, .. columns, "--metric", "recall"])).Refused(2).ShouldContain("compared by mae");
        (await work.RunAsync("segments", "evaluate", "--data", rows, "--truth", "z", "--prediction", "yhat", "--by", "shop")).Refused(2)
            .ShouldContain("no column 'z'");
        string gap = work.Write("gap.csv", "t,s,g\nyes,no,a\n,no,b\n");
        (await work.RunAsync("segments", "evaluate", "--data", gap, "--truth", "t", "--prediction", "s", "--by", "g")).Refused(2).ShouldContain("line 3");
        string words = work.Write("words.csv", "t,s,g\ncat,dog,a\ndog,dog,b\n");
        (await work.RunAsync("segments", "evaluate", "--data", words, "--truth", "t", "--prediction", "s", "--by", "g")).Refused(2)
            .ShouldContain("Say it with --positive");
    }

    [Fact]
    public async Task Segments_are_clusters_too_and_are_compared_with_a_baseline_and_over_time()
    {
        using Workspace work = CommandLine.NewWorkspace();
        // Two clusters by x. In the second week every second row at x = 9 is told wrongly.
        string rows = work.Write("now.csv", Rows(wrong: true)), before = work.Write("before.csv", Rows(wrong: false));
        await work.JsonAsync("train", "kmeans", "--data", rows, "--columns", "x", "--k", "2", "--init", "k-means++", "--model", "m");
        string[] asked = [.. Columns, "--data", rows, "--model", "m", "--by", "plan", "--baseline", before, "--time", "at"];
        Outcome check = await work.RunAsync(["segments", "check", .. asked]);
        check.ExitCode.ShouldBe(3, check.Error);
        check.Output.ShouldContain("1.0000 in the baseline (25.0% worse, 5.0% allowed)");
        JsonElement told = await work.JsonAsync(["segments", "evaluate", .. asked]);
        (told.GetProperty("model").GetString(), told.GetProperty("version").GetInt32()).ShouldBe(("m", 1));
        JsonElement worst = told.GetProperty("changes")[0];
        worst.GetProperty("name").GetString().ShouldNotBeNull().ShouldStartWith("cluster=");
        (worst.GetProperty("rows").GetInt64(), worst.GetProperty("before").GetDouble(), worst.GetProperty("now").GetDouble()).ShouldBe((200, 1, 0.75));
        // Two clusters, two plans, and both together.
        told.GetProperty("segments").GetArrayLength().ShouldBe(8);
        JsonElement times = told.GetProperty("over_time").EnumerateArray()
            .Single(one => one.GetProperty("name").GetString() == worst.GetProperty("name").GetString());
        times.GetProperty("windows").EnumerateArray()
            .Select(one => (one.GetProperty("from").GetString(), one.GetProperty("rows").GetInt32(), one.GetProperty("value").GetDouble()))
            .ShouldBe([("2026-01-05T00:00:00+00:00", 100, 1), ("2026-01-12T00:00:00+00:00", 100, 0.5)]);

        (await work.RunAsync(["segments", "evaluate", "--data", work.Write("few.csv", "truth,said\n1,1\n"), .. Columns, "--model", "m"])).Refused(2)
            .ShouldContain("'x'");
        (await work.RunAsync(["segments", "evaluate", "--data", rows, .. Columns])).Refused(2).ShouldContain("--by");

        static string Rows(bool wrong) => "x,truth,said,plan,at\n" + string.Concat(Enumerable.Range(0, 400).Select(i =>
            $"{(i % 2 * 9) + (i % 7 * 0.1):0.0},{i % 3 % 2},{(i % 3 % 2) ^ (wrong && i >= 200 && i % 4 == 1 ? 1 : 0)},{(i % 8 < 4 ? "a" : "b")},"
                + $"2026-01-{(i < 200 ? 5 : 12):00}\n"));
    }

    [Fact]
    public async Task A_check_that_is_told_of_a_model_is_listed_and_raises_what_a_rule_watches()
    {
        using Workspace work = CommandLine.NewWorkspace();
        string rows = work.Write("rows.csv", "x,truth,said,g\n" + string.Concat(Enumerable.Range(0, 200).Select(i =>
            $"{i % 7},1,{(i % 4 == 0 && i % 8 == 0 ? 0 : 1)},{(i % 4 == 0 ? "a" : "b")}\n")));
        await work.JsonAsync("train", "kmeans", "--data", rows, "--columns", "x", "--k", "2", "--model", "m");
        (await work.RunAsync("segments", "history", "m")).Succeeded().Output.ShouldContain("No check was told of m yet");
        string[] asked = ["segments", "check", "--data", rows, .. Columns, "--by", "g", "--tell"];
        (await work.RunAsync([.. asked, "n"])).Refused(2).ShouldContain("no model 'n'");
        (await work.RunAsync([.. asked, "m"])).ExitCode.ShouldBe(3);
        JsonElement check = (await work.JsonAsync("segments", "history", "m")).GetProperty("checks")[0];
        (check.GetProperty("passed").GetBoolean(), check.GetProperty("segments")[0].GetProperty("value").GetDouble()).ShouldBe((false, 0.5));
        (await work.RunAsync("segments", "history", "m")).Succeeded().Output.ShouldContain("g=a: 0.5000, 1.0000 in the rest");
        (await work.RunAsync("alerts", "rule", "fair", "--when", "segment-accuracy < 0.8", "--until", "0.85")).Succeeded().Output
            .ShouldContain("segment-accuracy < 0.8, until 0.85");
        (await work.RunAsync("alerts", "rule", "odd", "--when", "anomaly-burn > 6", "--objective", "2%", "--slow", "1d")).Succeeded().Output
            .ShouldContain("anomaly-burn > 6 of 2% over 1 h and 1 d");
        JsonElement alert = (await work.JsonAsync("alerts", "look")).GetProperty("alerts")[0];
        (alert.GetProperty("rule").GetString(), alert.GetProperty("cause").GetString()).ShouldBe(("fair", "g=a"));
    }

    [Fact]
    public async Task What_turns_out_to_be_true_later_is_joined_by_id_and_what_is_not_known_yet_is_said()
    {
        using Workspace work = CommandLine.NewWorkspace();
        // 100 answers an hour apart; truths come a day later, of the last ten not yet, and of one row that nobody answered.
        string answers = work.Write("answers.csv", "id,said,g,at\n" + string.Concat(Enumerable.Range(0, 100).Select(i =>
            $"r{i},{i % 2},{(i % 10 < 5 ? "a" : "b")},{At(i)}\n")));
        string truths = work.Write("truths.csv", "id,churned,known\n" + string.Concat(Enumerable.Range(0, 90).Reverse().Select(i =>
            $"r{i},{(i % 10 == 0 ? 1 : i % 2)},{At(i + (i == 0 ? 48 : 24))}\n")) + $"r200,1,{At(0)}\n");
        string[] asked = ["--answers", answers, "--id", "id", "--truth", "churned", "--prediction", "said", "--by", "g"];
        string[] timed = ["--answered-at", "at", "--labelled-at", "known"];
        JsonElement told = await work.JsonAsync(["segments", "evaluate", .. asked, "--truths", truths, .. timed, "--window", "1d"]);
        JsonElement labels = told.GetProperty("labels");
        string[] names = ["answers", "truths", "joined", "waiting", "strange"];
        names.Select(name => labels.GetProperty(name).GetInt32()).ShouldBe([100, 91, 90, 10, 1]);
        JsonElement lag = labels.GetProperty("lag_seconds");
        (lag.GetProperty("median").GetDouble(), lag.GetProperty("longest").GetDouble()).ShouldBe((86_400, 172_800));
        JsonElement worst = told.GetProperty("segments")[0];
        (worst.GetProperty("name").GetString(), worst.GetProperty("rows").GetInt32(), worst.GetProperty("waiting").GetInt32()).ShouldBe(("g=a", 45, 5));
        Figure(worst, "accuracy").ShouldBe(0.8, 1e-12);
        told.GetProperty("over_time")[0].GetProperty("windows").EnumerateArray().Select(one => one.GetProperty("waiting").GetInt32()).ShouldBe([0, 0, 0, 6, 4]);

        string twice = work.Write("twice.csv", "id,churned\nr1,1\nr2,0\nr1,0\n");
        (await work.RunAsync(["segments", "evaluate", .. asked, "--truths", twice])).Refused(2).ShouldContain("line 2 and line 4 are both of 'r1'");
        (await work.RunAsync(["segments", "evaluate", .. asked, "--truths", work.Write("none.csv", "id,churned\nx,1\n")])).Refused(2).ShouldContain("No id of");
        (await work.RunAsync(["segments", "evaluate", .. asked])).Refused(2).ShouldContain("go together");
        (await work.RunAsync(["segments", "evaluate", .. asked, "--truths", truths, "--answered-at", "g", "--labelled-at", "known"])).Refused(2)
            .ShouldContain("holds no times");

        static string At(int hours) => new DateTime(2026, 1, 5).AddHours(hours).ToString("s", CultureInfo.InvariantCulture);
    }

    private static double Figure(JsonElement segment, string name) =>
        segment.GetProperty("figures").EnumerateArray().Single(figure => figure.GetProperty("name").GetString() == name).GetProperty("value").GetDouble();
}
