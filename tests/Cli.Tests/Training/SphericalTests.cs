using System.Globalization;
using System.Text.Json;

namespace OrleansCluster.Cli.Tests;

/// <summary>Spherical k-means from the command line.</summary>
[Collection(nameof(CommandLine))]
public sealed class SphericalTests : IDisposable
{
    private readonly Workspace _folder = CommandLine.NewWorkspace();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Documents_cluster_by_the_cosine_dense_and_sparse_alike()
    {
        _folder.Write("t.svm", Rows(300));
        JsonElement sparse = await _folder.JsonAsync("train", "spherical-kmeans", "--data", "t.svm", "--k", "4", "--model", "s", "--out", "s.csv");
        JsonElement dense = await _folder.JsonAsync("train", "spherical-kmeans", "--data", "t.svm", "--dense", "--k", "4", "--model", "d", "--out", "d.csv");
        dense.GetProperty("digest").GetString().ShouldBe(sparse.GetProperty("digest").GetString());
        sparse.GetProperty("clusters").EnumerateArray().Select(cluster => cluster.GetProperty("size").GetInt32()).ShouldBe([75, 75, 75, 75]);
        sparse.GetProperty("mean_cosines").GetArrayLength().ShouldBe(4);
        string labels = File.ReadAllText(_folder.At("s.csv"));
        File.ReadAllText(_folder.At("d.csv")).ShouldBe(labels);
        (await _folder.RunAsync("assign", "--model", "s", "--data", "t.svm", "--out", "asked.csv")).ExitCode.ShouldBe(0);
        File.ReadAllText(_folder.At("asked.csv")).ShouldBe(labels);
        (await _folder.RunAsync("models", "show", "s")).Output.ShouldContain("inertia of cosine distances");
        _folder.Write("known.txt", string.Concat(Enumerable.Range(0, 300).Select(i => $"{i % 4}\n")));
        JsonElement same = await _folder.JsonAsync("evaluate", "--model", "s", "--data", "t.svm", "--labels", "known.txt");
        same.GetProperty("ari").GetDouble().ShouldBe(1, 1e-9);
    }

    [Fact]
    public async Task A_version_is_explained_exported_and_copied_to_another_home()
    {
        _folder.Write("t.csv", "a,b,c\n" + string.Concat(Enumerable.Range(1, 20).Select(i => $"{3 * i},{i},0\n0,{i},{4 * i}\n")));
        JsonElement trained = await _folder.JsonAsync("train", "spherical-kmeans", "--data", "t.csv", "--k", "2", "--model", "s");

        // Both kinds of rows are centres themselves: u = (3, 1, 0) / √10 against (0, 1, 4) / √17.
        JsonElement told = await _folder.JsonAsync("explain", "s", "--data", "t.csv", "--rows", "1");
        told.GetProperty("measure").GetString().ShouldBe("cosine_distance");
        JsonElement row = told.GetProperty("rows")[0];
        row.GetProperty("lead").GetDouble().ShouldBe(1 - (1 / Math.Sqrt(170)), 1e-12);
        double ten = Math.Sqrt(10), seventeen = Math.Sqrt(17);
        JsonElement[] columns = [.. row.GetProperty("columns").EnumerateArray()];
        columns.Select(column => column.GetProperty("against_runner_up").GetDouble()).ShouldBe([0.9, 1 / ten * ((1 / ten) - (1 / seventeen)), 0], 1e-12);
        // 3 a + b (1 − √(10/17)) = 4 √(10/17) c.
        columns[0].GetProperty("boundary").GetDouble().ShouldBe(((ten / seventeen) - 1) / 3, 1e-12);
        columns[2].GetProperty("boundary").GetDouble().ShouldBe((10 - (ten / seventeen)) / (4 * ten / seventeen), 1e-12);
        string shown = (await _folder.RunAsync("explain", "s", "--data", "t.csv", "--rows", "1")).Output;
        shown.ShouldContain("cosine distance");
        shown.ShouldContain("of cosine distance");

        (await _folder.RunAsync("models", "export", "s", "out")).ExitCode.ShouldBe(0);
        JsonElement exported = JsonDocument.Parse(File.ReadAllText(_folder.At("out/parameters.json"))).RootElement;
        exported.GetProperty("algorithm").GetString().ShouldBe("spherical-kmeans");
        foreach (JsonElement centre in exported.GetProperty("centroids").EnumerateArray())
            centre.EnumerateArray().Sum(value => value.GetDouble() * value.GetDouble()).ShouldBe(1, 1e-15);

        using Workspace other = CommandLine.NewWorkspace();
        (await _folder.JsonAsync("models", "copy", "s", "--to-home", other.Home))[0].GetProperty("copied").GetInt32().ShouldBe(1);
        (await other.JsonAsync("models", "show", "s@1")).ToString().ShouldContain(trained.GetProperty("digest").GetString()!);
        (await _folder.RunAsync("assign", "--model", "s", "--data", "t.csv", "--out", "here.csv")).ExitCode.ShouldBe(0);
        (await other.RunAsync("assign", "--model", "s", "--data", _folder.At("t.csv"), "--out", "there.csv")).ExitCode.ShouldBe(0);
        File.ReadAllText(other.At("there.csv")).ShouldBe(File.ReadAllText(_folder.At("here.csv")));
    }

    [Fact]
    public async Task Rows_of_zeros_are_refused_with_their_numbers()
    {
        _folder.Write("zero.csv", "a,b\n1,2\n2,1\n0,0\n3,1\n");
        (await _folder.RunAsync("train", "spherical-kmeans", "--data", "zero.csv", "--k", "2", "--model", "m")).Refused(1)
            .ShouldContain("Row 3 has only zeros, and so no direction whose cosine could be taken. Leave such rows out of the file, or out of what is read of "
                + "it by a column that tells them apart (--where 'total > 0').");
        _folder.Write("total.csv", "a,b,total\n1,2,3\n2,1,3\n0,0,0\n3,1,4\n0,2,2\n");
        JsonElement some = await _folder.JsonAsync(
            "train", "spherical-kmeans", "--data", "total.csv", "--columns", "a,b", "--where", "total > 0", "--k", "2", "--model", "total");
        some.GetProperty("sizes").EnumerateArray().Sum(size => size.GetInt32()).ShouldBe(4);
        await _folder.JsonAsync("train", "spherical-kmeans", "--data", "zero.csv", "--where", "a > 0", "--k", "2", "--model", "m");
        (await _folder.RunAsync("assign", "--model", "m", "--data", "zero.csv")).Refused(2)
            .ShouldContain("zero.csv, line 4, column 'a': all values of the row are 0, so that it has no direction");
    }

    private static string Rows(int rows)
    {
        var random = new Random(5);
        return string.Concat(Enumerable.Range(0, rows).Select(i =>
        {
            double length = Math.Pow(10, (i % 7) - 3);
            return string.Create(
                CultureInfo.InvariantCulture,
                $"0 {1 + (i % 4)}:{length * 3:R} {5 + random.Next(10)}:{length * random.NextDouble():R} {20 + (i % 11)}:{length * 0.5:R}\n");
        }));
    }
}
