using System.Text.Json;

namespace OrleansCluster.Cli.Tests;

/// <summary>A home as a file, and back, from the command line.</summary>
[Collection(nameof(CommandLine))]
public sealed class BackupCommandTests
{
    [Fact]
    public async Task A_home_comes_out_in_another_and_what_is_there_is_not_written_over()
    {
        using Workspace work = CommandLine.NewWorkspace(), other = CommandLine.NewWorkspace();
        work.Write("a.csv", "x,y\n0,0\n0,1\n10,0\n10,1\n");
        await work.JsonAsync("train", "kmeans", "--data", "a.csv", "--k", "2", "--model", "m");
        JsonElement told = await work.JsonAsync("backup", "all.ocb");
        (told.GetProperty("datasets").GetInt32(), told.GetProperty("models").GetInt32(), told.GetProperty("jobs").GetInt32()).ShouldBe((1, 1, 1));
        told.GetProperty("bytes").GetInt64().ShouldBe(new FileInfo(work.At("all.ocb")).Length);
        (await work.RunAsync("restore", "all.ocb")).Succeeded().Output.ShouldEndWith(" UTC. 3 things of it were here already.\n");
        (await work.RunAsync("backup", "m.ocb", "--model", "none")).Refused(1).ShouldBe("There is no model 'none'.");
        File.Exists(work.At("m.ocb")).ShouldBeFalse();

        string shard = Directory.GetFiles(Path.Combine(work.Home, "blobs"), "*", SearchOption.AllDirectories).MaxBy(file => new FileInfo(file).Length)!;
        byte[] bytes = File.ReadAllBytes(shard);
        File.WriteAllBytes(shard, [.. bytes[..^1], (byte)~bytes[^1]]);
        (await work.RunAsync("backup", "m.ocb")).Refused(1).ShouldMatch("^The [a-z]+ '.*' cannot be backed up: The blob [0-9a-f]{64} is damaged\\.");
        File.Exists(work.At("m.ocb")).ShouldBeFalse();
        File.WriteAllBytes(shard, bytes);

        File.Copy(work.At("all.ocb"), other.At("all.ocb"));
        byte[] backup = File.ReadAllBytes(work.At("all.ocb"));
        backup[backup.Length / 2]++;
        File.WriteAllBytes(other.At("damaged.ocb"), backup);
        (await other.RunAsync("restore", "damaged.ocb")).Refused(2).ShouldContain("Nothing was restored: take another copy of the backup.");
        File.WriteAllText(other.At("l.txt"), "rows and rows");
        (await other.RunAsync("restore", "l.txt")).Refused(2).ShouldContain("is no backup");
        (await other.RunAsync("restore", "none.ocb")).Refused(2).ShouldBe("none.ocb cannot be read: there is no such file. Correct the name.");
        (await other.RunAsync("restore", "all.ocb", "--tenant", "default")).Succeeded().Output.ShouldStartWith(
            "Restored 1 dataset, 1 model and 1 job of 1 tenant as of 20");
        (await other.RunAsync("assign", "--model", "m", "--data", "a", "--out", "l.csv")).Succeeded();
        (await work.RunAsync("assign", "--model", "m", "--data", "a", "--out", "l.csv")).Succeeded();
        File.ReadAllText(other.At("l.csv")).ShouldBe(File.ReadAllText(work.At("l.csv")));
        (await other.RunAsync("models", "tag", "m@1", "run=17")).Succeeded();
        (await other.RunAsync("restore", "all.ocb")).Refused(1).ShouldBe("There is something else here already under this name: model 'm' of default. "
            + "Nothing was restored: restore into another home, or delete those first.");
    }

    [Fact]
    public async Task What_a_backup_that_was_killed_left_goes_with_the_next_one_into_that_file_and_nothing_else_does()
    {
        using Workspace work = CommandLine.NewWorkspace();
        string[] left = ["all.ocb.0123456789ab-1.tmp", "all.ocb.0123456789ab-12.tmp"];
        string[] others = ["all.ocb.tmp", "all.ocb.notes-1.tmp", "other.ocb.0123456789ab-1.tmp", "all.ocb.0123456789ab-.tmp", "all.ocb.0123456789ab-3.tmp"];
        foreach (string name in (string[])[.. left, .. others])
            File.WriteAllText(work.At(name), "OCBK");
        Outcome outcome;
        // As another process has it that still writes.
        using (new FileStream(work.At(others[^1]), FileMode.Open, FileAccess.Write, FileShare.None))
            outcome = (await work.RunAsync("backup", "all.ocb")).Succeeded();
        foreach (string name in left)
        {
            File.Exists(work.At(name)).ShouldBeFalse();
            outcome.Error.ShouldContain(name);
        }

        others.ShouldAllBe(name => File.Exists(work.At(name)));
    }
}
