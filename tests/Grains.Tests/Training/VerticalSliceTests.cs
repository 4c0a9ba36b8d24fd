using System.Runtime.InteropServices;
using OrleansCluster.Client;
using OrleansCluster.Datasets;
using OrleansCluster.Grains.Tests.Fixtures;
using OrleansCluster.Models;
using OrleansCluster.Serving;
using OrleansCluster.Training;

namespace OrleansCluster.Grains.Tests.Training;

public sealed class VerticalSliceTests
{
    [Fact]
    public async Task Rows_become_a_model_that_answers()
    {
        using var home = new TemporaryHome();
        await using ClusterFixture cluster = await ClusterFixture.StartAsync(new ClusterSetup { Home = home.Path });
        ClusteringClient client = cluster.Client();
        float[] values = Rows.Clouds(rows: 150_000);

        DatasetVersion dataset = await client.Import("points", values);
        dataset.Rows.ShouldBe(150_000);
        dataset.Shards.ShouldBe(3);
        dataset.Version.ShouldBe(1);

        TrainingReport report = await client.Train(Rows.Request("points", "clouds"));
        report.Version.ShouldBe(1);
        report.K.ShouldBe(5);
        report.Rows.ShouldBe(150_000);
        report.Clusters.Sum(cluster => cluster.Size).ShouldBe(150_000);
        report.Restarts.Length.ShouldBe(2);
        report.Iterations.ShouldNotBeEmpty();

        ModelOutline model = (await client.Models.FindAsync("clouds"))!;
        model.Versions.ShouldHaveSingleItem().Facts.Digest.ShouldBe(report.Digest);
        ModelParameters parameters = (await client.Models.ParametersAsync("clouds"))!;
        double[] centres = Rows.Doubles(parameters.Centroids);
        parameters.Digest.ShouldBe(report.Digest);

        double objective = 0;
        int row = 0;
        var sizes = new long[5];
        await foreach (Assignments part in client.Models.AssignDatasetAsync("clouds", 0, "points", 0))
        {
            (int[] labels, double[] distances) = (Rows.Labels(part.Labels), Rows.Doubles(part.Distances));
            for (int i = 0; i < labels.Length; i++, row++)
            {
                (int nearest, double squared) = Nearest(centres, values[row * 2], values[(row * 2) + 1]);
                labels[i].ShouldBe(nearest);
                distances[i].ShouldBe(Math.Sqrt(squared), 1e-12);
                objective += distances[i] * distances[i];
                sizes[labels[i]]++;
            }
        }

        row.ShouldBe(150_000);
        objective.ShouldBe(report.Objective, 1e-9 * report.Objective);
        sizes.ShouldBe(report.Clusters.Select(cluster => cluster.Size));

        Assignments answer = await client.Models.AssignAsync("clouds", 1, new RowsPayload
        {
            Precision = "f4",
            Columns = 2,
            Values = MemoryMarshal.AsBytes(values.AsSpan(0, 20)).ToArray(),
        });
        answer.Version.ShouldBe(1);
        Rows.Labels(answer.Labels).ShouldBe(Enumerable.Range(0, 10).Select(i => Nearest(centres, values[i * 2], values[(i * 2) + 1]).Label));
    }

    private static (int Label, double Squared) Nearest(double[] centres, double x, double y)
    {
        (int label, double least) = (-1, double.PositiveInfinity);
        for (int c = 0; c < centres.Length / 2; c++)
        {
            double squared = Math.Pow(x - centres[c * 2], 2) + Math.Pow(y - centres[(c * 2) + 1], 2);
            if (squared < least)
                (label, least) = (c, squared);
        }

        return (label, least);
    }
}
