using System.Runtime.InteropServices;
using OrleansCluster.Client;
using OrleansCluster.Datasets;
using OrleansCluster.Families.KMeans;
using OrleansCluster.Numerics.KMeans;
using OrleansCluster.Numerics.Parallelism;
using OrleansCluster.Numerics.Rows;
using OrleansCluster.Numerics.Training;
using OrleansCluster.Training;

namespace OrleansCluster.Cluster.Tests.Clusters;

/// <summary>A training over ten shards that takes some seconds, and what it comes to when nothing but the mathematics runs.</summary>
internal static class Job
{
    public const int Shards = 10;
    private const int Columns = 4;
    private const int K = 24;
    private const int Iterations = 60;

    private static readonly Lazy<float[]> Values = new(Make);
    private static readonly Lazy<string> Expected = new(Compute);

    /// <summary>The digest of the parameters that the training comes to.</summary>
    public static string Digest => Expected.Value;

    private static int Rows => ((Shards - 1) * ShardFormat.RowsPerShard) + 1234;

    public static TrainingRequest Request(string model = "model") => new()
    {
        Dataset = "rows",
        Model = model,
        Options = new KMeansOptions { K = K, Restarts = 1, Seed = 5, Tolerance = 0, MaxIterations = Iterations, Init = "random", Plain = true },
    };

    public static async Task ImportAsync(IClusteringClient client)
    {
        var schema = new DatasetSchema { Name = "rows", Columns = [.. Enumerable.Range(1, Columns).Select(j => $"x{j}")], Precision = "f4" };
        await using IDatasetImport import = await client.Datasets.ImportAsync(schema);
        await import.AppendAsync(MemoryMarshal.AsBytes(Values.Value.AsSpan()).ToArray(), default, []);
        DatasetVersion version = await import.CommitAsync();
        version.Shards.ShouldBe(Shards);
    }

    /// <summary>Watches a job to its end, and answers the digest that it came to.</summary>
    public static async Task<string> FinishAsync(IClusteringClient client, string job)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(4));
        JobStatus? last = null;
        await foreach (ProgressPage page in client.Jobs.WatchAsync(job, patience.Token))
            last = page.Status;
        last!.State.ShouldBe(JobState.Succeeded, last.Error);
        return (await client.Jobs.ReportAsync(job))!.Digest;
    }

    /// <summary>Waits until a job has made some iterations.</summary>
    public static async Task ReachedAsync(IClusteringClient client, string job, int iteration)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        await foreach (ProgressPage page in client.Jobs.WatchAsync(job, patience.Token))
        {
            if (page.Iterations.Length > 0 && page.Iterations[^1].Iteration >= iteration)
                return;
        }
    }

    private static float[] Make()
    {
        var random = new Random(17);
        float[] centres = [.. Enumerable.Range(0, K * Columns).Select(_ => random.NextSingle() * 10)];
        var values = new float[Rows * Columns];
        for (int i = 0; i < Rows; i++)
        {
            int cloud = random.Next(K);
            for (int j = 0; j < Columns; j++)
                values[(i * Columns) + j] = centres[(cloud * Columns) + j] + ((random.NextSingle() + random.NextSingle() - 1) * 4);
        }

        return values;
    }

    private static string Compute()
    {
        KMeansOptions options = (KMeansOptions)Request().Options!;
        KMeansSpec spec = KMeansSpec.Create(K, options.Init, default, 1, Iterations, 0, options.Seed, options.Empty, options.Plain);
        var trainer = new KMeansTrainer(spec, Columns);
        IShardWorker[] workers = [.. Enumerable.Range(0, Shards).Select(shard =>
        {
            int first = shard * ShardFormat.RowsPerShard, count = Math.Min(ShardFormat.RowsPerShard, Rows - first);
            return new KMeansShardWorker(new RowBlock(Values.Value.AsMemory(first * Columns, count * Columns), Columns, default, first));
        })];
        LocalTraining.Run(trainer, workers, Sequential.Instance);
        return trainer.Result!.Model.Digest;
    }
}
