using System.CommandLine;
using OrleansCluster.Cli.Output;

namespace OrleansCluster.Cli.Commands;

/// <summary>What commands that delete have in common.</summary>
internal sealed class DeletionOptions
{
    private readonly Option<bool> _force = new("--force") { Description = "Also what something else needs; then it is said what was lost" };
    private readonly Option<bool> _yes = new("--yes") { Description = "Do not ask; without a terminal nobody is asked" };

    public void AddTo(Command command)
    {
        command.Add(_force);
        command.Add(_yes);
    }

    public bool Force(ParseResult parsed) => parsed.GetValue(_force);

    /// <summary>Whether it is to be done: a person at a terminal is asked.</summary>
    /// <param name="what">What would go, for the question.</param>
    public async Task<bool> IsWantedAsync(CommandContext context, ParseResult parsed, string what)
    {
        if (parsed.GetValue(_yes) || Console.IsInputRedirected
            || await Terminal.AskAsync($"Delete {what} for good?", context.Cancellation).ConfigureAwait(false))
            return true;
        Terminal.Say("Nothing was deleted.");
        return false;
    }

    /// <summary>Tells what went, and what was lost with it.</summary>
    public static void Tell(CommandContext context, string told, string kind, string name, IReadOnlyList<int> versions, IReadOnlyList<string> lost)
    {
        if (context.Json)
        {
            JsonReport.Print(json =>
            {
                json.WriteStartObject();
                json.WriteString(kind, name);
                json.WriteStartArray("deleted");
                foreach (int version in versions)
                    json.WriteNumberValue(version);
                json.WriteEndArray();
                json.WriteStrings("lost", lost);
                json.WriteEndObject();
            });
            return;
        }

        Terminal.Print(told);
        foreach (string line in lost)
            Terminal.Print($"Lost: {line}.");
    }
}
