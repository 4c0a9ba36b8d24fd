using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.Extensions.Hosting;
using OrleansCluster.Cli.Tests.Families.Origin;
using OrleansCluster.Families;
using OrleansCluster.Numerics.Parallelism;
using OrleansCluster.Numerics.Rows;
using OrleansCluster.Numerics.Training;
using OrleansCluster.Silo.Clustering;

namespace OrleansCluster.Cli.Tests.Families;

/// <summary>
/// What it takes to add a family: the folder beside this file, and the line below. With nothing else it is trained on three silos, published, aligned,
/// judged, served, shown by the command and described in JSON.
/// </summary>
[Collection(nameof(CommandLine))]
public sealed class OriginTests : IAsyncLifetime
{
    /// <summary>The one line that registers it.</summary>
    private static readonly FamilyRegistry Families = FamilyRegistry.Standard.With(new OriginFamily());

    private readonly string _folder = Directory.CreateTempSubdirectory("origin-").FullName;
    private readonly List<IHost> _silos = [];
    private string _address = "";

    public async ValueTask InitializeAsync()
    {
        int primary = FreePort();
        for (int i = 0; i < 3; i++)
        {
            (int port, int gateway) = (i == 0 ? primary : FreePort(), FreePort());
            if (i == 0)
                _address = $"127.0.0.1:{gateway}";
            IHost silo = await SiloProcess.CreateAsync(
                [
                    Setting("Folder", Path.Combine(_folder, "shared")), Setting("SiloPort", port), Setting("GatewayPort", gateway),
                    Setting("Primary", $"127.0.0.1:{primary}"), Setting("Threads", 1),
                ],
                Families);
            await silo.StartAsync();
            _silos.Add(silo);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (IHost silo in Enumerable.Reverse(_silos))
        {
            await silo.StopAsync();
            silo.Dispose();
        }

        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_family_is_a_folder_and_a_line()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "work"));
        await File.WriteAllLinesAsync(Path.Combine(_folder, "work", "rows.csv"),
            Values().Select(row => string.Create(CultureInfo.InvariantCulture, $"{row.X},{row.Y}")).Prepend("x,y"));
        string[] seeds = [.. Enumerable.Range(0, 200).Where(FindsAll).Take(2).Select(seed => seed.ToString(CultureInfo.InvariantCulture))];

        // Trained on three silos; bad options are refused by what the options say of themselves.
        JsonElement first = await JsonAsync("train", "origin", "--data", "rows.csv", "--model", "m", "--k", "3", "--seed", seeds[0], "--radius", "1.5");
        (first.GetProperty("algorithm").GetString(), first.GetProperty("radius").GetDouble(), first.GetProperty("k").GetInt32()).ShouldBe(("origin", 1.5, 3));
        first.GetProperty("at_origin").GetDouble().ShouldBe(100);
        first.GetProperty("objective_name").GetString().ShouldBe("inertia");
        first.GetProperty("sizes").EnumerateArray().Sum(size => size.GetInt64()).ShouldBe(300);
        (await RunAsync("train", "origin", "--data", "rows", "--k", "3", "--radius", "-1")).Error.ShouldContain("--radius -1 is negative: give 0 or more.");
        (await RunAsync("train", "origin", "--data", "rows", "--k", "2..4")).Error.ShouldContain("--k 2..4 is several numbers: give one.");

        // Published, aligned with what was there, judged by a policy, continued from the champion.
        (await RunAsync("models", "policy", "m", "--objective-worse-than", "1%", "--silhouette", "0.5")).ExitCode.ShouldBe(0);
        JsonElement second = await JsonAsync("train", "origin", "--data", "rows", "--model", "m", "--k", "3", "--seed", seeds[1], "--radius", "1.5");
        second.GetProperty("version").GetInt32().ShouldBe(2);
        second.GetProperty("digest").GetString().ShouldNotBeNull();
        JsonElement gate = second.GetProperty("gate");
        gate.GetProperty("verdict").GetString().ShouldBe("champion");
        JsonElement again = await JsonAsync("retrain", "m", "--data", "rows");
        (again.GetProperty("retraining").GetString(), again.GetProperty("radius").GetDouble()).ShouldBe(("warm", 1.5));
        again.GetProperty("gate").GetProperty("rules").EnumerateArray().ShouldAllBe(outcome => outcome.GetProperty("passed").GetBoolean());
        JsonElement diff = await JsonAsync("models", "diff", "m@2", "@3");
        diff.ToString().ShouldContain("centroid-distance", Case.Insensitive);

        // Served: the origin's own cluster is the one that has no other centre.
        JsonElement assigned = await JsonAsync("assign", "--model", "m@3", "--data", "rows.csv");
        assigned.GetProperty("rows").GetInt64().ShouldBe(300);
        (await RunAsync("score", "--model", "m", "--data", "rows.csv")).Error.ShouldContain("(k-means around the origin) has no densities and no "
            + "responsibilities: it has labels, distances.");

        // Shown, and described.
        string shown = (await RunAsync("models", "show", "m@3")).Output;
        shown.ShouldContain("3 clusters of 300 rows");
        shown.ShouldContain("at the origin 100");
        JsonElement listed = await JsonAsync("models", "list");
        listed[0].GetProperty("algorithm").GetString().ShouldBe("origin");
        JsonElement described = await JsonAsync("families", "show", "origin");
        described.GetProperty("options").GetProperty("properties").GetProperty("radius").GetProperty("minimum").GetDouble().ShouldBe(0);
        (await RunAsync("train", "origin", "--help")).Output.ShouldContain("Rows this near to the origin belong to it");
        JsonElement exported = await ExportAsync("m@3");
        exported.GetProperty("radius").GetDouble().ShouldBe(1.5);
        exported.GetProperty("arrays").GetProperty("centroids").EnumerateArray().Select(length => length.GetInt32()).ShouldBe([3, 2]);
        exported.GetProperty("centroids").EnumerateArray().Count(centre => centre.EnumerateArray().All(value => value.GetDouble() == 0)).ShouldBe(1);

        // The same bits in one process.
        JsonElement alone =
            await JsonAsync(cluster: false, "train", "origin", "--data", "rows.csv", "--model", "moved", "--k", "3", "--seed", seeds[0], "--radius", "1.5");
        alone.GetProperty("digest").GetString().ShouldBe(first.GetProperty("digest").GetString());

        // From the home to the cluster, where it answers and goes on, and back.
        (await JsonAsync(cluster: false, "datasets", "copy", "--to", _address))[0].GetProperty("copied").GetInt32().ShouldBe(0);
        (await JsonAsync(cluster: false, "models", "copy", "moved", "--to", _address))[0].GetProperty("copied").GetInt32().ShouldBe(1);
        (await JsonAsync("retrain", "moved", "--data", "rows")).GetProperty("version").GetInt32().ShouldBe(2);
        JsonElement back = await JsonAsync("models", "copy", "moved", "--to-home", Path.Combine(_folder, "home"));
        (back[0].GetProperty("version").GetInt32(), back[0].GetProperty("copied").GetInt32()).ShouldBe((2, 1));
        (await JsonAsync(cluster: false, "assign", "--model", "moved@2", "--data", "rows.csv")).GetProperty("rows").GetInt64().ShouldBe(300);
    }

    private async Task<JsonElement> ExportAsync(string version)
    {
        (await RunAsync("models", "export", version, "out")).ExitCode.ShouldBe(0);
        return JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(_folder, "work", "out", "parameters.json"))).RootElement;
    }

    private Task<JsonElement> JsonAsync(params string[] arguments) => JsonAsync(cluster: true, arguments);

    private async Task<JsonElement> JsonAsync(bool cluster, params string[] arguments)
    {
        (int code, string output, string error) = await CommandLine.RunAsync(Path.Combine(_folder, "work"), Families,
            [.. arguments, "--report", "json", .. cluster ? new[] { "--cluster", _address } : []]);
        code.ShouldBe(0, error);
        return JsonDocument.Parse(output).RootElement;
    }

    private Task<Outcome> RunAsync(params string[] arguments) =>
        CommandLine.RunAsync(Path.Combine(_folder, "work"), Families, [.. arguments, "--cluster", _address]);

    /// <summary>A hundred rows within 1 of the origin, and a hundred around each of two places.</summary>
    private static IEnumerable<(double X, double Y)> Values()
    {
        foreach ((double x, double y) in new[] { (0.0, 0.0), (20, 5), (-7, 30) })
        {
            for (int i = 0; i < 100; i++)
                yield return (x + (Math.Cos(i) * i / 150), y + (Math.Sin(i) * i / 150));
        }
    }

    /// <summary>Whether the rows that a seed starts from lead to all three places: the family's mathematics alone, without a silo.</summary>
    private static bool FindsAll(int seed)
    {
        var rows = new RowBlock(Values().SelectMany(row => new[] { row.X, row.Y }).ToArray(), 2);
        var trainer = (OriginTrainer)OriginFamily.Instance.Rehearse(new OriginOptions { K = 3, Seed = (ulong)seed, Radius = 1.5 }, 3, 2);
        LocalTraining.Run(trainer, [new OriginWorker(rows)], Sequential.Instance);
        return trainer.Totals!.Rows.All(count => count == 100);
    }

    private static KeyValuePair<string, string?> Setting(string key, object value) =>
        KeyValuePair.Create(key, Convert.ToString(value, CultureInfo.InvariantCulture));

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
