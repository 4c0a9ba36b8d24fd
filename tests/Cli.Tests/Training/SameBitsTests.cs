using System.Text.Json;

namespace OrleansCluster.Cli.Tests;

/// <summary>The result depends on the rows, the request and the seed alone.</summary>
[Collection(nameof(CommandLine))]
public sealed class SameBitsTests
{
    [Fact]
    public async Task Threads_and_acceleration_change_no_bit()
    {
        using Workspace work = CommandLine.NewWorkspace();
        // More rows than a shard holds, and values far from zero.
        double[,] rows = Blobs.Make(150_000, 2, 40, seed: 5, spread: 40);
        for (int i = 0; i < rows.GetLength(0); i++)
            rows[i, 0] += 1e6;
        await work.JsonAsync("datasets", "import", "wide", work.Write("rows.csv", rows));

        var digests = new List<string>();
        foreach (string threads in new[] { "1", "2" })
        {
            foreach (string[] plain in new string[][] { [], ["--plain"] })
            {
                JsonElement report = await work.JsonAsync(
                    ["train", "kmeans", "--data", "wide", "--k", "40", "--restarts", "2", "--max-iterations", "15", "--threads", threads, .. plain]);
                digests.Add(report.GetProperty("digest").GetString()!);
            }
        }

        digests.Distinct().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Another_seed_is_another_start()
    {
        using Workspace work = CommandLine.NewWorkspace();
        await work.JsonAsync("datasets", "import", "blobs", work.Write("rows.csv", Blobs.Make(2_000, 2, 12)));
        string one = await FirstObjectiveAsync(work, "1"), again = await FirstObjectiveAsync(work, "1"), two = await FirstObjectiveAsync(work, "2");
        again.ShouldBe(one);
        two.ShouldNotBe(one);
    }

    private static async Task<string> FirstObjectiveAsync(Workspace work, string seed)
    {
        JsonElement report = await work.JsonAsync("train", "kmeans", "--data", "blobs", "--k", "12", "--seed", seed);
        return report.GetProperty("iterations")[0].GetProperty("objective").GetRawText();
    }
}
