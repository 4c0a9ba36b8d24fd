using OrleansCluster.Cli.Output;

namespace OrleansCluster.Cli.Tests;

public sealed class NumbersTests
{
    [Theory]
    [InlineData(0.0032, "3.2 ms")]
    [InlineData(0.68, "680 ms")]
    [InlineData(59.9, "59.9 s")]
    [InlineData(61, "1:01")]
    [InlineData(50_000, "13:53:20")]
    [InlineData(200_000, "2 d 7 h")]
    [InlineData(15_000_000, "173 d 14 h")]
    [InlineData(double.PositiveInfinity, "more than 30 years")]
    public void Durations_are_told_with_all_their_days(double seconds, string text) => Numbers.Seconds(seconds).ShouldBe(text);
}
