using OrleansCluster.Cluster.Tests.Parts;

namespace OrleansCluster.Cluster.Tests.Clusters;

/// <summary>Silos that start together where the machine has other things to do.</summary>
public sealed class StartTogetherTests
{
    [Fact]
    public async Task Five_silos_that_start_together_on_busy_cores_all_join()
    {
        await using RedisServer redis = await RedisServer.StartAsync();
        using var busy = new BusyCores();
        for (int start = 0; start < Numbers.Read("CLUSTERING_STARTS", 1); start++)
        {
            // A cluster of its own each time, on the same server.
            await using var cluster = new SiloCluster([.. redis.Settings, $"Name=start{start}"]);
            // That none ended is looked at while they join.
            await cluster.StartAsync(5);
            Dictionary<SiloAddress, SiloStatus> all = await cluster.Connection.Grains.GetGrain<IManagementGrain>(0).GetHosts(onlyActive: false);
            all.Values.ShouldBe(Enumerable.Repeat(SiloStatus.Active, 5), "nobody was taken for dead");
        }
    }

    /// <summary>Threads that do nothing but compute, one for each core.</summary>
    private sealed class BusyCores : IDisposable
    {
        private volatile bool _stop;

        public BusyCores()
        {
            for (int core = 0; core < Environment.ProcessorCount; core++)
                new Thread(Compute) { IsBackground = true }.Start();
        }

        public void Dispose() => _stop = true;

        private void Compute()
        {
            while (!_stop)
                Thread.SpinWait(10_000);
        }
    }
}
