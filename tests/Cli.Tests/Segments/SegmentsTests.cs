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
        (france.GetProperty("rows").GetInt64(), france.GetProperty("accuracy").GetDouble(), france.GetProperty("rest").GetDouble()).ShouldBe((100, 0.66, 0.95));
        france.GetProperty("p").GetDouble().ShouldBeLessThan(1e-10);
        told.GetProperty("overall").GetProperty("accuracy").GetDouble().ShouldBe(0.921, 1e-12);
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
}
