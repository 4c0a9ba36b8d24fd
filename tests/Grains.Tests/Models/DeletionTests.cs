using System.Runtime.InteropServices;
using OrleansCluster.Client;
using OrleansCluster.Grains.Tests.Fixtures;
using OrleansCluster.Models;
using OrleansCluster.Monitoring;
using OrleansCluster.Serving;
using OrleansCluster.Tenancy;
using OrleansCluster.Training;

namespace OrleansCluster.Grains.Tests.Models;

/// <summary>Models and versions that go, and what is of their name afterwards.</summary>
public sealed class DeletionTests(SharedCluster shared)
{
    private readonly SharedCluster.Tenant _tenant = shared.NewTenant();

    private ClusteringClient Client => _tenant.Client();

    private async Task<ModelChange> Change() => Client.Models.Change((await Client.Models.FindAsync("m"))!.Info, "ann");

    private async Task<string[]> Delete(int version, bool force = false) => [.. await Client.Models.DeleteAsync("m", await Change(), version, force)];

    private Task<Assignments> Assign(int version = 0, int columns = 2) => Client.Models.AssignAsync(
        "m", version, new RowsPayload { Precision = "f4", Columns = columns, Values = MemoryMarshal.AsBytes(new float[columns * 4].AsSpan()).ToArray() });

    [Fact]
    public async Task A_version_that_something_needs_goes_only_by_force()
    {
        await Client.Import("points", Rows.Clouds(400));
        for (int k = 2; k <= 4; k++)
            await Client.Train(Rows.Request("points", "m", k));
        await Client.Models.SetAliasAsync("m", await Change(), "live", 1);
        await Client.Models.SetAliasAsync("m", await Change(), "live", 2);
        await Assign(2);
        (await Should.ThrowAsync<ClusteringException>(Delete(2))).Message.ShouldBe(
            "Version 2 of the model 'm' is needed: live points to it; version 3 was aligned with it. Nothing was deleted: end that first, or force it.");
        (await Should.ThrowAsync<ClusteringException>(Delete(1))).Message.ShouldContain("live can be rolled back to it; version 2 was aligned with it");
        (await Client.Models.FindAsync("m"))!.Versions.Length.ShouldBe(3);

        (await Delete(2, force: true)).ShouldBe(["live points to it", "version 3 was aligned with it"]);
        ModelOutline left = (await Client.Models.FindAsync("m"))!;
        left.Versions.Select(version => version.Version).ShouldBe([1, 3]);
        (left.Info.Aliases.Length, left.Info.Newest, left.Info.Default).ShouldBe((0, 3, 3));
        (await Should.ThrowAsync<ClusteringException>(Assign(2))).Message.ShouldContain("There is no version 2 of the model 'm'");
        (await Should.ThrowAsync<ClusteringException>(async () => await Client.Models.SetAliasAsync("m", await Change(), "live", 2))).Message
            .ShouldBe("There is no version 2 of the model 'm': it has the versions 1, 3.");
        ModelEvent newest = await Client.Models.EventsAsync("m").FirstAsync();
        (newest.Kind, newest.Version, newest.By).ShouldBe((ModelEvents.Deleted, 2, "ann"));

        // The newest goes, and the bare name means what is left; the next has a number of its own.
        (await Delete(3)).ShouldBeEmpty();
        (await Assign()).Version.ShouldBe(1);
        (await Should.ThrowAsync<ClusteringException>(Delete(1))).Message.ShouldContain("is the only one of the model 'm': delete the model");
        (await Client.Train(Rows.Request("points", "m", 4))).Version.ShouldBe(4);
        (await Client.Models.VersionAsync("m", 4))!.Parent.ShouldBe(1);
    }

    [Fact]
    public async Task A_model_that_is_made_again_is_another_one_everywhere()
    {
        await Client.Import("points", Rows.Clouds(400));
        await Client.Import("cubes", Rows.Clouds(400, columns: 3), columns: 3);
        TrainingReport first = await Client.Train(Rows.Request("points", "m", 3));
        await Client.Models.SetAliasAsync("m", await Change(), "champion", 1);
        await Client.Models.NameClusterAsync("m", await Change(), new ClusterNote { Cluster = 1, Name = "north" });
        var rows = new RowsPayload { Precision = "f4", Columns = 2, Values = MemoryMarshal.AsBytes(new float[8].AsSpan()).ToArray() };
        await Client.Monitor.KeepAsync("m", "monday", await Client.Monitor.ObserveAsync("m", new ObserveQuery { Version = 1, Rows = rows }));
        // Every silo knows it by now.
        for (int i = 0; i < 8; i++)
            (await Assign()).Version.ShouldBe(1);
        (await Should.ThrowAsync<ClusteringException>(Delete(0))).Message.ShouldContain("champion points to version 1");
        ModelChange change = await Change();
        (await Client.Models.DeleteAsync("m", change, 0, force: true)).ShouldBe(["champion points to version 1"]);
        // Asked again, because the answer was lost.
        (await Client.Models.DeleteAsync("m", change, 0, force: true)).ShouldBeEmpty();
        (await Client.Models.FindAsync("m")).ShouldBeNull();
        (await _tenant.Grain<ICatalogGrain>(CatalogKinds.Models).List()).ShouldBeEmpty();
        (await Should.ThrowAsync<ClusteringException>(Assign())).Message.ShouldContain("There is no model 'm'");
        (await Client.Models.RouteAsync("m")).ShouldBeNull();
        (await Client.Jobs.ReportAsync(first.Job)).ShouldBeNull();

        TrainingReport again = await Client.Train(Rows.Request("cubes", "m", 2));
        (again.Version, again.Columns.Length).ShouldBe((2, 3));
        (await Client.Monitor.WindowsAsync("m")).ShouldBeEmpty();
        ModelInfo info = (await Client.Models.FindAsync("m"))!.Info;
        (info.Clusters.Length, info.Aliases.Length, info.NextCluster, info.Newest).ShouldBe((0, 0, 2, 2));
        for (int i = 0; i < 8; i++)
            (await Assign(columns: 3)).Version.ShouldBe(2);
        (await Should.ThrowAsync<ClusteringException>(Assign(1))).Message.ShouldContain("There is no version 1");
        // What the first one's job published is not what is of that name now.
        (await Client.Jobs.ReportAsync(first.Job)).ShouldBeNull();
    }
}
