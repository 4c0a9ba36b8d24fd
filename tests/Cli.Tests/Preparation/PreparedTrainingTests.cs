using System.Globalization;
using System.Text;
using System.Text.Json;

namespace OrleansCluster.Cli.Tests;

/// <summary>From a table of numbers, texts and times with gaps to clusters, and back in its own units.</summary>
[Collection(nameof(CommandLine))]
public sealed class PreparedTrainingTests
{
    private const string Steps = "impute=median,scale=standard,onehot=country:2,cycle=month";

    [Fact]
    public async Task A_table_is_clustered_and_asked_about()
    {
        using Workspace work = CommandLine.NewWorkspace();
        work.Write("people.csv", People(300));
        JsonElement report = await work.JsonAsync(
            "train", "kmeans", "--data", "people.csv", "--id-column", "id", "--k", "3", "--prepare", Steps, "--export", "out");
        report.GetProperty("dataset").GetProperty("column_names").EnumerateArray().Select(name => name.GetString()).ShouldBe(
            ["age", "income", "country=DE", "country=US", "country=other", "joined month sin", "joined month cos"]);
        report.GetProperty("preparation").GetProperty("inputs").EnumerateArray()
            .Select(name => name.GetString()).ShouldBe(["age", "income", "country", "joined"]);
        report.GetProperty("preparation").GetRawText().ShouldMatch("fill missing values in: age [0-9.]+, income [0-9.]+, joined 2024-[0-9]{2}-[0-9]{2}");
        JsonElement parameters = JsonDocument.Parse(File.ReadAllText(work.At("out/parameters.json"))).RootElement;
        double[] ages = [.. parameters.GetProperty("originals").EnumerateArray().Select(centre => centre[0].GetDouble()).Order()];
        // A tenth of the ages is the median of all.
        ages[0].ShouldBe(27, 0.5);
        ages[2].ShouldBe(67.5, 0.5);

        work.Write("new.csv", "joined,country,income,age,shoe\n2024-05-05,DE,30000,25,44\n2024-05-05,Atlantis,,70,39\n,,80000,45,41\n");
        JsonElement answer = await work.JsonAsync("assign", "--model", "people", "--data", "new.csv");
        (answer.GetProperty("missing_values").GetInt64(), answer.GetProperty("unknown_categories").GetInt64()).ShouldBe((3, 1));
        answer.GetProperty("labels").EnumerateArray().Select(label => label.GetInt32()).Distinct().Count().ShouldBe(3);

        // The dataset that the file became answers as the file does.
        JsonElement file = await work.JsonAsync("assign", "--model", "people", "--data", "people.csv", "--id-column", "id");
        JsonElement dataset = await work.JsonAsync("assign", "--model", "people", "--data", "people@1");
        dataset.GetProperty("distances").GetRawText().ShouldBe(file.GetProperty("distances").GetRawText());
        string text = (await work.RunAsync("models", "show", "people")).Succeeded().Output;
        text.ShouldContain("centre of");
        text.ShouldContain("country=other");
        (await work.JsonAsync("retrain", "people", "--data", "people.csv")).GetProperty("version").GetInt32().ShouldBe(2);
    }

    [Fact]
    public async Task Steps_may_be_in_a_file()
    {
        using Workspace work = CommandLine.NewWorkspace();
        work.Write("people.csv", People(200));
        work.Write("steps.json", """
            [{"step": "impute", "value": "median"}, {"step": "scale", "value": "standard"}, {"step": "onehot", "columns": ["country"], "value": 2},
                {"step": "cycle", "value": "month"}]
            """);
        JsonElement file = await work.JsonAsync(
            "train", "kmeans", "--data", "people.csv", "--id-column", "id", "--k", "3", "--model", "one", "--prepare", "steps.json");
        JsonElement text = await work.JsonAsync("train", "kmeans", "--data", "people", "--k", "3", "--model", "other", "--prepare", Steps);
        file.GetProperty("digest").GetString().ShouldBe(text.GetProperty("digest").GetString());
        work.Write("steps.yaml", """
            # What is missing first.
            - step: impute
              value: median
            - {step: scale, value: standard}
            - step: onehot
              columns: [country]
              value: 2
            - step: cycle
              value: month
            """);
        JsonElement yaml = await work.JsonAsync("train", "kmeans", "--data", "people", "--k", "3", "--model", "third", "--prepare", "steps.yaml");
        yaml.GetProperty("digest").GetString().ShouldBe(text.GetProperty("digest").GetString());
        work.Write("cut.yml", "- step: impute\n  value: [median\n");
        (await work.RunAsync("train", "kmeans", "--data", "people", "--k", "3", "--prepare", "cut.yml")).Refused(2).ShouldContain("cut.yml, line ");
        work.Write("no-list.yml", "step: impute\n");
        (await work.RunAsync("train", "kmeans", "--data", "people", "--k", "3", "--prepare", "no-list.yml")).Refused(2).ShouldContain("is no list of steps");
        work.Write("wrong.json", """[{"step": "scale", "how": "standard"}]""");
        (await work.RunAsync("train", "kmeans", "--data", "people", "--k", "3", "--prepare", "wrong.json")).Refused(2).ShouldContain("a step has no 'how'");
    }

    [Fact]
    public async Task A_file_is_inspected_and_nothing_imported()
    {
        using Workspace work = CommandLine.NewWorkspace();
        work.Write("people.csv", People(50));
        JsonElement told = await work.JsonAsync("datasets", "inspect", "people.csv", "--id-column", "id");
        told.GetProperty("rows").GetInt32().ShouldBe(50);
        told.GetProperty("columns").EnumerateArray()
            .Select(column => $"{column.GetProperty("name").GetString()} {column.GetProperty("type").GetString()} {column.GetProperty("missing").GetInt32()} "
                + $"{column.GetProperty("unless_prepared").GetString()}")
            .ShouldBe(["age number 5 refused", "income number 0 used", "country category 0 left out", "joined datetime 0 left out"]);
        string text = (await work.RunAsync("datasets", "inspect", "people.csv", "--id-column", "id")).Succeeded().Output;
        text.ShouldContain("--prepare impute=median,scale=standard,onehot=20,cycle");
        (await work.JsonAsync("datasets", "list")).GetArrayLength().ShouldBe(0);
    }

    [Theory]
    [InlineData("P{0}", false, "--prepare scale=standard ")]
    [InlineData("{0}", false, "--prepare scale=standard ")]
    [InlineData("{0}", true, "--prepare scale=standard,onehot=20 ")]
    public async Task What_may_be_an_id_is_told_and_no_part_of_what_is_proposed(string key, bool towns, string proposed)
    {
        using Workspace work = CommandLine.NewWorkspace();
        // The second column follows no order, though it never comes again.
        string Line(int row) => string.Format(CultureInfo.InvariantCulture, key, row + 5) + $",{row * 7 % 40},{row % 2 * 100000}";
        work.Write("people.csv", $"person no,age,income{(towns ? ",town" : "")}\n" + string.Concat(Enumerable.Range(0, 40)
            .Select(row => Line(row) + (towns ? $",town {row % 39}" : "") + "\n")));
        JsonElement told = await work.JsonAsync("datasets", "inspect", "people.csv");
        told.GetProperty("columns").EnumerateArray().Where(column => column.GetProperty("may_be_id").GetBoolean())
            .Select(column => column.GetProperty("name").GetString()).ShouldBe(["person no"]);
        string text = (await work.RunAsync("datasets", "inspect", "people.csv")).Succeeded().Output;
        text.ShouldContain("--id-column 'person no'");
        text.ShouldContain(proposed);
        (await work.RunAsync("datasets", "inspect", "people.csv", "--id-column", "person no")).Succeeded().Output.ShouldNotContain("--id-column");
    }

    [Fact]
    public async Task Rows_drawn_from_a_mixture_are_in_original_units()
    {
        using Workspace work = CommandLine.NewWorkspace();
        work.Write("people.csv", People(300));
        await work.JsonAsync(
            "train", "gmm", "--data", "people.csv", "--id-column", "id", "--columns", "age,income", "--k", "3", "--prepare", "impute=median,scale=standard");
        await work.RunAsync("sample", "--model", "people", "--rows", "500", "--out", "drawn.csv");
        string[] lines = File.ReadAllLines(work.At("drawn.csv"));
        lines[0].ShouldBe("age,income,component");
        lines.Skip(1).Average(line => double.Parse(line.Split(',')[1], CultureInfo.InvariantCulture)).ShouldBe(50_000, 3_000);
        JsonElement scored = await work.JsonAsync("score", "--model", "people", "--data", "drawn.csv");
        scored.GetProperty("rows").GetInt32().ShouldBe(500);
    }

    [Theory]
    [InlineData("scael=standard", "no preparation step 'scael'")]
    [InlineData("scale=standard:shoe", "needs the column 'shoe'")]
    [InlineData("scale=standard:country", "'country', which is a category")]
    public async Task A_preparation_that_cannot_be_is_refused(string steps, string message)
    {
        using Workspace work = CommandLine.NewWorkspace();
        work.Write("people.csv", People(30));
        (await work.RunAsync("train", "kmeans", "--data", "people.csv", "--id-column", "id", "--k", "2", "--prepare", $"impute=median,{steps}")).Refused(
            2).ShouldContain(message);
    }

    [Fact]
    public async Task A_column_that_is_read_as_another_type_than_the_models_is_refused()
    {
        using Workspace work = CommandLine.NewWorkspace();
        work.Write("people.csv", People(60));
        await work.JsonAsync(
            "train", "kmeans", "--data", "people.csv", "--id-column", "id", "--k", "3", "--prepare", "impute=median,scale=standard", "--model", "prepared");
        await work.JsonAsync("train", "kmeans", "--data", "people.csv", "--id-column", "id", "--columns", "income", "--k", "2", "--model", "plain");
        work.Write("words.csv", "id,age,income,country,joined\np1,old,30000,DE,2024-01-01\n");
        (await work.RunAsync("assign", "--model", "prepared", "--data", "words.csv", "--id-column", "id", "--types", "age=category")).Refused(1)
            .ShouldContain("Column 'age' is a category here, and was a number in training");
        string refused = (await work.RunAsync("assign", "--model", "prepared", "--data", "words.csv", "--id-column", "id")).Refused(2);
        refused.ShouldContain("words.csv, line 2, column 'age': 'old' is not a number.");
        refused.ShouldNotContain("--types");
        await work.JsonAsync("datasets", "import", "words", "words.csv", "--id-column", "id", "--types", "income=category");
        (await work.RunAsync("assign", "--model", "plain", "--data", "words")).Refused(1)
            .ShouldContain("Column 'income' is a category, and the model takes numbers");
    }

    /// <summary>Wine, of which one column of thirteen is a hundred times as wide as the others.</summary>
    [Fact]
    public async Task Wine_that_is_scaled_is_told_apart()
    {
        string? data = Find("wine.data.gz"), known = Find("wine.labels0.gz");
        Assert.SkipWhen(data is null || known is null, "The public set wine is not here: name its folder in CLUSTERING_DATA.");
        using Workspace work = CommandLine.NewWorkspace();
        await work.JsonAsync("train", "kmeans", "--data", data!, "--k", "3", "--restarts", "10", "--model", "raw");
        await work.JsonAsync("train", "kmeans", "--data", data!, "--k", "3", "--restarts", "10", "--model", "scaled", "--prepare", "scale=standard");
        (await Ari("raw")).ShouldBe(0.37, 0.02);
        (await Ari("scaled")).ShouldBeGreaterThan(0.85);

        async Task<double> Ari(string model)
        {
            JsonElement told = await work.JsonAsync("evaluate", "--model", model, "--data", data!, "--labels", known!);
            return told.GetProperty("ari").GetDouble();
        }
    }

    private static string? Find(string file)
    {
        string folder = Environment.GetEnvironmentVariable("CLUSTERING_DATA") is { Length: > 0 } given ? given
            : Path.Combine(CommandLine.InRepository(".."), "shared", "data");
        string path = Path.GetFullPath(Path.Combine(folder, file));
        return File.Exists(path) ? path : null;
    }

    /// <summary>Three kinds of people; every tenth age is missing.</summary>
    private static string People(int rows)
    {
        var random = new Random(3);
        var text = new StringBuilder("id,age,income,country,joined\n");
        for (int i = 0; i < rows; i++)
        {
            int kind = i % 3;
            double age = new[] { 25, 45, 70 }[kind] + (2 * (random.NextDouble() - 0.5)),
                income = new[] { 30_000, 80_000, 40_000 }[kind] + (1000 * (random.NextDouble() - 0.5));
            string country = new[] { "DE", "US", random.Next(2) == 0 ? "IT" : "ES" }[kind];
            string told = i % 10 == 9 ? "NA" : age.ToString("F2", CultureInfo.InvariantCulture);
            text.Append(CultureInfo.InvariantCulture, $"p{i},{told},{income:F0},{country},2024-{random.Next(12) + 1:00}-{random.Next(28) + 1:00}\n");
        }

        return text.ToString();
    }
}
