using System.Text.Json;
using OrleansCluster.Client;
using OrleansCluster.Contracts.Api;
using OrleansCluster.Grains.Tests.Fixtures;
using OrleansCluster.Monitoring;

namespace OrleansCluster.Grains.Tests.Monitoring;

/// <summary>What clusters are like, beside what was worked out by hand.</summary>
public sealed class ProfileTests(SharedCluster cluster)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Clusters_are_told_by_their_rows_as_they_are_worked_out_by_hand()
    {
        ClusteringClient client = cluster.NewTenant().Client();
        // x tells the clusters apart, y does not.
        await client.Import("points", [0, 1, 2, 2, 1, 1, 3, 2, 10, 1, 12, 2, 14, 3], columns: 2);
        await client.Train(Rows.Request("points", "m", k: 2, restarts: 5));
        ClusterProfilesDocument told = await AskAsync(client, new ProfileQuery { Rows = 1 });
        (told.Model, told.Version, told.Dataset, told.Rows, told.LookedAt, told.Measure).ShouldBe(("m", 1, "points", 7L, 7L, "squared_distance"));
        ClusterProfileDocument low = told.Clusters.Single(one => one.Centre[0].Value < 5), high = told.Clusters.Single(one => one.Centre[0].Value > 5);

        // Low: (0,1) (2,2) (1,1) (3,2) with the centre (1.5, 1.5); high: (10,1) (12,2) (14,3) with the centre (12, 2).
        (low.Size, high.Size).ShouldBe((4, 3));
        low.Share.ShouldBe(4.0 / 7);
        low.Centre.Select(value => (value.Column, value.Value)).ShouldBe([("x1", 1.5), ("x2", 1.5)]);
        low.Spread!.Value.ShouldBe(Math.Sqrt((2.5 + 0.5 + 0.5 + 2.5) / 4), 1e-12);
        low.Columns.Select(column => column.Column).ShouldBe(["x1", "x2"]);
        ClusterColumnDocument x = low.Columns[0], y = low.Columns[1];
        (x.Apart, x.Missing, x.Type).ShouldBe((1, 0, "number"));
        // Of y half of the low rows and a third of the high ones are 1, all of the low ones and two thirds of the high ones at most 2.
        y.Apart.ShouldBe(1.0 / 3, 1e-12);
        (x.Mean, x.MeanElsewhere).ShouldBe((1.5, 12));
        x.Deviation!.Value.ShouldBe(Math.Sqrt((2.25 + 0.25 + 0.25 + 2.25) / 4), 1e-12);
        x.Quantiles.ShouldBe([0, 0, 1, 2, 3]);
        // Of (2,2) and (1,1), both at a squared distance of 0.5, the first comes first.
        low.Typical.Single().ShouldSatisfyAllConditions(
            row => row.Row.ShouldBe(1), row => row.Fit!.Value.ShouldBe(-0.5, 1e-9), row => row.RunnerUp.ShouldBe(high.Cluster),
            row => row.Values.Select(value => value.Value!.GetValue<double>()).ShouldBe([2, 2]));
        // (3,2) is at 2.5 from its own centre and at 81 from the other.
        low.Doubtful.Single().Row.ShouldBe(3);
        low.Doubtful.Single().Lead!.Value.ShouldBe(78.5, 1e-9);
        high.Typical.Single().Row.ShouldBe(5);
        high.Doubtful.Single().Row.ShouldBe(4);
        high.Representative.Single().Row.ShouldBe(4);

        ClusterProfilesDocument one = await AskAsync(client, new ProfileQuery { Version = 1, Cluster = high.Cluster, Rows = 0 });
        one.Clusters.Single().Size.ShouldBe(3);
        (one.Clusters[0].Typical.Length, one.Clusters[0].Doubtful.Length).ShouldBe((0, 0));
        ClusterProfilesDocument least = await AskAsync(client, new ProfileQuery { Rows = 1, Columns = 1 });
        least.Clusters.ShouldAllBe(cluster => cluster.Columns.Single().Column == "x1");
        least.Clusters.Select(cluster => cluster.Columns[0].Mean).ShouldBe(told.Clusters.Select(cluster => cluster.Columns[0].Mean));
        (await Should.ThrowAsync<ClusteringException>(AskAsync(client, new ProfileQuery { Columns = -1 }))).Message.ShouldContain("0 for all");
        (await Should.ThrowAsync<ClusteringException>(AskAsync(client, new ProfileQuery { Cluster = 9 }))).Message.ShouldContain("no cluster 9");
        (await Should.ThrowAsync<ClusteringException>(AskAsync(client, new ProfileQuery { Rows = 99 }))).Message.ShouldContain("0 to 20");
        await client.Datasets.DeleteAsync("points", 1, force: true, Stop);
        // Those that were told before, too.
        (await Should.ThrowAsync<ClusteringException>(AskAsync(client, new ProfileQuery { Rows = 1 }))).Message.ShouldContain("are gone");
    }

    [Fact]
    public async Task What_was_told_is_kept_what_is_under_way_is_joined_and_what_failed_is_computed_again()
    {
        var kept = new KeptProfiles();
        int begun = 0;
        var first = new TaskCompletionSource<ClusterProfiles>();
        Task<ClusterProfiles> Begin()
        {
            begun++;
            return first.Task;
        }

        Task<ClusterProfiles> one = kept.Get("a", Begin), other = kept.Get("a", Begin);
        (one, begun).ShouldBe((other, 1));
        first.SetException(new ClusteringException("not now"));
        await Should.ThrowAsync<ClusteringException>(one);
        kept.Get("a", () => Told(1)).ShouldNotBe(one);
        (await kept.Get("a", Begin)).Rows.ShouldBe(1);
        // Three of 12 MB each are more than 32 MB: the one that was asked for longest ago goes.
        foreach (string name in (string[])["b", "c"])
            await kept.Get(name, () => Told(2, 12 << 20));
        await kept.Get("b", Begin);
        await kept.Get("d", () => Told(3, 12 << 20));
        await kept.Get("e", () => Told(3));
        (await kept.Get("b", Begin)).Rows.ShouldBe(2);
        (await kept.Get("c", () => Told(9))).Rows.ShouldBe(9);
        begun.ShouldBe(1);

        static Task<ClusterProfiles> Told(long rows, int bytes = 10) => Task.FromResult(new ClusterProfiles { Document = new byte[bytes], Rows = rows });
    }

    private static async Task<ClusterProfilesDocument> AskAsync(ClusteringClient client, ProfileQuery query) =>
        JsonSerializer.Deserialize((await client.Models.ProfileAsync("m", query, Stop)).Document.Span, ApiJson.Default.ClusterProfilesDocument)!;
}
