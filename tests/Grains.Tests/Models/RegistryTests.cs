using OrleansCluster.Client;
using OrleansCluster.Grains.Tests.Fixtures;
using OrleansCluster.Models;

namespace OrleansCluster.Grains.Tests.Models;

/// <summary>What is said of versions: aliases, tags, names, and who said so.</summary>
public sealed class RegistryTests : IAsyncLifetime
{
    private readonly SharedCluster.Tenant _tenant;
    private readonly ClusteringClient _client;

    public RegistryTests(SharedCluster shared)
    {
        _tenant = shared.NewTenant();
        _client = _tenant.Client();
    }

    public async ValueTask InitializeAsync()
    {
        await _client.Import("points", Rows.Clouds(3000));
        foreach (ulong seed in new ulong[] { 1, 2, 3 })
            await _client.Train(Rows.Request("points", "m", restarts: 1, seed: seed));
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task The_bare_name_means_the_champion_where_one_is_set_and_else_the_newest()
    {
        (await _client.Models.ResolveAsync(ModelReference.Parse("m")))!.Version.ShouldBe(3);
        await _client.Models.SetAliasAsync("m", Change(await Info()), "champion", 2);
        (await _client.Models.ResolveAsync(ModelReference.Parse("m")))!.Version.ShouldBe(2);
        (await _client.Models.ResolveAsync(ModelReference.Parse("m@champion")))!.Version.ShouldBe(2);
        (await _client.Models.ResolveAsync(ModelReference.Parse("m@newest")))!.Version.ShouldBe(3);
        (await _client.Models.ResolveAsync(ModelReference.Parse("m@1")))!.Version.ShouldBe(1);
        (await _client.Models.ResolveAsync(ModelReference.Parse("m@challenger"))).ShouldBeNull();
        (await _client.Models.VersionAsync("m"))!.Version.ShouldBe(2);
        (await Info()).Default.ShouldBe(2);
        await _client.Models.RemoveAliasAsync("m", Change(await Info()), "champion");
        (await _client.Models.VersionAsync("m"))!.Version.ShouldBe(3);
    }

    [Fact]
    public async Task A_rollback_goes_back_step_by_step_and_says_when_there_is_nothing_behind()
    {
        foreach (int version in new[] { 1, 3, 2 })
            await _client.Models.SetAliasAsync("m", Change(await Info()), "live", version);
        ModelInfo info = await _client.Models.RollbackAsync("m", Change(await Info()), "live");
        info.Aliases.ShouldHaveSingleItem().Version.ShouldBe(3);
        info = await _client.Models.RollbackAsync("m", Change(info), "live");
        info.Aliases.ShouldHaveSingleItem().Version.ShouldBe(1);
        await Refused(_client.Models.RollbackAsync("m", Change(info), "live"), "nothing to go back to");
        await Refused(_client.Models.RollbackAsync("m", Change(info), "other"), "no alias 'other': it has live");
        List<ModelEvent> events = await _client.Models.EventsAsync("m").ToListAsync();
        events.Select(e => (e.Kind, e.Version, e.Before)).Take(5).ShouldBe(
            [(ModelEvents.RolledBack, 1, 3), (ModelEvents.RolledBack, 3, 2), (ModelEvents.AliasSet, 2, 3), (ModelEvents.AliasSet, 3, 1),
                (ModelEvents.AliasSet, 1, 0)]);
        events.Select(e => e.Revision).ShouldBe([8, 7, 6, 5, 4, 3, 2, 1]);
    }

    [Fact]
    public async Task Of_two_changes_at_once_one_wins_and_the_other_is_told_who_did()
    {
        ModelInfo seen = await Info();
        Task<ModelInfo>[] changes =
        [
            _client.Models.SetAliasAsync("m", _client.Models.Change(seen, "alice"), "champion", 1),
            _client.Models.SetAliasAsync("m", _client.Models.Change(seen, "bob"), "champion", 2),
        ];
        await Task.WhenAny(Task.WhenAll(changes), Task.Delay(TimeSpan.FromSeconds(30)));
        Task<ModelInfo> won = changes.Single(change => change.IsCompletedSuccessfully), lost = changes.Single(change => change.IsFaulted);
        int version = (await won).Aliases.ShouldHaveSingleItem().Version;
        string winner = version == 1 ? "alice" : "bob";
        string told = (await Should.ThrowAsync<ClusteringException>(lost)).Message;
        told.ShouldContain($"{winner} pointed 'champion' to version {version}");
        told.ShouldContain("is at revision 4, not at 3");
        (await Info()).Aliases.ShouldHaveSingleItem().By.ShouldBe(winner);
    }

    [Fact]
    public async Task A_change_that_is_asked_for_twice_is_carried_out_once()
    {
        ModelChange change = Change(await Info());
        ModelInfo once = await _client.Models.SetAliasAsync("m", change, "champion", 1);
        ModelInfo twice = await _client.Models.SetAliasAsync("m", change, "champion", 1);
        twice.Revision.ShouldBe(once.Revision);
        twice.Aliases.ShouldHaveSingleItem().Earlier.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_publication_is_a_change_too()
    {
        ModelInfo seen = await Info();
        await _client.Train(Rows.Request("points", "m", restarts: 1, seed: 4) with { By = "carol" });
        await Refused(_client.Models.SetAliasAsync("m", Change(seen), "champion", 1), "carol published version 4");
        (await Info()).Aliases.ShouldBeEmpty();
    }

    [Fact]
    public async Task Unknown_versions_and_names_that_are_none_are_refused_and_change_nothing()
    {
        ModelInfo seen = await Info();
        await Refused(_client.Models.SetAliasAsync("m", Change(seen), "champion", 9), "no version 9 of the model 'm': it has versions 1 … 3");
        await Refused(_client.Models.SetAliasAsync("m", Change(seen), "champion", 0), "no version 0");
        await Refused(_client.Models.SetAliasAsync("m", Change(seen), "../champion", 1), "begins with '.'", "contains '/'");
        await Refused(_client.Models.SetAliasAsync("m", Change(seen), "3", 1), "begins with a digit");
        await Refused(_client.Models.SetAliasAsync("m", Change(seen), "newest", 1), "always means the newest");
        await Refused(_client.Models.TagAsync("m", Change(seen), 7, [new ModelTag { Key = "a", Value = "b" }]), "no version 7");
        await Refused(_client.Models.NameClusterAsync("m", Change(seen), new ClusterNote { Cluster = 99, Name = "x" }), "never had a cluster 99");
        await Refused(_client.Models.NameClusterAsync("m", Change(seen), new ClusterNote { Cluster = 0, Colour = "red" }), "write it as #rrggbb");
        await Refused(Task.Run(() => _client.Models.SetAliasAsync("a/b", Change(seen), "champion", 1)), "contains '/'");
        IModelGrain nothing = _tenant.Grain<IModelGrain>("nothing");
        await Refused(nothing.SetAlias(Change(seen), "champion", 1), "no model 'nothing'");
        (await Info()).Revision.ShouldBe(seen.Revision);
    }

    [Theory]
    [InlineData("v3", "reads like a version, and would be taken for version 3")]
    [InlineData("V12", "taken for version 12")]
    [InlineData("Version-3", "taken for version 3")]
    [InlineData("ver_7", "taken for version 7")]
    [InlineData("Champion", "would be taken for 'champion'")]
    [InlineData("CHALLENGER", "would be taken for 'challenger'")]
    [InlineData("NEWEST", "always means the newest version")]
    [InlineData("Newest", "always means the newest version")]
    [InlineData("LIVE", "has the alias 'live', from which 'LIVE' differs in case only")]
    public async Task An_alias_that_reads_like_something_else_is_refused(string alias, string why)
    {
        ModelInfo seen = await _client.Models.SetAliasAsync("m", Change(await Info()), "live", 1);
        await Refused(_client.Models.SetAliasAsync("m", Change(seen), alias, 2), why);
        (await Info()).Revision.ShouldBe(seen.Revision);
    }

    [Theory]
    [InlineData("v")]
    [InlineData("v3-stable")]
    [InlineData("vision2")]
    [InlineData("v1.2")]
    [InlineData("newest-good")]
    [InlineData("champion2")]
    public async Task An_alias_that_reads_like_nothing_else_is_taken(string alias)
    {
        await _client.Models.SetAliasAsync("m", Change(await Info()), alias, 2);
        (await _client.Models.ResolveAsync(ModelReference.Parse($"m@{alias}")))!.Version.ShouldBe(2);
        ModelReference.Meant(alias).ShouldBeNull();
    }

    [Fact]
    public async Task Tags_descriptions_and_names_are_kept_and_taken_away()
    {
        await _client.Models.TagAsync("m", Change(await Info()), 2,
            [new ModelTag { Key = "stage", Value = "test" }, new ModelTag { Key = "run", Value = "17" }]);
        await _client.Models.TagAsync("m", Change(await Info()), 2, [new ModelTag { Key = "stage", Value = "" }]);
        await _client.Models.TagAsync("m", Change(await Info()), 0, [new ModelTag { Key = "team", Value = "maps" }]);
        await _client.Models.DescribeAsync("m", Change(await Info()), 2, "two starts");
        await _client.Models.NameClusterAsync("m", Change(await Info()),
            new ClusterNote { Cluster = 3, Name = "far east", Colour = "#a1b2c3", Note = "many islands" });
        await _client.Models.NameClusterAsync("m", Change(await Info()), new ClusterNote { Cluster = 1, Name = "north" });
        ModelInfo info = await _client.Models.NameClusterAsync("m", Change(await Info()), new ClusterNote { Cluster = 1 });

        ModelVersion version = (await _client.Models.VersionAsync("m", 2))!;
        version.Tags.ShouldBe([new ModelTag { Key = "run", Value = "17" }]);
        version.Description.ShouldBe("two starts");
        info.Tags.ShouldBe([new ModelTag { Key = "team", Value = "maps" }]);
        info.Clusters.ShouldBe([new ClusterNote { Cluster = 3, Name = "far east", Colour = "#a1b2c3", Note = "many islands" }]);
        (await _client.Models.VersionAsync("m", 1))!.Tags.ShouldBeEmpty();
    }

    private async Task<ModelInfo> Info() => (await _client.Models.FindAsync("m"))!.Info;

    private ModelChange Change(ModelInfo seen) => _client.Models.Change(seen, "test");

    private static async Task Refused(Task call, params string[] why)
    {
        string message = (await Should.ThrowAsync<ClusteringException>(call)).Message;
        why.Any(part => message.Contains(part, StringComparison.Ordinal)).ShouldBeTrue(message);
    }
}
