using System.Collections.Immutable;
using OrleansCluster.Alerts;

namespace OrleansCluster.Grains.Tests.Alerts;

/// <summary>How alerts begin, are told, last, end and come back.</summary>
public sealed class AlertBookTests
{
    private static readonly AlertRule Rule = new()
    {
        Name = "drift",
        Figure = AlertFigures.Drift,
        Above = 0.2,
        Below = 0.1,
        For = TimeSpan.FromMinutes(10),
        Repeat = TimeSpan.FromHours(4),
    };

    private readonly DateTimeOffset _begin = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);
    private ImmutableArray<Alert> _alerts = [];
    private int _count;

    [Fact]
    public void It_is_told_when_it_has_lasted_again_after_a_time_and_once_when_it_ends()
    {
        Look(0, At("m", 0.3)).ShouldBeEmpty();
        _alerts.Single().State.ShouldBe(AlertState.Pending);
        Look(9, At("m", 0.25)).ShouldBeEmpty();
        Alert told = Look(10, At("m", 0.25)).Single();
        (told.Id, told.State, told.Since, told.Fired).ShouldBe(("a1", AlertState.Firing, _begin, _begin.AddMinutes(10)));
        // Below the limit, and not yet well again.
        Look(60, At("m", 0.15)).ShouldBeEmpty();
        _alerts.Single().Models.Single().Value.ShouldBe(0.15);
        Look(250, At("m", 0.15)).Single().Id.ShouldBe("a1");
        Alert ended = Look(260, At("m", 0.1)).Single();
        (ended.Id, ended.State, ended.Resolved).ShouldBe(("a1", AlertState.Resolved, _begin.AddMinutes(260)));
        Look(261, At("m", 0.15)).ShouldBeEmpty();
        _alerts.Single().State.ShouldBe(AlertState.Resolved);

        // What flaps is the same alert, and not told anew before its time; what comes back later is another.
        Look(262, At("m", 0.3)).ShouldBeEmpty();
        Look(280, At("m", 0.3)).ShouldBeEmpty();
        (_alerts.Single().Id, _alerts.Single().State).ShouldBe(("a1", AlertState.Firing));
        Look(490, At("m", 0.3)).Single().Id.ShouldBe("a1");
        Look(500).Single().State.ShouldBe(AlertState.Resolved);
        Look(1000, At("m", 0.3)).ShouldBeEmpty();
        Look(1010, At("m", 0.3)).Single().Id.ShouldBe("a2");
    }

    [Fact]
    public void What_did_not_last_was_nothing_and_what_cannot_be_seen_stays_as_it_was()
    {
        Look(0, At("m", 0.3)).ShouldBeEmpty();
        Look(5).ShouldBeEmpty();
        _alerts.ShouldBeEmpty();
        Look(10, At("m", 0.3));
        Look(20, At("m", 0.3)).Length.ShouldBe(1);
        LookWithout(30, "m").ShouldBeEmpty();
        _alerts.Single().State.ShouldBe(AlertState.Firing);
        // A rule that is gone takes its alerts along.
        (_alerts, ImmutableArray<Alert> tell, _count) = AlertBook.Update([], [], [At("m", 0.3)], new HashSet<string>(), _alerts, _count, _begin.AddMinutes(40));
        (tell.Single().State, _alerts.Single().State).ShouldBe((AlertState.Resolved, AlertState.Resolved));
    }

    [Fact]
    public void A_storm_of_one_cause_is_one_alert_that_names_it_and_its_models()
    {
        AlertFigure[] storm = [.. Enumerable.Range(0, 40).Select(i => At($"m{i:00}", 0.5))];
        Look(0, storm);
        Alert told = Look(10, [.. storm, At("m05", 0.4, "age")]).Single();
        (told.Cause, told.Models.Length, told.Models[0].Model).ShouldBe(("income", 40, "m00"));
        Look(20, [.. storm[1..], At("m05", 0.4, "age")]).Single().Cause.ShouldBe("age");
        _alerts.Single(alert => alert.Cause == "income").Models.Length.ShouldBe(39);
    }

    [Fact]
    public void Who_sees_to_it_or_silences_it_is_not_told_again_and_other_models_are()
    {
        AlertSilence silence = new() { Id = "s1", Models = "test-*", Since = _begin, Until = _begin.AddMinutes(60) };
        Look(0, [silence], At("test-a", 0.3));
        Look(10, [silence], At("test-a", 0.3)).ShouldBeEmpty();
        _alerts.Single().Silence.ShouldBe("s1");
        // Another model has it, too, which nobody silenced.
        Look(11, [silence], At("test-a", 0.3), At("live", 0.3)).Single().Models.Length.ShouldBe(2);
        _alerts = [.. _alerts.Select(alert => alert with { By = "ana" })];
        Look(400, At("live", 0.3)).ShouldBeEmpty();
        Look(401).Single().State.ShouldBe(AlertState.Resolved);
        // Only rules of the figure and the model's name are asked.
        (_, ImmutableArray<Alert> tell, _) = AlertBook.Update(
            [Rule with { For = TimeSpan.Zero, Models = "live" }], [], [At("test-a", 0.9), new AlertFigure(AlertFigures.Missing, "live", "x", 1, "")],
            new HashSet<string>(), [], 0, _begin);
        tell.ShouldBeEmpty();
    }

    [Fact]
    public void Rules_and_silences_that_cannot_be_kept_are_refused()
    {
        AlertRules.Check(Rule).ShouldBe(Rule);
        foreach ((AlertRule wrong, string said) in new[]
        {
            (Rule with { Name = "a b" }, "contains ' '"),
            (Rule with { Figure = "weather" }, "'weather' is no figure"),
            (Rule with { Above = double.NaN }, "give numbers from 0 on"),
            (Rule with { Below = 0.3 }, "not above the first"),
            (Rule with { Severity = "loud" }, "'loud' is no severity"),
            (Rule with { Repeat = TimeSpan.Zero }, "a minute or more"),
            (Rule with { Models = "" }, "0 characters"),
            (Rule with { Objective = 0 }, "a share above 0"),
            (Rule with { Fast = TimeSpan.FromHours(7) }, "the second longer than the first"),
            (Rule with { Slow = TimeSpan.FromDays(9) }, "to 8 days"),
        })
            Should.Throw<ClusteringException>(() => AlertRules.Check(wrong)).Message.ShouldContain(said);
        Should.Throw<ClusteringException>(() => AlertRules.Check(new AlertSilence(), TimeSpan.FromDays(31))).Message.ShouldContain("up to 30 days");
    }

    [Fact]
    public void A_figure_that_must_not_be_less_is_wrong_below_and_well_again_above()
    {
        AlertRule rule = Rule with { Figure = AlertFigures.SegmentAccuracy, IsLess = true, Above = 0.8, Below = 0.85, For = TimeSpan.Zero };
        AlertRules.Check(rule);
        Should.Throw<ClusteringException>(() => AlertRules.Check(rule with { Below = 0.7 })).Message.ShouldContain("not below the first");
        ImmutableArray<Alert> alerts = [];
        int count = 0;
        // Wrong, nearly well, well, nearly wrong.
        foreach ((double value, AlertState? state) in new (double, AlertState?)[]
        {
            (0.9, null), (0.79, AlertState.Firing), (0.84, AlertState.Firing), (0.85, AlertState.Resolved), (0.8, AlertState.Resolved),
        })
        {
            AlertFigure figure = new(AlertFigures.SegmentAccuracy, "m", "country=FR", value, "");
            (alerts, _, count) = AlertBook.Update([rule], [], [figure], new HashSet<string>(), alerts, count, _begin);
            alerts.SingleOrDefault()?.State.ShouldBe(state!.Value);
            alerts.IsEmpty.ShouldBe(state is null);
        }

        alerts.Single().Cause.ShouldBe("country=FR");
    }

    [Fact]
    public void A_figure_of_one_rule_is_of_no_other()
    {
        AlertRule one = Rule with { Figure = AlertFigures.AnomalyBurn, Above = 1, Below = null, For = TimeSpan.Zero }, other = one with { Name = "other" };
        (ImmutableArray<Alert> alerts, _, _) = AlertBook.Update(
            [one, other], [], [new AlertFigure(AlertFigures.AnomalyBurn, "m", "m", 5, "", "other")], new HashSet<string>(), [], 0, _begin);
        alerts.Single().Rule.ShouldBe("other");
    }

    private static AlertFigure At(string model, double value, string cause = "income") => new(AlertFigures.Drift, model, cause, value, $"moved by {value}");

    private ImmutableArray<Alert> Look(double minute, params AlertFigure[] figures) => Look(minute, [], figures);

    private ImmutableArray<Alert> LookWithout(double minute, string unknown) => Look(minute, [], [], unknown);

    private ImmutableArray<Alert> Look(double minute, AlertSilence[] silences, params AlertFigure[] figures) => Look(minute, silences, figures, null);

    private ImmutableArray<Alert> Look(double minute, AlertSilence[] silences, AlertFigure[] figures, string? unknown)
    {
        (_alerts, ImmutableArray<Alert> tell, _count) = AlertBook.Update(
            [Rule], silences, figures, new HashSet<string>(unknown is null ? [] : [unknown]), _alerts, _count, _begin.AddMinutes(minute));
        return tell;
    }
}
