using OrleansCluster.Models.Routing;
using OrleansCluster.Retraining;

namespace OrleansCluster.Grains.Tests.Retraining;

/// <summary>What a plan must be like, when it is due, and what the answers of a canary decide.</summary>
public sealed class RetrainingRulesTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 28, 12, 0, 0, TimeSpan.Zero);
    private static readonly RetrainingPlan Plan = new() { Dataset = "points", Schedule = "30 2 * * *", Steps = [500, 5_000] };

    [Fact]
    public void A_plan_that_can_be_carried_out_passes_and_others_are_refused_with_what_to_do()
    {
        RetrainingRules.Check(Plan, Noon).ShouldBe(Plan);
        foreach ((RetrainingPlan wrong, string said) in new[]
        {
            (Plan with { Dataset = "" }, "dataset has no name"),
            (Plan with { Schedule = "at night" }, "'at night' is no schedule"),
            (Plan with { Schedule = "0 0 30 2 *" }, "has no time to come"),
            (Plan with { TimeZone = "Middle/Earth" }, "'Middle/Earth' is no time zone"),
            (Plan with { Hours = "22-6" }, "'22-6' are no hours"),
            (Plan with { Hours = "22:00-22:00" }, "are no hours"),
            (Plan with { Schedule = "" }, "Nothing would ever begin"),
            (Plan with { MostADay = 0 }, "most runs a day is 0"),
            (Plan with { DriftedWindows = -1 }, "drifted windows is -1"),
            (Plan with { Every = TimeSpan.Zero }, "step of the canary"),
            (Plan with { OldestChampion = TimeSpan.FromSeconds(1) }, "greatest age"),
            (Plan with { Steps = [5_000, 500] }, "50%, 5%"),
            (Plan with { Steps = [ModelRoute.Whole] }, "100%"),
            (Plan with { Guards = new CanaryGuards { LeastAgreement = 2 } }, "least agreement"),
        })
        {
            Should.Throw<ClusteringException>(() => RetrainingRules.Check(wrong, Noon)).Message.ShouldContain(said);
        }
    }

    [Fact]
    public void Schedules_keep_to_the_clocks_of_their_time_zone()
    {
        RetrainingPlan berlin = Plan with { TimeZone = "Europe/Berlin" };
        Plan.NextAfter(Noon).ShouldBe(new DateTimeOffset(2026, 3, 29, 2, 30, 0, TimeSpan.Zero));
        // That night half past two does not come in Berlin, and a day later it is an hour earlier.
        berlin.NextAfter(Noon).ShouldBe(new DateTimeOffset(2026, 3, 29, 1, 0, 0, TimeSpan.Zero));
        berlin.NextAfter(Noon.AddDays(1)).ShouldBe(new DateTimeOffset(2026, 3, 30, 0, 30, 0, TimeSpan.Zero));
        RetrainingPlan night = berlin with { Hours = "22:00-06:00" };
        foreach ((double hour, bool open) in new[] { (20.9, false), (21.1, true), (28.9, false), (27.9, true) })
            night.IsOpenAt(new DateTimeOffset(2026, 3, 28, 0, 0, 0, TimeSpan.Zero).AddHours(hour)).ShouldBe(open, hour.ToString());
        Plan.IsOpenAt(Noon).ShouldBeTrue();
    }

    [Fact]
    public void A_canary_goes_when_enough_answers_are_bad_or_none_come_in_time()
    {
        RetrainingRules.AgainstCanary(Status(rows: true, agreement: true), 0, Plan, Noon.AddDays(30)).ShouldBe("");
        RetrainingRules.AgainstCanary(Status(rows: true, agreement: false), 0, Plan, Noon).ShouldBe("agreement: of agreement");
        // Of a few nothing is said before there are enough of them, answered or not.
        RetrainingRules.AgainstCanary(Status(rows: false, agreement: false), 0, Plan, Noon).ShouldBe("");
        RetrainingRules.AgainstCanary(Status(rows: false, agreement: false), 100, Plan, Noon).ShouldBe("agreement: of agreement");
        RetrainingRules.AgainstCanary(Status(rows: false, agreement: true), 0, Plan, Noon.AddHours(24)).ShouldBe("");
        RetrainingRules.AgainstCanary(Status(rows: false, agreement: true), 0, Plan, Noon.AddHours(24.3))
            .ShouldBe("too few answers to judge it by: of rows since 2026-03-28 12:00 UTC");
    }

    private static RouteStatus Status(bool rows, bool agreement) => new()
    {
        Route = new ModelRoute
        {
            Number = 1,
            Champion = 1,
            Segments = [],
            Since = Noon,
            By = "",
            Canary = new CanaryPlan { Version = 2, Steps = [500, 10_000], Every = TimeSpan.FromMinutes(15), Began = Noon },
        },
        Champion = 1,
        Shares = [],
        Step = 0,
        Left = null,
        Guards = [Outcome("rows", rows), Outcome("agreement", agreement)],
    };

    private static GuardOutcome Outcome(string guard, bool passed) => new() { Guard = guard, Passed = passed, Value = 0, Limit = 0, Why = $"of {guard}" };
}
