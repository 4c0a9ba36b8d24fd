using System.Runtime.InteropServices;
using OrleansCluster.Client;
using OrleansCluster.Datasets;
using OrleansCluster.Grains.Tests.Fixtures;
using OrleansCluster.Models;
using OrleansCluster.Models.Gates;
using OrleansCluster.Serving;
using OrleansCluster.Silo;
using OrleansCluster.Training;

namespace OrleansCluster.Grains.Tests.Models;

/// <summary>A tenant moves from a home to a cluster of silos and back, with everything that it has.</summary>
public sealed class CopyTests : IAsyncLifetime
{
    private readonly TemporaryHome _homeFolder = new();
    private readonly TemporaryHome _clusterFolder = new();
    private readonly float[] _rows = Rows.Clouds(70_000);
    private ClusterHost _host = null!;
    private ClusterFixture _cluster = null!;

    private ClusteringClient Home => new(_host.Grains);

    private ClusteringClient There => _cluster.Client();

    private RowsPayload Some => new() { Precision = "f4", Columns = 2, Values = MemoryMarshal.AsBytes(_rows.AsSpan(0, 200)).ToArray() };

    public async ValueTask InitializeAsync()
    {
        _host = await ClusterHost.StartAsync(new ClusterHostOptions { Home = _homeFolder.Path, Threads = 2 });
        _cluster = await ClusterFixture.StartAsync(new ClusterSetup { Home = _clusterFolder.Path });
        await Home.Import("points", _rows);
        for (int k = 3; k <= 5; k++)
            await Home.Train(Rows.Request("points", "m", k));
        await Home.Models.PruneAsync("m", await Change(Home), new RetentionPolicy { Keep = 2 });
        await Home.Models.SetAliasAsync("m", await Change(Home), "champion", 2);
        await Home.Models.NameClusterAsync("m", await Change(Home), new ClusterNote { Cluster = 1, Name = "north" });
        await Home.Models.SetPolicyAsync("m", await Change(Home), new GatePolicy { Rules = [new GateRule { Metric = GateMetrics.Size, Limit = 1 }] });
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _cluster.DisposeAsync();
        _homeFolder.Dispose();
        _clusterFolder.Dispose();
    }

    [Fact]
    public async Task To_a_cluster_where_it_answers_and_is_retrained_and_back()
    {
        (DatasetVersion rows, int copied) = await Home.CopyDatasetAsync("points", There);
        (rows.Manifest, copied).ShouldBe(((await Home.Datasets.FindAsync("points"))!.Manifest, 1));
        (await Home.CopyDatasetAsync("points", There)).Copied.ShouldBe(0);
        ModelInfo info = await Home.CopyModelAsync("m", There);
        await SameAsync(info);

        // It lives on there: retrained from its champion, judged by its policy.
        string job = await There.Jobs.RetrainAsync(new RetrainingOrder { Model = "m", Dataset = "points" });
        (await There.Finish(job)).State.ShouldBe(JobState.Succeeded);
        (await There.Models.VersionAsync("m", 4))!.Training.Gate!.Verdict.ShouldBe(GateVerdicts.Champion);

        // Home again it takes over what is newer, and nothing when there is nothing.
        ModelInfo home = await There.CopyModelAsync("m", Home);
        (home.Newest, home.Aliases.Single(alias => alias.Name == "champion").Version).ShouldBe((4, 4));
        await SameAsync(home);
        (await There.CopyModelAsync("m", Home)).Revision.ShouldBe(home.Revision);
        (await Home.Models.AssignAsync("m", 0, Some)).Version.ShouldBe(4);
    }

    [Fact]
    public async Task Changes_on_both_sides_are_refused_and_change_nothing()
    {
        await Home.CopyModelAsync("m", There);
        await Home.Models.SetAliasAsync("m", await Change(Home), "live", 2);
        await There.Models.SetAliasAsync("m", await Change(There), "live", 3);
        foreach ((ClusteringClient from, ClusteringClient to) in new[] { (Home, There), (There, Home) })
        {
            ModelInfo before = (await to.Models.FindAsync("m"))!.Info;
            (await Should.ThrowAsync<ClusteringException>(from.CopyModelAsync("m", to))).Message.ShouldContain("does not go on from there. Nothing "
                + "was changed");
            (await to.Models.FindAsync("m"))!.Info.Revision.ShouldBe(before.Revision);
        }

        // One that is behind is refused as well, instead of taking the other one back.
        await There.Models.SetAliasAsync("m", await Change(There), "live", 2);
        (await Should.ThrowAsync<ClusteringException>(Home.CopyModelAsync("m", There))).Message.ShouldContain("is here already");
    }

    [Fact]
    public async Task Other_rows_under_the_same_name_are_refused()
    {
        await There.Import("points", _rows[..2000]);
        (await Should.ThrowAsync<ClusteringException>(Home.CopyDatasetAsync("points", There))).Message.ShouldContain("has other rows there as version 1");
    }

    [Fact]
    public async Task What_is_damaged_missing_or_not_the_model_s_is_refused()
    {
        PackedModel packed = (await Home.Models.PackAsync("m"))!;
        (await Should.ThrowAsync<ClusteringException>(There.Models.UnpackAsync("m", packed))).Message
            .ShouldContain("was not sent here with it: copy the model again");
        (await Should.ThrowAsync<ClusteringException>(There.Models.UnpackAsync("m", packed with { State = packed.State[..20] }))).Message.ShouldContain(
            "no model that this program can read");
        (await There.Models.FindAsync("m")).ShouldBeNull();

        // The rows' manifest is a blob, too, and not the model's.
        string manifest = (await Home.Datasets.FindAsync("points"))!.Manifest;
        (await Should.ThrowAsync<ClusteringException>(async () => await Home.Models.ReadBlobAsync("m", manifest).FirstAsync())).Message.ShouldBe(
            $"The model 'm' names no blob {manifest}.");
        string hash = packed.Blobs[0];
        (await Should.ThrowAsync<ClusteringException>(
            There.Models.WriteBlobAsync(hash, Home.Models.ReadBlobAsync("m", packed.Blobs[1])))).Message.ShouldContain("arrived damaged");
        (await Home.Models.PackAsync("nothing")).ShouldBeNull();
    }

    /// <summary>Everything that can be asked of the model has the same answer on both sides.</summary>
    private async Task SameAsync(ModelInfo info)
    {
        (ModelOutline home, ModelOutline there) = ((await Home.Models.FindAsync("m"))!, (await There.Models.FindAsync("m"))!);
        there.Info.Revision.ShouldBe(info.Revision);
        Told(there).ShouldBe(Told(home));
        (await There.Models.EventsAsync("m").ToListAsync()).ShouldBe(await Home.Models.EventsAsync("m").ToListAsync());
        (await There.Models.PolicyAsync("m"))!.Rules.ShouldBe((await Home.Models.PolicyAsync("m"))!.Rules);
        foreach (VersionSummary version in home.Versions.Where(version => version.Pruned is null))
        {
            (Assignments one, Assignments other) =
                (await Home.Models.AssignAsync("m", version.Version, Some), await There.Models.AssignAsync("m", version.Version, Some));
            Rows.Labels(other.Labels).ShouldBe(Rows.Labels(one.Labels));
            (await There.Models.PackageAsync("m", version.Version))!.Hash.ShouldBe((await Home.Models.PackageAsync("m", version.Version))!.Hash);
            (await There.Models.VersionAsync("m", version.Version))!.Training.Iterations.Length.ShouldBeGreaterThan(0);
            (await There.Models.AlignmentAsync("m", version.Version))?.Churn.ShouldBe((await Home.Models.AlignmentAsync("m", version.Version))!.Churn);
        }

        static string Told(ModelOutline model) => string.Join(
            '\n',
            [
                .. model.Info.Aliases.Select(alias => $"{alias.Name} {alias.Version} {string.Join(' ', alias.Earlier)} {alias.By} {alias.Since:O}"),
                .. model.Info.Clusters.Select(cluster => $"{cluster}"),
                .. model.Versions.Select(version => $"{version.Facts} {version.Created:O} {version.Parent} {version.Pruned:O}"),
            ]);
    }

    private static async Task<ModelChange> Change(ClusteringClient client) =>
        client.Models.Change((await client.Models.FindAsync("m"))!.Info, "ann", "because");
}
