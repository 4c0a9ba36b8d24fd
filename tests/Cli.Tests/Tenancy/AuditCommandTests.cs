using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace OrleansCluster.Cli.Tests;

/// <summary>The audit log from the command line.</summary>
[Collection(nameof(CommandLine))]
public sealed class AuditCommandTests
{
    private const int Usage = 2, Found = 3;

    [Fact]
    public async Task The_log_is_listed_exported_and_verified()
    {
        using Workspace work = CommandLine.NewWorkspace();
        work.Write("points.csv", "x,y\n0,0\n0,1\n10,0\n10,1\n");
        (await work.RunAsync("audit", "list")).Output.ShouldContain("has no such entries");
        await work.JsonAsync("train", "kmeans", "--data", "points.csv", "--k", "2", "--model", "m");
        await work.JsonAsync("models", "alias", "m@1", "live");
        JsonElement list = await work.JsonAsync("audit", "list", "--since", "1h");
        list.EnumerateArray().Select(entry => entry.GetProperty("what").GetString())
            .ShouldBe(["model.set-alias", "model.publish", "job.start", "dataset.commit"]);
        list[0].GetProperty("who").GetString().ShouldBe(Environment.UserName);
        (await work.JsonAsync("audit", "list", "--last", "1")).GetArrayLength().ShouldBe(1);
        (await work.JsonAsync("audit", "list", "--since", "2999-01-01")).GetArrayLength().ShouldBe(0);
        (await work.RunAsync("audit", "list")).Output.ShouldContain("model.set-alias");

        JsonElement verified = await work.JsonAsync("audit", "verify");
        (verified.GetProperty("entries").GetInt64(), verified.GetProperty("broken").ValueKind).ShouldBe((4, JsonValueKind.Null));
        string known = $"4:{verified.GetProperty("head").GetString()}";
        (await work.RunAsync("audit", "verify", "--known", known)).ExitCode.ShouldBe(0);
        (await work.RunAsync("audit", "verify", "--known", $"3:{known[2..]}")).ExitCode.ShouldBe(Found);

        // Anybody can look through the file, with nothing but SHA-256.
        (await work.JsonAsync("audit", "export", "--out", "log.jsonl")).GetProperty("entries").GetInt64().ShouldBe(4);
        string[] lines = File.ReadAllLines(work.At("log.jsonl"));
        string before = "";
        foreach (string line in lines)
        {
            line.ShouldContain($"\"before\":\"{before}\"");
            before = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(line[..line.LastIndexOf(",\"hash\":", StringComparison.Ordinal)])));
            line.ShouldEndWith($",\"hash\":\"{before}\"}}");
        }

        (await work.RunAsync("audit", "verify", "--file", "log.jsonl", "--known", known)).ExitCode.ShouldBe(0);
        lines[1] = lines[1].Replace("job.start", "job.Start", StringComparison.Ordinal);
        work.Write("log.jsonl", string.Join('\n', lines) + "\n");
        Outcome broken = await work.RunAsync("audit", "verify", "--file", "log.jsonl");
        broken.ExitCode.ShouldBe(Found);
        broken.Output.ShouldContain("Entry 2 is broken");
    }

    [Theory]
    [InlineData("is no entry", "audit", "verify", "--known", "7")]
    [InlineData("none.jsonl cannot be read", "audit", "verify", "--file", "none.jsonl")]
    [InlineData("no duration", "audit", "list", "--since", "yesterday")]
    public async Task What_cannot_be_is_refused(string why, params string[] arguments)
    {
        using Workspace work = CommandLine.NewWorkspace();
        (await work.RunAsync(arguments)).Refused(Usage).ShouldContain(why);
    }
}
