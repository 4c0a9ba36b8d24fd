using System.Collections.Immutable;
using System.CommandLine;
using OrleansCluster.Cli.Input;
using OrleansCluster.Datasets;
using OrleansCluster.Families;
using OrleansCluster.Families.Options;
using OrleansCluster.Training;

namespace OrleansCluster.Cli.Commands;

/// <summary>The options of a family, as options of the command that trains it.</summary>
internal sealed class FamilyOptions
{
    private const string Restarts = "restarts";

    private readonly FamilyDescription _family;
    private readonly ImmutableArray<(OptionInfo Info, Option Option)> _options;

    public FamilyOptions(FamilyDescription family)
    {
        _family = family;
        _options = [.. family.Options.Select(info => (info, Create(info)))];
    }

    /// <summary>What to add to the command, in order.</summary>
    public IEnumerable<Option> All => _options.Select(option => option.Option);

    /// <summary>What was asked for, and the rows that the training starts from; null: none are given.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="data">Where the rows to train on are.</param>
    /// <exception cref="CommandException">It does not fit together, or a file cannot be used.</exception>
    public (ITrainingOptions Options, StartRows? Start) Read(ParseResult parsed, string data)
    {
        ITrainingOptions options = _family.Defaults;
        ImmutableDictionary<string, string> texts = _options
            .Where(option => parsed.GetResult(option.Option) is { Implicit: false })
            .ToImmutableDictionary(option => option.Info.Name, option => option.Option is Option<bool> flag ? parsed.GetValue(flag) ? "true" : "false"
                : parsed.GetValue((Option<string?>)option.Option)!);
        (OptionInfo Info, string File)? start = null;
        foreach (OptionInfo info in _family.Options)
        {
            if (!texts.TryGetValue(info.Name, out string? text))
                continue;
            if (info.Kind == OptionKind.Rows || (info.OrRows && info.Problem(text) is not null))
                start = (info, text);
            else if (info.Problem(text) is { } problem)
                throw CommandException.Usage($"--{info.Name} {text} {problem}.");
            else
                options = info.Write(options, text);
        }

        if (options.LargestK > 0 && !texts.ContainsKey(Restarts))
            options = options.With(nameof(ITrainingOptions.Restarts), ClusterCounts.StartsOfEach);
        CheckChoice(texts);
        if (_family.Rule(new GivenOptions(options, texts)) is { } wrong)
            throw CommandException.Usage(wrong);
        if (start is not { } given)
            return (options, null);
        StartRows rows = ReadStart(options, given.Info, given.File, data);
        return (options.WithStart(rows.Values).With(nameof(ITrainingOptions.Init), ITrainingOptions.Given), rows);
    }

    private string Counts => _family.Options.First(option => option.Kind == OptionKind.Counts).Name;

    /// <summary>Refuses options that only a choice uses when there is none.</summary>
    private void CheckChoice(ImmutableDictionary<string, string> texts)
    {
        if (!int.TryParse(texts[Counts], out int k))
            return;
        foreach (OptionInfo info in _family.Options)
        {
            if (info.OfChoice && texts.ContainsKey(info.Name))
                throw CommandException.Usage($"--{info.Name} is for choosing among several numbers, but --{Counts} {k} is one: give a range, as in "
                    + $"--{Counts} 1..{Math.Max(k, 2)}.");
        }
    }

    /// <summary>The rows of a file to start from.</summary>
    private StartRows ReadStart(ITrainingOptions options, OptionInfo info, string file, string data)
    {
        if (!InputName.Exists(file))
        {
            throw CommandException.Usage(info.Words.IsEmpty
                ? $"There is no file {file}."
                : $"--{info.Name} {file} is none of {string.Join(", ", info.Words[..^1])} and {info.Words[^1]}, and there is no such file.");
        }

        if (options.LargestK > 0)
            throw CommandException.Usage($"--{info.Name} {file} fixes the number of clusters: give one number instead of --{Counts} "
                + $"{ClusterCounts.Of(options)}.");
        if (InputName.IsStandardInput(file) && InputName.IsStandardInput(data))
            throw CommandException.Usage($"--data and --{info.Name} are both standard input, which can be read only once: give one of them as a file.");
        return StartRows.Read(file, options.K, "--" + info.Name);
    }

    private static Option Create(OptionInfo info)
    {
        string name = "--" + info.Name;
        if (info.Kind == OptionKind.Flag)
            return new Option<bool>(name) { Description = info.Help };
        if (info.Kind == OptionKind.Word && !info.OrRows)
            return info.Default.Length > 0 ? (Option)OptionKinds.Choice(name, info.Help, info.Default, [.. info.Words])
                : OptionKinds.OptionalChoice(name, info.Help, [.. info.Words]);
        // How often to start depends on what else is asked for.
        bool depends = info.Name == Restarts;
        var option = new Option<string?>(name)
        {
            Description = depends ? $"{info.Help} [default: {info.Default}; {ClusterCounts.StartsOfEach} for each of several K]" : info.Help,
            HelpName = HelpName(info),
            Required = info.Kind == OptionKind.Counts,
        };
        if (info.Default.Length > 0 && !depends)
            option.DefaultValueFactory = _ => info.Default;
        if (info.Kind is OptionKind.Integer or OptionKind.Real or OptionKind.Seed)
        {
            option.CustomParser = result =>
            {
                if (result.Tokens.Count == 0)
                    return null;
                string text = result.Tokens[^1].Value;
                if (info.Problem(text) is { } problem)
                    result.AddError($"{name} {text} {problem}.");
                return text;
            };
        }

        return option;
    }

    private static string HelpName(OptionInfo info) => info.Kind switch
    {
        OptionKind.Counts => info.ChoosesK ? "K|A..B|LIST" : "K",
        OptionKind.Integer => "N",
        OptionKind.Real => "X",
        OptionKind.Seed => "S",
        OptionKind.Rows => "FILE.npy",
        _ => string.Join('|', info.Words.Add("FILE.npy")),
    };
}
