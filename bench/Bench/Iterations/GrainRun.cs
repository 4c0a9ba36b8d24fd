using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Runtime.InteropServices;
using Microsoft.Extensions.DependencyInjection;
using OrleansCluster.Client;
using OrleansCluster.Compute;
using OrleansCluster.Datasets;
using OrleansCluster.Families.KMeans;
using OrleansCluster.Monitoring;
using OrleansCluster.Silo;
using OrleansCluster.Training;

namespace OrleansCluster.Bench.Iterations;

/// <summary>Trainings by the grains of a silo on a home of its own.</summary>
internal sealed class GrainRun : IAsyncDisposable
{
    private const string Dataset = "rows";

    private readonly string _home;
    private readonly ClusterHost _host;
    private readonly MeteredCompute _compute;
    private readonly ClusteringClient _client;
    private readonly KMeansOptions _options;

    private GrainRun(string home, ClusterHost host, MeteredCompute compute, KMeansOptions options)
    {
        (_home, _host, _compute, _options) = (home, host, compute, options);
        _client = new ClusteringClient(host.Grains);
    }

    public int Workers => _compute.Workers;

    public static async Task<GrainRun> StartAsync(Workload workload, float[] values, double[] start, int workers)
    {
        string home = Directory.CreateTempSubdirectory("orleanscluster-bench-").FullName;
        var compute = new MeteredCompute(new ComputePool(workers));
        try
        {
            ClusterHost host = await ClusterHost.StartAsync(new ClusterHostOptions
            {
                Home = home,
                Services = services => services.AddSingleton<ICompute>(compute),
            });
            var options = new KMeansOptions
            {
                K = workload.K,
                Init = "given",
                InitialCentroids = MemoryMarshal.AsBytes<double>(start).ToArray(),
                Tolerance = 0,
                Plain = true
            };
            var run = new GrainRun(home, host, compute, options);
            await run.ImportAsync(workload, values);
            return run;
        }
        catch
        {
            Directory.Delete(home, recursive: true);
            throw;
        }
    }

    /// <summary>Trains for so many iterations. An iteration's end is when its coordinator records it.</summary>
    public async Task<Measure> IterateAsync(int iterations)
    {
        var ends = new List<(long Time, Occupation Occupation)>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, all) =>
        {
            if (instrument.Meter.Name == TelemetryNames.Cluster && instrument.Name == "cluster.training.iteration.duration")
                all.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<double>((_, _, _, _) => ends.Add((Stopwatch.GetTimestamp(), _compute.Occupation)));
        listener.Start();
        string job = await _client.Jobs.StartAsync(
            new TrainingRequest { Dataset = Dataset, Model = "model", Options = _options with { MaxIterations = iterations } });
        await foreach (ProgressPage page in _client.Jobs.WatchAsync(job))
        {
            if (page.Status.State is JobState.Failed)
                throw new InvalidOperationException(page.Status.Error);
        }

        return Measure.Between(ends, Workers);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _compute.Dispose();
        Directory.Delete(_home, recursive: true);
    }

    private async Task ImportAsync(Workload workload, float[] values)
    {
        await using IDatasetImport import = await _client.Datasets.ImportAsync(new DatasetSchema
        {
            Name = Dataset,
            Columns = [.. Enumerable.Range(0, workload.Columns).Select(column => $"x{column}")],
            Precision = "f4",
        });
        // A copy a part: a buffer of bytes over these floats would need unsafe code for what happens once.
        for (int first = 0; first < values.Length; first += 1 << 24)
            await import.AppendAsync(MemoryMarshal.AsBytes(values.AsSpan(first, Math.Min(1 << 24, values.Length - first))).ToArray(), default, []);
        await import.CommitAsync();
    }
}
