using OrleansCluster.Families.Options;

namespace OrleansCluster.Cli.Tests;

/// <summary>What <c>--k</c> takes.</summary>
public sealed class ClusterCountsTests
{
    [Theory]
    [InlineData("5", 5, 0, "")]
    [InlineData("3..3", 3, 0, "")]
    [InlineData("1..20", 1, 20, "")]
    [InlineData("2,4,8", 2, 8, "2,4,8")]
    [InlineData("8, 2,4", 2, 8, "2,4,8")]
    [InlineData("2,4,4", 2, 4, "2,4")]
    [InlineData("7,7", 7, 0, "")]
    [InlineData("2,3,4", 2, 4, "")]
    [InlineData("1..3,8,16", 1, 16, "1,2,3,8,16")]
    [InlineData("1..5,4..6", 1, 6, "")]
    public void Numbers_ranges_and_lists(string text, int smallest, int largest, string numbers)
        => ClusterCounts.TryParse(text).ShouldBe(new ClusterCounts(smallest, largest, numbers));

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("2.5")]
    [InlineData("x")]
    [InlineData("5..2")]
    [InlineData("0..3")]
    [InlineData("1..")]
    [InlineData("..4")]
    [InlineData("1...4")]
    [InlineData("1..2..3")]
    [InlineData("2,")]
    [InlineData("2,,4")]
    [InlineData("2;4")]
    [InlineData("1..900,2000..4000")]
    [InlineData("99999999999")]
    public void Nothing_else(string text) => ClusterCounts.TryParse(text).ShouldBeNull();

    [Fact]
    public void They_are_told_as_they_are_typed()
        => new[] { "4", "2..9", "2,4,8" }.Select(text => ClusterCounts.TryParse(text).ToString()).ShouldBe(["4", "2..9", "2,4,8"]);
}
