using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OrleansCluster.Client;
using OrleansCluster.Datasets;
using OrleansCluster.Families;
using OrleansCluster.Families.Options;
using OrleansCluster.Monitoring;
using OrleansCluster.Serving;
using OrleansCluster.Silo;
using OrleansCluster.Training;
using OrleansCluster.Web.Hosting;

namespace OrleansCluster.Bench;

/// <summary>
/// What it costs to observe what a model is asked, and to count it for metrics: processor time of an answered row with and without, by turns.
/// </summary>
internal static class ObservingBench
{
    private const int Columns = 64, Clusters = 64, Warm = 4;
    private static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// Options: <c>--rows</c>, rows of a question; <c>--pairs</c>, turns with and without; <c>--metrics 1</c>, measure metrics instead of observing;
    /// <c>--http 1</c>, ask over HTTP, with the client's share of the processor time in both.
    /// </summary>
    public static async Task RunAsync(string[] args)
    {
        int rows = Options.Take(ref args, "--rows", 64), pairs = Options.Take(ref args, "--pairs", 100);
        bool metrics = Options.Take(ref args, "--metrics", 0) > 0, http = Options.Take(ref args, "--http", 0) > 0;
        string home = Directory.CreateTempSubdirectory("observing-bench-").FullName;
        await using (ClusterHost host = await ClusterHost.StartAsync(new ClusterHostOptions { Home = home, Observes = TimeSpan.FromHours(1) }))
        {
            var client = new ClusteringClient(host.Grains, "default");
            await TrainAsync(client);
            ObservingOptions observing = host.Services.GetRequiredService<IOptions<ObservingOptions>>().Value;
            byte[] values = Values(rows, seed: 2);
            var question = new RowsPayload { Precision = "f4", Columns = Columns, Values = values };
            await using WebServer server = await WebServer.StartAsync(
                new WebOptions { Port = 0 }, () => client, [.. FamilyRegistry.Standard.All.Select(family => family.Description)]);
            using var web = new HttpClient { BaseAddress = server.Address };
            byte[] body = JsonSerializer.SerializeToUtf8Bytes(
                new { rows = MemoryMarshal.Cast<byte, float>(values).ToArray().Chunk(Columns) });
            Func<Task> ask = http ? () => PostAsync(web, body) : () => client.Models.AssignAsync("m", 1, question);
            int questions = await CalibrateAsync(ask);
            (var off, var on) = (new double[pairs], new double[pairs]);
            for (int pair = -Warm; pair < pairs; pair++)
            {
                // What changes slowly is the same for both, and which comes first changes.
                foreach (bool isOn in (bool[])(pair % 2 == 0 ? [false, true] : [true, false]))
                {
                    observing.Observe = isOn && !metrics;
                    using TelemetryExport? counting = isOn && metrics ? TelemetryExport.Start(isScraped: true) : null;
                    // Beginning to count costs something once, which is not what a question costs.
                    await AskAsync(ask, questions);
                    double cost = await AskAsync(ask, questions) / rows;
                    if (pair >= 0)
                        (isOn ? on : off)[pair] = cost;
                }
            }

            double[] ratios = [.. on.Zip(off, (with, without) => with / without).Order()];
            // Of the sorted ratios, those between which the median lies with 95 %: ranks n/2 ∓ 0.98 √n.
            int within = (int)Math.Ceiling(0.98 * Math.Sqrt(pairs));
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{{\"rows\":{rows},\"pairs\":{pairs},\"microseconds_off\":{off.Order().ElementAt(pairs / 2):0.000},"
                    + $"\"microseconds_on\":{on.Order().ElementAt(pairs / 2):0.000},"
                    + $"\"ratio\":{ratios[pairs / 2]:0.0000},\"from\":{ratios[Math.Max(0, (pairs / 2) - within)]:0.0000},"
                    + $"\"to\":{ratios[Math.Min(pairs - 1, (pairs / 2) + within)]:0.0000}}}"));
        }

        Directory.Delete(home, recursive: true);
    }

    private static async Task PostAsync(HttpClient web, byte[] body)
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new("application/json");
        using HttpResponseMessage answer = await web.PostAsync("/api/v1/models/m/assign", content);
        answer.EnsureSuccessStatusCode();
        await answer.Content.ReadAsByteArrayAsync();
    }

    /// <summary>How many questions take a turn.</summary>
    private static async Task<int> CalibrateAsync(Func<Task> ask)
    {
        (long clock, int asked) = (Stopwatch.GetTimestamp(), 0);
        for (; Stopwatch.GetElapsedTime(clock) < 8 * Turn; asked++)
            await ask();
        return Math.Max(1, asked / 8);
    }

    /// <summary>Processor time of a question, in microseconds: of the whole process, so that what is done beside it counts.</summary>
    private static async Task<double> AskAsync(Func<Task> ask, int questions)
    {
        TimeSpan before = Environment.CpuUsage.TotalTime;
        for (int i = 0; i < questions; i++)
            await ask();
        return (Environment.CpuUsage.TotalTime - before).TotalMicroseconds / questions;
    }

    private static async Task TrainAsync(ClusteringClient client)
    {
        await using (IDatasetImport import = await client.Datasets.ImportAsync(
            new DatasetSchema { Name = "points", Columns = [.. Enumerable.Range(0, Columns).Select(j => $"c{j}")], Precision = "f4", Source = "bench" }))
        {
            await import.AppendAsync(Values(4000, seed: 1), default, []);
            await import.CommitAsync();
        }

        IFamily family = FamilyRegistry.Standard.All[0];
        string job = await client.Jobs.StartAsync(new TrainingRequest
        {
            Dataset = "points",
            Model = "m",
            Options = family.Typical.With(nameof(ITrainingOptions.K), Clusters),
        });
        await foreach (ProgressPage page in client.Jobs.WatchAsync(job))
        {
            if (page.Status is { State: JobState.Failed } failed)
                throw new InvalidOperationException(failed.Error);
        }
    }

    private static byte[] Values(int rows, int seed)
    {
        var random = new Random(seed);
        return MemoryMarshal.AsBytes<float>(Enumerable.Range(0, rows * Columns).Select(_ => random.NextSingle()).ToArray()).ToArray();
    }
}
