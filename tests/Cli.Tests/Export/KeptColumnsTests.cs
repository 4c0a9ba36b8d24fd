using System.Text.Json;

namespace OrleansCluster.Cli.Tests;

/// <summary>Rows that come out again: a dataset's, and those that answers stand beside.</summary>
[Collection(nameof(CommandLine))]
public sealed class KeptColumnsTests(KeptColumnsTests.Table table) : IClassFixture<KeptColumnsTests.Table>
{
    private Workspace Work => table.Work;

    [Theory]
    [InlineData("t.csv")]
    [InlineData("t.parquet")]
    [InlineData("t.arrow")]
    [InlineData("t.jsonl")]
    public async Task A_dataset_that_is_exported_and_imported_again_is_the_same(string file)
    {
        JsonElement told = await Work.JsonAsync("datasets", "export", "mixed@1", "--out", file);
        (told.GetProperty("rows").GetInt64(), told.GetProperty("version").GetInt32()).ShouldBe((4, 1));
        JsonElement again = await Work.JsonAsync("datasets", "import", "again", file, "--id-column", "who", "--weight-column", "w");
        again.GetProperty("manifest").GetString().ShouldBe(table.Manifest);
    }

    [Fact]
    public async Task Standard_output_is_the_rows_and_nothing_else()
    {
        (await Work.RunAsync("datasets", "export", "mixed")).Succeeded().Output.ShouldBe(Table.Text);
        (await Work.RunAsync("datasets", "export", "mixed", "--format", "jsonl")).Succeeded().Output.Split('\n')[1].ShouldBe(
            "{\"who\":\"b\",\"x\":0.25,\"y\":1,\"word\":null,\"yes\":false,\"day\":\"2024-03-01T12:30:00Z\",\"w\":2}");
        (await Work.RunAsync("datasets", "export", "points", "--out", "p.npy")).Succeeded().Output.ShouldBe("Wrote 4 rows of points version 1 to p.npy.\n");
        Arrays.ReadNpy(Work.At("p.npy")).Values.ShouldBe([0, 0, 0.25, 1, 10, 0, 10, 1]);
        (await Work.RunAsync("datasets", "export", "mixed", "--out", "m.npy")).Refused(2).ShouldContain("column 'word' holds texts");
        (await Work.RunAsync("datasets", "export", "mixed", "--out", "m.csv", "--format", "csv")).Refused(2).ShouldContain("leave --format out");
        (await Work.RunAsync("datasets", "export", "mixed", "--report", "json")).Refused(2).ShouldContain("name a file with --out");
        (await Work.RunAsync("datasets", "export", "none")).Refused(2).ShouldContain("none");
    }

    [Fact]
    public async Task Columns_of_a_file_stand_beside_the_answers_as_they_were()
    {
        string plain = await OutAsync("m", "assign", "--data", "mixed.csv", "--id-column", "who");
        string[] answers = [.. plain.Split('\n').Skip(1).SkipLast(1).Select(line => line[2..])];
        string[] kept = (await OutAsync("m", "assign", "--data", "mixed.csv", "--id-column", "who", "--keep-columns")).Split('\n');
        kept[0].ShouldBe("who,x,y,word,yes,day,w,cluster,distance");
        kept[1..^1].ShouldBe(Table.Text.Split('\n')[1..^1].Zip(answers, (row, answer) => $"{row},{answer}"));
        (await OutAsync("m", "assign", "--data", "mixed.csv", "--id-column", "who", "--keep-columns", "day,who,x")).Split('\n')[2].ShouldBe(
            $"b,2024-03-01T12:30:00Z,0.25,{answers[1]}");
        // The same of a dataset, where there are conditions, and in another format.
        (await OutAsync("m", "assign", "--data", "mixed", "--keep-columns")).Split('\n')[2].ShouldBe($"{Table.Text.Split('\n')[2][..^2]},{answers[1]}");
        (await OutAsync("m", "assign", "--data", "mixed.csv", "--id-column", "who", "--keep-columns", "word", "--where", "y = 1")).Split('\n')[1].ShouldBe(
            $"b,,{answers[1]}");
        await Work.RunAsync("assign", "--model", "m", "--data", "mixed.csv", "--id-column", "who", "--keep-columns", "--out", "k.parquet");
        await Work.JsonAsync("datasets", "import", "kept", "k.parquet", "--id-column", "who", "--columns", "x,y,word,yes,day", "--weight-column", "w");
        (await Work.JsonAsync("datasets", "show", "kept")).GetProperty("manifest").GetString().ShouldBe(table.Manifest);
    }

    [Fact]
    public async Task Scores_have_them_too_and_a_preparing_model_finds_its_own()
    {
        string[] kept = (await OutAsync("g", "score", "--data", "mixed.csv", "--id-column", "who", "--keep-columns", "word")).Split('\n');
        kept[0].ShouldStartWith("who,word,cluster,log_density,");
        kept[1].ShouldStartWith("a,\"north, \"\"far\"\"\",");
        string[] prepared = (await OutAsync("p", "assign", "--data", "mixed.csv", "--id-column", "who", "--keep-columns", "yes")).Split('\n');
        prepared[1..^1].Select(line => line.Split(',')[..2]).ShouldBe([["a", "true"], ["b", "false"], ["c", ""], ["d", "true"]]);
        prepared[1..^1].Select(line => line.Split(',')[2..]).ShouldBe(
            (await OutAsync("p", "assign", "--data", "mixed.csv", "--id-column", "who")).Split('\n')[1..^1].Select(line => line.Split(',')[1..]));
    }

    [Fact]
    public async Task Scores_count_what_rows_lack()
    {
        await Work.JsonAsync("train", "gmm", "--data", "points", "--k", "1", "--model", "filling", "--prepare", "impute=median");
        Work.Write("lacks.csv", "x,y\n,1\n2,\n3,4\n");
        JsonElement told = await Work.JsonAsync("score", "--model", "filling", "--data", "lacks.csv");
        (told.GetProperty("missing_values").GetInt64(), told.GetProperty("unknown_categories").GetInt64()).ShouldBe((2, 0));
        (await Work.RunAsync("score", "--model", "filling", "--data", "lacks.csv")).Succeeded().Output.ShouldContain(
            "2 missing values filled in as the model's preparation does");
    }

    [Fact]
    public async Task What_cannot_be_kept_is_said()
    {
        (await Work.RunAsync("assign", "--model", "m", "--data", "mixed.csv", "--keep-columns")).Refused(2).ShouldContain("name a file with --out");
        (await Work.RunAsync("assign", "--model", "m", "--data", "mixed.csv", "--keep-columns", "--out", "l.npy")).Refused(2).ShouldContain("needs a table");
        Work.Write("named.csv", "x,y,cluster\n1,2,3\n");
        (await Work.RunAsync("assign", "--model", "m", "--data", "named.csv", "--keep-columns", "--out", "l.csv")).Refused(2).ShouldStartWith(
            "The rows have a column 'cluster', and so have the answers");
        Work.Write("gap.csv", "x,y,word\n1,2,a\n,2,b\n");
        (await Work.RunAsync("assign", "--model", "m", "--data", "gap.csv", "--keep-columns", "--out", "l.csv")).Refused(2).ShouldStartWith(
            "gap.csv, line 3, column 'x': the value is missing.");
        (await Work.RunAsync("assign", "--model", "m", "--data", "gap.csv", "--keep-columns", "--types", "x=category", "--out", "l.csv")).Refused(2)
            .ShouldContain("is needed as a number");
        (await Work.RunAsync("assign", "--model", "m", "--data", "gap.csv", "--keep-columns", "nothing", "--out", "l.csv")).Refused(2).ShouldContain(
            "there is no column 'nothing', which --keep-columns asks for");
        File.Exists(Work.At("l.csv")).ShouldBeFalse();
    }

    private async Task<string> OutAsync(string model, params string[] words)
    {
        (await Work.RunAsync([.. words, "--model", model, "--out", "out.csv"])).Succeeded();
        return await File.ReadAllTextAsync(Work.At("out.csv"));
    }

    /// <summary>A table of all that a column can hold, as a file and a dataset, and models of its numbers.</summary>
    public sealed class Table : IAsyncLifetime
    {
        public const string Text = "who,x,y,word,yes,day,w\na,0,0,\"north, \"\"far\"\"\",true,2024-02-29,1\nb,0.25,1,,false,2024-03-01T12:30:00Z,2\n"
            + "c,10,0,south,,,1\nd,10,1,south,true,2024-03-02,1\n";

        internal Workspace Work { get; } = CommandLine.NewWorkspace();

        internal string Manifest { get; private set; } = "";

        public async ValueTask InitializeAsync()
        {
            Work.Write("mixed.csv", Text);
            JsonElement imported = await Work.JsonAsync("datasets", "import", "mixed", "mixed.csv", "--id-column", "who", "--weight-column", "w");
            Manifest = imported.GetProperty("manifest").GetString()!;
            await Work.JsonAsync("datasets", "import", "points", "mixed.csv", "--columns", "x,y");
            await Work.JsonAsync("train", "kmeans", "--data", "points", "--k", "2", "--model", "m");
            await Work.JsonAsync("train", "gmm", "--data", "points", "--k", "1", "--model", "g");
            await Work.JsonAsync("train", "kmeans", "--data", "mixed", "--k", "2", "--model", "p", "--prepare", "impute=median,onehot=word:3,cycle=weekday");
        }

        public ValueTask DisposeAsync()
        {
            Work.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
