using System.Text.Json;

namespace OrleansCluster.Cli.Tests;

/// <summary>Training from a file: the report, the exported files, and what can be asked afterwards.</summary>
[Collection(nameof(CommandLine))]
public sealed class TrainingTests
{
    [Fact]
    public async Task Several_files_are_one_table()
    {
        using Workspace work = CommandLine.NewWorkspace();
        string[] files = [work.Write("a.csv", Blobs.Make(30, 2, 2)), work.Write("b.csv", Blobs.Make(20, 2, 2, seed: 2))];
        JsonElement report = await work.JsonAsync(["train", "kmeans", "--data", .. files, "--k", "2"]);
        report.GetProperty("dataset").GetProperty("rows").GetInt64().ShouldBe(50);
        report.GetProperty("model").GetString().ShouldBe("a");
        (await work.RunAsync("train", "kmeans", "--help")).Succeeded().Output.ShouldContain("postgres://…?table=NAME; or a dataset");
    }

    [Fact]
    public async Task A_report_has_every_field_and_adds_up()
    {
        using Workspace work = CommandLine.NewWorkspace();
        string data = work.Write("blobs.csv", Blobs.Make(2_000, 3, 5));
        JsonElement report = await work.JsonAsync("train", "kmeans", "--data", data, "--k", "5", "--restarts", "3", "--seed", "7", "--threads", "2");

        report.GetProperty("job").GetString().ShouldNotBeNullOrEmpty();
        report.GetProperty("model").GetString().ShouldBe("blobs");
        report.GetProperty("version").GetInt32().ShouldBe(1);
        JsonElement dataset = report.GetProperty("dataset");
        dataset.GetProperty("version").GetInt32().ShouldBe(1);
        dataset.GetProperty("rows").GetInt64().ShouldBe(2_000);
        dataset.GetProperty("columns").GetInt32().ShouldBe(3);
        report.GetProperty("k").GetInt32().ShouldBe(5);
        report.GetProperty("algorithm").GetString().ShouldBe("kmeans");
        report.GetProperty("init").GetString().ShouldBe("parallel");
        report.GetProperty("seed").GetUInt64().ShouldBe(7UL);
        report.GetProperty("threads").GetInt32().ShouldBe(2);
        report.GetProperty("stop").GetString().ShouldBeOneOf("converged", "tolerance");
        report.GetProperty("objective_name").GetString().ShouldBe("inertia");
        report.GetProperty("warnings").GetArrayLength().ShouldBe(0);
        report.GetProperty("memory_peak_bytes").GetInt64().ShouldBeGreaterThan(0);
        report.GetProperty("digest").GetString()!.ShouldMatch("^[0-9a-f]{64}$");
        report.GetProperty("sizes").EnumerateArray().Sum(size => size.GetInt64()).ShouldBe(2_000);
        report.GetProperty("sizes").GetArrayLength().ShouldBe(5);

        JsonElement[] restarts = [.. report.GetProperty("restarts").EnumerateArray()];
        restarts.Length.ShouldBe(3);
        double objective = report.GetProperty("objective").GetDouble();
        objective.ShouldBe(restarts.Min(restart => restart.GetProperty("objective").GetDouble()));

        JsonElement[] iterations = [.. report.GetProperty("iterations").EnumerateArray()];
        iterations.Select(iteration => iteration.GetProperty("iteration").GetInt32()).ShouldBe(Enumerable.Range(1, iterations.Length));
        double[] objectives = [.. iterations.Select(iteration => iteration.GetProperty("objective").GetDouble())];
        objectives.ShouldBe(objectives.OrderDescending());
        objective.ShouldBeLessThanOrEqualTo(objectives[^1]);
        foreach (JsonElement iteration in iterations)
        {
            iteration.GetProperty("shift").GetDouble().ShouldBeGreaterThanOrEqualTo(0);
            iteration.GetProperty("moved").GetInt64().ShouldBeInRange(0, 2_000);
            iteration.GetProperty("distances").GetInt64().ShouldBeGreaterThanOrEqualTo(0);
            iteration.GetProperty("seconds").GetDouble().ShouldBeGreaterThanOrEqualTo(0);
        }

        JsonElement acceleration = report.GetProperty("acceleration");
        acceleration.GetProperty("bounds").GetString().ShouldBe("row");
        acceleration.GetProperty("reason").GetString()!.ShouldContain("128");
        double total = iterations.Sum(iteration => iteration.GetProperty("distances").GetDouble());
        acceleration.GetProperty("distances_per_row_and_centre").GetDouble()
            .ShouldBe(total / (2_000.0 * report.GetProperty("k").GetInt32() * iterations.Length), 1e-9);

        JsonElement seconds = report.GetProperty("seconds");
        double parts = seconds.GetProperty("import").GetDouble() + seconds.GetProperty("init").GetDouble() + seconds.GetProperty("iterate").GetDouble();
        seconds.GetProperty("import").GetDouble().ShouldBeGreaterThan(0);
        seconds.GetProperty("total").GetDouble().ShouldBeGreaterThanOrEqualTo(parts * 0.999);
    }

    [Theory]
    [InlineData("f8")]
    [InlineData("f4")]
    public async Task The_objective_is_that_of_the_exported_files(string dtype)
    {
        using Workspace work = CommandLine.NewWorkspace();
        double[,] rows = Blobs.Make(3_000, 4, 6, seed: 2);
        string data = work.Write("blobs.csv", rows);
        JsonElement report = await work.JsonAsync("train", "kmeans", "--data", data, "--k", "6", "--dtype", dtype, "--export", "out");

        (double[] centroids, int columns) = Arrays.ReadNpy(work.At("out/centroids.npy"));
        (double[] labels, _) = Arrays.ReadNpy(work.At("out/labels.npy"));
        double[] values = [.. rows.Cast<double>().Select(value => dtype == "f4" ? (float)value : value)];
        columns.ShouldBe(4);
        labels.ShouldBe(Arrays.Nearest(values, 4, centroids));
        double inertia = Arrays.Inertia(values, 4, centroids, labels);
        report.GetProperty("objective").GetDouble().ShouldBe(inertia, inertia * 1e-9);

        JsonElement parameters = JsonDocument.Parse(File.ReadAllText(work.At("out/parameters.json"))).RootElement;
        parameters.GetProperty("k").GetInt32().ShouldBe(6);
        parameters.GetProperty("digest").GetString().ShouldBe(report.GetProperty("digest").GetString());
        parameters.GetProperty("centroids").EnumerateArray().SelectMany(row => row.EnumerateArray().Select(value => value.GetDouble())).ShouldBe(centroids);
    }

    [Fact]
    public async Task The_same_rows_are_the_same_version_and_training_publishes_the_next_one()
    {
        using Workspace work = CommandLine.NewWorkspace();
        string data = work.Write("blobs.csv", Blobs.Make(500, 2, 3));
        JsonElement first = await work.JsonAsync("train", "kmeans", "--data", data, "--k", "3");
        JsonElement again = await work.JsonAsync("train", "kmeans", "--data", data, "--k", "3");
        JsonElement other = await work.JsonAsync("train", "kmeans", "--data", "blobs@1", "--k", "4", "--model", "other");

        again.GetProperty("dataset").GetProperty("version").GetInt32().ShouldBe(1);
        again.GetProperty("version").GetInt32().ShouldBe(2);
        again.GetProperty("digest").GetString().ShouldBe(first.GetProperty("digest").GetString());
        other.GetProperty("version").GetInt32().ShouldBe(1);
        other.GetProperty("seconds").GetProperty("import").GetDouble().ShouldBe(0);

        JsonElement models = await work.JsonAsync("models", "list");
        models.EnumerateArray().Select(model => (model.GetProperty("name").GetString(), model.GetProperty("versions").GetInt32()))
            .ShouldBe([("blobs", 2), ("other", 1)]);
        JsonElement datasets = await work.JsonAsync("datasets", "list");
        datasets.EnumerateArray().Single().GetProperty("rows").GetInt64().ShouldBe(500);
        JsonElement jobs = await work.JsonAsync("jobs", "list");
        jobs.EnumerateArray().Select(job => job.GetProperty("state").GetString()).ShouldBe(["succeeded", "succeeded", "succeeded"]);
        jobs.EnumerateArray().Select(job => job.GetProperty("id").GetString()).ShouldContain(first.GetProperty("job").GetString());
        JsonElement shown = await work.JsonAsync("models", "show", "blobs");
        shown.GetProperty("versions").EnumerateArray().Select(version => version.GetProperty("digest").GetString()).Distinct().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Training_starts_from_given_centres()
    {
        using Workspace work = CommandLine.NewWorkspace();
        string data = work.Write("line.csv", "x\n0\n1\n10\n11\n");
        await work.JsonAsync("train", "kmeans", "--data", data, "--k", "2", "--export", "start");
        JsonElement report = await work.JsonAsync("train", "kmeans", "--data", data, "--k", "2", "--init", "start/centroids.npy");

        report.GetProperty("init").GetString().ShouldBe("given");
        report.GetProperty("objective").GetDouble().ShouldBe(1.0);
        report.GetProperty("sizes").EnumerateArray().Select(size => size.GetInt64()).ShouldBe([2L, 2L]);
    }

    [Fact]
    public async Task Weights_count_rows_as_often_as_they_say()
    {
        using Workspace work = CommandLine.NewWorkspace();
        string weighted = work.Write("weighted.csv", "id,x,w\na,0,3\nb,4,1\nc,100,2\nd,102,2\ne,7,0\n");
        JsonElement report = await work.JsonAsync("train", "kmeans", "--data", weighted, "--k", "2", "--columns", "x", "--id-column", "id", "--weight-column",
            "w", "--restarts", "5", "--export", "out");

        // 3 at 0 and 1 at 4 have their mean at 1; 2 at 100 and 2 at 102 at 101.
        Arrays.ReadNpy(work.At("out/centroids.npy")).Values.Order().ShouldBe([1.0, 101.0]);
        report.GetProperty("objective").GetDouble().ShouldBe(3 * 1 + 9 + 2 + 2);
    }

    [Theory]
    [InlineData("silhouette")]
    [InlineData("calinski-harabasz")]
    [InlineData("davies-bouldin")]
    [InlineData("elbow")]
    public async Task The_number_of_clusters_is_chosen_by_a_criterion(string criterion)
    {
        using Workspace work = CommandLine.NewWorkspace();
        var corners = new double[400, 2];
        for (int i = 0; i < 400; i++)
            (corners[i, 0], corners[i, 1]) = ((i % 4 / 2 * 9) + Math.Sin(i), (i % 2 * 9) + Math.Cos(i * 1.7));
        work.Write("points.csv", corners);
        JsonElement report = await work.JsonAsync("train", "kmeans", "--data", "points.csv", "--k", "2..7", "--select", criterion, "--restarts", "5");

        report.GetProperty("k").GetInt32().ShouldBe(4);
        JsonElement[] tried = [.. report.GetProperty("selection").EnumerateArray()];
        tried.Select(one => one.GetProperty("k").GetInt32()).ShouldBe([2, 3, 4, 5, 6, 7]);
        tried.ShouldAllBe(one => one.GetProperty("criterion").GetString() == criterion && one.GetProperty("start").GetInt32() < 5);
        tried[2].GetProperty("value").GetDouble().ShouldBe(tried[2].GetProperty(criterion.Replace('-', '_')).GetDouble());
        tried[2].GetProperty("objective").GetDouble().ShouldBe(report.GetProperty("objective").GetDouble());
        tried[2].GetProperty("silhouette_error").GetDouble().ShouldBeInRange(1e-3, 0.05);
        Outcome text = (await work.RunAsync("train", "kmeans", "--data", "points.csv", "--k", "2..5", "--select", criterion)).Succeeded();
        text.Output.ShouldContain("4  chosen");
        text.Output.ShouldContain("the best of 4 restarts");
        (await work.RunAsync("train", "kmeans", "--data", "points.csv", "--k", "4", "--select", criterion)).Refused(2).ShouldContain("range");
        (await work.RunAsync("train", "kmeans", "--data", "points.csv", "--k", "7..2")).Refused(2).ShouldContain("--k 7..2");
        (await work.RunAsync("train", "kmeans", "--data", "points.csv", "--k", "2..3", "--select", "elbow")).Refused(2).ShouldContain("three");
        (await work.RunAsync("train", "kmeans", "--data", "points.csv", "--k", "2..900")).Refused(2).ShouldContain("400 rows");
    }
}
