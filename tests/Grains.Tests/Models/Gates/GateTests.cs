using System.Collections.Immutable;
using OrleansCluster.Client;
using OrleansCluster.Families.Mixtures;
using OrleansCluster.Grains.Tests.Fixtures;
using OrleansCluster.Models;
using OrleansCluster.Models.Gates;
using OrleansCluster.Models.Routing;
using OrleansCluster.Training;

namespace OrleansCluster.Grains.Tests.Models.Gates;

/// <summary>Versions that a policy judges as they are published.</summary>
public sealed class GateTests(SharedCluster shared) : IAsyncLifetime
{
    private readonly float[] _values = Rows.Clouds(4000);
    private readonly ClusteringClient _client = shared.NewTenant().Client();

    public async ValueTask InitializeAsync()
    {
        await _client.Import("points", _values);
        await _client.Train(Rows.Request("points", "m", restarts: 3));
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task The_first_that_passes_becomes_champion_and_a_worse_one_challenger_in_one_change_with_its_version()
    {
        await Policy(Rule(GateMetrics.Objective, 0.02), Rule(GateMetrics.Size, 10));
        GateReport first = (await _client.Train(Rows.Request("points", "m", restarts: 3, seed: 8))).Gate!;
        (first.Verdict, first.Champion).ShouldBe((GateVerdicts.Champion, 0));
        (await Alias(ModelReference.Champion)).ShouldBe(2);

        TrainingReport worse = await _client.Train(Rows.Request("points", "m", k: 4, restarts: 3));
        (worse.Gate!.Verdict, worse.Gate.Champion).ShouldBe((GateVerdicts.Challenger, 2));
        ((await Alias(ModelReference.Champion)), (await Alias(ModelReference.Challenger))).ShouldBe((2, 3));
        double champion = (await _client.Models.VersionAsync("m", 2))!.Training.Objective;
        worse.Gate.Outcomes[0].Value!.Value.ShouldBe((worse.Objective - champion) / champion, 1e-9);
        (await _client.Models.VersionAsync("m", 3))!.Training.Gate!.Outcomes.Select(outcome => outcome.Passed).ShouldBe([false, true]);
        (await _client.Models.EventsAsync("m").Take(4).ToListAsync()).Select(e => (e.Kind, e.Version, e.Subject)).ShouldBe(
            [(ModelEvents.AliasSet, 3, "challenger"), (ModelEvents.Published, 3, worse.Job), (ModelEvents.AliasSet, 2, "champion"),
                (ModelEvents.Published, 2, (await _client.Models.VersionAsync("m", 2))!.Training.Job)]);
    }

    [Fact]
    public async Task The_champion_is_measured_on_the_new_rows_and_not_on_its_own()
    {
        await _client.Models.SetAliasAsync("m", await Change(), ModelReference.Champion, 1);
        await Policy(Rule(GateMetrics.Objective, 0));
        // Other rows, on which the champion's centres are anything but good.
        float[] moved = [.. _values.Select(value => value + 3)];
        await _client.Import("moved", moved);
        TrainingReport report = await Finish(await _client.Jobs.RetrainAsync(new RetrainingOrder { Model = "m", Dataset = "moved" }));
        double[] centres = Rows.Doubles((await _client.Models.ParametersAsync("m", 1))!.Centroids);
        double champion = 0;
        for (int i = 0; i < moved.Length; i += 2)
            champion += Enumerable.Range(0, centres.Length / 2).Min(c => Square(moved[i] - centres[2 * c]) + Square(moved[i + 1] - centres[(2 * c) + 1]));
        GateOutcome outcome = report.Gate!.Outcomes.ShouldHaveSingleItem();
        outcome.Value!.Value.ShouldBe((report.Objective - champion) / champion, 1e-6);
        (report.Gate.Verdict, outcome.Value < -0.3).ShouldBe((GateVerdicts.Champion, true));
        (await Alias(ModelReference.Champion)).ShouldBe(2);

        static double Square(double x) => x * x;
    }

    [Fact]
    public async Task Churn_and_confidence_are_those_of_the_alignment_with_the_champion()
    {
        await _client.Models.SetAliasAsync("m", await Change(), ModelReference.Champion, 1);
        await Policy(Rule(GateMetrics.Churn, 0.05), Rule(GateMetrics.Confidence, 0.5));
        GateReport same = (await Finish(await _client.Jobs.RetrainAsync(new RetrainingOrder { Model = "m", Dataset = "points" }))).Gate!;
        same.Verdict.ShouldBe(GateVerdicts.Champion);
        same.Outcomes[0].Value.ShouldBe(0);
        GateReport other = (await _client.Train(Rows.Request("points", "m", k: 9, restarts: 1, seed: 3))).Gate!;
        VersionAlignment alignment = (await _client.Models.AlignmentAsync("m", 3))!;
        other.Outcomes[0].Value.ShouldBe(alignment.Churn);
        other.Outcomes[1].Value.ShouldBe(alignment.LeastConfidence());
        (other.Verdict, other.Outcomes[0].Passed).ShouldBe((GateVerdicts.Challenger, false));
    }

    [Fact]
    public async Task Held_out_densities_and_silhouettes_are_measured_and_what_cannot_be_does_not_pass()
    {
        await _client.Import("kept", Rows.Clouds(500, seed: 1));
        var request = new TrainingRequest { Dataset = "points", Model = "g", Options = new MixtureOptions { K = 4, Seed = 1, MaxIterations = 8 } };
        await _client.Train(request);
        await _client.Models.SetPolicyAsync("g", _client.Models.Change((await _client.Models.FindAsync("g"))!.Info), new GatePolicy
        {
            HeldOut = "kept@1",
            Rules = [Rule(GateMetrics.LogLikelihood, -50), Rule(GateMetrics.Silhouette, 0.1)],
        });
        GateReport report = (await _client.Train(request with { Options = request.Mixture() with { Seed = 2 } })).Gate!;
        report.Verdict.ShouldBe(GateVerdicts.Champion);
        OrleansCluster.Serving.Scores scores =
            await _client.Models.ScoreAsync("g", new OrleansCluster.Serving.ScoreQuery { Version = 2, Top = 1, Rows = Payload(Rows.Clouds(500, seed: 1)) });
        report.Outcomes[0].Value!.Value.ShouldBe(Rows.Doubles(scores.LogDensities).Average(), 1e-9);
        report.Outcomes[1].Value!.Value.ShouldBeInRange(0.2, 0.95);

        await _client.Models.SetPolicyAsync("m", await Change(), new GatePolicy { HeldOut = "kept", Rules = [Rule(GateMetrics.LogLikelihood, -50)] });
        GateOutcome impossible = (await _client.Train(Rows.Request("points", "m", restarts: 1, seed: 4))).Gate!.Outcomes.ShouldHaveSingleItem();
        (impossible.Passed, impossible.Value).ShouldBe((false, null));
        impossible.Why.ShouldContain("has no densities");
    }

    [Fact]
    public async Task Under_a_route_nothing_is_promoted_by_itself()
    {
        await _client.Models.SetAliasAsync("m", await Change(), ModelReference.Champion, 1);
        await Policy(Rule(GateMetrics.Size, 1));
        await _client.Train(Rows.Request("points", "m", restarts: 1, seed: 4));
        (await Alias(ModelReference.Champion)).ShouldBe(2);
        await _client.Models.SetRouteAsync("m", await Change(), new RouteChange { Kind = RouteChangeKind.Shadow, Shadows = [1] });
        GateReport report = (await _client.Train(Rows.Request("points", "m", restarts: 1, seed: 5))).Gate!;
        report.Verdict.ShouldBe(GateVerdicts.Challenger);
        report.Remark.ShouldContain("a route is set");
        ((await Alias(ModelReference.Champion)), (await Alias(ModelReference.Challenger))).ShouldBe((2, 3));
        (await _client.Models.RouteAsync("m"))!.Route.ShouldNotBeNull();
    }

    [Fact]
    public async Task Without_a_policy_nothing_is_judged_and_a_wrong_one_is_refused()
    {
        (await _client.Train(Rows.Request("points", "m", restarts: 1, seed: 4))).Gate.ShouldBeNull();
        (await Should.ThrowAsync<ClusteringException>(Policy(Rule("inertia", 1)))).Message.ShouldContain("which is no metric: there are objective");
        (await _client.Models.PolicyAsync("m")).ShouldBeNull();
        await Policy(Rule(GateMetrics.Size, 1_000_000) with { Otherwise = GateVerdicts.None });
        (await _client.Train(Rows.Request("points", "m", restarts: 1, seed: 5))).Gate!.Verdict.ShouldBe(GateVerdicts.None);
        (await _client.Models.FindAsync("m"))!.Info.Aliases.ShouldBeEmpty();
        await _client.Models.SetPolicyAsync("m", await Change(), null);
        (await _client.Train(Rows.Request("points", "m", restarts: 1, seed: 6))).Gate.ShouldBeNull();
    }

    private static GateRule Rule(string metric, double limit) => new() { Metric = metric, Limit = limit };

    private async Task Policy(params ImmutableArray<GateRule> rules) =>
        await _client.Models.SetPolicyAsync("m", await Change(), new GatePolicy { Rules = rules });

    private async Task<ModelChange> Change() => _client.Models.Change((await _client.Models.FindAsync("m"))!.Info, "test");

    private async Task<int> Alias(string name) => (await _client.Models.FindAsync("m"))!.Info.Aliases.FirstOrDefault(alias => alias.Name == name)?.Version ?? 0;

    private async Task<TrainingReport> Finish(string job)
    {
        JobStatus end = await _client.Finish(job);
        end.State.ShouldBe(JobState.Succeeded, end.Error);
        return (await _client.Jobs.ReportAsync(job))!;
    }

    private static OrleansCluster.Serving.RowsPayload Payload(float[] values) =>
        new() { Precision = "f4", Columns = 2, Values = System.Runtime.InteropServices.MemoryMarshal.AsBytes(values.AsSpan()).ToArray() };
}
