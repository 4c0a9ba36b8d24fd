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

    [Theory]
    [InlineData("", "models", "list", "--home", "FREE")]
    [InlineData("+joins", "models", "list", "--home", "OWNED")]
    [InlineData("+joins", "models", "list", "--home=OWNED")]
    [InlineData("", "models", "list", "--home", "")]
    [InlineData("+cluster", "models", "list", "--home", "OWNED", "--cluster", "127.0.0.1:30000")]
    [InlineData("+cluster", "models", "list", "--cluster=redis")]
    public void A_command_that_joins_has_a_profile_of_its_own(string way, params string[] args)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory();
        try
        {
            string owned = Path.Combine(folder.FullName, "OWNED"), free = Path.Combine(folder.FullName, "FREE");
            Directory.CreateDirectory(owned);
            File.WriteAllText(Path.Combine(owned, "owner.json"), "{}");
            StartProfile.Way([.. args.Select(word => word.Replace("OWNED", owned, StringComparison.Ordinal).Replace("FREE", free, StringComparison.Ordinal))])
                .ShouldBe(way);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
