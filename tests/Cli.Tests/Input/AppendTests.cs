using System.Text.Json;

namespace OrleansCluster.Cli.Tests;

/// <summary>Datasets that grow, and are looked after.</summary>
[Collection(nameof(CommandLine))]
public sealed class AppendTests : IDisposable
{
    private readonly Workspace _folder = CommandLine.NewWorkspace();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Rows_of_another_format_and_order_of_columns_come_behind()
    {
        _folder.Write("a.csv", "x,word\n1,b\n2,a\n");
        _folder.Write("b.jsonl", "{\"word\": \"c\", \"x\": 3}\n{\"word\": \"a\", \"x\": null}\n");
        _folder.Write("all.csv", "x,word\n1,b\n2,a\n3,c\n,a\n");
        await _folder.JsonAsync("datasets", "import", "t", "a.csv");
        JsonElement appended = await _folder.JsonAsync("datasets", "append", "t", "b.jsonl");
        JsonElement whole = await _folder.JsonAsync("datasets", "import", "whole", "all.csv");
        appended.GetProperty("version").GetInt32().ShouldBe(2);
        appended.GetProperty("rows").GetInt32().ShouldBe(4);
        appended.GetProperty("manifest").GetString().ShouldBe(whole.GetProperty("manifest").GetString());

        _folder.Write("other.csv", "y,word\n1,b\n");
        (await _folder.RunAsync("datasets", "append", "t", "other.csv")).Refused(2).ShouldContain("'x'");
        (await _folder.RunAsync("datasets", "append", "none", "b.jsonl")).Refused(2).ShouldContain("There is no dataset 'none'");
    }

    [Fact]
    public async Task A_damaged_shard_is_told()
    {
        _folder.Write("a.csv", "x,y\n1,2\n3,4\n");
        await _folder.JsonAsync("datasets", "import", "t", "a.csv");
        JsonElement clean = await _folder.JsonAsync("datasets", "verify");
        (clean.GetProperty("versions").GetInt32(), clean.GetProperty("shards").GetInt32(), clean.GetProperty("faults").GetArrayLength()).ShouldBe((1, 1, 0));

        string shard = Directory.GetFiles(_folder.Home, "*", SearchOption.AllDirectories)
            .Single(file => Path.GetFileName(file).Length == 64 && File.ReadAllBytes(file)[0] != '{');
        byte[] bytes = File.ReadAllBytes(shard);
        bytes[64] ^= 1;
        File.WriteAllBytes(shard, bytes);
        Outcome told = await _folder.RunAsync("datasets", "verify", "t");
        told.ExitCode.ShouldBe(1);
        told.Output.ShouldContain("t@1, shard 0: ");
        told.Output.ShouldContain("is damaged: its content is not what its name says.");
        File.Delete(shard);
        (await _folder.RunAsync("datasets", "verify", "t@1")).Output.ShouldContain("is missing.");
    }
}
