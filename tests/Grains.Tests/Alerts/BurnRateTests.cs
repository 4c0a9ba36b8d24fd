using OrleansCluster.Alerts;
using OrleansCluster.Monitoring;

namespace OrleansCluster.Grains.Tests.Alerts;

/// <summary>How fast anomalies use up what is allowed of them.</summary>
public sealed class BurnRateTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly AlertRule Rule = new() { Name = "burn", Figure = AlertFigures.AnomalyBurn, Above = 6, Objective = 0.02 };

    /// <summary>Windows of 1,000 rows an hour, the newest first: anomalies in each; then both rates by hand, and what both burn.</summary>
    public static TheoryData<int[], double, double, double> Cases => new()
    {
        // As it should be.
        { [20, 20, 20, 20, 20, 20, 20], 1, 1, 1 },
        // For ever: 200 of 1,000 are ten times 2 %.
        { [200, 200, 200, 200, 200, 200], 10, 10, 10 },
        // Just begun: much over one hour, little over six.
        { [200, 0, 0, 0, 0, 0], 10, 10 / 6.0, 10 / 6.0 },
        // Over already.
        { [0, 600, 600, 0, 0, 0], 0, 10, 0 },
        // What is older than six hours counts no more.
        { [20, 20, 20, 20, 20, 20, 900], 1, 1, 1 },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Both_times_must_burn(int[] anomalies, double fast, double slow, double both)
    {
        ObservedWindow[] windows = [.. anomalies.Select((far, i) => Window(1000, far, Now.AddHours(-i).AddMinutes(-1)))];
        BurnRate rate = BurnRate.Of(windows, Rule, Now)!;
        (Math.Round(rate.Fast, 9), Math.Round(rate.Slow, 9), Math.Round(rate.Value, 9)).ShouldBe((fast, Math.Round(slow, 9), Math.Round(both, 9)));
    }

    [Fact]
    public void Of_few_rows_nothing_is_said() => BurnRate.Of([Window(99, 99, Now), Window(1000, 0, Now.AddHours(-2))], Rule, Now).ShouldBeNull();

    private static ObservedWindow Window(long rows, long far, DateTimeOffset until) => new()
    {
        Name = "w",
        Version = 1,
        Rows = rows,
        Far = far,
        Since = until.AddHours(-1),
        Until = until,
        Counts = "",
        Bytes = 0,
    };
}
