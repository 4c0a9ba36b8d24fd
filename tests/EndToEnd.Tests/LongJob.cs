using System.Text.Json;
using OrleansCluster.Cli.Tests;

namespace OrleansCluster.EndToEnd.Tests;

/// <summary>A training that takes some seconds, so that it can be stopped on the way; and its result when nothing stops it.</summary>
internal static class LongJob
{
    private const int Rows = 20_000;

    /// <summary>The training's arguments; <paramref name="restarts"/> sets how long it takes.</summary>
    /// <param name="what"><c>kmeans</c>, <c>gmm</c> or <c>gmm-choice</c>: a mixture of a number of components that is chosen.</param>
    public static string[] Arguments(int restarts, string what = "kmeans") =>
    [
        "train", what.Split('-')[0], "--data", "blobs", "--k", what switch { "kmeans" => "20", "gmm" => "6", _ => "2..5" },
        "--restarts", restarts.ToString(System.Globalization.CultureInfo.InvariantCulture), "--seed", "11", "--tolerance", "0", "--max-iterations", "40",
    ];

    /// <summary>Imports the rows.</summary>
    public static async Task ImportAsync(Workspace work)
    {
        string data = work.Write("rows.csv", Blobs.Make(Rows, 6, 30, seed: 3, spread: 3));
        await work.JsonAsync("datasets", "import", "blobs", data);
    }

    /// <summary>How many restarts take about <paramref name="seconds"/> on this machine.</summary>
    public static async Task<int> RestartsForAsync(Workspace work, double seconds, string what = "kmeans")
    {
        // Enough of them that starting up does not count for much.
        int trial = what == "kmeans" ? 30 : 3;
        JsonElement report = await work.JsonAsync(Arguments(trial, what));
        double each = report.GetProperty("seconds").GetProperty("total").GetDouble() / trial;
        return (int)Math.Clamp(seconds / each, trial, 5_000);
    }

    /// <summary>The digest of the training when nothing stops it.</summary>
    public static async Task<string> DigestAsync(Workspace work, int restarts, string what = "kmeans") =>
        (await work.JsonAsync(Arguments(restarts, what))).GetProperty("digest").GetString()!;

    /// <summary>The state of a job, as a new process finds it.</summary>
    public static async Task<string> StateAsync(Workspace work, string job) =>
        (await work.JsonAsync("jobs", "list")).EnumerateArray().Single(entry => entry.GetProperty("id").GetString() == job).GetProperty("state").GetString()!;
}
