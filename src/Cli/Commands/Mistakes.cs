using System.CommandLine;
using System.CommandLine.Parsing;

namespace OrleansCluster.Cli.Commands;

/// <summary>What is wrong with a command line: the word at fault, and the one that was probably meant.</summary>
internal static class Mistakes
{
    /// <summary>One sentence or two, without the command's own name before them.</summary>
    /// <param name="parsed">A command line with errors.</param>
    public static string Explain(ParseResult parsed)
    {
        CommandResult at = parsed.CommandResult;
        // A word that nothing takes comes first: what is missing is often what it was meant to be. An option that took another one's name as its value comes
        // before.
        return Swallowed(parsed) ?? (Stray(parsed) is { } stray ? Unknown(parsed, at, stray) : null)
            ?? (parsed.UnmatchedTokens is [var word, ..] ? Unknown(parsed, at, word) : null) ?? Given(parsed) ?? Missing(at)
            ?? parsed.Errors[0].Message;
    }

    /// <summary>The words that lead to a command: <c>models show</c>; nothing for the root.</summary>
    public static string Path(SymbolResult result)
    {
        var words = new List<string>();
        for (SymbolResult? at = result; at is CommandResult { Command: not RootCommand } command; at = command.Parent)
            words.Insert(0, command.Command.Name);
        return string.Join(' ', words);
    }

    private static string? Swallowed(ParseResult parsed)
    {
        foreach (OptionResult option in Results(parsed).OfType<OptionResult>().Where(option => !option.Implicit))
        {
            if (option.Tokens.FirstOrDefault(token => Options(parsed.CommandResult).Any(other => Names(other).Contains(token.Value))) is { } taken)
                return $"{option.Option.Name} needs a value before {taken.Value}: {Value(option.Option)}.";
        }

        return null;
    }

    /// <summary>A mistyped option among the values of one that takes several.</summary>
    private static string? Stray(ParseResult parsed) => Results(parsed).OfType<OptionResult>().Where(option => option.Option.AllowMultipleArgumentsPerToken)
        .Select(option => option.Tokens.Skip(1).FirstOrDefault(token => OptionKinds.IsOption(token.Value))?.Value).FirstOrDefault(word => word is not null);

    private static string Unknown(ParseResult parsed, CommandResult at, string word)
    {
        string path = Path(at);
        if (OptionKinds.IsOption(word))
        {
            string option = word.Split('=', ':')[0];
            string[] known = [.. Options(at).SelectMany(Names).Where(name => name.StartsWith("--", StringComparison.Ordinal))];
            string owner = path.Length == 0 ? "There is no option" : $"{path} has no option";
            if (Nearest.Of(option, known).Count > 0)
                return $"{owner} {option}{Nearest.Question(option, known)}";
            string[] elsewhere = [.. Commands(parsed.RootCommandResult.Command, "")
                .Where(one => one.Command.Options.Any(other => Names(other).Contains(option))).Select(one => one.Path)];
            return elsewhere.Length is > 0 and <= 3 ? $"{owner} {option}: it is one of {Nearest.Or(elsewhere)}." : $"{owner} {option}.";
        }

        if (at.Command.Subcommands.Count > 0)
        {
            string[] known = [.. at.Command.Subcommands.Select(command => command.Name)];
            string said = path.Length == 0 ? $"There is no command '{word}'" : $"{path} has no command '{word}'";
            // The second word of another command, "list" of "models list", is meant rather than one that only looks like it.
            string[] elsewhere = [.. Commands(parsed.RootCommandResult.Command, "").Where(one => one.Command.Name == word).Select(one => one.Path)];
            if (elsewhere.Length == 0 && Nearest.Of(word, known).Count > 0)
                return said + Nearest.Question(word, known);
            return elsewhere.Length > 0 ? $"{said}: did you mean {Nearest.Or(elsewhere)}?"
                : $"{said}: there {(known.Length == 1 ? "is" : "are")} {string.Join(", ", known)}.";
        }

        string takes = at.Command.Arguments.Count == 0 ? "options only" : string.Join(' ', at.Command.Arguments.Select(argument => argument.Name));
        return $"{path} does not know what to do with '{word}': it takes {takes}.";
    }

    /// <summary>Values that are given and wrong.</summary>
    private static string? Given(ParseResult parsed)
    {
        foreach (OptionResult option in Results(parsed).OfType<OptionResult>().Where(option => !option.Implicit))
        {
            if (option.Tokens.Count == 0 && option.Option.Arity.MinimumNumberOfValues > 0)
                return $"{option.Option.Name} needs a value: {Value(option.Option)}.";
            if (option.IdentifierTokenCount > 1 && option.Option.Arity.MaximumNumberOfValues == 1)
                return $"{option.Option.Name} is given {option.IdentifierTokenCount} times: give it once.";
        }

        // Refusals of the command's own parsers name the option and the value already; the framework's name types of the language.
        ParseError? error =
            parsed.Errors.FirstOrDefault(error => error.SymbolResult is ArgumentResult { Tokens.Count: > 0 } or OptionResult { Tokens.Count: > 0 });
        return error?.SymbolResult switch
        {
            null => null,
            _ when !error.Message.Contains("System.", StringComparison.Ordinal) => error.Message,
            ArgumentResult { Argument: { } argument, Parent: not OptionResult } result =>
                $"{argument.Name} {result.Tokens[0].Value} is {NoSuch(argument.ValueType)}.",
            ArgumentResult { Parent: OptionResult { Option: { } option } } result => $"{option.Name} {result.Tokens[0].Value} is {NoSuch(option.ValueType)}.",
            OptionResult { Option: { } option } result => $"{option.Name} {result.Tokens[0].Value} is {NoSuch(option.ValueType)}.",
            _ => null,
        };
    }

    private static string? Missing(CommandResult at)
    {
        string[] needed =
        [
            .. at.Command.Arguments.Where(argument => argument.Arity.MinimumNumberOfValues > 0 && at.GetResult(argument) is null or { Tokens.Count: 0 })
                .Select(argument => argument.Name),
            .. at.Command.Options.Where(option => option.Required && at.GetResult(option) is null or { Implicit: true })
                .Select(option => $"{option.Name} {option.HelpName}".TrimEnd()),
        ];
        if (needed.Length > 0)
            return $"{Path(at)} needs {string.Join(" and ", needed)}.";
        return at.Command.Subcommands.Count == 0 ? null
            : $"{Path(at)} needs to be told what: {Nearest.Or([.. at.Command.Subcommands.Select(command => command.Name)])}.".TrimStart();
    }

    private static string Value(Option option) => $"{option.Name} {option.HelpName ?? "VALUE"}";

    private static string NoSuch(Type type)
    {
        Type value = Nullable.GetUnderlyingType(type) ?? type;
        return value == typeof(int) || value == typeof(long) || value == typeof(ulong) ? "not a whole number in the range that it can have"
            : value == typeof(double) ? "not a number" : "not what it can be";
    }

    /// <summary>The options that a command takes, those of all commands among them.</summary>
    private static IEnumerable<Option> Options(CommandResult at)
    {
        for (SymbolResult? result = at; result is CommandResult command; result = command.Parent)
        {
            foreach (Option option in command.Command.Options.Where(option => !option.Hidden && (ReferenceEquals(command, at) || option.Recursive)))
                yield return option;
        }
    }

    private static IEnumerable<string> Names(Option option) => option.Aliases.Prepend(option.Name);

    private static IEnumerable<SymbolResult> Results(ParseResult parsed)
    {
        for (SymbolResult? result = parsed.CommandResult; result is CommandResult command; result = command.Parent)
        {
            foreach (SymbolResult child in command.Children)
                yield return child;
        }
    }

    /// <summary>Every command that does something, with the words that lead to it.</summary>
    private static IEnumerable<(string Path, Command Command)> Commands(Command from, string path)
    {
        foreach (Command command in from.Subcommands)
        {
            string words = path.Length == 0 ? command.Name : $"{path} {command.Name}";
            if (command.Subcommands.Count == 0)
                yield return (words, command);
            foreach ((string, Command) below in Commands(command, words))
                yield return below;
        }
    }
}
