using System.Collections.Immutable;
using OrleansCluster.Models.Routing;
using OrleansCluster.Serving;

namespace OrleansCluster.Grains.Tests.Models.Routing;

public sealed class GuardRulesTests
{
    private static readonly CanaryGuards Usual = new();

    /// <summary>200 rows, 190 in the champion's cluster, 5% less loss, one error in 201.</summary>
    private static readonly CanaryTally Good = new() { Rows = 200, Same = 190, Errors = 1, Scored = 200, Loss = 380, ChampionLoss = 400 };

    [Fact]
    public void A_candidate_that_meets_every_guard_passes_and_limits_themselves_do()
    {
        ImmutableArray<GuardOutcome> outcomes = GuardRules.Judge(Usual, Good, LossUnits.SquaredDistance);
        outcomes.Select(outcome => (outcome.Guard, outcome.Passed)).ShouldBe([("rows", true), ("agreement", true), ("score", true), ("errors", true)]);
        outcomes.Select(outcome => outcome.Why).ShouldBe(
        [
            "200 rows compared, 100 rows wanted",
            "95% are in the champion's cluster, at least 90%",
            "5% less mean squared distance than under the champion",
            "0.5% could not be answered, at most 1%",
        ]);
        GuardRules.Judge(Usual, Good with { Rows = 100, Same = 90, Errors = 1, Loss = 440 }, LossUnits.SquaredDistance).ShouldAllBe(outcome => outcome.Passed);
    }

    [Theory]
    [InlineData("rows", 99, 99, 0, 99, 99.0, 99.0, "99 rows compared, 100 rows wanted")]
    [InlineData("agreement", 1000, 430, 0, 1000, 1.0, 1.0, "43% are in the champion's cluster, less than 90%")]
    [InlineData("score", 200, 200, 0, 200, 450.0, 400.0, "12.5% more mean squared distance than under the champion, more than 10%")]
    [InlineData("score", 200, 200, 0, 200, 1e-9, 0.0, "more than 10%")]
    [InlineData("errors", 200, 200, 50, 200, 1.0, 1.0, "20% could not be answered, more than 1%")]
    public void Each_guard_fails_alone_and_says_why(string guard, long rows, long same, long errors, long scored, double loss, double championLoss, string why)
    {
        var tally = new CanaryTally { Rows = rows, Same = same, Errors = errors, Scored = scored, Loss = loss, ChampionLoss = championLoss };
        GuardOutcome failed = GuardRules.Judge(Usual, tally, LossUnits.SquaredDistance).Where(outcome => !outcome.Passed).ShouldHaveSingleItem();
        failed.Guard.ShouldBe(guard);
        failed.Why.ShouldContain(why);
    }

    [Theory]
    [InlineData(-220.0, -240.0, true, "0.1 nats less log-density than under the champion, at most 0.1 nats")]
    [InlineData(-200.0, -240.0, false, "0.2 nats less log-density than under the champion, more than 0.1 nats")]
    [InlineData(-300.0, -240.0, true, "0.3 nats more log-density than under the champion")]
    [InlineData(1.0, 1.0, true, "as under the champion")]
    public void Of_mixtures_the_mean_log_density_is_compared_whatever_its_sign(double loss, double championLoss, bool passes, string why)
    {
        GuardOutcome score = GuardRules.Judge(Usual, Good with { Loss = loss, ChampionLoss = championLoss }, LossUnits.Nats)
            .Single(outcome => outcome.Guard == "score");
        (score.Passed, score.Why).ShouldBe((passes, why));
    }

    [Theory]
    [InlineData(10, 6, null, true, "5% are flagged, 3% by the champion, at most 8%")]
    [InlineData(18, 6, null, false, "9% are flagged, 3% by the champion, more than 8%")]
    [InlineData(10, 10, 0.02, false, "5% are flagged, 5% by the champion, more than 2%")]
    [InlineData(180, 0, 0.9, true, "90% are flagged, 0% by the champion, at most 90%")]
    public void The_budget_of_alerts_is_what_is_said_else_a_little_more_than_the_champion_s(
        long flagged, long before, double? budget, bool passes, string why)
    {
        CanaryTally tally = Good with { Flagged = flagged, ChampionFlagged = before };
        GuardOutcome outcome = GuardRules.Judge(Usual with { MostFlagged = budget }, tally, LossUnits.Nats).Single(one => one.Guard == "anomalies");
        (outcome.Passed, outcome.Why).ShouldBe((passes, why));
        GuardRules.Judge(Usual, tally, LossUnits.SquaredDistance).ShouldNotContain(one => one.Guard == "anomalies");
    }

    [Theory]
    [InlineData(200, 400, true, "100% more time than the champion, at most 100%")]
    [InlineData(200, 401, false, "100.5% more time than the champion, more than 100%")]
    [InlineData(200, 100, true, "50% less time than the champion")]
    public void A_candidate_may_take_twice_as_long_unless_it_is_said_otherwise(int champion, int candidate, bool passes, string why)
    {
        CanaryTally tally = Good with { ChampionTime = TimeSpan.FromMilliseconds(champion), Time = TimeSpan.FromMilliseconds(candidate) };
        GuardOutcome outcome = GuardRules.Judge(Usual, tally, LossUnits.SquaredDistance).Single(one => one.Guard == "time");
        (outcome.Passed, outcome.Why).ShouldBe((passes, why));
    }

    [Fact]
    public void Too_little_time_is_not_compared()
    {
        CanaryTally tally = Good with { ChampionTime = TimeSpan.FromMilliseconds(99), Time = TimeSpan.FromMinutes(1) };
        GuardRules.Judge(Usual, tally, LossUnits.SquaredDistance).ShouldNotContain(one => one.Guard == "time");
    }

    [Fact]
    public void Rows_at_a_threshold_are_flagged_and_without_one_none_are()
    {
        var none = new Agreement { Version = 2, Labels = [] };
        var losses = new ComparedLosses(LossUnits.Nats, [1, 2, 3, double.PositiveInfinity], [2, 3, double.PositiveInfinity, 1]) { ChampionFlags = 2 };
        Agreement told = losses.AddTo(none);
        (told.Scored, told.ChampionFlagged, told.Flagged, told.Errors).ShouldBe((2, 1, 0, 1));
        (losses with { Flags = 3 }).AddTo(none).Flagged.ShouldBe(1);
    }

    [Fact]
    public void Nothing_compared_is_no_evidence_and_different_families_have_no_common_score()
    {
        ImmutableArray<GuardOutcome> nothing = GuardRules.Judge(Usual, new CanaryTally(), "");
        nothing.Select(outcome => (outcome.Guard, outcome.Passed)).ShouldBe([("rows", false), ("errors", true)]);
        nothing[0].Why.ShouldBe("0 rows compared, 100 rows wanted");
        GuardOutcome score = GuardRules.Judge(Usual, Good with { Scored = 0, Loss = 0, ChampionLoss = 0 }, "").Single(outcome => outcome.Guard == "score");
        (score.Passed, score.Value).ShouldBe((true, null));
        score.Why.ShouldContain("cannot be compared");
    }

    [Fact]
    public void A_step_is_judged_by_what_came_after_it_began()
    {
        CanaryTally counted = Good with { Rows = 1000, Same = 200, Errors = 3, Scored = 900, Loss = 500, ChampionLoss = 450, Flagged = 9, Time = new(3) };
        counted.Since(Good).ShouldBe(
            new CanaryTally { Rows = 800, Same = 10, Errors = 2, Scored = 700, Loss = 120, ChampionLoss = 50, Flagged = 9, Time = new(3) });
        Good.Since(null).ShouldBe(Good);
    }
}
