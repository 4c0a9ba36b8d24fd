using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace OrleansCluster.Cli.Tests;

/// <summary>Rows that models are asked about: by names, through pipes, of datasets; and what is refused with its place.</summary>
[Collection(nameof(CommandLine))]
public sealed class RowsTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("orleanscluster-rows-").FullName;

    public RowsTests()
    {
        Directory.CreateDirectory(Folder);
        // Two groups that a change of the columns' places would mix up, and labels that are not quite theirs.
        Write("train.csv", "name,x,y,species\n" + string.Concat(Enumerable.Range(0, 40).Select(i => string.Create(
            CultureInfo.InvariantCulture,
                $"r{i},{(i % 2 == 0 ? 0 : 10) + (i % 5 * 0.1)},{(i % 2 == 0 ? 10 : 0) + (i % 3 * 0.1)},{(i % 2 == 0 ^ i == 7 ? "setosa" : "virginica")}\n"))));
    }

    private string Folder => Path.Combine(_root, "work");

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task Columns_are_matched_by_their_names_wherever_a_model_is_asked()
    {
        await Train();
        Write("same.csv", "x,y\n0,10\n10,0\n");
        Write("other-order.csv", "y,x\n10,0\n0,10\n");
        Write("other-names.csv", "lat,lon\n0,10\n10,0\n");
        Write("labels.txt", "0\n1\n");
        int[] labels = await Labels("--data", "same.csv");
        labels[0].ShouldNotBe(labels[1]);
        (await Labels("--data", "other-order.csv")).ShouldBe(labels);
        (await Labels("--data", "same.csv", "--columns", "y,x")).ShouldBe(labels);
        (await Labels("--data", "same.csv", "--columns", "1,0")).ShouldBe(labels);
        (await Labels("--data", "other-names.csv", "--by-position")).ShouldBe(labels);
        (await Labels("--data", "same.csv", "--columns", "y,x", "--by-position")).ShouldBe([labels[1], labels[0]]);
        foreach (string[] command in new string[][]
        {
            ["assign", "--model", "m"], ["score", "--model", "g"], ["evaluate", "--model", "m", "--labels", "labels.txt"], ["retrain", "m"],
        })
            (await Refused([.. command, "--data", "other-names.csv"])).ShouldContain("other-names.csv lacks 2 of the model's 2 columns: 'x', 'y'.");
    }

    [Fact]
    public async Task No_column_that_a_model_needs_is_advised_to_be_left_out()
    {
        await Train();
        Write("gaps.csv", "name,x,y\nr0,1,2\nr1,NA,3\n");
        Write("words.csv", "name,x,y\nr0,1,2\nr1,abc,3\n");
        foreach (string[] command in new string[][] { ["assign", "--model", "m"], ["score", "--model", "g"], ["retrain", "m"] })
        {
            string gaps = await Refused([.. command, "--data", "gaps.csv"]), words = await Refused([.. command, "--data", "words.csv"]);
            gaps.ShouldContain("column 'x' once (first 'NA' in line 3). Fill them in, or remove those rows.");
            words.ShouldContain("words.csv, line 3, column 'x': 'abc' is not a number. Correct it.");
            (gaps + words).ShouldNotContain("--");
        }
    }

    [Fact]
    public async Task Rows_of_a_dataset_are_assigned_scored_and_evaluated()
    {
        await Train();
        JsonElement ofFile = await Json("assign", "--model", "m", "--data", "train.csv", "--id-column", "name");
        await Json("datasets", "import", "wide", "train.csv", "--columns", "y,x", "--id-column", "species");
        JsonElement ofDataset = await Json("assign", "--model", "m", "--data", "wide");
        ofDataset.GetProperty("labels").GetRawText().ShouldBe(ofFile.GetProperty("labels").GetRawText());
        ofDataset.GetProperty("ids")[0].GetString().ShouldBe("setosa");
        (await Json("score", "--model", "g", "--data", "wide@1")).GetProperty("mean_log_likelihood").GetDouble()
            .ShouldBe((await Json("score", "--model", "g", "--data", "train.csv")).GetProperty("mean_log_likelihood").GetDouble());
        // One of 40 rows has the other label: ARI by its definition, from the pairs within rows, columns and cells of (20, 0), (1, 19).
        double pairs = 40 * 39 / 2.0, cells = (20 * 19 / 2.0) + 0 + (19 * 18 / 2.0), rows = (20 * 19 / 2.0) * 2, columns = (21 * 20 / 2.0) + (19 * 18 / 2.0);
        double ari = (cells - (rows * columns / pairs)) / (((rows + columns) / 2) - (rows * columns / pairs));
        foreach (string data in new[] { "train.csv", "wide" })
        {
            JsonElement measured = await Json("evaluate", "--model", "m", "--data", data, "--labels", "column:species");
            measured.GetProperty("ari").GetDouble().ShouldBe(ari, 1e-12);
            measured.GetProperty("confusion").GetProperty("known").EnumerateArray().Select(known => known.GetString()).ShouldBe(["setosa", "virginica"]);
        }

        (await Refused("assign", "--model", "m", "--data", "wide", "--header", "yes")).ShouldContain("--header says how to read a file");
        (await Refused("assign", "--model", "m", "--data", "wide", "--columns", "x")).ShouldContain("lacks the model's column 'y'");
        (await Refused("assign", "--model", "m", "--data", "nothing")).ShouldContain("neither a file nor a dataset 'nothing'");
    }

    [Fact]
    public async Task Labels_that_the_command_writes_are_read_again()
    {
        await Train();
        await Json("assign", "--model", "m", "--data", "train.csv", "--id-column", "name", "--out", "answers.csv");
        await Json("assign", "--model", "m", "--data", "train.csv", "--out", "answers.npy");
        foreach (string file in new[] { "answers.csv", "answers.npy" })
            (await Json("evaluate", "--model", "m", "--data", "train.csv", "--id-column", "name", "--labels", file)).GetProperty("ari").GetDouble().ShouldBe(1);
        string[] lines = File.ReadAllLines(Path.Combine(Folder, "answers.csv"));
        (lines[1], lines[2]) = (lines[2], lines[1]);
        Write("mixed.csv", string.Join('\n', lines));
        (await Refused("evaluate", "--model", "m", "--data", "train.csv", "--id-column", "name", "--labels", "mixed.csv"))
            .ShouldContain("train.csv, line 2: the row's id is 'r0', and the label in mixed.csv is that of 'r1'. Bring both into the same order.");
    }

    [Fact]
    public async Task A_pipe_is_read_once_and_whole()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There are no named pipes of this kind.");
        await Train();
        string text = "x,y\n" + string.Concat(Enumerable.Range(0, 40_000).Select(i => i % 2 == 0 ? "0.125,10.5\n" : "10.25,0.125\n"));
        foreach (string[] command in new string[][]
        {
            ["assign", "--model", "m", "--out", "a.csv"], ["score", "--model", "g", "--out", "s.csv"], ["evaluate", "--model", "m", "--against", "1"],
            ["datasets", "import", "piped"], ["train", "kmeans", "--k", "2", "--model", "p"], ["retrain", "m"],
        })
        {
            JsonElement answer = await Piped(text, command[0] == "datasets" ? [.. command, "pipe.fifo"] : [.. command, "--data", "pipe.fifo"]);
            string? within = command[0] switch { "evaluate" => "against", "train" or "retrain" => "dataset", _ => null };
            (within is null ? answer : answer.GetProperty(within)).GetProperty("rows").GetInt64().ShouldBe(40_000, command[0]);
        }
    }

    [Fact]
    public async Task Values_without_an_answer_are_refused_where_they_stand()
    {
        await Train();
        Write("far.csv", "# measured\nx,y\n\n0,10\n10,-1e300\n");
        foreach (string[] command in new string[][] { ["assign", "--model", "m"], ["score", "--model", "g"], ["assign", "--model", "g"] })
            (await Refused([.. command, "--data", "far.csv", "--out", "out.csv"]))
                .ShouldContain("far.csv, line 5, column 'y': -1E+300 is so far from every cluster that float64 cannot hold its squared distance.");
        File.Exists(Path.Combine(Folder, "out.csv")).ShouldBeFalse();
    }

    [Fact]
    public async Task A_retraining_reads_the_columns_ids_and_weights_that_there_were()
    {
        Write("weighed.csv", "name,w,y,x,species\n" + string.Concat(Enumerable.Range(0, 40).Select(i => $"r{i},{1 + (i % 3)},{i % 2 * 10},{i % 4},s\n")));
        await Json("train", "kmeans", "--data", "weighed.csv", "--columns", "x,y", "--id-column", "name", "--weight-column", "w", "--k", "2", "--model", "w");
        Write("next.csv", "species,y,x,w,name\n" + string.Concat(Enumerable.Range(0, 40).Select(i => $"s,{i % 2 * 10},{i % 4},{1 + (i % 3)},n{i}\n")));
        JsonElement again = await Json("retrain", "w", "--data", "next.csv");
        again.GetProperty("dataset").GetProperty("column_names").EnumerateArray().Select(column => column.GetString()).ShouldBe(["x", "y"]);
        JsonElement dataset = await Json("datasets", "show", "next");
        dataset.GetProperty("id_column").GetString().ShouldBe("name");
        dataset.GetProperty("weight_column").GetString().ShouldBe("w");
        Write("light.csv", "x,y\n1,2\n3,4\n");
        (await Refused("retrain", "w", "--data", "light.csv")).ShouldContain("light.csv has no column 'w', which held the weights");
    }

    [Fact]
    public async Task Some_columns_of_a_dataset_are_trained_on_in_the_order_asked_for()
    {
        await Json("datasets", "import", "wide", "train.csv", "--columns", "y,x", "--id-column", "name");
        JsonElement ofFile = await Json("train", "kmeans", "--data", "train.csv", "--columns", "x,y", "--id-column", "name", "--k", "2", "--model", "f");
        JsonElement ofDataset = await Json("train", "kmeans", "--data", "wide", "--columns", "x,y", "--k", "2", "--model", "d");
        ofDataset.GetProperty("digest").GetString().ShouldBe(ofFile.GetProperty("digest").GetString());
        string copy = ofDataset.GetProperty("dataset").GetProperty("name").GetString()!;
        copy.ShouldStartWith("wide.");
        JsonElement again = (await Json("retrain", "d", "--data", "wide")).GetProperty("dataset");
        (again.GetProperty("name").GetString(), again.GetProperty("version").GetInt32()).ShouldBe((copy, 1));
        (await Json("datasets", "show", copy)).GetProperty("id_column").GetString().ShouldBe("name");
        (await Refused("train", "kmeans", "--data", "wide", "--columns", "z", "--k", "2")).ShouldContain("the dataset wide: there is no column 'z'");
        (await Refused("train", "kmeans", "--data", "wide", "--id-column", "x", "--k", "2")).ShouldContain("--id-column says how to read a file");
    }

    [Fact]
    public async Task Starting_centres_are_matched_by_name()
    {
        Write("starts.csv", "y,x\n10,0\n0,10\n");
        Write("others.csv", "a,b\n10,0\n0,10\n");
        string[] train =
            ["train", "kmeans", "--data", "train.csv", "--columns", "x,y", "--k", "2", "--max-iterations", "1", "--tolerance", "0", "--model", "s"];
        JsonElement named = await Json([.. train, "--init", "starts.csv"]);
        Write("starts.csv", "0,10\n10,0\n");
        JsonElement placed = await Json([.. train, "--init", "starts.csv"]);
        named.GetProperty("digest").GetString().ShouldBe(placed.GetProperty("digest").GetString());
        (await Refused([.. train, "--init", "others.csv"])).ShouldContain("others.csv lacks 2 columns of the rows to train on: 'x', 'y'.");
    }

    private async Task Train()
    {
        await Json("train", "kmeans", "--data", "train.csv", "--columns", "x,y", "--id-column", "name", "--k", "2", "--model", "m");
        await Json("train", "gmm", "--data", "train@1", "--k", "2", "--model", "g");
    }

    private async Task<int[]> Labels(params string[] arguments) =>
        [.. (await Json(["assign", "--model", "m", .. arguments])).GetProperty("labels").EnumerateArray().Select(label => label.GetInt32())];

    private async Task<JsonElement> Json(params string[] arguments)
    {
        (int code, string output, string error) = await CommandLine.RunAsync(Folder, [.. arguments, "--report", "json"]);
        code.ShouldBe(0, error);
        return JsonDocument.Parse(output).RootElement;
    }

    private async Task<string> Refused(params string[] arguments)
    {
        (int code, string output, string error) = await CommandLine.RunAsync(Folder, [.. arguments, "--report", "json"]);
        code.ShouldBe(2, output + error);
        return error;
    }

    private async Task<JsonElement> Piped(string text, string[] arguments)
    {
        string pipe = Path.Combine(Folder, "pipe.fifo");
        File.Delete(pipe);
        using (Process make = Process.Start("mkfifo", [pipe]))
            await make.WaitForExitAsync();
        Task writing = Task.Run(async () =>
        {
            await using FileStream end = new(pipe, FileMode.Open, FileAccess.Write);
            await using StreamWriter writer = new(end);
            await writer.WriteAsync(text);
        });
        JsonElement answer = await Json(arguments);
        await writing;
        return answer;
    }

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(Folder, name), text);
}
