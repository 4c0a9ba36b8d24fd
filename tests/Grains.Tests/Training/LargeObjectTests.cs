using System.Collections.Concurrent;
using System.Diagnostics.Tracing;
using System.Runtime.InteropServices;
using OrleansCluster.Client;
using OrleansCluster.Families.KMeans;
using OrleansCluster.Grains.Tests.Fixtures;
using OrleansCluster.Training;

namespace OrleansCluster.Grains.Tests.Training;

/// <summary>
/// What a running job allocates among the large objects. The runtime's events are those of the whole process, so nothing else runs meanwhile.
/// </summary>
[Collection(nameof(Alone))]
public sealed class LargeObjectTests
{
    private const int K = 640, Columns = 20, RowCount = 200_000;

    /// <summary>
    /// Statistics of 113 KB and steps of 205 KB, over four shards: with an array for each message there would be more than a dozen an iteration.
    /// </summary>
    [Fact]
    public async Task Steps_and_statistics_of_a_running_job_take_no_new_large_arrays()
    {
        var random = new Random(4);
        float[] values = [.. Enumerable.Range(0, RowCount * Columns).Select(_ => random.NextSingle())];
        using var home = new TemporaryHome();
        await using ClusterFixture cluster = await ClusterFixture.StartAsync(new ClusterSetup
        {
            Home = home.Path,
            Silos = 2,
            Training = options => (options.CheckpointInterval, options.StepCacheBytes) = (TimeSpan.FromHours(1), 1 << 18),
        });
        ClusteringClient client = cluster.Client();
        await client.Import("points", values, Columns);
        double[] start = [.. values.Take(K * Columns).Select(value => (double)value)];
        TrainingRequest request = Rows.Request("points", "model", K, restarts: 1) with
        {
            Options = new KMeansOptions
            {
                K = K,
                Init = "given",
                InitialCentroids = MemoryMarshal.AsBytes<double>(start).ToArray(),
                Tolerance = 0,
                MaxIterations = 30
            },
        };

        using var listener = new LargeObjects();
        string job = await client.Jobs.StartAsync(request);
        int first = 0, last = 0;
        await foreach (ProgressPage page in client.Jobs.WatchAsync(job))
        {
            // From the first iterations on the pool has what it needs; publishing is no iteration.
            if (page.Status.Iteration >= 8 && first == 0)
                (first, listener.Counts) = (page.Status.Iteration, true);
            if (page.Status.Iteration is < 8 or > 28)
                continue;
            last = page.Status.Iteration;
            if (last > 20)
                listener.Counts = false;
        }

        (last - first).ShouldBeGreaterThan(5);
        listener.Alive.ShouldBeTrue("the runtime told nothing");
        // Steps are written down, once, only where another silo fetches them. New centres are an array an iteration, and so are the merged sums.
        listener.Bytes.Count.ShouldBeLessThanOrEqualTo((cluster.Silos.Count == 1 ? 0 : last - first) + 2, string.Join(", ", listener.Bytes));
        listener.Numbers.Count.ShouldBeLessThanOrEqualTo((2 * (last - first)) + 2, string.Join(", ", listener.Numbers));
    }

    /// <summary>Counts large arrays as the runtime tells of them, about one event for each of 100 KB and more.</summary>
    private sealed class LargeObjects : EventListener
    {
        private const EventKeywords Collector = (EventKeywords)1;

        public bool Counts { get; set; }

        public bool Alive { get; private set; }

        public ConcurrentBag<string> Bytes { get; } = [];

        public ConcurrentBag<string> Numbers { get; } = [];

        protected override void OnEventSourceCreated(EventSource eventSource)
        {
            if (eventSource.Name == "Microsoft-Windows-DotNETRuntime")
                EnableEvents(eventSource, EventLevel.Verbose, Collector);
        }

        protected override void OnEventWritten(EventWrittenEventArgs eventData)
        {
            if (eventData.EventName?.StartsWith("GCAllocationTick", StringComparison.Ordinal) != true)
                return;
            Alive = true;
            bool large = Convert.ToInt32(Field(eventData, "AllocationKind"), System.Globalization.CultureInfo.InvariantCulture) == 1;
            if (!Counts || !large || Field(eventData, "TypeName") is not string type)
                return;
            if (type is "System.Byte[]")
                Bytes.Add($"{Field(eventData, "ObjectSize")} bytes");
            else if (type.EndsWith("[]", StringComparison.Ordinal))
                Numbers.Add($"{type} of {Field(eventData, "ObjectSize")} bytes");
        }

        private static object? Field(EventWrittenEventArgs eventData, string name) =>
            eventData.PayloadNames!.IndexOf(name) is >= 0 and var at ? eventData.Payload![at] : null;
    }
}

/// <summary>Tests that nothing may run beside.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
