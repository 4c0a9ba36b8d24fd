using System.Collections.Immutable;
using OrleansCluster.Models.Routing;

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
        CanaryTally since = (Good with { Rows = 1000, Same = 200, Errors = 3, Scored = 900, Loss = 500, ChampionLoss = 450 }).Since(Good);
        since.ShouldBe(new CanaryTally { Rows = 800, Same = 10, Errors = 2, Scored = 700, Loss = 120, ChampionLoss = 50 });
        Good.Since(null).ShouldBe(Good);
    }
}
