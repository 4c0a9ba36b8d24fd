using System.Globalization;
using System.Runtime.InteropServices;
using OrleansCluster.Client;
using OrleansCluster.Grains.Tests.Fixtures;
using OrleansCluster.Models;
using OrleansCluster.Models.Gates;
using OrleansCluster.Models.Routing;
using OrleansCluster.Monitoring;
using OrleansCluster.Retraining;
using OrleansCluster.Serving;

namespace OrleansCluster.Grains.Tests.Retraining;

/// <summary>Models that are retrained by themselves in a living cluster, night after night, through lost silos and bad rows.</summary>
public sealed class RetrainingTests : IAsyncLifetime
{
    private const int RowCount = 2000;

    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly RetrainingPlan Plan = new()
    {
        Dataset = "points",
        OldestChampion = TimeSpan.FromDays(1),
        Steps = [2_000],
        Every = Hour,
        Pause = TimeSpan.Zero,
    };

    private readonly TemporaryHome _home = new();
    private readonly ShiftedTime _time = new();
    private readonly ReadOnlyMemory<byte> _keys = RowKeys.Of([.. Enumerable.Range(0, RowCount).Select(i => i.ToString(CultureInfo.InvariantCulture))]);
    private ClusterFixture _cluster = null!;

    private ClusteringClient Client => _cluster.Client();

    public ValueTask InitializeAsync() => new(StartAsync());

    public async ValueTask DisposeAsync()
    {
        await _cluster.DisposeAsync();
        _home.Dispose();
    }

    [Fact]
    public async Task A_champion_grows_old_is_retrained_tried_and_followed_although_the_silo_is_lost_at_every_step()
    {
        await TrainAsync();
        RetrainingStatus status = await Client.Retraining.SetAsync("m", Plan);
        (status.Current, status.Ended.Length, status.Stopped).ShouldBe((null, 0, ""));
        // What answers is the champion from here on, so that nothing that was not judged takes its place.
        (await Client.Models.FindAsync("m"))!.Info.Aliases.ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            alias => alias.Name.ShouldBe("champion"), alias => alias.Version.ShouldBe(1));
        (await LookAsync()).Waiting.ShouldBe("");
        _time.Advance(TimeSpan.FromDays(1.5));
        (await LookAsync()).Waiting.ShouldStartWith("version 1 is 1.5 days old, but the dataset points has no rows that version 1 was not trained on");

        await Client.Import("points", Rows.Clouds(RowCount, seed: 1)[..^20]);
        RetrainingRun run = (await LookAsync()).Current!;
        (run.Number, run.Cause, run.Job, run.DatasetVersion, run.Parent, run.Step).ShouldBe((1, "age", "auto-m-1", 2, 1, RetrainingStep.Training));
        await LoseAsync();
        run = await UntilAsync(one => one.Step != RetrainingStep.Training);
        (run.Step, run.Version).ShouldBe((RetrainingStep.Trying, 2));
        await LoseAsync();
        (await AskAsync()).RowVersions().Count(version => version == 2).ShouldBeInRange(300, 500);
        (await LookAsync()).Current!.Step.ShouldBe(RetrainingStep.Trying);
        _time.Advance(Hour);
        status = await LookAsync();
        status.Current.ShouldBeNull();
        (status.Ended[0].Step, status.Ended[0].Version, status.Ended[0].Why)
            .ShouldBe((RetrainingStep.Promoted, 2, "its answers were good enough at every step of the canary"));
        (await AskAsync()).Version.ShouldBe(2);
        (await Client.Models.RouteAsync("m"))!.Route.ShouldBeNull();
        ModelEvent promoted = await Client.Models.EventsAsync("m").FirstAsync();
        (promoted.By, promoted.Version, promoted.Subject, promoted.Reason).ShouldBe(
            ("retraining", 2, "champion", "run 1: it came through the canary, 1 steps of 01:00:00"));
    }

    [Fact]
    public async Task Poisoned_rows_are_rolled_back_while_the_champion_answers_and_after_two_of_them_somebody_must_look()
    {
        await TrainAsync();
        await Client.Retraining.SetAsync("m", Plan);
        for (int night = 1; night <= 2; night++)
        {
            await Client.Import("points", Poisoned(night));
            _time.Advance(TimeSpan.FromDays(1.5));
            await LookAsync();
            (await UntilAsync(one => one.Step != RetrainingStep.Training)).Step.ShouldBe(RetrainingStep.Trying);
            int[] versions = (await AskAsync()).RowVersions();
            versions.Count(version => version == 1).ShouldBeGreaterThan(1_400);
            RetrainingStatus status = await LookAsync();
            (status.Current, status.Ended[0].Step, status.Ended[0].Version).ShouldBe((null, RetrainingStep.RolledBack, night + 1));
            status.Ended[0].Why.ShouldMatch("agreement|score");
            (await AskAsync()).ShouldSatisfyAllConditions(answer => answer.Version.ShouldBe(1), answer => answer.Versions.Length.ShouldBe(0));
            ModelOutline model = (await Client.Models.FindAsync("m"))!;
            model.Info.Aliases.ShouldHaveSingleItem().Version.ShouldBe(1);
            (await Client.Models.EventsAsync("m").Where(one => one.Kind == ModelEvents.Routed && one.By == "retraining").FirstAsync())
                .Reason.ShouldBe($"run {night}: {status.Ended[0].Why}");
            // The same rows again would come to the same.
            (await LookAsync()).Waiting.ShouldContain(night == 1 ? "was not good enough: import or append newer rows" : "retraining has stopped: 2 runs");
        }

        await Client.Import("points", Rows.Clouds(RowCount)[..^20]);
        (await LookAsync()).Current.ShouldBeNull();
        (await Client.Retraining.ResumeAsync("m")).Stopped.ShouldBe("");
        (await LookAsync()).Current!.Number.ShouldBe(3);
    }

    [Fact]
    public async Task Drift_in_as_many_windows_as_the_plan_says_begins_a_run_within_its_hours_and_the_budget()
    {
        await TrainAsync();
        await Client.Retraining.SetAsync("m", Plan with { OldestChampion = null, DriftedWindows = 2 });
        float[] moved = [.. Rows.Clouds(RowCount).Select(value => value + 1)];
        await Client.Import("points", moved);
        await ObserveAsync("w1", Rows.Clouds(RowCount));
        await ObserveAsync("w2", moved);
        (await LookAsync()).ShouldSatisfyAllConditions(status => status.Current.ShouldBeNull(), status => status.Waiting.ShouldBe(""));
        await ObserveAsync("w3", moved);
        await Client.Retraining.LimitAsync(1);
        (await _cluster.Grains.GetGrain<IRetrainingBudgetGrain>("default/retraining").Take("another")).ShouldBeTrue();
        (await LookAsync()).Waiting.ShouldSatisfyAllConditions(
            waiting => waiting.ShouldStartWith("drift in the windows w2 to w3: "), waiting => waiting.ShouldContain("'x1'"),
            waiting => waiting.ShouldEndWith(", but the tenant's retrainings of a day are used up"));
        _time.Advance(TimeSpan.FromDays(1.1));
        (await LookAsync()).Current!.Cause.ShouldBe("drift");
        (await Client.Retraining.BudgetAsync()).Taken.ShouldHaveSingleItem().Job.ShouldBe("auto-m-1");

        // A plan that goes takes its canary along.
        (await UntilAsync(one => one.Step != RetrainingStep.Training)).Step.ShouldBe(RetrainingStep.Trying);
        await Client.Retraining.RemoveAsync("m");
        (await Client.Models.RouteAsync("m"))!.Route.ShouldBeNull();
        (await Client.Retraining.StatusAsync("m")).ShouldBeNull();
        (await Client.Retraining.ListAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_policy_alone_promotes_or_rejects_where_there_is_no_canary_and_without_both_no_plan_is_taken()
    {
        await TrainAsync();
        RetrainingPlan plan = Plan with { Steps = [] };
        (await Should.ThrowAsync<ClusteringException>(Client.Retraining.SetAsync("m", plan))).Message.ShouldContain("has no policy and the plan no canary");
        await SetPolicyAsync(new GateRule { Metric = GateMetrics.Size, Limit = 10 });
        await Client.Retraining.SetAsync("m", plan);
        await Client.Import("points", Rows.Clouds(RowCount)[..^20]);
        await Client.Retraining.BeginAsync("m", "ana");
        RetrainingRun run = await EndAsync();
        (run.Step, run.By, run.Because, run.Why).ShouldBe((RetrainingStep.Promoted, "ana", "ana asked for it", "it passed every rule of the model's policy"));
        await SetPolicyAsync(new GateRule { Metric = GateMetrics.Size, Limit = RowCount });
        await Client.Retraining.BeginAsync("m", "ana");
        run = await EndAsync();
        (run.Step, run.Version).ShouldBe((RetrainingStep.Rejected, 3));
        run.Why.ShouldStartWith("size: ");

        // The model goes with its plan, and the numbers of its runs are not given again.
        ModelOutline model = (await Client.Models.FindAsync("m"))!;
        await Client.Models.DeleteAsync("m", Client.Models.Change(model.Info), 0, force: true);
        (await Client.Retraining.StatusAsync("m")).ShouldBeNull();
        await TrainAsync();
        await Client.Retraining.SetAsync("m", Plan);
        (await Client.Retraining.BeginAsync("m", "ana")).Current!.Job.ShouldBe("auto-m-3");
    }

    private async Task StartAsync() => _cluster = await ClusterFixture.StartAsync(
        new ClusterSetup { Home = _home.Path, Time = _time, Serving = options => options.RouteLease = TimeSpan.Zero });

    /// <summary>The silo is gone without a word, and another one takes over.</summary>
    private async Task LoseAsync()
    {
        await _cluster.KillAsync();
        await StartAsync();
    }

    private async Task TrainAsync()
    {
        await Client.Import("points", Rows.Clouds(RowCount));
        await Client.Train(Rows.Request("points", "m", restarts: 1));
    }

    /// <summary>Rows of which half lie where no others do.</summary>
    private static float[] Poisoned(int seed) => [.. Rows.Clouds(RowCount, seed: 1).Select((value, i) => i % 4 < 2 ? value : (value * 0.1f) - 50 - seed)];

    private Task<RetrainingStatus> LookAsync() => Client.Retraining.LookAsync("m");

    private async Task<RetrainingRun> UntilAsync(Func<RetrainingRun, bool> isSo)
    {
        for (long patience = Environment.TickCount64 + 60_000; ; await Task.Delay(20))
        {
            RetrainingStatus status = await LookAsync();
            if ((status.Current ?? status.Ended[0]) is var run && isSo(run))
                return run;
            Environment.TickCount64.ShouldBeLessThan(patience, $"the run stays at {run.Step}");
        }
    }

    private Task<RetrainingRun> EndAsync() => UntilAsync(run => run.HasEnded);

    /// <summary>Asks for all rows, and has the silo tell what it compared.</summary>
    private async Task<Assignments> AskAsync()
    {
        Assignments answer = await Client.Models.AssignAsync("m", 0, Payload(Rows.Clouds(RowCount)) with { Keys = _keys });
        (await _cluster.Service<AgreementLedger>().FlushAsync()).ShouldBeNull();
        return answer;
    }

    private async Task ObserveAsync(string window, float[] values) => await Client.Monitor.KeepAsync(
        "m", window, await Client.Monitor.ObserveAsync("m", new ObserveQuery { Version = 1, Rows = Payload(values) }));

    private async Task SetPolicyAsync(params GateRule[] rules)
    {
        ModelOutline model = (await Client.Models.FindAsync("m"))!;
        await Client.Models.SetPolicyAsync("m", Client.Models.Change(model.Info), new GatePolicy { Rules = [.. rules] });
    }

    private static RowsPayload Payload(float[] values) => new() { Precision = "f4", Columns = 2, Values = MemoryMarshal.AsBytes(values.AsSpan()).ToArray() };
}
