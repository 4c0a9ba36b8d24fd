using System.Diagnostics;
using OrleansCluster.Client;
using OrleansCluster.Silo;

namespace OrleansCluster.Bench.Load;

/// <summary>Single assignments of a program that has the silo in its process, which arrive together and are asked about together.</summary>
internal static class SdkLoad
{
    /// <summary>Assignments a second of many that ask one after the other.</summary>
    /// <param name="home">The home folder that has the model.</param>
    public static async Task<double> RunAsync(string home, string model, int columns, int askers, double warm, double seconds)
    {
        await using ClusterHost host = await ClusterHost.StartAsync(new ClusterHostOptions { Home = home }).ConfigureAwait(false);
        var assigner = new RowAssigner(new ClusteringClient(host.Grains, "default").Models, model);
        float[][] rows = [.. Enumerable.Range(0, 64).Select(seed => Questions.Row(columns, seed))];
        long from = Stopwatch.GetTimestamp() + (long)(warm * Stopwatch.Frequency), until = from + (long)(seconds * Stopwatch.Frequency);
        long[] counts = await Task.WhenAll(Enumerable.Range(0, askers).Select(asker => Task.Run(async () =>
        {
            long count = 0;
            for (int number = asker; ; number++)
            {
                await assigner.AssignAsync(rows[number % rows.Length].AsSpan()).ConfigureAwait(false);
                long now = Stopwatch.GetTimestamp();
                if (now >= until)
                    return count;
                count += now >= from ? 1 : 0;
            }
        }))).ConfigureAwait(false);
        return counts.Sum() / seconds;
    }
}
