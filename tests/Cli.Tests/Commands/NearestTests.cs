using OrleansCluster.Cli.Commands;

namespace OrleansCluster.Cli.Tests;

/// <summary>The word that somebody probably meant.</summary>
public sealed class NearestTests
{
    private static readonly string[] Words = ["list", "show", "diff", "promote", "rollback", "alias", "tag", "--restarts", "--report", "name-cluster"];

    [Theory]
    [InlineData("lsit", "list")]
    [InlineData("sho", "show")]
    [InlineData("promte", "promote")]
    [InlineData("LIST", "list")]
    [InlineData("--restart", "--restarts")]
    [InlineData("namecluster", "name-cluster")]
    [InlineData("rollbak", "rollback")]
    [InlineData("roll", "rollback")]
    public void A_few_wrong_letters_are_near(string typed, string meant) => Nearest.Of(typed, Words).ShouldBe([meant]);

    [Theory]
    [InlineData("delete")]
    [InlineData("x")]
    [InlineData("")]
    [InlineData("a")]
    public void Another_word_is_not(string typed) => Nearest.Of(typed, Words).ShouldBeEmpty();

    [Fact]
    public void All_that_are_equally_near_are_named() => Nearest.Question("rat", ["cat", "hat", "dog"]).ShouldBe(": did you mean cat or hat?");
}
