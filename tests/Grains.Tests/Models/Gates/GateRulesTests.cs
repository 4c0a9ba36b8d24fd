using System.Collections.Immutable;
using OrleansCluster.Models.Gates;

namespace OrleansCluster.Grains.Tests.Models.Gates;

public sealed class GateRulesTests
{
    private static readonly GateFacts Good = new()
    {
        Champion = 3,
        Objective = 100,
        ChampionObjective = 100,
        LessIsBetter = true,
        Churn = 0.04,
        LeastSize = 50,
        LeastConfidence = 0.8,
        LogLikelihood = -2.5,
        Silhouette = 0.4,
    };

    private static readonly GatePolicy All = new()
    {
        HeldOut = "kept",
        Rules =
        [
            Rule(GateMetrics.Objective, 0.02), Rule(GateMetrics.Churn, 0.05), Rule(GateMetrics.Size, 50), Rule(GateMetrics.Confidence, 0.8),
            Rule(GateMetrics.LogLikelihood, -2.5), Rule(GateMetrics.Silhouette, 0.4),
        ],
    };

    [Fact]
    public void A_version_that_meets_every_rule_becomes_champion_and_limits_themselves_pass()
    {
        GateReport report = GateRules.Decide(GateRules.Check(All), Good with { Objective = 102, Churn = 0.05 });
        report.Verdict.ShouldBe(GateVerdicts.Champion);
        report.Champion.ShouldBe(3);
        report.Outcomes.ShouldAllBe(outcome => outcome.Passed && outcome.Why.Contains("at "));
        report.Outcomes.Select(outcome => outcome.Rule.Metric).ShouldBe(GateMetrics.All);
    }

    [Theory]
    [InlineData(75, "25% better than the champion's")]
    [InlineData(101, "1% worse is at most 2%")]
    [InlineData(103, "3% worse is more than 2%")]
    public void An_objective_is_told_as_better_or_worse(double objective, string told) =>
        GateRules.Decide(All, Good with { Objective = objective }).Outcomes[0].Why.ShouldBe(told);

    public static TheoryData<string> Metrics => [.. GateMetrics.All];

    [Theory, MemberData(nameof(Metrics))]
    public void Each_rule_fails_alone_and_says_why(string metric)
    {
        GateFacts bad = metric switch
        {
            GateMetrics.Objective => Good with { Objective = 102.5 },
            GateMetrics.Churn => Good with { Churn = 0.051 },
            GateMetrics.Size => Good with { LeastSize = 49 },
            GateMetrics.Confidence => Good with { LeastConfidence = 0.79 },
            GateMetrics.LogLikelihood => Good with { LogLikelihood = -2.51 },
            _ => Good with { Silhouette = 0.39 },
        };
        GateReport report = GateRules.Decide(All, bad);
        report.Verdict.ShouldBe(GateVerdicts.Challenger);
        GateOutcome failed = report.Outcomes.Where(outcome => !outcome.Passed).ShouldHaveSingleItem();
        failed.Rule.Metric.ShouldBe(metric);
        failed.Why.ShouldContain(GateMetrics.IsAtMost(metric) ? "more than" : "less than");
        failed.Value.ShouldNotBeNull();
    }

    [Theory, MemberData(nameof(Metrics))]
    public void What_was_not_measured_does_not_pass(string metric)
    {
        if (metric == GateMetrics.Size)
            return;
        GateFacts unknown = metric switch
        {
            GateMetrics.Objective => Good with { ChampionObjective = null, Trouble = "it has other columns" },
            GateMetrics.Churn => Good with { Churn = null, Trouble = "it has other columns" },
            GateMetrics.Confidence => Good with { LeastConfidence = double.NaN, Trouble = "it has other columns" },
            GateMetrics.LogLikelihood => Good with { LogLikelihood = null, Trouble = "it has other columns" },
            _ => Good with { Silhouette = null, Trouble = "it has other columns" },
        };
        GateRules.Decide(All, unknown).Outcomes.Where(outcome => !outcome.Passed)
            .ShouldHaveSingleItem().Why.ShouldBe("it could not be measured: it has other columns");
    }

    [Fact]
    public void The_least_that_a_failed_rule_leaves_is_the_verdict()
    {
        var policy = new GatePolicy { Rules = [Rule(GateMetrics.Churn, 0.01), Rule(GateMetrics.Size, 10) with { Otherwise = GateVerdicts.None }] };
        GateRules.Decide(policy, Good).Verdict.ShouldBe(GateVerdicts.Challenger);
        GateRules.Decide(policy, Good with { LeastSize = 9 }).Verdict.ShouldBe(GateVerdicts.None);
        GateRules.Decide(policy, Good with { LeastSize = 9, Churn = 0 }).Verdict.ShouldBe(GateVerdicts.None);
    }

    [Fact]
    public void Without_a_champion_only_rules_about_the_version_itself_can_fail()
    {
        GateFacts first = Good with { Champion = 0, ChampionObjective = null, Churn = null, LeastConfidence = null };
        GateRules.Decide(All, first).Verdict.ShouldBe(GateVerdicts.Champion);
        GateRules.Decide(All, first with { LeastSize = 1 }).Verdict.ShouldBe(GateVerdicts.Challenger);
    }

    [Theory]
    [InlineData(100, 90, true, -0.1)]
    [InlineData(100, 110, true, 0.1)]
    [InlineData(-2, -1.9, false, -0.05)]
    [InlineData(-2, -2.1, false, 0.05)]
    [InlineData(0.5, 0.4, false, 0.2)]
    [InlineData(0, 0, true, 0)]
    [InlineData(0, 1, true, double.PositiveInfinity)]
    [InlineData(0, 1, false, double.NegativeInfinity)]
    public void Worse_is_measured_by_the_champion_s_magnitude(double champion, double objective, bool lessIsBetter, double worse) =>
        (Good with { Objective = objective, ChampionObjective = champion, LessIsBetter = lessIsBetter })
            .Worse()!.Value.ShouldBeInRange(worse - 1e-12, worse + 1e-12);

    [Fact]
    public void A_rule_is_set_or_taken_away_and_the_others_stay()
    {
        GatePolicy changed = All.With(Rule(GateMetrics.Size, 7) with { Otherwise = GateVerdicts.None });
        changed.Rules.Select(rule => rule.Metric).ShouldBe(GateMetrics.All);
        changed.Rules.Where(rule => !All.Rules.Contains(rule)).ShouldHaveSingleItem().Limit.ShouldBe(7);
        changed.HeldOut.ShouldBe("kept");
        new GatePolicy { Rules = [Rule(GateMetrics.Churn, 0.1)] }.With(Rule(GateMetrics.Size, 7)).Rules.Select(rule => rule.Metric)
            .ShouldBe([GateMetrics.Churn, GateMetrics.Size]);
        All.Without(GateMetrics.Churn).Rules.ShouldBe(All.Rules.RemoveAt(1));
        All.Without(GateMetrics.Churn).HeldOut.ShouldBe("kept");
        GateRules.Check(All.Without(GateMetrics.LogLikelihood)).HeldOut.ShouldBe("");
    }

    [Fact]
    public void Policies_that_cannot_be_carried_out_are_refused()
    {
        Refused([], "no rules");
        Refused([Rule("inertia", 1)], "'inertia', which is no metric: there are objective, churn, size, confidence, log-likelihood, silhouette");
        Refused([Rule(GateMetrics.Churn, 0.1), Rule(GateMetrics.Churn, 0.2)], "two rules");
        Refused([Rule(GateMetrics.Churn, 1.5)], "0% to 100%");
        Refused([Rule(GateMetrics.Objective, -0.1)], "0% or more");
        Refused([Rule(GateMetrics.Size, -1)], "0 or more");
        Refused([Rule(GateMetrics.Silhouette, 2)], "between −1 and 1");
        Refused([Rule(GateMetrics.Silhouette, double.NaN)], "finite");
        Refused([Rule(GateMetrics.Size, 1) with { Otherwise = "champion" }], "challenger or none");
        Refused([Rule(GateMetrics.LogLikelihood, -3)], "name their dataset");
        Should.Throw<ClusteringException>(() =>
            GateRules.Check(new GatePolicy { Rules = [Rule(GateMetrics.Size, 1)], HeldOut = "kept" })).Message.ShouldContain("no rule for log-likelihood");
        Should.Throw<ClusteringException>(() => GateRules.Check(All with { HeldOut = "kept@newest" })).Message.ShouldContain("names no dataset version");
        Should.Throw<ClusteringException>(() => GateRules.Check(All with { HeldOut = "../kept" })).Message.ShouldContain("contains '/'");
    }

    private static void Refused(ImmutableArray<GateRule> rules, string why) =>
        Should.Throw<ClusteringException>(() => GateRules.Check(new GatePolicy { Rules = rules })).Message.ShouldContain(why);

    private static GateRule Rule(string metric, double limit) => new() { Metric = metric, Limit = limit };
}
