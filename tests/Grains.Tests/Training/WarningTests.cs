using System.Runtime.InteropServices;
using OrleansCluster.Client;
using OrleansCluster.Families.Mixtures;
using OrleansCluster.Grains.Tests.Fixtures;
using OrleansCluster.Models;
using OrleansCluster.Training;

namespace OrleansCluster.Grains.Tests.Training;

/// <summary>Warnings name the clusters that people know.</summary>
public sealed class WarningTests
{
    [Fact]
    public async Task A_warning_names_stable_ids_and_not_positions_in_the_run()
    {
        using var home = new TemporaryHome();
        await using ClusterFixture cluster = await ClusterFixture.StartAsync(new ClusterSetup { Home = home.Path });
        ClusteringClient client = cluster.Client();
        await client.Import("points", Clouds());
        TrainingReport first = await client.Train(Request([0, 0, 50, 50, 100, 100]));
        first.Clusters.Select(cluster => cluster.Label).ShouldBe([0, 1, 2]);
        first.Warnings.ShouldBeEmpty();

        // The last cloud first, and the middle one twice: EM cannot tell the twins apart.
        TrainingReport second = await client.Train(Request([100, 100, 50, 50, 50, 50]));
        int[] ids = [.. second.Clusters.Select(cluster => cluster.Label)];
        ids[0].ShouldBe(2);
        ids.ShouldNotBe([0, 1, 2]);
        second.Warnings.ShouldHaveSingleItem().ShouldStartWith($"Component {ids[2]} is component {ids[1]} once more, so that no row is labelled with it");
        // As it is kept, too.
        ModelVersion kept = (await client.Models.VersionAsync("model", 2))!;
        kept.Training.Warnings.ShouldBe(second.Warnings);
    }

    /// <summary>Three clouds far from each other.</summary>
    private static float[] Clouds()
    {
        var random = new Random(5);
        return [.. Enumerable.Range(0, 1_200).SelectMany(row => new[] { (row % 3 * 50) + random.NextSingle(), (row % 3 * 50) + random.NextSingle() })];
    }

    private static TrainingRequest Request(double[] means) => new()
    {
        Dataset = "points",
        Model = "model",
        Options = new MixtureOptions
        {
            K = means.Length / 2,
            Covariance = "spherical",
            Init = "given",
            InitialMeans = MemoryMarshal.AsBytes(means.AsSpan()).ToArray()
        },
    };
}
