using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
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
    private const int Columns = 64, Clusters = 64, Turns = 6;
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(6);

    /// <summary>Options: <c>--rows</c>, rows of a question; <c>--metrics 1</c>, measure metrics instead of observing.</summary>
    public static async Task RunAsync(string[] args)
    {
        int rows = Options.Take(ref args, "--rows", 64);
        bool metrics = Options.Take(ref args, "--metrics", 0) > 0;
        string home = Directory.CreateTempSubdirectory("observing-bench-").FullName;
        await using (ClusterHost host = await ClusterHost.StartAsync(new ClusterHostOptions { Home = home, Observes = TimeSpan.FromHours(1) }))
        {
            var client = new ClusteringClient(host.Grains, "default");
            await TrainAsync(client);
            ObservingOptions observing = host.Services.GetRequiredService<IOptions<ObservingOptions>>().Value;
            var question = new RowsPayload { Precision = "f4", Columns = Columns, Values = Values(rows, seed: 2) };
            var costs = (Off: new List<double>(), On: new List<double>());
            for (int turn = 0; turn < 2 * Turns; turn++)
            {
                bool on = turn % 2 == 1;
                observing.Observe = on && !metrics;
                using TelemetryExport? counting = on && metrics ? TelemetryExport.Start(isScraped: true) : null;
                (on ? costs.On : costs.Off).Add(await AskAsync(client, question, rows));
            }

            (double without, double with) = (costs.Off.Order().ElementAt(Turns / 2), costs.On.Order().ElementAt(Turns / 2));
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{{\"rows\":{rows},\"microseconds_off\":{without:0.000},\"microseconds_on\":{with:0.000},\"throughput\":{without / with:0.000}}}"));
        }

        Directory.Delete(home, recursive: true);
    }

    /// <summary>Processor time of a row, in microseconds.</summary>
    private static async Task<double> AskAsync(ClusteringClient client, RowsPayload question, int rows)
    {
        (long clock, TimeSpan before, long asked) = (Stopwatch.GetTimestamp(), Process.GetCurrentProcess().TotalProcessorTime, 0);
        while (Stopwatch.GetElapsedTime(clock) < Turn)
        {
            await client.Models.AssignAsync("m", 1, question);
            asked += rows;
        }

        return (Process.GetCurrentProcess().TotalProcessorTime - before).TotalMicroseconds / asked;
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
