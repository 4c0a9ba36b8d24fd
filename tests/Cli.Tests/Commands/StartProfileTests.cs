namespace OrleansCluster.Cli.Tests.Commands;

public sealed class StartProfileTests
{
    [Theory]
    [InlineData("none")]
    [InlineData("none", "--help")]
    [InlineData("none", "")]
    [InlineData("none", "../up")]
    [InlineData("assign", "assign", "--model", "m")]
    [InlineData("models-list", "models", "list", "all")]
    [InlineData("models-show", "models", "show", "a/b")]
    [InlineData("train", "train", "k.means")]
    [InlineData("retrain", "retrain", "averyveryverylongnameofamodel")]
    public void A_profile_is_named_by_the_words_before_the_first_option(string name, params string[] args) => StartProfile.Name(args).ShouldBe(name);
}
