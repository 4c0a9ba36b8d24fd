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

    [Theory]
    [InlineData(8.3e-17, 1, "0")]
    [InlineData(-8.3e-17, 1, "0")]
    [InlineData(8.3e-17, 1e-16, "8.3e-17")]
    [InlineData(0.25, 1, "0.25")]
    [InlineData(1e-9, 100, "1e-09")]
    [InlineData(double.NaN, 1, "–")]
    [InlineData(double.PositiveInfinity, 1, "∞")]
    public void What_is_only_rounding_beside_the_others_is_nothing(double value, double size, string text) => Numbers.Real(value, size).ShouldBe(text);

    [Fact]
    public void Rounding_is_nothing_among_small_numbers_below_each_other() =>
        Numbers.Aligned([2e-4, 8.3e-17, -4e-20]).ShouldBe(["0.0002", "0", "0"]);

    [Fact]
    public void Rounding_is_told_by_the_numbers_that_it_comes_of() => Numbers.Aligned([2e-17, -4e-20], 3).ShouldBe(["0", "0"]);
}
