using OrleansCluster.Cli.Tests;

namespace OrleansCluster.EndToEnd.Tests;

/// <summary>The game days of <c>samples/gamedays</c>, as they are: each ends well when everything was seen that should have been.</summary>
public sealed class GameDayTests
{
    private static readonly string Folder = Path.Combine(ClusterProgram.Repository, "samples", "gamedays");

    public static TheoryData<string> Days =>
        [.. Directory.GetFiles(Folder, "*.sh").Select(Path.GetFileName).OfType<string>().Where(name => name != "common.sh").Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Days))]
    public async Task A_game_day_ends_as_it_should(string day)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Game days are scripts of a Unix shell.");
        using Workspace work = ClusterProgram.NewWorkspace();
        Outcome outcome = await ClusterProgram.RunScriptAsync(work.Folder, Path.Combine(Folder, day));
        outcome.ExitCode.ShouldBe(0, outcome.Output + outcome.Error);
        outcome.Output.TrimEnd().ShouldEndWith("As it should have been.");
        (await File.ReadAllTextAsync(Path.Combine(Folder, "README.md"))).ShouldContain($"`{day}`");
    }
}
