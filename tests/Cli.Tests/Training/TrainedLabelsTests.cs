using System.Globalization;

namespace OrleansCluster.Cli.Tests;

/// <summary><c>train --out</c>: what <c>assign</c> would write of the same rows, without reading them again.</summary>
[Collection(nameof(CommandLine))]
public sealed class TrainedLabelsTests
{
    [Fact]
    public async Task The_clusters_of_all_rows_are_written_under_their_ids()
    {
        using Workspace work = CommandLine.NewWorkspace();
        // More than a shard, and ids of all lengths.
        string rows = string.Concat(Enumerable.Range(0, 66_000).Select(
            row => string.Create(CultureInfo.InvariantCulture, $"row-{row},{row * 7919 % 1000},{row % 17}\n")));
        work.Write("points.csv", "name,x,y\n" + rows);
        (await work.RunAsync("train", "kmeans", "--data", "points.csv", "--id-column", "name", "--k", "3", "--max-iterations", "2", "--out", "labels.csv"))
            .Succeeded().Error.ShouldContain("clusters of 66,000 rows written to labels.csv");
        (await work.RunAsync("assign", "--model", "points", "--data", "points.csv", "--id-column", "name", "--out", "asked.csv")).Succeeded();
        string[] lines = await File.ReadAllLinesAsync(work.At("labels.csv"), TestContext.Current.CancellationToken);
        lines[0].ShouldBe("name,cluster,distance");
        lines.Length.ShouldBe(66_001);
        lines.ShouldBe(await File.ReadAllLinesAsync(work.At("asked.csv"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Rows_without_ids_are_numbered_and_arrays_have_labels_alone()
    {
        using Workspace work = CommandLine.NewWorkspace();
        work.Write("points.csv", "x,colour\n1,red\n2,red\n9,blue\n");
        string[] train = ["train", "kmeans", "--data", "points.csv", "--k", "2", "--prepare", "onehot=colour:3"];
        (await work.RunAsync([.. train, "--out", "labels.csv"])).Succeeded();
        string[] lines = await File.ReadAllLinesAsync(work.At("labels.csv"), TestContext.Current.CancellationToken);
        lines.Select(line => line.Split(',')[0]).ShouldBe(["row", "0", "1", "2"]);
        lines[1].Split(',')[1].ShouldBe(lines[2].Split(',')[1]);
        lines[3].Split(',')[1].ShouldNotBe(lines[2].Split(',')[1]);
        (await work.RunAsync([.. train, "--out", "labels.npy"])).Succeeded();
        Arrays.ReadNpy(work.At("labels.npy")).Values.Length.ShouldBe(3);
    }

    [Theory]
    [InlineData("labels.xls", "--out labels.xls ends in none of .npy, .csv")]
    [InlineData("nowhere/labels.csv", "its folder does not exist")]
    public async Task What_cannot_be_written_is_refused_before_anything_is_read(string file, string message)
    {
        using Workspace work = CommandLine.NewWorkspace();
        work.Write("points.csv", "x\n1\n2\n");
        Outcome refused = await work.RunAsync("train", "kmeans", "--data", "points.csv", "--k", "2", "--out", file);
        refused.Refused(file.EndsWith("xls", StringComparison.Ordinal) ? 2 : 1).ShouldContain(message);
        (await work.RunAsync("datasets", "list")).Output.ShouldNotContain("points");
    }
}
