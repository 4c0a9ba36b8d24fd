namespace OrleansCluster.Cli.Tests;

/// <summary>A command on a page, and what the page shows below it.</summary>
internal sealed record ReadmeCommand(string Line, IReadOnlyList<string> Output)
{
    private const string Fence = "```", Prompt = "$ ";

    /// <summary>
    /// The commands to type, in order: the lines of <c>sh</c> blocks, and those of <c>console</c> blocks behind a prompt, with what follows them.
    /// </summary>
    /// <exception cref="InvalidOperationException">Another block holds commands, which a reader would type too.</exception>
    public static ReadmeCommand[] All(string page)
    {
        var commands = new List<ReadmeCommand>();
        foreach ((string kind, string line) in Lines(page))
        {
            if (kind == "sh" || (kind == "console" && line.StartsWith(Prompt, StringComparison.Ordinal)))
                commands.Add(new ReadmeCommand(kind == "sh" ? line : line[Prompt.Length..], new List<string>()));
            else if (kind == "console")
                ((List<string>)commands[^1].Output).Add(line);
            else if (kind != "text" && line.StartsWith("./", StringComparison.Ordinal))
                throw new InvalidOperationException($"A block of the kind '{kind}' holds the command {line}: use sh, or console with a prompt.");
        }

        return [.. commands];
    }

    /// <summary>The lines of all blocks of a kind.</summary>
    public static IEnumerable<string> Block(string page, string kind) => Lines(page).Where(line => line.Kind == kind).Select(line => line.Text);

    private static IEnumerable<(string Kind, string Text)> Lines(string page)
    {
        string? kind = null;
        foreach (string line in page.Split('\n'))
        {
            if (line.StartsWith(Fence, StringComparison.Ordinal))
                kind = kind is null ? line[Fence.Length..].Trim() : null;
            else if (kind is not null)
                yield return (kind, line);
        }
    }
}
