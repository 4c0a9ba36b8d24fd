using System.Globalization;
using System.Text.Json;

namespace OrleansCluster.Cli.Tests;

/// <summary>Versions beside each other and what is said of them, from the command line.</summary>
[Collection(nameof(CommandLine))]
public sealed class VersionTests
{
    private const int Failed = 1;
    private const int Usage = 2;
    private const int Rows = 1_200;

    [Fact]
    public async Task A_diff_says_what_the_labels_say_and_names_deaths_and_births()
    {
        using Workspace work = await Trained();
        // The fourth cloud is gone, and a fifth came.
        work.Write("later.csv", Clouds([0, 1, 2, 4]));
        JsonElement second = await work.JsonAsync("train", "kmeans", "--data", "later.csv", "--id-column", "id", "--k", "4", "--restarts", "5", "--model", "m");
        second.GetProperty("version").GetInt32().ShouldBe(2);
        JsonElement diff = await work.JsonAsync("models", "diff", "m@1", "@2");

        int[] before = await Labels(work, "m@1"), after = await Labels(work, "m@2");
        int lost = before[3];
        diff.GetProperty("churn").GetDouble().ShouldBe(before.Zip(after).Count(row => row.First != row.Second) / (double)Rows);
        diff.GetProperty("died").EnumerateArray().ShouldHaveSingleItem().GetProperty("cluster").GetInt32().ShouldBe(lost);
        JsonElement born = diff.GetProperty("clusters").EnumerateArray().Where(cluster => cluster.GetProperty("born").GetBoolean()).ShouldHaveSingleItem();
        born.GetProperty("cluster").GetInt32().ShouldBe(4);
        foreach (JsonElement flow in diff.GetProperty("flows").EnumerateArray())
        {
            (int from, int to) = (flow.GetProperty("from").GetInt32(), flow.GetProperty("to").GetInt32());
            flow.GetProperty("weight").GetDouble().ShouldBe(before.Zip(after).Count(row => row == (from, to)));
        }

        Outcome text = (await work.RunAsync("models", "diff", "m@1", "m@newest")).Succeeded();
        text.Output.ShouldContain("died");
        text.Output.ShouldContain("born");

        // With its rows the cluster comes back, and not its id.
        await work.JsonAsync("train", "kmeans", "--data", "points.csv", "--id-column", "id", "--k", "4", "--restarts", "5", "--model", "m");
        (await Labels(work, "m@3")).ShouldNotContain(lost);
        (await work.JsonAsync("models", "show", "m")).GetProperty("next_cluster").GetInt32().ShouldBe(6);
    }

    [Fact]
    public async Task Whatever_is_exported_fits_together_after_births_and_deaths_too()
    {
        using Workspace work = await Trained();
        // The fourth cloud is gone, and a fifth came: the ids are not 0 to 3 any more.
        work.Write("later.csv", Clouds([0, 1, 2, 4]));
        JsonElement report = await work.JsonAsync("train", "kmeans", "--data", "later.csv", "--id-column", "id", "--k", "4", "--restarts", "5", "--model", "m",
            "--export", "out");
        double[] ids = Arrays.ReadNpy(work.At("out/ids.npy")).Values, labels = Arrays.ReadNpy(work.At("out/labels.npy")).Values;
        ids.ShouldBe(ids.Order());
        ids.Max().ShouldBe(4);
        labels.Distinct().Order().ShouldBe(ids);
        (double[] centroids, int columns) = Arrays.ReadNpy(work.At("out/centroids.npy"));
        double[] values = [.. File.ReadLines(work.At("later.csv")).Skip(1).SelectMany(line => line.Split(',').TakeLast(columns))
            .Select(cell => double.Parse(cell, CultureInfo.InvariantCulture))];
        double inertia = Arrays.Inertia(values, columns, centroids, [.. labels.Select(label => (double)Array.IndexOf(ids, label))]);
        inertia.ShouldBe(report.GetProperty("objective").GetDouble(), inertia * 1e-9);
        Numbers(report.GetProperty("cluster_ids")).ShouldBe(ids);
        Numbers(report.GetProperty("sizes")).ShouldBe(ids.Select(id => (double)labels.Count(label => label == id)));

        // An export takes the place of an earlier one: no labels of another version stay beside it.
        await work.JsonAsync("train", "gmm", "--data", "later.csv", "--id-column", "id", "--k", "3", "--model", "m");
        JsonElement shown = (await work.JsonAsync("models", "show", "m@newest")).GetProperty("versions")[0];
        (await work.RunAsync("models", "export", "m@newest", "out")).Succeeded();
        Directory.GetFiles(work.At("out")).Select(Path.GetFileName).Order(StringComparer.Ordinal).ShouldBe(
            ["covariances.npy", "ids.npy", "means.npy", "model.package.json", "model.profile.json", "parameters.json", "weights.npy"]);
        Numbers(shown.GetProperty("cluster_ids")).ShouldBe(Arrays.ReadNpy(work.At("out/ids.npy")).Values);
        Numbers(shown.GetProperty("weights")).ShouldBe(Arrays.ReadNpy(work.At("out/weights.npy")).Values);
        using var parameters = JsonDocument.Parse(File.ReadAllText(work.At("out/parameters.json")));
        Numbers(parameters.RootElement.GetProperty("labels")).ShouldBe(Numbers(shown.GetProperty("cluster_ids")));
    }

    [Fact]
    public async Task A_page_shows_the_flows_and_needs_nothing_else()
    {
        using Workspace work = await Trained();
        await work.JsonAsync("train", "kmeans", "--data", "points.csv", "--id-column", "id", "--k", "5", "--model", "m");
        await work.JsonAsync("models", "name-cluster", "m", "0", "<b>north & west</b>", "--colour", "#aa0000");
        string page = (await work.RunAsync("--report", "html", "models", "diff", "m@1", "m@2")).Succeeded().Output;
        page.ShouldStartWith("<!doctype html>");
        page.ShouldContain("<svg ");
        page.ShouldContain("split from");
        page.ShouldContain("&lt;b&gt;north &amp; west&lt;/b&gt;");
        page.ShouldNotContain("<b>north");
        page.ShouldNotContain("<script");
        page.ShouldNotContain("src=");
        page.ShouldNotContain("href=");
        (await work.RunAsync("--report", "html", "models", "diff", "m@1", "m@2", "--out", "page.html")).Succeeded();
        File.ReadAllText(work.At("page.html")).ShouldBe(page);
        (await work.RunAsync("report", "m@2", "--out", "report.html")).Succeeded();
        string report = File.ReadAllText(work.At("report.html"));
        report.ShouldStartWith("<!DOCTYPE html>");
        report.ShouldContain("<svg");
        report.ShouldContain("data:text/csv;base64,");
        // It needs nothing else, and leads nowhere.
        foreach (string other in (string[])["<script", "src=", "href=\"/", "<form", "<button", "http://1"])
            report.ShouldNotContain(other);
    }

    [Fact]
    public async Task A_training_ends_with_the_page_that_report_writes()
    {
        using Workspace work = await Trained();
        string[] train = ["train", "kmeans", "--data", "points.csv", "--id-column", "id", "--k", "3", "--model", "paged", "--report", "html"];
        string page = (await work.RunAsync(train)).Succeeded().Output;
        page.ShouldStartWith("<!DOCTYPE html>");
        page.ShouldBe((await work.RunAsync("report", "paged@1")).Succeeded().Output);
        (await work.RunAsync([.. train, "--plan"])).Refused(2).ShouldContain("leave one of them out");
        (await work.RunAsync("models", "list", "--report", "html")).Refused(2).ShouldContain("'list' writes no page");
    }

    [Fact]
    public async Task A_cluster_that_comes_apart_is_told_with_its_pieces()
    {
        using Workspace work = CommandLine.NewWorkspace();
        work.Write("points.csv", Clouds([0, 1, 2, 3]));
        // Three clusters of four clouds: the two that are nearest to each other are one.
        await work.JsonAsync("train", "kmeans", "--data", "points.csv", "--id-column", "id", "--k", "3", "--restarts", "5", "--model", "m");
        (await work.RunAsync("train", "kmeans", "--data", "points.csv", "--id-column", "id", "--k", "4", "--restarts", "5", "--model", "m"))
            .Succeeded().Output.ShouldContain("2 kept, 2 born, 1 died, 50.0% of the anchor rows have another id  with version 1");
        JsonElement diff = await work.JsonAsync("models", "diff", "m@1", "@2");
        int apart = diff.GetProperty("died").EnumerateArray().ShouldHaveSingleItem().GetProperty("cluster").GetInt32();
        diff.GetProperty("clusters").EnumerateArray().Where(cluster => cluster.GetProperty("born").GetBoolean())
            .Select(cluster => (cluster.GetProperty("cluster").GetInt32(), cluster.GetProperty("split_from").GetInt32())).Order()
                .ShouldBe([(3, apart), (4, apart)]);
        (await work.RunAsync("models", "diff", "m@1", "@2")).Succeeded().Output.ShouldContain("died, split into 3, 4");
        (await work.RunAsync("--report", "html", "models", "diff", "m@1", "@2")).Succeeded().Output.ShouldContain(">split into 3, 4<");
    }

    [Fact]
    public async Task What_people_say_of_versions_travels_and_the_audit_trail_has_all_of_it()
    {
        using Workspace work = await Trained();
        (await work.RunAsync("models", "promote", "m@1", "--reason", "the first")).Succeeded().Output.ShouldContain("m@champion is version 1.");
        await work.JsonAsync("train", "kmeans", "--data", "points.csv", "--id-column", "id", "--k", "4", "--seed", "3", "--model", "m");
        (await work.RunAsync("models", "alias", "m@2", "candidate")).Succeeded().Output.ShouldContain("m@candidate is version 2.");
        (await work.RunAsync("models", "promote", "m@candidate")).Succeeded().Output.ShouldContain("m@champion is version 2 (was version 1).");
        (await Version(work, "m")).ShouldBe(2);
        (await work.RunAsync("models", "rollback", "m")).Succeeded().Output.ShouldContain("m@champion is version 1 again (was version 2).");
        (await Version(work, "m")).ShouldBe(1);
        (await Version(work, "m@candidate")).ShouldBe(2);
        (await work.RunAsync("models", "tag", "m@2", "team=maps", "reviewed=no")).Succeeded();
        (await work.RunAsync("models", "tag", "m@2", "reviewed=")).Succeeded();
        (await work.RunAsync("models", "describe", "m", "Places on the map")).Succeeded();
        (await work.RunAsync("models", "name-cluster", "m", "2", "Europe")).Succeeded().Output.ShouldContain("Cluster 2 of m is called Europe.");
        (await work.RunAsync("models", "alias", "m", "candidate", "--remove")).Succeeded();

        JsonElement shown = await work.JsonAsync("models", "show", "m");
        shown.GetProperty("description").GetString().ShouldBe("Places on the map");
        shown.GetProperty("aliases").EnumerateArray().ShouldHaveSingleItem().GetProperty("version").GetInt32().ShouldBe(1);
        JsonElement tags = shown.GetProperty("versions")[1].GetProperty("tags");
        tags.EnumerateObject().ShouldHaveSingleItem().Value.GetString().ShouldBe("maps");
        (await work.RunAsync("models", "show", "m@2")).Succeeded().Output.ShouldContain("Europe");

        JsonElement[] trail = [.. (await work.JsonAsync("models", "audit", "m")).EnumerateArray()];
        trail.Select(e => e.GetProperty("revision").GetInt32()).ShouldBe(Enumerable.Range(1, 11).Reverse());
        trail.Select(e => e.GetProperty("kind").GetString()).Distinct().Count().ShouldBe(7);
        trail[^2].GetProperty("reason").GetString().ShouldBe("the first");
        trail.ShouldAllBe(e => e.GetProperty("by").GetString() == Environment.UserName);
        (await work.RunAsync("models", "audit", "m", "--last", "3")).Succeeded().Output.ShouldContain("the newest 3 of 11 changes");
    }

    [Fact]
    public async Task Pruned_versions_stay_listed_and_answer_nothing()
    {
        using Workspace work = await Trained();
        await work.JsonAsync("train", "kmeans", "--data", "points.csv", "--id-column", "id", "--k", "5", "--model", "m");
        await work.JsonAsync("train", "kmeans", "--data", "points.csv", "--id-column", "id", "--k", "6", "--model", "m");
        await work.JsonAsync("models", "promote", "m@2");
        JsonElement planned = await work.JsonAsync("models", "prune", "m", "--keep", "1", "--dry-run");
        Pruned(planned).ShouldBe([1]);
        (await work.RunAsync("assign", "--model", "m@1", "--data", "points.csv", "--id-column", "id")).Succeeded();
        Pruned(await work.JsonAsync("models", "prune", "m", "--keep", "1")).ShouldBe([1]);
        Pruned(await work.JsonAsync("models", "prune", "m", "--keep", "1")).ShouldBeEmpty();
        (await work.RunAsync("assign", "--model", "m@1", "--data", "points.csv", "--id-column", "id")).Refused(Usage).ShouldContain("was pruned");
        (await work.RunAsync("models", "diff", "m@1", "m@2")).Refused(Usage).ShouldContain("m version 1 was pruned");
        (await work.RunAsync("models", "promote", "m@1")).Refused(Usage).ShouldContain("was pruned");
        (await work.RunAsync("models", "show", "m")).Succeeded().Output.ShouldContain("pruned");
    }

    [Fact]
    public async Task Of_two_who_decide_on_the_same_revision_the_second_is_told_what_the_first_did()
    {
        using Workspace work = await Trained();
        await work.JsonAsync("train", "kmeans", "--data", "points.csv", "--id-column", "id", "--k", "5", "--model", "m");
        await work.JsonAsync("models", "promote", "m@1", "--if-revision", "2");
        string told = (await work.RunAsync("models", "promote", "m@2", "--if-revision", "2")).Refused(Failed);
        told.ShouldContain("at revision 3, not at 2");
        told.ShouldContain($"{Environment.UserName} pointed 'champion' to version 1");
        (await Version(work, "m")).ShouldBe(1);
    }

    /// <summary>A model of four clouds of points.</summary>
    private static async Task<Workspace> Trained()
    {
        Workspace work = CommandLine.NewWorkspace();
        work.Write("points.csv", Clouds([0, 1, 2, 3]));
        await work.JsonAsync("train", "kmeans", "--data", "points.csv", "--id-column", "id", "--k", "4", "--restarts", "5", "--model", "m");
        return work;
    }

    /// <summary>Rows in turn from each of some clouds, on a line with growing distances.</summary>
    private static string Clouds(int[] which)
    {
        var random = new Random(5);
        return "id,x,y\n" + string.Concat(Enumerable.Range(0, Rows).Select(i =>
        {
            double at = which[i % which.Length];
            return string.Create(CultureInfo.InvariantCulture, $"row{i},{(at * 10) + (at * at * 2) + random.NextDouble()},{random.NextDouble()}\n");
        }));
    }

    private static async Task<int[]> Labels(Workspace work, string model)
    {
        await work.JsonAsync("assign", "--model", model, "--data", "points.csv", "--id-column", "id", "--out", "labels.npy");
        return [.. Arrays.ReadNpy(work.At("labels.npy")).Values.Select(value => (int)value)];
    }

    private static async Task<int> Version(Workspace work, string model) =>
        (await work.JsonAsync("assign", "--model", model, "--data", "points.csv", "--id-column", "id")).GetProperty("version").GetInt32();

    private static double[] Numbers(JsonElement array) => [.. array.EnumerateArray().Select(number => number.GetDouble())];

    private static int[] Pruned(JsonElement verdicts) =>
        [.. verdicts.GetProperty("versions").EnumerateArray().Where(verdict => verdict.GetProperty("pruned").GetBoolean())
            .Select(verdict => verdict.GetProperty("version").GetInt32())];
}
