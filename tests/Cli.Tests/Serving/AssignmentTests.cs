using System.Text.Json;

namespace OrleansCluster.Cli.Tests;

/// <summary>Questions to a model about the rows of a file.</summary>
[Collection(nameof(CommandLine))]
public sealed class AssignmentTests
{
    private const string Line = "name,x,y\na,0,0\nb,0,2\nc,10,0\nd,10,2\n";

    [Fact]
    public async Task New_rows_are_told_their_cluster_and_distance()
    {
        using Workspace work = CommandLine.NewWorkspace();
        await TrainAsync(work);
        string rows = work.Write("new.csv", "y,x,name\n1,3,p\n1,10,q\n");
        JsonElement answer = await work.JsonAsync("assign", "--model", "line", "--data", rows, "--id-column", "name");

        answer.GetProperty("version").GetInt32().ShouldBe(1);
        answer.GetProperty("rows").GetInt64().ShouldBe(2);
        answer.GetProperty("ids").EnumerateArray().Select(id => id.GetString()).ShouldBe(["p", "q"]);
        // Columns are found by name, whatever their order in the file.
        answer.GetProperty("distances").EnumerateArray().Select(distance => distance.GetDouble()).ShouldBe([3.0, 0.0]);
        answer.GetProperty("labels").EnumerateArray().Select(label => label.GetInt32()).Distinct().Count().ShouldBe(2);
    }

    [Fact]
    public async Task Answers_are_written_as_csv_and_as_npy()
    {
        using Workspace work = CommandLine.NewWorkspace();
        await TrainAsync(work);
        string rows = work.Write("new.csv", "name,x,y\n\"p, the first\",0,1\nq,10,4\n");
        JsonElement answer = await work.JsonAsync("assign", "--model", "line@1", "--data", rows, "--id-column", "name");
        int[] labels = [.. answer.GetProperty("labels").EnumerateArray().Select(label => label.GetInt32())];

        JsonElement written = await work.JsonAsync("assign", "--model", "line", "--data", rows, "--id-column", "name", "--out", "answers.csv");
        await work.JsonAsync("assign", "--model", "line", "--data", rows, "--id-column", "name", "--out", "answers.npy");

        written.TryGetProperty("labels", out _).ShouldBeFalse();
        File.ReadAllLines(work.At("answers.csv")).ShouldBe(["name,cluster,distance", $"\"p, the first\",{labels[0]},0", $"q,{labels[1]},3"]);
        Arrays.ReadNpy(work.At("answers.npy")).Values.ShouldBe(labels.Select(label => (double)label));
    }

    [Fact]
    public async Task An_old_version_answers_as_it_did()
    {
        using Workspace work = CommandLine.NewWorkspace();
        await TrainAsync(work);
        JsonElement before = await work.JsonAsync("assign", "--model", "line@1", "--data", "line.csv", "--columns", "x,y");
        await work.JsonAsync("train", "kmeans", "--data", "line.csv", "--columns", "x,y", "--k", "4", "--model", "line");
        JsonElement after = await work.JsonAsync("assign", "--model", "line@1", "--data", "line.csv", "--columns", "x,y");
        JsonElement newest = await work.JsonAsync("assign", "--model", "line", "--data", "line.csv", "--columns", "x,y");

        after.GetRawText().ShouldBe(before.GetRawText());
        newest.GetProperty("version").GetInt32().ShouldBe(2);
        newest.GetProperty("sizes").EnumerateArray().Select(size => size.GetInt64()).ShouldBe([1L, 1L, 1L, 1L]);
    }

    private static async Task TrainAsync(Workspace work)
    {
        string data = work.Write("line.csv", Line);
        await work.JsonAsync("train", "kmeans", "--data", data, "--columns", "x,y", "--id-column", "name", "--k", "2", "--restarts", "5");
    }
}
