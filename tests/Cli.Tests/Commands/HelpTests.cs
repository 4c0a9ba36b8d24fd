using System.CommandLine;
using System.CommandLine.Help;
using OrleansCluster.Cli.Commands;

namespace OrleansCluster.Cli.Tests;

/// <summary>Help in a window of 80 columns.</summary>
public sealed class HelpTests
{
    /// <summary>Cells that help gives the names of options in such a window.</summary>
    private const int Room = 38;

    public static TheoryData<string> Paths => new(All(CommandTree.Create(), "").Select(one => one.Path));

    [Theory]
    [MemberData(nameof(Paths))]
    public void No_name_is_broken(string path)
    {
        Command command = All(CommandTree.Create(), "").Single(one => one.Path == path).Command;
        foreach (Option option in command.Options)
        {
            $"<{option.HelpName}>".Length.ShouldBeLessThanOrEqualTo(Room, option.Name);
            option.Name.Length.ShouldBeLessThanOrEqualTo(Room, option.Name);
        }
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void Every_option_and_argument_says_what_it_is(string path)
    {
        Command command = All(CommandTree.Create(), "").Single(one => one.Path == path).Command;
        command.Description.ShouldNotBeNullOrWhiteSpace();
        foreach (Symbol symbol in command.Options.Where(option => option is not HelpOption).Concat<Symbol>(command.Arguments))
            symbol.Description.ShouldNotBeNullOrWhiteSpace(symbol.Name);
    }

    private static IEnumerable<(string Path, Command Command)> All(Command command, string path)
    {
        yield return (path, command);
        foreach (Command below in command.Subcommands)
        {
            foreach ((string, Command) one in All(below, $"{path} {below.Name}".TrimStart()))
                yield return one;
        }
    }
}
