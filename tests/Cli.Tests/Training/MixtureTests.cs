using System.Text.Json;

namespace OrleansCluster.Cli.Tests;

/// <summary>Gaussian mixtures from the command line: trained, exported, scored, drawn from, and refused where they cannot be.</summary>
[Collection(nameof(CommandLine))]
public sealed class MixtureTests
{
    private const int Usage = 2;
    private const int Failure = 1;

    [Theory]
    [InlineData("full", 12)]
    [InlineData("tied", 4)]
    [InlineData("diag", 6)]
    [InlineData("spherical", 3)]
    public async Task A_report_tells_the_mixture_and_the_export_holds_it(string covariance, int covariances)
    {
        using Workspace work = CommandLine.NewWorkspace();
        work.Write("points.csv", Clouds(600));
        JsonElement report =
            await work.JsonAsync("train", "gmm", "--data", "points.csv", "--k", "3", "--covariance", covariance, "--seed", "4", "--export", "out");

        report.GetProperty("algorithm").GetString().ShouldBe("gmm");
        report.GetProperty("covariance").GetString().ShouldBe(covariance);
        report.GetProperty("objective_name").GetString().ShouldBe("mean_log_likelihood");
        double objective = report.GetProperty("objective").GetDouble();
        (report.GetProperty("log_likelihood").GetDouble() / 600).ShouldBe(objective, 1e-9);
        report.GetProperty("bic").GetDouble().ShouldBeGreaterThan(report.GetProperty("aic").GetDouble());
        report.GetProperty("icl").GetDouble().ShouldBeGreaterThanOrEqualTo(report.GetProperty("bic").GetDouble());
        report.GetProperty("floor_hits").EnumerateArray().Select(hits => hits.GetInt32()).ShouldBe([0, 0, 0]);
        (double[] weights, _) = Arrays.ReadNpy(work.At("out/weights.npy"));
        weights.ShouldBe(report.GetProperty("weights").EnumerateArray().Select(weight => weight.GetDouble()));
        Arrays.ReadNpy(work.At("out/means.npy")).Values.Length.ShouldBe(6);
        Arrays.ReadNpy(work.At("out/covariances.npy")).Values.Length.ShouldBe(covariances);
        (double[] labels, _) = Arrays.ReadNpy(work.At("out/labels.npy"));
        labels.CountBy(label => (int)label).OrderBy(pair => pair.Key).Select(pair => pair.Value)
            .ShouldBe(report.GetProperty("sizes").EnumerateArray().Select(size => size.GetInt32()));
    }

    [Fact]
    public async Task Training_starts_from_given_means_and_the_columns_variances()
    {
        using Workspace work = CommandLine.NewWorkspace();
        work.Write("points.csv", Clouds(300));
        work.Write("means.csv", new double[,] { { 0, 0 }, { 9, 0 }, { 0, 9 } });
        string[] arguments =
            ["train", "gmm", "--data", "points.csv", "--k", "3", "--init-means", "means.csv", "--init-covariance", "global", "--max-iterations", "2"];
        JsonElement first = await work.JsonAsync(arguments), again = await work.JsonAsync([.. arguments, "--threads", "1"]);

        first.GetProperty("init").GetString().ShouldBe("given");
        first.GetProperty("iterations").GetArrayLength().ShouldBe(2);
        again.GetProperty("digest").GetString().ShouldBe(first.GetProperty("digest").GetString());
    }

    [Fact]
    public async Task An_outlier_is_flagged_and_its_neighbours_are_not()
    {
        using Workspace work = CommandLine.NewWorkspace();
        work.Write("points.csv", Clouds(600));
        await work.JsonAsync("train", "gmm", "--data", "points.csv", "--k", "3", "--model", "m", "--contamination", "0.005");
        work.Write("new.csv", "x0,x1,name\n0,0,usual\n40,40,odd\n");
        JsonElement scored = await work.JsonAsync("score", "--model", "m", "--data", "new.csv", "--id-column", "name", "--top", "9");

        scored.GetProperty("anomalies").GetInt32().ShouldBe(1);
        JsonElement[] rows = [.. scored.GetProperty("scores").EnumerateArray()];
        rows.Select(row => row.GetProperty("id").GetString()).ShouldBe(["usual", "odd"]);
        rows.Select(row => row.GetProperty("anomaly").GetBoolean()).ShouldBe([false, true]);
        rows[0].GetProperty("score").GetDouble().ShouldBe(scored.GetProperty("threshold").GetDouble() - rows[0].GetProperty("log_density").GetDouble(), 1e-12);
        rows[0].GetProperty("responsibilities").EnumerateArray().Sum(share => share.GetProperty("value").GetDouble()).ShouldBe(1, 1e-9);
        (await work.RunAsync("score", "--model", "m", "--data", "new.csv", "--id-column", "name", "--out", "scores.csv")).Succeeded();
        string[] lines = await File.ReadAllLinesAsync(work.At("scores.csv"), TestContext.Current.CancellationToken);
        lines.Length.ShouldBe(3);
        lines[0].ShouldBe("name,cluster,log_density,score,anomaly,component_1,responsibility_1");
        lines[2].Split(',')[4].ShouldBe("1");
    }

    [Fact]
    public async Task A_longer_sample_begins_with_the_shorter_one()
    {
        using Workspace work = CommandLine.NewWorkspace();
        work.Write("points.csv", Clouds(300));
        await work.JsonAsync("train", "gmm", "--data", "points.csv", "--k", "3", "--model", "m");
        (await work.RunAsync("sample", "--model", "m", "--rows", "50", "--seed", "8", "--out", "short.npy")).Succeeded();
        (await work.RunAsync("sample", "--model", "m", "--rows", "70000", "--seed", "8", "--threads", "1", "--out", "long.npy")).Succeeded();

        (double[] few, int columns) = Arrays.ReadNpy(work.At("short.npy"));
        columns.ShouldBe(2);
        Arrays.ReadNpy(work.At("long.npy")).Values[..100].ShouldBe(few);
    }

    [Fact]
    public async Task The_number_of_components_is_chosen_by_a_criterion()
    {
        using Workspace work = CommandLine.NewWorkspace();
        work.Write("points.csv", Clouds(300));
        JsonElement report =
            await work.JsonAsync("train", "gmm", "--data", "points.csv", "--k", "1..5", "--select", "icl", "--covariance", "spherical", "--restarts", "2");

        report.GetProperty("k").GetInt32().ShouldBe(3);
        JsonElement[] tried = [.. report.GetProperty("selection").EnumerateArray()];
        tried.Select(one => one.GetProperty("k").GetInt32()).ShouldBe([1, 2, 3, 4, 5]);
        tried.ShouldAllBe(one => one.GetProperty("criterion").GetString() == "icl");
        tried[2].GetProperty("value").GetDouble().ShouldBe(report.GetProperty("icl").GetDouble());
        JsonElement held = await work.JsonAsync("train", "gmm", "--data", "points.csv", "--k", "1..4", "--select", "held-out", "--held-out", "0.3",
            "--covariance", "spherical");
        JsonElement[] judged = [.. held.GetProperty("selection").EnumerateArray()];
        held.GetProperty("k").GetInt32().ShouldBe(judged.MaxBy(one => one.GetProperty("held_out").GetDouble()).GetProperty("k").GetInt32());
        held.GetProperty("k").GetInt32().ShouldBeGreaterThanOrEqualTo(3);
        judged.ShouldAllBe(one => one.GetProperty("value").GetDouble() == one.GetProperty("held_out").GetDouble());
        held.GetProperty("sizes").EnumerateArray().Sum(size => size.GetInt32()).ShouldBe(300);
        held.GetProperty("restarts").GetArrayLength().ShouldBe(20);
        (await work.RunAsync("train", "gmm", "--data", "points.csv", "--k", "1..4", "--select", "held-out", "--held-out", "1")).Refused(Usage)
            .ShouldContain("less than 1");
        (await work.RunAsync("train", "gmm", "--data", "points.csv", "--k", "1..4", "--held-out", "0.1")).Refused(Usage).ShouldContain("--select held-out");
        (await work.RunAsync("train", "gmm", "--data", "points.csv", "--k", "5..2")).Refused(Usage).ShouldContain("1..20");
        (await work.RunAsync("train", "gmm", "--data", "points.csv", "--k", "3", "--select", "bic")).Refused(Usage).ShouldContain("range");
    }

    [Fact]
    public async Task Labels_are_compared_with_known_ones()
    {
        using Workspace work = CommandLine.NewWorkspace();
        work.Write("points.csv", Clouds(300));
        work.Write("labels.txt", string.Concat(Enumerable.Range(0, 300).Select(i => $"{(i % 3) + 7}\n")));
        await work.JsonAsync("train", "gmm", "--data", "points.csv", "--k", "3", "--model", "m");
        JsonElement report = await work.JsonAsync("evaluate", "--model", "m", "--data", "points.csv", "--labels", "labels.txt");

        foreach (string index in new[] { "ari", "ami", "nmi", "purity", "fowlkes_mallows" })
            report.GetProperty(index).GetDouble().ShouldBe(1, 1e-9, index);
        report.GetProperty("confusion").GetProperty("known").EnumerateArray().Select(label => label.GetInt32()).ShouldBe([7, 8, 9]);
        report.GetProperty("confusion").GetProperty("rows").EnumerateArray()
            .ShouldAllBe(row => row.EnumerateArray().Count(cell => cell.GetInt32() == 100) == 1);
        work.Write("few.txt", "1\n2\n");
        (await work.RunAsync("evaluate", "--model", "m", "--data", "points.csv", "--labels", "few.txt")).Refused(Usage).ShouldContain("one label for each row");
    }

    [Fact]
    public async Task Two_versions_have_distances()
    {
        using Workspace work = CommandLine.NewWorkspace();
        work.Write("points.csv", Clouds(300));
        work.Write("labels.txt", string.Concat(Enumerable.Range(0, 300).Select(i => $"{i % 3}\n")));
        await work.JsonAsync("train", "gmm", "--data", "points.csv", "--k", "3", "--model", "m");
        await work.JsonAsync("train", "gmm", "--data", "points.csv", "--k", "4", "--covariance", "diag", "--model", "m");
        string[] evaluate = ["evaluate", "--model", "m@2", "--against", "1", "--samples", "5000"];
        JsonElement report = await work.JsonAsync([.. evaluate, "--data", "points.csv", "--labels", "labels.txt"]);

        report.GetProperty("ari").GetDouble().ShouldBeInRange(0.8, 1);
        JsonElement against = report.GetProperty("against");
        against.GetProperty("version").GetInt32().ShouldBe(1);
        against.GetProperty("clusters").EnumerateArray()
            .ShouldAllBe(one => one.GetProperty("wasserstein").GetDouble() >= one.GetProperty("centres").GetDouble());
        against.GetProperty("born").GetArrayLength().ShouldBe(1 + against.GetProperty("died").GetArrayLength());
        JsonElement divergence = against.GetProperty("kl");
        divergence.GetProperty("samples").GetInt32().ShouldBe(5000);
        divergence.GetProperty("value").GetDouble().ShouldBeGreaterThan(0);
        divergence.GetProperty("standard_error").GetDouble().ShouldBeGreaterThan(0);
        against.GetProperty("rows").GetInt32().ShouldBe(300);
        against.GetProperty("churn").GetDouble().ShouldBeInRange(0.01, 0.6);
        Outcome told = await work.RunAsync(evaluate);
        told.Succeeded();
        told.Output.ShouldContain("2-Wasserstein");
        told.Output.ShouldContain("from version 2 to 1 in nats, over 5,000 rows");

        await work.JsonAsync("train", "kmeans", "--data", "points.csv", "--k", "3", "--model", "h");
        await work.JsonAsync("train", "kmeans", "--data", "points.csv", "--k", "2", "--model", "h");
        JsonElement hard = (await work.JsonAsync("evaluate", "--model", "h@2", "--against", "@1", "--data", "points.csv")).GetProperty("against");
        hard.TryGetProperty("kl", out _).ShouldBeFalse();
        hard.GetProperty("clusters").EnumerateArray().ShouldAllBe(one => one.GetProperty("bhattacharyya").ValueKind == JsonValueKind.Null);
        hard.GetProperty("churn").GetDouble().ShouldBeGreaterThan(0.2);
        (await work.RunAsync("evaluate", "--model", "m")).Refused(Usage).ShouldContain("nothing to compare with");
        (await work.RunAsync("evaluate", "--model", "m", "--labels", "labels.txt")).Refused(Usage).ShouldContain("--data FILE");
        (await work.RunAsync("evaluate", "--model", "m", "--against", "h@1")).Refused(Usage).ShouldContain("two models");
        (await work.RunAsync("evaluate", "--model", "m", "--against", "9")).Refused(Usage).ShouldContain("no version 9");
        (await work.RunAsync("evaluate", "--model", "m", "--data", "points.csv", "--labels", "labels.txt", "--samples", "7")).Refused(Usage)
            .ShouldContain("--against");
    }

    [Theory]
    [InlineData("x,y\n1,5\n2,5\n3,5\n", "2", Usage, "Column 'y' (position 1 from 0) is constant")]
    [InlineData("x,y\n1,2\n2,4\n3,6\n4,8\n5,10\n9,18\n", "1", Failure, "columns depend on each other")]
    [InlineData("x,y\n1,2\n2,1\n", "3", Usage, "only 2 distinct values")]
    [InlineData("x,y\n1,2\n2,1\n1,2\n2,1\n", "3", Usage, "only 2 distinct values")]
    public async Task Rows_that_have_no_such_mixture_are_refused(string text, string k, int code, string why)
    {
        using Workspace work = CommandLine.NewWorkspace();
        work.Write("points.csv", text);
        (await work.RunAsync("train", "gmm", "--data", "points.csv", "--k", k, "--regularization", "0")).Refused(code).ShouldContain(why);
    }

    [Fact]
    public async Task Wrong_arguments_are_refused()
    {
        using Workspace work = CommandLine.NewWorkspace();
        work.Write("points.csv", Clouds(30));
        string[] train = ["train", "gmm", "--data", "points.csv", "--k", "2"];
        (await work.RunAsync([.. train, "--covariance", "round"])).Refused(Usage).ShouldContain("full, tied, diag, spherical");
        (await work.RunAsync([.. train, "--regularization", "1"])).Refused(Usage).ShouldContain("less than 1");
        (await work.RunAsync([.. train, "--init-means", "points.csv"])).Refused(Usage).ShouldContain("--init-covariance global");
        (await work.RunAsync([.. train, "--init-covariance", "global"])).Refused(Usage).ShouldContain("--init-means");
        (await work.RunAsync("train", "kmeans", "--data", "points.csv", "--k", "2", "--model", "hard")).Succeeded();
        (await work.RunAsync("score", "--model", "hard", "--data", "points.csv")).Refused(Usage).ShouldContain("no responsibilities");
        (await work.RunAsync("sample", "--model", "hard", "--rows", "3", "--out", "rows.csv")).Refused(Usage).ShouldContain("k-means");
    }

    [Fact]
    public async Task A_full_statistic_that_cannot_fit_names_its_bytes_and_the_forms_that_would()
    {
        using Workspace work = CommandLine.NewWorkspace();
        var rows = new double[200, 1300];
        for (int i = 0; i < 200; i++)
        {
            for (int j = 0; j < 1300; j++)
                rows[i, j] = (i + 1) * (j + 1) % 1303;
        }

        work.Write("wide.csv", rows);
        string why = (await work.RunAsync("train", "gmm", "--data", "wide.csv", "--k", "200")).Refused(Usage);
        why.ShouldContain("1,355,121,600 bytes");
        why.ShouldContain("diag (4,161,600 bytes)");
    }

    /// <summary>Three clouds around (0, 0), (9, 0) and (0, 9).</summary>
    private static double[,] Clouds(int rows)
    {
        var random = new Random(5);
        var values = new double[rows, 2];
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < 2; j++)
                values[i, j] = (i % 3 == j + 1 ? 9 : 0) + random.NextDouble() + random.NextDouble() + random.NextDouble() - 1.5;
        }

        return values;
    }
}
