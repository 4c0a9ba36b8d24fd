using System.Globalization;
using System.Runtime.InteropServices;
using OrleansCluster.Client;
using OrleansCluster.Datasets;
using OrleansCluster.Families.Mixtures;
using OrleansCluster.Grains.Tests.Fixtures;
using OrleansCluster.Models;
using OrleansCluster.Models.Routing;
using OrleansCluster.Serving;
using OrleansCluster.Training;

namespace OrleansCluster.Grains.Tests.Models.Routing;

/// <summary>Canaries by the clock in a living cluster: they climb while their answers are good enough, and stand still while they are not.</summary>
public sealed class CanaryGuardTests : IAsyncLifetime
{
    private const int RowCount = 3000;
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private readonly TemporaryHome _home = new();
    private readonly ShiftedTime _time = new();
    private readonly float[] _values = Rows.Clouds(RowCount);
    private readonly ReadOnlyMemory<byte> _keys = RowKeys.Of([.. Enumerable.Range(0, RowCount).Select(i => i.ToString(CultureInfo.InvariantCulture))]);
    private ClusterFixture _cluster = null!;
    private ClusteringClient _client = null!;

    /// <summary>Version 2 is version 1 again; version 3 has other clusters.</summary>
    public async ValueTask InitializeAsync()
    {
        await StartAsync();
        await _client.Import("points", _values);
        foreach (int k in new[] { 5, 5, 12 })
            await _client.Train(Rows.Request("points", "m", k, restarts: 1, seed: 1));
        await Promote("m");
    }

    public async ValueTask DisposeAsync()
    {
        await _cluster.DisposeAsync();
        _home.Dispose();
    }

    [Fact]
    public async Task A_candidate_that_agrees_climbs_step_by_step_each_on_its_own_evidence()
    {
        await Set("m", 2, 1_000, 5_000, 10_000);
        await AskAndTell("m");
        RouteStatus status = await Status("m");
        (status.Step, status.Held).ShouldBe((0, ""));
        status.Guards.ShouldAllBe(guard => guard.Passed);
        _time.Advance(Hour);
        status = await Status("m");
        (status.Step, Share(status, 2), status.Held).ShouldBe((1, 5_000, ""));
        status.Left!.Value.TotalHours.ShouldBeInRange(0.9, 1);

        // What the first step showed is no evidence for the second.
        _time.Advance(Hour);
        status = await Status("m");
        (status.Step, status.Held).ShouldBe((1, "rows: 0 rows compared, 100 rows wanted"));
        await AskAndTell("m");
        status = await Status("m");
        (status.Step, Share(status, 2), status.Held, status.Left).ShouldBe((2, 10_000, "", (TimeSpan?)null));
        status.Guards.ShouldBeEmpty();
        (await Ask("m")).RowVersions().ShouldAllBe(version => version == 2);
        (await _client.Models.EventsAsync("m").Take(1).ToListAsync()).Single().Kind.ShouldBe(ModelEvents.Routed);
    }

    [Fact]
    public async Task A_candidate_that_disagrees_stands_still_and_the_route_says_why_until_it_is_let_go()
    {
        int[] champion = Rows.Labels((await Ask("m", 1)).Labels), candidate = Rows.Labels((await Ask("m", 3)).Labels);
        await Set("m", 3, 1_000, 5_000, 10_000);
        Assignments answer = await AskAndTell("m");
        int[] mine = [.. Enumerable.Range(0, RowCount).Where(row => answer.RowVersions()[row] == 3)];
        double agreement = mine.Count(row => champion[row] == candidate[row]) / (double)mine.Length;
        agreement.ShouldBeLessThan(0.9);
        _time.Advance(30 * Hour);
        RouteStatus status = await Status("m");
        (status.Step, Share(status, 3), status.Left).ShouldBe((0, 1_000, (TimeSpan?)null));
        status.Held.ShouldStartWith("agreement: ");
        status.Held.ShouldContain("less than 90%");
        status.Guards.Single(guard => guard.Guard == "agreement").Value.ShouldBe(agreement);
        // More centres are nearer: twelve on the same rows.
        double[] far = Rows.Doubles((await Ask("m", 1)).Distances), near = Rows.Doubles((await Ask("m", 3)).Distances);
        double worse = mine.Sum(row => near[row] * near[row]) / mine.Sum(row => far[row] * far[row]) - 1;
        status.Guards.Single(guard => guard.Guard == "score").Value!.Value.ShouldBe(worse, 1e-9);

        await StopAndStartAsync();
        (await Status("m")).Held.ShouldBe(status.Held);
        await Set("m", 3, new CanaryGuards { LeastAgreement = 0 }, 1_000, 5_000, 10_000);
        _time.Advance(Hour);
        Share(await Status("m"), 3).ShouldBe(5_000);
        await Set("m", 3, guards: null, 1_000, 5_000, 10_000);
        _time.Advance(2 * Hour);
        Share(await Status("m"), 3).ShouldBe(10_000);
    }

    [Fact]
    public async Task Questions_alone_make_it_climb()
    {
        await Set("m", 2, 1_000, 10_000);
        await AskAndTell("m");
        _time.Advance(Hour);
        // The step is taken beside the first of them.
        Assignments answer;
        long patience = Environment.TickCount64 + 60_000;
        do
            answer = await Ask("m");
        while (answer.RowVersions().Any(version => version == 1) && Environment.TickCount64 < patience);
        answer.RowVersions().ShouldAllBe(version => version == 2);
    }

    [Fact]
    public async Task What_cannot_be_read_is_stood_in_for_by_the_champion_and_held_back()
    {
        string lost = (await _client.Models.VersionAsync("m", 3))!.Parameters;
        int[] champion = Rows.Labels((await Ask("m", 1)).Labels);
        await StopAndStartAsync();
        await _cluster.Service<IBlobStore>().DeleteAsync(lost);
        await Set("m", 3, 5_000, 10_000);
        Assignments answer = await AskAndTell("m");
        (answer.Version, answer.Versions.Length).ShouldBe((1, 0));
        Rows.Labels(answer.Labels).ShouldBe(champion);
        _time.Advance(Hour);
        RouteStatus status = await Status("m");
        status.Step.ShouldBe(0);
        status.Held.ShouldBe("rows: 0 rows compared, 100 rows wanted; errors: 100% could not be answered, more than 1%");
        (await _client.Models.AgreementAsync("m")).Versions.ShouldHaveSingleItem().Errors.ShouldBeInRange(1_300, 1_700);
        await Should.ThrowAsync<ClusteringException>(Ask("m", 3));

        // A shadow's failure is nobody's loss either.
        await Change(new RouteChange { Kind = RouteChangeKind.Abort });
        await Change(new RouteChange { Kind = RouteChangeKind.Shadow, Shadows = [2, 3] });
        Rows.Labels((await AskAndTell("m")).Labels).ShouldBe(champion);
        (await _client.Models.AgreementAsync("m")).Versions.Select(agreement => (agreement.Version, agreement.Tally().Rows, agreement.Errors))
            .ShouldBe([(2, RowCount, 0), (3, 0, RowCount)]);
    }

    [Fact]
    public async Task Of_mixtures_the_log_densities_are_compared()
    {
        var request = new TrainingRequest { Dataset = "points", Model = "g", Options = new MixtureOptions { K = 5, Seed = 1, MaxIterations = 20 } };
        await _client.Train(request);
        await _client.Train(request with { Options = request.Mixture() with { K = 1 } });
        await Promote("g");
        await Set("g", 2, 2_000, 10_000);
        int[] versions = (await AskAndTell("g")).RowVersions();
        double[][] densities = [await Densities(1), await Densities(2)];
        int[] mine = [.. Enumerable.Range(0, RowCount).Where(row => versions[row] == 2)];
        GuardOutcome score = (await Status("g")).Guards.Single(guard => guard.Guard == "score");
        score.Value!.Value.ShouldBe(mine.Average(row => densities[0][row]) - mine.Average(row => densities[1][row]), 1e-9);
        score.Passed.ShouldBeFalse(score.Why);
        score.Why.ShouldContain("nats less log-density");

        async Task<double[]> Densities(int version) =>
            Rows.Doubles((await _client.Models.ScoreAsync("g", new ScoreQuery { Version = version, Top = 1, Rows = Payload() })).LogDensities);
    }

    private async Task StartAsync()
    {
        _cluster = await ClusterFixture.StartAsync(
            new ClusterSetup { Home = _home.Path, Time = _time, Serving = options => options.RouteLease = TimeSpan.Zero });
        _client = _cluster.Client();
    }

    private async Task StopAndStartAsync()
    {
        await _cluster.DisposeAsync();
        await StartAsync();
    }

    private async Task Promote(string model) =>
        await _client.Models.SetAliasAsync(model, _client.Models.Change((await _client.Models.FindAsync(model))!.Info), ModelReference.Champion, 1);

    private Task Set(string model, int version, params int[] steps) => Set(model, version, new CanaryGuards(), steps);

    private Task Set(string model, int version, CanaryGuards? guards, params int[] steps) =>
        Change(new RouteChange { Kind = RouteChangeKind.Canary, Version = version, Steps = [.. steps], Every = Hour, Guards = guards }, model);

    private async Task Change(RouteChange change, string model = "m") =>
        await _client.Models.SetRouteAsync(model, _client.Models.Change((await _client.Models.FindAsync(model))!.Info, "ana"), change);

    private async Task<RouteStatus> Status(string model) => (await _client.Models.RouteAsync(model))!;

    private static int Share(RouteStatus status, int version) => status.Shares.Single(share => share.Version == version).Slots;

    private Task<Assignments> Ask(string model, int version = 0) => _client.Models.AssignAsync(model, version, Payload());

    /// <summary>Asks for all rows, and has the silos tell what they compared.</summary>
    private async Task<Assignments> AskAndTell(string model)
    {
        Assignments answer = await Ask(model);
        foreach (IServiceProvider silo in _cluster.Silos)
            (await ((AgreementLedger)silo.GetService(typeof(AgreementLedger))!).FlushAsync()).ShouldBeNull();
        return answer;
    }

    private RowsPayload Payload() => new() { Precision = "f4", Columns = 2, Values = MemoryMarshal.AsBytes(_values.AsSpan()).ToArray(), Keys = _keys };
}
