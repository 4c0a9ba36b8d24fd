using System.Runtime.InteropServices;
using OrleansCluster.Client;
using OrleansCluster.Datasets;
using OrleansCluster.Families;
using OrleansCluster.Families.SphericalKMeans;
using OrleansCluster.Grains.Tests.Fixtures;
using OrleansCluster.Models;
using OrleansCluster.Numerics.Rows;
using OrleansCluster.Serving;
using OrleansCluster.Training;

namespace OrleansCluster.Grains.Tests.Families;

/// <summary>Spherical k-means from datasets to answers: of rows with and without their zeros, in training and serving, one direction, one distance.</summary>
public sealed class SphericalKMeansTests(SharedCluster shared)
{
    private const int Columns = 10, K = 5, RowCount = 67_000;

    private readonly ClusteringClient _client = shared.NewTenant().Client();

    [Fact]
    public async Task Training_and_answers_are_of_directions_whatever_lies_in_shards()
    {
        float[] values = Values(RowCount);
        await _client.Import("dense", values, Columns);
        await Import("sparse", values);
        TrainingReport dense = await _client.Train(Request("dense", "dense")), sparse = await _client.Train(Request("sparse", "sparse"));
        (sparse.Digest, sparse.Objective, sparse.Stop).ShouldBe((dense.Digest, dense.Objective, dense.Stop));
        (sparse.Options.Family, sparse.Family!.Objective).ShouldBe(("spherical-kmeans", "inertia of cosine distances"));
        sparse.PartMeasures.ShouldHaveSingleItem().Values.ShouldAllBe(cosine => cosine > 0.5 && cosine <= 1);
        double[] centres = Rows.Doubles((await _client.Models.ParametersAsync("dense"))!.Centroids);

        (byte[] labels, byte[] distances) = await Assign("dense", "dense");
        foreach ((string model, string dataset) in new[] { ("sparse", "sparse"), ("sparse", "dense"), ("dense", "sparse") })
        {
            (byte[] others, byte[] far) = await Assign(model, dataset);
            others.AsSpan().SequenceEqual(labels).ShouldBeTrue($"{model} {dataset}");
            far.AsSpan().SequenceEqual(distances).ShouldBeTrue($"{model} {dataset}");
        }

        // The objective is the sum of the distances told, and those are 1 − cos.
        double[] told = Rows.Doubles(distances);
        told.Sum().ShouldBe(dense.Objective, 1e-7);
        int[] found = Rows.Labels(labels);
        for (int row = 0; row < RowCount; row += 997)
            told[row].ShouldBe(1 - Cosine(values.AsSpan(row * Columns, Columns), centres.AsSpan(found[row] * Columns, Columns)), 1e-12);
    }

    [Fact]
    public async Task A_retraining_keeps_ids_and_lengths_do_not_matter_to_answers()
    {
        float[] values = Values(1500);
        await _client.Import("rows", values, Columns);
        TrainingReport first = await _client.Train(Request("rows", "m"));
        // Twice as long, in another order.
        await _client.Import("rows", [.. values.Chunk(Columns).Reverse().SelectMany(row => row.Select(value => 2 * value))], Columns);
        string job = await _client.Jobs.RetrainAsync(new RetrainingOrder { Model = "m", Dataset = "rows" });
        (await _client.Finish(job)).State.ShouldBe(JobState.Succeeded);
        VersionAlignment alignment = (await _client.Models.AlignmentAsync("m", 2))!;
        alignment.Clusters.ShouldAllBe(cluster => !cluster.Born);
        alignment.Churn.ShouldBe(0);
        (await _client.Jobs.ReportAsync(job))!.Objective.ShouldBe(first.Objective, 1e-9);
        Assignments one = await Ask("m", values[..Columns]), other = await Ask("m", [.. values[..Columns].Select(value => 1024 * value)]);
        other.Labels.ToArray().ShouldBe(one.Labels.ToArray());
        other.Distances.ToArray().ShouldBe(one.Distances.ToArray());
    }

    [Fact]
    public async Task Answers_are_explained_by_the_shares_that_columns_have_of_their_distance()
    {
        float[] values = Values(400);
        await _client.Import("rows", values, Columns);
        await _client.Train(Request("rows", "m"));
        double[] centres = Rows.Doubles((await _client.Models.ParametersAsync("m"))!.Centroids);
        Explanations told = await _client.Models.ExplainAsync("m", new ExplainQuery { Version = 0, Rows = Payload(values[..(20 * Columns)]) });
        Assignments answer = await Ask("m", values[..(20 * Columns)]);
        (told.Measure, told.ArePrepared, told.Rows.Length).ShouldBe(("cosine_distance", false, 20));
        told.Rows.Select(row => row.Cluster).ShouldBe(Rows.Labels(answer.Labels));
        double[] distances = Rows.Doubles(answer.Distances);
        for (int i = 0; i < 20; i++)
        {
            ExplainedRow row = told.Rows[i];
            double[] cosines =
                [.. Enumerable.Range(0, K).Select(c => Cosine(values.AsSpan(i * Columns, Columns), centres.AsSpan(c * Columns, Columns)))];
            (row.RunnerUp, row.Constant).ShouldBe((Enumerable.Range(0, K).Where(c => c != row.Cluster).MaxBy(c => cosines[c]), 0));
            row.Fit.ShouldBe(-distances[i], 1e-12);
            row.Columns.Sum(column => column.Own).ShouldBe(distances[i], 1e-12);
            row.Columns.Sum(column => column.Against).ShouldBe(cosines[row.Cluster] - cosines[row.RunnerUp], 1e-12);
            row.Columns.Where(column => column.Value == 0).ShouldAllBe(column => column.Own == 0 && column.Against == 0);
        }
    }

    [Fact]
    public async Task What_has_no_direction_or_no_answer_is_refused()
    {
        float[] values = Values(400);
        await _client.Import("rows", values, Columns);
        await _client.Train(Request("rows", "m"));
        ClusteringException zero = await Should.ThrowAsync<ClusteringException>(() => Ask("m", [.. values[..Columns], .. new float[Columns]]));
        (zero.Row, zero.Problem!.StartsWith("all values of the row are 0", StringComparison.Ordinal)).ShouldBe((1, true));
        var asked = new ExplainQuery { Version = 0, Rows = Payload([.. values[..Columns], .. new float[Columns]]) };
        (await Should.ThrowAsync<ClusteringException>(() => _client.Models.ExplainAsync("m", asked))).Row.ShouldBe(1);
        values.AsSpan(70 * Columns, Columns).Clear();
        await _client.Import("zero", values, Columns);
        await Import("none", values);
        foreach (string dataset in new[] { "zero", "none" })
        {
            string job = await _client.Jobs.StartAsync(Request(dataset, "z"));
            JobStatus end = await _client.Finish(job);
            (end.State, end.Error!.StartsWith("Row 71 has only zeros", StringComparison.Ordinal)).ShouldBe((JobState.Failed, true), end.Error);
            await Should.ThrowAsync<ClusteringException>(() => Assign("m", dataset));
        }
    }

    [Fact]
    public async Task Numbers_of_clusters_are_compared_on_the_sphere()
    {
        await _client.Import("rows", Values(800), Columns);
        TrainingRequest request = Request("rows", "m");
        TrainingReport report = await _client.Train(
            request with { Options = ((SphericalKMeansOptions)request.Options!) with { K = 3, LargestK = 7, Restarts = 4 } });
        report.K.ShouldBe(K);
        report.Selection.Select(trial => trial.K).ShouldBe([3, 4, 5, 6, 7]);
    }

    [Fact]
    public void A_checkpoint_is_taken_up_on_the_sphere()
    {
        IFamily family = FamilyRegistry.Standard.Find("spherical-kmeans");
        byte[] saved = family.Rehearse(family.Description.Defaults, 2, 3).Save();
        family.Restore(saved).Algorithm.ShouldBe("spherical-kmeans");
        Should.Throw<InvalidDataException>(() => FamilyRegistry.Standard.Find("kmeans").Restore(saved));
    }

    /// <summary>Rows around five directions, of lengths from 1e-3 to 1e3.</summary>
    private static float[] Values(int rows)
    {
        var random = new Random(3);
        var values = new float[rows * Columns];
        for (int i = 0; i < values.Length; i++)
        {
            int row = i / Columns, column = i % Columns;
            float length = MathF.Pow(10, (row % 13 / 2f) - 3);
            values[i] = column % K == row % K ? length * (1 + (0.3f * random.NextSingle())) : random.Next(4) == 0 ? length * 0.2f * random.NextSingle() : 0;
        }

        return values;
    }

    private static double Cosine(ReadOnlySpan<float> row, ReadOnlySpan<double> centre)
    {
        double product = 0, length = 0, other = 0;
        for (int j = 0; j < row.Length; j++)
        {
            product += row[j] * centre[j];
            length += (double)row[j] * row[j];
            other += centre[j] * centre[j];
        }

        return product / Math.Sqrt(length) / Math.Sqrt(other);
    }

    private static TrainingRequest Request(string dataset, string model) => new()
    {
        Dataset = dataset,
        Model = model,
        Options = new SphericalKMeansOptions { K = K, Restarts = 3, Seed = 7, Tolerance = 0, MaxIterations = 30 },
    };

    private static RowsPayload Payload(float[] values) =>
        new() { Precision = "f4", Columns = Columns, Values = MemoryMarshal.AsBytes(values.AsSpan()).ToArray() };

    private async Task Import(string name, float[] values)
    {
        await using IDatasetImport import = await _client.Datasets.ImportAsync(Rows.Schema(name, Columns) with { Layout = DatasetLayouts.Sparse });
        await import.AppendAsync(SparseRowBytes.Of(SparseBlock.Of(new RowBlock(values, Columns))), default, []);
        await import.CommitAsync();
    }

    private async Task<Assignments> Ask(string model, float[] values) => await _client.Models.AssignAsync(model, 0, Payload(values));

    private async Task<(byte[] Labels, byte[] Distances)> Assign(string model, string dataset)
    {
        var labels = new List<byte>();
        var distances = new List<byte>();
        await foreach (Assignments some in _client.Models.AssignDatasetAsync(model, 1, dataset, 1))
        {
            labels.AddRange(some.Labels.Span);
            distances.AddRange(some.Distances.Span);
        }

        return ([.. labels], [.. distances]);
    }
}
