using System.Diagnostics;
using OrleansCluster.Client;
using OrleansCluster.Serving;
using OrleansCluster.Silo;

namespace OrleansCluster.Bench.Load;

/// <summary>
/// Many tenants with two models each on one silo: how long the first question to a model takes that nobody has asked since the silo started, and what memory a
/// model keeps that was asked, beyond its parameters.
/// </summary>
internal static class TenantsBench
{
    /// <param name="source">A home folder that has the models.</param>
    /// <param name="models">Their names: each tenant has a copy of each.</param>
    /// <param name="columns">Their columns.</param>
    /// <param name="tenants">How many there are.</param>
    /// <returns>A line of JSON.</returns>
    public static async Task<string> RunAsync(string source, string[] models, int columns, int tenants)
    {
        string home = Directory.CreateTempSubdirectory("tenants-bench-").FullName;
        try
        {
            await MakeAsync(source, home, models, tenants).ConfigureAwait(false);
            return await AskAsync(home, models, columns, tenants).ConfigureAwait(false);
        }
        finally
        {
            Directory.Delete(home, recursive: true);
        }
    }

    private static string Tenant(int number) => FormattableString.Invariant($"t{number}");

    private static async Task MakeAsync(string source, string home, string[] models, int tenants)
    {
        await using ClusterHost from = await ClusterHost.StartAsync(new ClusterHostOptions { Home = source }).ConfigureAwait(false);
        await using ClusterHost to = await ClusterHost.StartAsync(new ClusterHostOptions { Home = home }).ConfigureAwait(false);
        var known = new ClusteringClient(from.Grains);
        var administration = new Administration(to.Grains);
        foreach (int tenant in Enumerable.Range(0, tenants))
            await administration.CreateAsync(Tenant(tenant)).ConfigureAwait(false);
        await Parallel.ForAsync(0, tenants, async (tenant, stop) =>
        {
            foreach (string model in models)
                await known.CopyModelAsync(model, new ClusteringClient(to.Grains, Tenant(tenant)), stop).ConfigureAwait(false);
        }).ConfigureAwait(false);
    }

    private static async Task<string> AskAsync(string home, string[] models, int columns, int tenants)
    {
        // Parameters of one model at a time: a question to another reads them again, and none of them is in what is measured.
        await using ClusterHost host = await ClusterHost.StartAsync(new ClusterHostOptions { Home = home, ModelBytes = 1 }).ConfigureAwait(false);
        RowsPayload row = RowsPayloads.Of(Questions.Row(columns, 0).AsSpan(), columns);
        // What is compiled and made once is the first tenant's.
        await FirstAsync(host, 0, models, row, null).ConfigureAwait(false);
        long before = await UsedAsync(host).ConfigureAwait(false);
        var milliseconds = new List<double>();
        for (int tenant = 1; tenant < tenants; tenant++)
            await FirstAsync(host, tenant, models, row, milliseconds).ConfigureAwait(false);
        double active = (GC.GetTotalMemory(forceFullCollection: true) - before) / (double)milliseconds.Count;
        double idle = (await UsedAsync(host).ConfigureAwait(false) - before) / (double)milliseconds.Count;
        milliseconds.Sort();
        (double p50, double p99) = (milliseconds[milliseconds.Count / 2], milliseconds[milliseconds.Count * 99 / 100]);
        return FormattableString.Invariant($"{{\"models\":{milliseconds.Count},\"bytes_asked\":{active:0},\"bytes_idle\":{idle:0},")
            + FormattableString.Invariant($"\"first_p50\":{p50:0.00},\"first_p99\":{p99:0.00},\"first_most\":{milliseconds[^1]:0.00}}}");
    }

    private static async Task FirstAsync(ClusterHost host, int tenant, string[] models, RowsPayload row, List<double>? milliseconds)
    {
        var client = new ClusteringClient(host.Grains, Tenant(tenant));
        foreach (string model in models)
        {
            long begun = Stopwatch.GetTimestamp();
            await client.Models.AssignAsync(model, 0, row).ConfigureAwait(false);
            milliseconds?.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
        }
    }

    /// <summary>Memory in use when no grain is active that is not needed.</summary>
    private static async Task<long> UsedAsync(ClusterHost host)
    {
        await host.Grains.GetGrain<IManagementGrain>(0).ForceActivationCollection(TimeSpan.Zero).ConfigureAwait(false);
        await Task.Delay(TimeSpan.FromSeconds(2)).ConfigureAwait(false);
        return GC.GetTotalMemory(forceFullCollection: true);
    }
}
