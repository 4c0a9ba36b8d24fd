using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using OrleansCluster.Datasets;

namespace OrleansCluster.Cli.Commands;

/// <summary>Options with a range, whose messages say what was given and what is possible.</summary>
internal static class OptionKinds
{
    /// <summary>Lets an option name several files, one behind the other, as a shell makes of a pattern (<see cref="InputName.List"/>).</summary>
    public static Option<string> TakingSeveral(this Option<string> option)
    {
        option.Arity = ArgumentArity.OneOrMore;
        option.AllowMultipleArgumentsPerToken = true;
        option.CustomParser = result =>
        {
            // What looks like an option is one, mistyped (Mistakes.Stray).
            if (result.Tokens.Skip(1).FirstOrDefault(token => IsOption(token.Value)) is { } stray)
                result.AddError($"There is no option {stray.Value}.");
            return string.Join(InputName.Separator, result.Tokens.Select(token => token.Value));
        };
        return option;
    }

    /// <summary>Whether a word is written as an option is.</summary>
    public static bool IsOption(string word) => word is ['-', not ('0' or '1' or '2' or '3' or '4' or '5' or '6' or '7' or '8' or '9'), ..];

    /// <inheritdoc cref="TakingSeveral(Option{string})"/>
    public static Argument<string> TakingSeveral(this Argument<string> argument)
    {
        argument.Arity = ArgumentArity.OneOrMore;
        argument.CustomParser = result => string.Join(InputName.Separator, result.Tokens.Select(token => token.Value));
        return argument;
    }

    /// <summary>A whole number; null when the option is absent.</summary>
    public static Option<int?> Integer(string name, string description, int minimum, int maximum = int.MaxValue) => new(name)
    {
        Description = description,
        HelpName = "N",
        CustomParser = result => Parse<int>(result, text =>
        {
            if (!long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value))
                return (null, "is not a whole number");
            if (value < minimum)
                return (null, $"is too small: give at least {minimum}");
            return value > maximum ? (null, $"is too large: give at most {maximum}") : ((int?)value, null);
        }),
    };

    /// <summary>A whole number with a default.</summary>
    public static Option<int> Integer(string name, string description, int otherwise, int minimum, int maximum)
    {
        Option<int?> inner = Integer(name, description, minimum, maximum);
        return new Option<int>(name)
        {
            Description = description,
            HelpName = "N",
            DefaultValueFactory = _ => otherwise,
            CustomParser = result => inner.CustomParser!(result) ?? otherwise,
        };
    }

    /// <summary>A finite number that is not negative.</summary>
    public static Option<double> NonNegative(string name, string description, double otherwise) => new(name)
    {
        Description = description,
        HelpName = "X",
        DefaultValueFactory = _ => otherwise,
        CustomParser = result => Parse<double>(result, text =>
        {
            if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) || !double.IsFinite(value))
                return (null, "is not a number");
            return value < 0 ? (null, "is negative: give 0 or more") : (value, null);
        }) ?? otherwise,
    };

    /// <summary>A seed: a whole number of 64 bits without sign.</summary>
    public static Option<ulong> Seed(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "S",
        DefaultValueFactory = _ => 0,
        CustomParser = result => Parse<ulong>(result, text =>
            ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong value)
                ? (value, null)
                : (null, "is not a whole number from 0 to 18446744073709551615")) ?? 0,
    };

    /// <summary>One of several words.</summary>
    public static Option<string> Choice(string name, string description, string otherwise, params string[] words) => new(name)
    {
        Description = Described(description, words),
        HelpName = Shown(words),
        DefaultValueFactory = _ => otherwise,
        CustomParser = result => ParseText(result, text =>
            words.Contains(text, StringComparer.Ordinal) ? null : $"is not one of {string.Join(", ", words)}{Nearest.Question(text, words).TrimEnd('.')}")
                ?? otherwise,
    };

    /// <summary>One of several words, or null when the option is absent.</summary>
    public static Option<string?> OptionalChoice(string name, string description, params string[] words) => new(name)
    {
        Description = Described(description, words),
        HelpName = Shown(words),
        CustomParser = result => ParseText(result, text =>
            words.Contains(text, StringComparer.Ordinal) ? null : $"is not one of {string.Join(", ", words)}{Nearest.Question(text, words).TrimEnd('.')}"),
    };

    /// <summary>The words between bars where help has room for them beside the option's name, which it would break elsewhere.</summary>
    private static string Shown(string[] words) => IsShort(words) ? string.Join('|', words) : "WORD";

    private static string Described(string description, string[] words) => IsShort(words) ? description : $"{description}. One of {string.Join(", ", words)}";

    private static bool IsShort(string[] words)
    {
        const int room = 32;
        return words.Sum(word => word.Length + 1) <= room;
    }

    private static T? Parse<T>(ArgumentResult result, Func<string, (T? Value, string? Problem)> parse)
        where T : struct
    {
        if (result.Tokens.Count == 0)
            return null;
        string text = result.Tokens[^1].Value;
        (T? value, string? problem) = parse(text);
        if (problem is not null)
            result.AddError($"{Name(result)} {text} {problem}.");
        return value;
    }

    private static string? ParseText(ArgumentResult result, Func<string, string?> check)
    {
        if (result.Tokens.Count == 0)
            return null;
        string text = result.Tokens[^1].Value;
        if (check(text) is { } problem)
            result.AddError($"{Name(result)} {text} {problem}{(problem.EndsWith('?') ? "" : ".")}");
        return text;
    }

    private static string Name(ArgumentResult result) => (result.Parent as OptionResult)?.Option.Name ?? result.Argument.Name;
}
