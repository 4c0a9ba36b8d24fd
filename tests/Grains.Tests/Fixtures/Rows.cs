using System.Runtime.InteropServices;
using OrleansCluster.Client;
using OrleansCluster.Datasets;
using OrleansCluster.Families.KMeans;
using OrleansCluster.Families.Mixtures;
using OrleansCluster.Training;

namespace OrleansCluster.Grains.Tests.Fixtures;

/// <summary>Rows with clusters in them, always the same for the same arguments.</summary>
internal static class Rows
{
    /// <summary>Points of a few overlapping clouds, float32, row-major.</summary>
    public static float[] Clouds(int rows, int columns = 2, int clouds = 5, int seed = 1)
    {
        var random = new Random(seed);
        float[] centres = [.. Enumerable.Range(0, clouds * columns).Select(_ => random.NextSingle() * 10)];
        var values = new float[rows * columns];
        for (int i = 0; i < rows; i++)
        {
            int cloud = random.Next(clouds);
            for (int j = 0; j < columns; j++)
                values[(i * columns) + j] = centres[(cloud * columns) + j] + (random.NextSingle() + random.NextSingle() - 1) * 2;
        }

        return values;
    }

    public static DatasetSchema Schema(string name, int columns = 2, string precision = "f4") => new()
    {
        Name = name,
        Columns = [.. Enumerable.Range(1, columns).Select(j => $"x{j}")],
        Precision = precision,
        Source = "test",
    };

    public static async Task<DatasetVersion> Import(this IClusteringClient client, string name, float[] values, int columns = 2)
    {
        await using IDatasetImport import = await client.Datasets.ImportAsync(Schema(name, columns));
        await import.AppendAsync(MemoryMarshal.AsBytes(values.AsSpan()).ToArray(), default, []);
        return await import.CommitAsync();
    }

    public static TrainingRequest Request(string dataset, string model, int k = 5, int restarts = 2, ulong seed = 7) => new()
    {
        Dataset = dataset,
        Model = model,
        Options = new KMeansOptions { K = k, Restarts = restarts, Seed = seed, Tolerance = 0, MaxIterations = 30 },
    };

    public static KMeansOptions KMeans(this TrainingRequest request) => (KMeansOptions)request.Options!;

    public static MixtureOptions Mixture(this TrainingRequest request) => (MixtureOptions)request.Options!;

    /// <summary>Watches a job to its end and answers its last state.</summary>
    public static async Task<JobStatus> Finish(this IClusteringClient client, string job)
    {
        JobStatus? last = null;
        await foreach (ProgressPage page in client.Jobs.WatchAsync(job))
            last = page.Status;
        return last!;
    }

    public static async Task<TrainingReport> Train(this IClusteringClient client, TrainingRequest request)
    {
        string job = await client.Jobs.StartAsync(request);
        JobStatus end = await client.Finish(job);
        end.State.ShouldBe(JobState.Succeeded, end.Error);
        return (await client.Jobs.ReportAsync(job))!;
    }

    public static int[] Labels(ReadOnlyMemory<byte> labels) => MemoryMarshal.Cast<byte, int>(labels.Span).ToArray();

    public static double[] Doubles(ReadOnlyMemory<byte> values) => MemoryMarshal.Cast<byte, double>(values.Span).ToArray();
}
