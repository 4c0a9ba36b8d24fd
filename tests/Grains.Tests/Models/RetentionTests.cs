using System.Collections.Immutable;
using OrleansCluster.Client;
using OrleansCluster.Datasets;
using OrleansCluster.Grains.Tests.Fixtures;
using OrleansCluster.Models;

namespace OrleansCluster.Grains.Tests.Models;

/// <summary>What is kept of old versions, and what of their blobs.</summary>
public sealed class RetentionTests : IAsyncLifetime
{
    private readonly TemporaryHome _home = new();
    private readonly ShiftedTime _time = new();
    private ClusterFixture _cluster = null!;
    private ClusteringClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _cluster = await ClusterFixture.StartAsync(new ClusterSetup { Home = _home.Path, Time = _time });
        _client = _cluster.Client();
        await _client.Import("points", Rows.Clouds(2000));
    }

    public async ValueTask DisposeAsync()
    {
        await _cluster.DisposeAsync();
        _home.Dispose();
    }

    [Fact]
    public async Task What_is_new_young_named_or_one_rollback_away_stays_and_the_rest_goes()
    {
        for (int k = 2; k <= 7; k++)
            await Train("m", k);
        await SetAlias("live", 3);
        await SetAlias("live", 2);
        string[] parameters =
            [.. await Task.WhenAll(Enumerable.Range(1, 6).Select(async version => (await _client.Models.VersionAsync("m", version))!.Parameters))];

        List<string> before = await Blobs();
        ImmutableArray<RetentionVerdict> planned = await Prune("m", keep: 2, dry: true);
        planned.Select(verdict => (verdict.Pruned, verdict.Why)).ShouldBe(
            [(true, ""), (false, "live"), (false, "rollback of live"), (true, ""), (false, "one of the newest 2"), (false, "one of the newest 2")]);
        (await Blobs()).ShouldBe(before);
        (await _client.Models.VersionAsync("m", 1))!.Pruned.ShouldBeNull();

        (await Prune("m", keep: 2, younger: TimeSpan.FromDays(1))).ShouldAllBe(verdict => !verdict.Pruned);
        _time.Advance(TimeSpan.FromDays(2));
        (await Prune("m", keep: 2, younger: TimeSpan.FromDays(1))).Where(verdict => verdict.Pruned).Select(verdict => verdict.Version).ShouldBe([1, 4]);
        HashSet<string> left = [.. await Blobs()];
        parameters.Select(left.Contains).ShouldBe([false, true, true, false, true, true]);

        // Still listed, with what it takes to train it again.
        ModelVersion pruned = (await _client.Models.VersionAsync("m", 1))!;
        pruned.Pruned.ShouldNotBeNull();
        pruned.Training.Digest.ShouldNotBeEmpty();
        (await Should.ThrowAsync<ClusteringException>(_client.Models.ParametersAsync("m", 1))).Message.ShouldContain("Version 1 of the model 'm' was pruned");
        (await Should.ThrowAsync<ClusteringException>(SetAlias("live", 4))).Message.ShouldContain("was pruned");
        (await Prune("m", keep: 2))[0].Why.ShouldBe("pruned before");
        ModelEvent newest = await _client.Models.EventsAsync("m").FirstAsync();
        (newest.Kind, newest.Detail).ShouldBe((ModelEvents.Pruned, "1, 4"));
    }

    [Fact]
    public async Task Every_rollback_that_a_history_has_stays_possible_unless_fewer_are_wanted()
    {
        for (int k = 2; k <= 7; k++)
            await Train("m", k);
        foreach (int version in new[] { 1, 3, 2, 4 })
            await SetAlias("live", version);
        (await Prune("m", keep: 1)).Select(verdict => (verdict.Pruned, verdict.Why)).ShouldBe(
            [(false, "rollback of live"), (false, "rollback of live"), (false, "rollback of live"), (false, "live"), (true, ""), (false, "newest")]);
        foreach (int version in new[] { 2, 3, 1 })
            (await _client.Models.RollbackAsync("m", await Change("m"), "live")).Aliases.Single().Version.ShouldBe(version);

        // Again 1, 2, 3, 4; then two rollbacks are enough, and the history ends where they do.
        foreach (int version in new[] { 2, 3, 4 })
            await SetAlias("live", version);
        (await Prune("m", keep: 1, rollbacks: 2))[0].Pruned.ShouldBeTrue();
        (await _client.Models.FindAsync("m"))!.Info.Aliases.Single().Earlier.ShouldBe([2, 3]);
        foreach (int version in new[] { 3, 2 })
            (await _client.Models.RollbackAsync("m", await Change("m"), "live")).Aliases.Single().Version.ShouldBe(version);
        (await Should.ThrowAsync<ClusteringException>(async () => await _client.Models.RollbackAsync("m", await Change("m"), "live"))).Message.ShouldContain(
            "nothing to go back to");
        (await Should.ThrowAsync<ClusteringException>(Prune("m", keep: 1, rollbacks: -1))).Message.ShouldContain("0 or more");
    }

    [Fact]
    public async Task What_was_champion_a_moment_ago_stays_however_it_left()
    {
        for (int k = 2; k <= 5; k++)
            await Train("m", k);
        // Rolled back from 2, which no history names any more.
        foreach (int version in new[] { 1, 2 })
            await SetAlias("champion", version);
        await _client.Models.RollbackAsync("m", await Change("m"), "champion");
        (await Prune("m", keep: 1, dry: true)).Select(verdict => verdict.Why).ShouldBe(["champion", "was champion", "", "newest"]);
        (await Prune("m", keep: 1, dry: true, rollbacks: 0)).Select(verdict => verdict.Why).ShouldBe(["champion", "", "", "newest"]);
        await _client.Models.RemoveAliasAsync("m", await Change("m"), "champion");
        (await Prune("m", keep: 1, dry: true)).Select(verdict => verdict.Why).ShouldBe(["was champion", "", "", "newest"]);
    }

    [Fact]
    public async Task Parameters_that_another_model_has_as_well_stay_until_the_last_lets_go()
    {
        await Train("one", 3);
        await Train("two", 3);
        await Train("one", 4);
        await Train("two", 5);
        string shared = (await _client.Models.VersionAsync("one", 1))!.Parameters;
        (await _client.Models.VersionAsync("two", 1))!.Parameters.ShouldBe(shared);
        (await Prune("one", keep: 1))[0].Pruned.ShouldBeTrue();
        (await _client.Models.ParametersAsync("two", 1))!.K.ShouldBe(3);
        (await Prune("two", keep: 1))[0].Pruned.ShouldBeTrue();
        (await Blobs()).ShouldNotContain(shared);

        // The same training again brings the same blob back.
        await Train("one", 3);
        (await _client.Models.VersionAsync("one", 3))!.Parameters.ShouldBe(shared);
        (await _client.Models.ParametersAsync("one", 3))!.K.ShouldBe(3);
    }

    [Fact]
    public async Task A_policy_that_keeps_nothing_is_refused()
    {
        await Train("m", 3);
        (await Should.ThrowAsync<ClusteringException>(Prune("m", keep: 0))).Message.ShouldContain("keep at least 1");
    }

    private async Task Train(string model, int k) => await _client.Train(Rows.Request("points", model, k, restarts: 1));

    private async Task SetAlias(string alias, int version) => await _client.Models.SetAliasAsync("m", await Change("m"), alias, version);

    private async Task<ImmutableArray<RetentionVerdict>> Prune(string model, int keep, TimeSpan? younger = null, bool dry = false, int? rollbacks = null) =>
        await _client.Models.PruneAsync(model, await Change(model),
            new RetentionPolicy { Keep = keep, YoungerThan = younger, DryRun = dry, Rollbacks = rollbacks });

    private async Task<ModelChange> Change(string model) => _client.Models.Change((await _client.Models.FindAsync(model))!.Info, "test");

    private async Task<List<string>> Blobs() => await _cluster.Service<IBlobStore>().ListAsync().ToListAsync();
}
