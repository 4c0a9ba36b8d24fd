using OrleansCluster.Client;
using OrleansCluster.Grains.Tests.Fixtures;
using OrleansCluster.Training;

namespace OrleansCluster.Grains.Tests.Training;

/// <summary>The digest depends on rows, options and seed alone.</summary>
public sealed class SameBitsTests
{
    private const int RowCount = 300_000;

    [Fact]
    public async Task Threads_fan_in_and_acceleration_change_no_bit()
    {
        using var home = new TemporaryHome();
        float[] values = Rows.Clouds(RowCount);
        var digests = new List<string>();
        (int Threads, int FanIn, bool Plain)[] ways = [(1, 16, false), (2, 2, false), (3, 4, true), (2, 8, false)];
        foreach ((int threads, int fanIn, bool plain) in ways)
        {
            await using ClusterFixture cluster = await ClusterFixture.StartAsync(new ClusterSetup
            {
                Home = home.Path,
                Silos = fanIn < 16 ? (short)2 : (short)1,
                Threads = threads,
                Training = options => options.FanIn = fanIn,
            });
            ClusteringClient client = cluster.Client();
            (await client.Import("points", values)).Version.ShouldBe(1);
            TrainingRequest request = Rows.Request("points", "clouds");
            TrainingReport report = await client.Train(request with { Options = request.KMeans() with { Plain = plain } });
            report.Threads.ShouldBe(threads);
            digests.Add(report.Digest);
        }

        digests.Distinct().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Two_models_train_at_the_same_time_and_are_what_each_is_alone()
    {
        using var home = new TemporaryHome();
        await using ClusterFixture cluster = await ClusterFixture.StartAsync(new ClusterSetup { Home = home.Path, Silos = 2 });
        ClusteringClient client = cluster.Client();
        await client.Import("points", Rows.Clouds(RowCount));
        TrainingRequest first = Rows.Request("points", "first"), second = Rows.Request("points", "second", k: 8, seed: 9);

        TrainingReport[] together = await Task.WhenAll(client.Train(first), client.Train(second));
        TrainingReport[] alone = [await client.Train(first), await client.Train(second)];

        together.Select(report => report.Digest).ShouldBe(alone.Select(report => report.Digest));
        together[0].Digest.ShouldNotBe(together[1].Digest);
        alone.ShouldAllBe(report => report.Version == 2);
    }
}
