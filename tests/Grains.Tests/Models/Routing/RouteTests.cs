using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using OrleansCluster.Client;
using OrleansCluster.Grains.Tests.Fixtures;
using OrleansCluster.Models;
using OrleansCluster.Models.Routing;
using OrleansCluster.Serving;

namespace OrleansCluster.Grains.Tests.Models.Routing;

/// <summary>Answers to a bare name under a route, in a living cluster.</summary>
public sealed class RouteTests : IAsyncLifetime
{
    private const int RowCount = 3000;

    private readonly TemporaryHome _home = new();
    private readonly ShiftedTime _time = new();
    private readonly float[] _values = Rows.Clouds(RowCount);
    private readonly ReadOnlyMemory<byte> _keys = RowKeys.Of([.. Enumerable.Range(0, RowCount).Select(i => i.ToString(CultureInfo.InvariantCulture))]);
    private ClusterFixture _cluster = null!;
    private ClusteringClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        await Start(TimeSpan.Zero);
        await _client.Import("points", _values);
        foreach (int k in new[] { 5, 6, 7 })
            await _client.Train(Rows.Request("points", "m", k, restarts: 1, seed: 1));
        await _client.Models.SetAliasAsync("m", await Change(), ModelReference.Champion, 1);
    }

    public async ValueTask DisposeAsync()
    {
        await _cluster.DisposeAsync();
        _home.Dispose();
    }

    [Fact]
    public async Task A_key_keeps_its_version_while_the_candidate_grows_and_each_version_answers_as_when_named()
    {
        (int[] Labels, double[] Distances)[] named = [.. await Task.WhenAll(Enumerable.Range(1, 3).Select(async version =>
        {
            Assignments answer = await _client.Models.AssignAsync("m", version, Payload());
            answer.Version.ShouldBe(version);
            return (Rows.Labels(answer.Labels), Rows.Doubles(answer.Distances));
        }))];
        int[]? before = null;
        foreach (int share in new[] { 0, 100, 500, 2_500, 10_000 })
        {
            await Set(new RouteChange { Kind = RouteChangeKind.Canary, Version = 3, Steps = [share] });
            Assignments answer = await _client.Models.AssignAsync("m", 0, Payload());
            int[] versions = Versions(answer);
            int candidate = versions.Count(version => version == 3);
            candidate.ShouldBeInRange((int)(RowCount * share * 0.6 / 10_000), (int)Math.Ceiling(RowCount * share * 1.4 / 10_000));
            if (share is 0 or 10_000)
                versions.ShouldAllBe(version => version == (share == 0 ? 1 : 3));
            before?.Zip(versions).ShouldAllBe(pair => pair.First == 1 || pair.Second == 3);
            for (int i = 0; i < versions.Length; i++)
            {
                Rows.Labels(answer.Labels)[i].ShouldBe(named[versions[i] - 1].Labels[i]);
                Rows.Doubles(answer.Distances)[i].ShouldBe(named[versions[i] - 1].Distances[i]);
            }

            before = versions;
        }
    }

    [Fact]
    public async Task Rows_without_keys_are_spread_by_their_values_whatever_their_precision_and_order()
    {
        await Set(Shares((1, 5_000), (2, 5_000)));
        int[] narrow = Versions(await _client.Models.AssignAsync("m", 0, Payload() with { Keys = default }));
        double[] wide = [.. _values.Select(value => (double)value)];
        Array.Reverse(wide);
        for (int i = 0; i < wide.Length; i += 2)
            (wide[i], wide[i + 1]) = (wide[i + 1], wide[i]);
        int[] turned = Versions(await _client.Models.AssignAsync("m", 0,
            new RowsPayload { Precision = "f8", Columns = 2, Values = MemoryMarshal.AsBytes(wide.AsSpan()).ToArray() }));
        turned.Reverse().ShouldBe(narrow);
        narrow.Count(version => version == 2).ShouldBeInRange(1_300, 1_700);
    }

    [Fact]
    public async Task A_shadow_never_answers_and_is_compared_label_by_label()
    {
        await Set(new RouteChange { Kind = RouteChangeKind.Shadow, Shadows = [2, 3] });
        int[] champion = await Labels(1), shadow = await Labels(2);
        for (int call = 0; call < 3; call++)
        {
            Assignments answer = await _client.Models.AssignAsync("m", 0, Payload());
            (answer.Version, answer.Versions.Length).ShouldBe((1, 0));
            Rows.Labels(answer.Labels).ShouldBe(champion);
        }

        RouteAgreement agreement = await Agreement();
        agreement.Route.ShouldBe(1);
        agreement.Versions.Select(version => version.Version).ShouldBe([2, 3]);
        agreement.Versions[0].Labels.ShouldBe(champion.Zip(shadow).GroupBy(pair => pair.First).OrderBy(group => group.Key)
            .Select(group => new LabelAgreement { Label = group.Key, Rows = 3 * group.Count(), Same = 3 * group.Count(pair => pair.First == pair.Second) }));
    }

    [Fact]
    public async Task A_candidate_is_compared_on_the_rows_that_it_answers_and_a_new_route_counts_anew()
    {
        await Set(Shares((1, 6_000), (2, 4_000)));
        int[] versions = Versions(await _client.Models.AssignAsync("m", 0, Payload())), champion = await Labels(1), candidate = await Labels(2);
        int[] mine = [.. Enumerable.Range(0, RowCount).Where(i => versions[i] == 2)];
        Agreement told = (await Agreement()).Versions.ShouldHaveSingleItem();
        told.Version.ShouldBe(2);
        told.Labels.Sum(label => label.Rows).ShouldBe(mine.Length);
        told.Labels.Sum(label => label.Same).ShouldBe(mine.Count(i => champion[i] == candidate[i]));

        await Set(new RouteChange { Kind = RouteChangeKind.Abort });
        await Set(new RouteChange { Kind = RouteChangeKind.Shadow, Shadows = [3] });
        await _client.Models.AssignAsync("m", 0, Payload());
        RouteAgreement anew = await Agreement();
        (anew.Route, anew.Versions.ShouldHaveSingleItem().Version).ShouldBe((2, 3));
    }

    [Fact]
    public async Task A_schedule_goes_by_the_clock_and_an_abort_returns_to_the_champion_at_once()
    {
        await Set(new RouteChange
        {
            Kind = RouteChangeKind.Canary,
            Version = 2,
            Steps = [100, 500, 2_500, 10_000],
            Every = TimeSpan.FromHours(1),
            Guards = null
        });
        int[]? before = null;
        foreach (int share in new[] { 100, 500, 2_500, 10_000, 10_000 })
        {
            RouteStatus status = (await _client.Models.RouteAsync("m"))!;
            (status.Shares.SingleOrDefault(one => one.Version == 2)?.Slots).ShouldBe(share);
            (status.Left is null).ShouldBe(share == 10_000);
            int[] versions = Versions(await _client.Models.AssignAsync("m", 0, Payload()));
            before?.Zip(versions).ShouldAllBe(pair => pair.First == 1 || pair.Second == 2);
            before = versions;
            _time.Advance(TimeSpan.FromHours(1));
        }

        before!.ShouldAllBe(version => version == 2);
        // Back in time the canary stays where it was, as long as the model lives.
        _time.Advance(TimeSpan.FromHours(-3));
        (await _client.Models.RouteAsync("m"))!.Step.ShouldBe(3);
        await Set(new RouteChange { Kind = RouteChangeKind.Abort });
        Versions(await _client.Models.AssignAsync("m", 0, Payload())).ShouldAllBe(version => version == 1);
        (await _client.Models.RouteAsync("m"))!.Route.ShouldBeNull();
    }

    [Fact]
    public async Task Within_its_lease_a_silo_answers_by_the_route_it_knows_and_after_it_by_the_new_one()
    {
        await Restart(TimeSpan.FromMinutes(5));
        await Set(Shares((2, 10_000)));
        (await _client.Models.AssignAsync("m", 0, Payload())).Version.ShouldBe(2);
        await Set(new RouteChange { Kind = RouteChangeKind.Abort });
        (await _client.Models.AssignAsync("m", 0, Payload())).Version.ShouldBeOneOf(1, 2);
        _time.Advance(TimeSpan.FromMinutes(5));
        (await _client.Models.AssignAsync("m", 0, Payload())).Version.ShouldBe(1);

        // A step of a canary is not slept through either.
        await Set(new RouteChange { Kind = RouteChangeKind.Canary, Version = 3, Steps = [0, 10_000], Every = TimeSpan.FromMinutes(1), Guards = null });
        (await _client.Models.AssignAsync("m", 0, Payload())).Version.ShouldBe(1);
        _time.Advance(TimeSpan.FromMinutes(1));
        (await _client.Models.AssignAsync("m", 0, Payload())).Version.ShouldBe(3);
    }

    [Fact]
    public async Task Naming_a_version_passes_the_route_by_and_moving_the_champion_ends_it()
    {
        await Set(Shares((2, 10_000)));
        (await _client.Models.AssignAsync("m", 1, Payload())).Version.ShouldBe(1);
        (await _client.Models.ResolveAsync(ModelReference.Parse("m@champion")))!.Version.ShouldBe(1);
        await _client.Models.SetAliasAsync("m", await Change(), "other", 3);
        (await _client.Models.RouteAsync("m"))!.Route.ShouldNotBeNull();
        await _client.Models.SetAliasAsync("m", await Change(), ModelReference.Champion, 3);
        (await _client.Models.RouteAsync("m"))!.Route.ShouldBeNull();
        (await _client.Models.AssignAsync("m", 0, Payload())).Version.ShouldBe(3);
        (await _client.Models.SetRouteAsync("m", await Change(), Shares((1, 10_000)))).ShouldNotBeNull();
        await _client.Models.RollbackAsync("m", await Change(), ModelReference.Champion);
        (await _client.Models.RouteAsync("m"))!.Route.ShouldBeNull();
    }

    [Fact]
    public async Task Routed_versions_are_never_pruned_and_pruned_ones_never_routed()
    {
        await Set(new RouteChange { Kind = RouteChangeKind.Shadow, Shadows = [2] });
        await _client.Models.SetAliasAsync("m", await Change(), "keep", 3);
        ImmutableArray<RetentionVerdict> verdicts = await _client.Models.PruneAsync("m", await Change(), new RetentionPolicy { Keep = 1 });
        verdicts.ShouldAllBe(verdict => !verdict.Pruned);
        verdicts[1].Why.ShouldBe("route");
        await Set(new RouteChange { Kind = RouteChangeKind.Shadow });
        (await _client.Models.PruneAsync("m", await Change(), new RetentionPolicy { Keep = 1 }))[1].Pruned.ShouldBeTrue();
        await Refused(Set(Shares((2, 10_000))), "Version 2 of the model 'm' was pruned");
        await Refused(Set(new RouteChange { Kind = RouteChangeKind.Canary, Version = 2, Steps = [100] }), "was pruned");
        await Refused(Set(new RouteChange { Kind = RouteChangeKind.Shadow, Shadows = [2] }), "was pruned");
    }

    [Fact]
    public async Task A_route_survives_the_process_and_every_change_of_it_is_in_the_trail()
    {
        await Set(Shares((1, 9_000), (2, 1_000)));
        await Set(new RouteChange { Kind = RouteChangeKind.Canary, Version = 2, Steps = [2_500] });
        int[] before = Versions(await _client.Models.AssignAsync("m", 0, Payload()));
        await Restart(TimeSpan.Zero);
        Versions(await _client.Models.AssignAsync("m", 0, Payload())).ShouldBe(before);
        await Set(new RouteChange { Kind = RouteChangeKind.Abort });
        List<ModelEvent> events = await _client.Models.EventsAsync("m").Take(3).ToListAsync();
        events.Select(e => (e.Kind, e.Subject, e.Detail)).ShouldBe(
            [(ModelEvents.Routed, "abort", "none"), (ModelEvents.Routed, "canary", "canary 2: 25%"), (ModelEvents.Routed, "set", "1=90%, 2=10%")]);
        events.ShouldAllBe(e => e.By == "ana");
    }

    [Fact]
    public async Task Keys_that_do_not_fit_and_models_that_are_not_there_are_refused()
    {
        await Set(Shares((1, 5_000), (2, 5_000)));
        await Refused(_client.Models.AssignAsync("m", 0, Payload() with { Keys = new byte[8] }), "8 bytes of keys came with 3000 rows");
        await Refused(_client.Models.AssignAsync("m", 0, Payload() with { Columns = 3 }), "rows have 3 columns");
        await Refused(_client.Models.AssignAsync("nothing", 0, Payload()), "no model 'nothing'");
        await Refused(_client.Models.SetRouteAsync("nothing", await Change(), Shares((1, 10_000))), "no model 'nothing'");
        await Refused(_client.Models.SetRouteAsync("m", (await Change()) with { Expected = 1 }, Shares((1, 10_000))), "ana changed the route");
        (await _client.Models.RouteAsync("nothing")).ShouldBeNull();
    }

    private async Task Start(TimeSpan lease)
    {
        _cluster = await ClusterFixture.StartAsync(
            new ClusterSetup { Home = _home.Path, Silos = 2, Time = _time, Serving = options => options.RouteLease = lease });
        _client = _cluster.Client();
    }

    private async Task Restart(TimeSpan lease)
    {
        await _cluster.DisposeAsync();
        await Start(lease);
    }

    private async Task<ModelChange> Change() => _client.Models.Change((await _client.Models.FindAsync("m"))!.Info, "ana");

    private async Task Set(RouteChange change) => await _client.Models.SetRouteAsync("m", await Change(), change);

    private async Task<int[]> Labels(int version) => Rows.Labels((await _client.Models.AssignAsync("m", version, Payload())).Labels);

    private async Task<RouteAgreement> Agreement()
    {
        foreach (IServiceProvider silo in _cluster.Silos)
            (await ((AgreementLedger)silo.GetService(typeof(AgreementLedger))!).FlushAsync()).ShouldBeNull();
        return await _client.Models.AgreementAsync("m");
    }

    private static RouteChange Shares(params (int Version, int Slots)[] shares) =>
        new() { Kind = RouteChangeKind.Set, Shares = [.. shares.Select(share => new RouteShare { Version = share.Version, Slots = share.Slots })] };

    private RowsPayload Payload() => new() { Precision = "f4", Columns = 2, Values = MemoryMarshal.AsBytes(_values.AsSpan()).ToArray(), Keys = _keys };

    private static int[] Versions(Assignments answer) =>
        answer.Versions.IsEmpty ? [.. Enumerable.Repeat(answer.Version, answer.Labels.Length / sizeof(int))] : Rows.Labels(answer.Versions);

    private static async Task Refused(Task call, string why) => (await Should.ThrowAsync<ClusteringException>(call)).Message.ShouldContain(why);
}
