using System.Text.Json;

namespace OrleansCluster.Cli.Tests;

/// <summary>What is described, renamed and deleted from the command line.</summary>
[Collection(nameof(CommandLine))]
public sealed class DeletionCommandTests
{
    [Fact]
    public async Task What_is_needed_is_told_and_goes_by_force()
    {
        using Workspace work = CommandLine.NewWorkspace();
        work.Write("a.csv", "x,y\n0,0\n0,1\n10,0\n10,1\n");
        await work.JsonAsync("train", "kmeans", "--data", "a.csv", "--k", "2", "--model", "m");
        JsonElement told = await work.JsonAsync("datasets", "describe", "a");
        told.GetProperty("history").EnumerateArray().ShouldHaveSingleItem().GetProperty("by").GetString().ShouldBe(Environment.UserName);
        Path.GetFileName(told.GetProperty("shard_origins")[0].GetProperty("source").GetString()).ShouldBe("a.csv");
        told.GetProperty("used_by").EnumerateArray().ShouldHaveSingleItem().GetProperty("model").GetString().ShouldBe("m");
        (await work.RunAsync("datasets", "describe", "a@1")).Succeeded().Output.ShouldContain("needed by model m version 1 was trained on version 1");

        (await work.RunAsync("datasets", "compact", "a")).Succeeded().Output.ShouldStartWith("a is compact: 1 version, 1 shard, ");
        (await work.RunAsync("datasets", "compact", "nothing")).Refused(2).ShouldContain("nothing");
        work.Write("b.csv", "x,y\n5,5\n");
        await work.JsonAsync("datasets", "append", "a", "b.csv");
        await work.JsonAsync("datasets", "append", "a", "b.csv");
        JsonElement compact = await work.JsonAsync("datasets", "compact", "a", "--dry-run");
        compact.GetProperty("dry_run").GetBoolean().ShouldBeTrue();
        compact.GetProperty("versions").EnumerateArray().ShouldHaveSingleItem().GetProperty("version").GetInt32().ShouldBe(2);
        string compacted = (await work.RunAsync("datasets", "compact", "a")).Succeeded().Output;
        compacted.ShouldContain("Compacted a: 3 versions, 3 shards, ");
        compacted.ShouldContain("Kept: model m version 1 was trained on version 1.");
        (await work.RunAsync("datasets", "describe", "a")).Succeeded().Output.ShouldContain("within version 3: ");

        (await work.RunAsync("datasets", "rename", "a", "b")).Succeeded().Output.ShouldBe("a is called b.\n");
        (await work.RunAsync("datasets", "delete", "b@1")).Refused(2).ShouldContain("is needed: model m version 1 was trained on version 1");
        string forced = (await work.RunAsync("datasets", "delete", "b", "--force", "--yes")).Succeeded().Output;
        forced.ShouldContain("Deleted all versions of b.");
        forced.ShouldContain("Lost: version 1, which model m version 1 was trained on.");
        string job = (await work.JsonAsync("jobs", "list"))[0].GetProperty("id").GetString()!;
        (await work.RunAsync("jobs", "delete", job)).Succeeded().Output.ShouldBe($"Deleted job {job}.\n");
        (await work.RunAsync("models", "delete", "m@1")).Refused(2).ShouldContain("is the only one");
        (await work.JsonAsync("models", "delete", "m", "--reason", "old")).GetProperty("deleted")[0].GetInt32().ShouldBe(1);
    }
}
