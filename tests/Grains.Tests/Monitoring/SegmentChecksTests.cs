using System.Collections.Immutable;
using OrleansCluster.Alerts;
using OrleansCluster.Client;
using OrleansCluster.Contracts.Api;
using OrleansCluster.Grains.Tests.Fixtures;
using OrleansCluster.Json;
using OrleansCluster.Models;
using OrleansCluster.Monitoring;

namespace OrleansCluster.Grains.Tests.Monitoring;

/// <summary>Checks of segments that are told of a model.</summary>
public sealed class SegmentChecksTests(SharedCluster shared)
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void The_newest_are_kept_and_one_that_is_told_again_is_known()
    {
        ImmutableArray<SegmentCheck> kept = [];
        for (int i = 0; i < SegmentChecks.Most + 5; i++)
            kept = kept.With(Check($"c{i}", 0.9), Now.AddMinutes(i));
        (kept.Length, kept[0].Id, kept[^1].At).ShouldBe((SegmentChecks.Most, "c5", Now.AddMinutes(SegmentChecks.Most + 4)));
        kept.With(Check("c7", 0.1), Now).ShouldBe(kept);
        foreach ((SegmentCheck wrong, string said) in new[]
        {
            (Check("a b", 1), "contains ' '"),
            (Check("c", 1) with { Metric = "luck" }, "'luck' is nothing"),
            (Check("c", 1) with { Data = new string('x', 301) }, "301 characters"),
            (Check("c", double.PositiveInfinity), "neither can be"),
            (Check("c", 1) with { Segments = [.. Enumerable.Range(0, 31).Select(i => Segment($"s{i}", 1))] }, "the 30 worst"),
            (Check("c", 1) with { Segments = [Segment("s", 1), Segment("s", 1)] }, "'s' twice"),
        })
            Should.Throw<ClusteringException>(() => kept.With(wrong, Now)).Message.ShouldContain(said);
    }

    [Fact]
    public void Figures_are_of_segments_that_can_be_compared_and_chance_is_no_drop()
    {
        SegmentCheck check = Check("c", 0.6) with
        {
            At = Now.AddDays(-2),
            Segments = [Segment("g=a", 0.6), Segment("g=b", 0.5) with { Chance = double.NaN }, Segment("g=c", 0.8) with { Chance = 0.2, Drop = 0.1 }],
        };
        (string, string, double)[] figures = [.. SegmentFigures.Of("m", check, Now).Select(figure => (figure.Name, figure.Cause, figure.Value))];
        figures.ShouldBe(
        [
            ("segment-age", "m", 2), ("segment-accuracy", "all rows", 0.9), ("segment-accuracy", "g=a", 0.6), ("segment-drop", "g=a", 0.3),
            ("segment-accuracy", "g=c", 0.8), ("segment-drop", "g=c", 0),
        ]);
        figures.ShouldAllBe(figure => AlertFigures.All.Contains(figure.Item1));
    }

    [Fact]
    public void Of_a_report_the_worst_are_told_and_what_failed_goes_first()
    {
        var report = new SegmentsDocument
        {
            Metric = "mae",
            Data = "rows.csv",
            Passed = false,
            MaxDrop = 0.05,
            Worsened = ["s39"],
            Segments = [.. Enumerable.Range(0, 40).Select(i => new SegmentDocument
            {
                Name = $"s{i}",
                Rows = i,
                Value = i,
                Figures = [new SegmentFigureDocument { Name = "mae", Value = i, Low = i - 1, High = i + 1 }],
            })],
        };
        SegmentCheck told = SegmentDocuments.Read(report, "ana", "c");
        told.Segments.Select(segment => segment.Name).ShouldBe(["s39", .. Enumerable.Range(0, 29).Select(i => $"s{i}")]);
        (told.Segments[0].Failed, told.Segments[0].Low, told.Segments[0].Rest, told.Passed).ShouldBe((true, 38, double.NaN, false));
        SegmentDocuments.Read(SegmentDocuments.Of(told), "ana", "").Segments.ShouldBe(told.Segments);
    }

    [Fact]
    public async Task A_segment_below_a_rule_is_an_alert_until_a_later_check_is_well_and_goes_with_its_model()
    {
        SharedCluster.Tenant tenant = shared.NewTenant();
        ClusteringClient client = tenant.Client();
        await client.Import("points", Rows.Clouds(60));
        await client.Train(Rows.Request("points", "m", restarts: 1));
        await client.Alerts.SetRuleAsync(new AlertRule { Name = "fair", Figure = AlertFigures.SegmentAccuracy, IsLess = true, Above = 0.8 });
        await client.Monitor.TellAsync("m", Check("c1", 0.6));
        (await client.Monitor.TellAsync("m", Check("c1", 0.6))).ShouldHaveSingleItem();
        Alert alert = (await client.Alerts.LookAsync()).Alerts.ShouldHaveSingleItem();
        (alert.Cause, alert.State, alert.Models[0].Value).ShouldBe(("country=FR", AlertState.Firing, 0.6));
        alert.Models[0].Text.ShouldBe("accuracy 0.6 of 50 rows of country=FR, 0.9 in the rest (rows.csv)");
        (await client.Monitor.TellAsync("m", Check("", 0.85))).Length.ShouldBe(2);
        (await client.Alerts.LookAsync()).Alerts.ShouldHaveSingleItem().State.ShouldBe(AlertState.Resolved);

        ModelOutline gone = (await client.Models.FindAsync("m"))!;
        await client.Models.DeleteAsync("m", client.Models.Change(gone.Info), 0, force: true);
        (await client.Monitor.ChecksAsync("m")).ShouldBeEmpty();
    }

    private static SegmentCheck Check(string id, double value) => new()
    {
        Id = id,
        Data = "rows.csv",
        Metric = "accuracy",
        Overall = new CheckedSegment { Name = "all rows", Rows = 100, Value = 0.9 },
        Segments = [Segment("country=FR", value)],
        Passed = value > 0.8,
        MaxDrop = 0.05,
    };

    private static CheckedSegment Segment(string name, double value) => new()
    {
        Name = name,
        Rows = 50,
        Value = value,
        Rest = 0.9,
        Drop = Math.Round(0.9 - value, 12),
        Chance = 0.001,
    };
}
