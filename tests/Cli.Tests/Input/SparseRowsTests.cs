using System.Globalization;
using System.Text.Json;

namespace OrleansCluster.Cli.Tests;

/// <summary>svmlight text on its way into datasets, trainings and answers.</summary>
[Collection(nameof(CommandLine))]
public sealed class SparseRowsTests : IDisposable
{
    private readonly Workspace _folder = CommandLine.NewWorkspace();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Sparse_rows_train_and_answer_as_dense_ones()
    {
        _folder.Write("t.svm", Rows(400));
        JsonElement sparse = await _folder.JsonAsync("train", "kmeans", "--data", "t.svm", "--k", "4", "--model", "sparse", "--out", "sparse.csv");
        JsonElement dense = await _folder.JsonAsync("train", "kmeans", "--data", "t.svm", "--dense", "--k", "4", "--model", "dense", "--out", "dense.csv");
        sparse.GetProperty("digest").GetString().ShouldBe(dense.GetProperty("digest").GetString());
        string labels = File.ReadAllText(_folder.At("sparse.csv"));
        labels.ShouldBe(File.ReadAllText(_folder.At("dense.csv")));
        (await _folder.RunAsync("assign", "--model", "sparse", "--data", "t.svm", "--out", "asked.csv")).ExitCode.ShouldBe(0);
        File.ReadAllText(_folder.At("asked.csv")).ShouldBe(labels);
        // Fewer columns here are the model's all the same: the rest are zeros.
        _folder.Write("few.svm", "0 1:1\n0 2:1\n");
        (await _folder.RunAsync("assign", "--model", "sparse", "--data", "few.svm")).ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task Models_may_be_wider_than_dense_rows()
    {
        const int Columns = 40_000;
        _folder.Write("t.svm", Rows(60));
        var centres = new double[2, Columns];
        (centres[0, 0], centres[1, 1], centres[1, Columns - 1]) = (1, 1, 0.5);
        _folder.Write("start.csv", centres);
        JsonElement trained = await _folder.JsonAsync(
            "train", "kmeans", "--data", "t.svm", "--features", "40000", "--k", "2", "--init", "start.csv", "--model", "wide", "--out", "t.csv");
        trained.GetProperty("clusters").GetArrayLength().ShouldBe(2);
        (await _folder.RunAsync("assign", "--model", "wide", "--data", "t.svm", "--out", "asked.csv")).ExitCode.ShouldBe(0);
        File.ReadAllText(_folder.At("asked.csv")).ShouldBe(File.ReadAllText(_folder.At("t.csv")));
        (await _folder.RunAsync("train", "kmeans", "--data", "t.svm", "--features", "40000", "--dense", "--k", "2", "--model", "m")).Refused(2)
            .ShouldContain("32767");
    }

    [Fact]
    public async Task Inspecting_tells_of_zeros_too()
    {
        _folder.Write("t.svm", "1 1:2 3:0.5\n0 3:1.5\n1 2:4\n");
        JsonElement[] columns = [.. (await _folder.JsonAsync("datasets", "inspect", "t.svm")).GetProperty("columns").EnumerateArray()];
        columns.Select(column => column.GetProperty("minimum").GetDouble()).ShouldBe([0, 0, 0]);
        columns.Select(column => column.GetProperty("maximum").GetDouble()).ShouldBe([2, 4, 1.5]);
        columns.Select(column => column.GetProperty("different").GetInt32()).ShouldBe([2, 2, 3]);
        JsonElement[] dense = [.. (await _folder.JsonAsync("datasets", "inspect", "t.svm", "--dense")).GetProperty("columns").EnumerateArray()];
        foreach (string told in new[] { "minimum", "maximum", "different", "missing", "type", "unless_prepared", "may_be_id" })
            dense.Select(column => column.GetProperty(told).GetRawText()).ShouldBe(columns.Select(column => column.GetProperty(told).GetRawText()));
    }

    [Fact]
    public async Task Appended_rows_are_those_of_all_files()
    {
        _folder.Write("a.svm", Rows(100));
        _folder.Write("b.svm", Rows(60));
        _folder.Write("all.svm", Rows(100) + Rows(60));
        await _folder.JsonAsync("datasets", "import", "t", "a.svm", "--features", "30");
        JsonElement appended = await _folder.JsonAsync("datasets", "append", "t", "b.svm");
        JsonElement whole = await _folder.JsonAsync("datasets", "import", "whole", "all.svm", "--features", "30");
        appended.GetProperty("manifest").GetString().ShouldBe(whole.GetProperty("manifest").GetString());
        (await _folder.RunAsync("datasets", "list")).Output.ShouldContain("f8, sparse");
        (await _folder.RunAsync("datasets", "verify")).ExitCode.ShouldBe(0);
        // Dense rows come behind them without their zeros.
        await _folder.RunAsync("datasets", "export", "t@1", "--out", "t.csv");
        JsonElement again = await _folder.JsonAsync("datasets", "append", "t", "t.csv");
        again.GetProperty("rows").GetInt32().ShouldBe(260);
    }

    [Fact]
    public async Task Exported_rows_are_the_same_dataset_again()
    {
        _folder.Write("t.svm", Rows(300));
        foreach (string layout in new[] { "", "--dense" })
        {
            string[] how = layout.Length == 0 ? ["--dtype", "f4", "--features", "40"] : ["--dtype", "f4", "--features", "40", layout];
            JsonElement first = await _folder.JsonAsync(["datasets", "import", "t", "t.svm", .. how]);
            (await _folder.RunAsync("datasets", "export", "t", "--out", "out.svm")).Error.ShouldContain(
                $"--features 40 --dtype f4{(layout.Length == 0 ? "" : " --dense")} it is");
            JsonElement again = await _folder.JsonAsync(["datasets", "import", "again", "out.svm", .. how]);
            again.GetProperty("manifest").GetString().ShouldBe(first.GetProperty("manifest").GetString());
            (await _folder.RunAsync("datasets", "export", "t", "--format", "svm")).Output.ShouldBe(File.ReadAllText(_folder.At("out.svm")));
        }

        // Ids are labels.
        _folder.Write("ids.csv", "id,x,y\na,1.5,0\nb,0,1e-7\n");
        await _folder.JsonAsync("datasets", "import", "ids", "ids.csv", "--id-column", "id");
        await _folder.RunAsync("datasets", "export", "ids", "--out", "ids.svm");
        File.ReadAllText(_folder.At("ids.svm")).ShouldBe("a 1:1.5\nb 2:1E-07\n");
        _folder.Write("gaps.csv", "x,y\n1,\n2,3\n");
        await _folder.JsonAsync("datasets", "import", "gaps", "gaps.csv");
        (await _folder.RunAsync("datasets", "export", "gaps", "--out", "gaps.svm")).Refused(2).ShouldContain("values of column 'y' are missing");
    }

    [Fact]
    public async Task What_is_expected_is_looked_at_with_the_zeros()
    {
        _folder.Write("t.svm", "1 1:2 3:0.5\n0 3:1.5\n1 2:4\n");
        (await _folder.RunAsync("datasets", "import", "t", "t.svm", "--expect", "c0 > 0; c2 in 0..1")).Refused(2)
            .ShouldContain("2 of 3 rows break 'c0 > 0', the first at line 2 (c0 is 0); 1 of 3 rows breaks 'c2 in 0..1', the first at line 2 (c2 is 1.5)");
        foreach (string[] layout in new string[][] { [], ["--dense"] })
        {
            JsonElement made = await _folder.JsonAsync(
                ["datasets", "import", "t", "t.svm", "--expect", "c0 > 0; c1 in 0..4; missing(c2) = 0", "--on-broken", "count", .. layout]);
            made.GetProperty("rows").GetInt32().ShouldBe(3);
        }

        JsonElement[] told = [.. (await _folder.JsonAsync("datasets", "show", "t@1")).GetProperty("expectations").EnumerateArray()];
        told.Select(one => one.GetProperty("broken").GetInt32()).ShouldBe([2, 0, 0]);
    }

    [Fact]
    public async Task What_needs_dense_rows_is_refused()
    {
        _folder.Write("t.svm", Rows(50));
        (await _folder.RunAsync("train", "gmm", "--data", "t.svm", "--k", "2", "--model", "m")).Refused(2).ShouldContain("--dense");
        (await _folder.RunAsync("datasets", "import", "t", "t.svm", "--expect", "c0 >= 0", "--on-broken", "quarantine=q.csv")).Refused(2)
            .ShouldContain("not put aside");
        (await _folder.RunAsync("train", "kmeans", "--data", "t", "--dense", "--k", "2", "--model", "m")).Refused(2).ShouldContain("--dense says how to read");
        // Rows are prepared with their zeros.
        await _folder.JsonAsync("train", "kmeans", "--data", "t.svm", "--k", "2", "--model", "m", "--prepare", "scale=maxabs");
    }

    private static string Rows(int rows)
    {
        var random = new Random(5);
        return string.Concat(Enumerable.Range(0, rows).Select(i => string.Create(
            CultureInfo.InvariantCulture,
            $"{i % 4} {1 + (i % 4)}:{1 + random.NextDouble():F3} {5 + random.Next(10)}:{random.NextDouble():F3} {20 + (i % 11)}:{random.NextDouble():F2}\n")));
    }
}
