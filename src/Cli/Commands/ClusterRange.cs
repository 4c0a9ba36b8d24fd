using System.CommandLine;
using System.Globalization;
using OrleansCluster.Training;

namespace OrleansCluster.Cli.Commands;

/// <summary><c>--k K</c> or <c>--k A..B</c>, and <c>--select</c>, which chooses of several.</summary>
internal sealed class ClusterRange
{
    /// <summary>Starts of each number when there are several and nothing else is asked for: comparing single starts compares luck.</summary>
    public const int StartsOfEach = 4;

    private readonly Option<string> _k;
    private readonly Option<string> _select;

    /// <param name="what">What the numbers count: <c>clusters</c>.</param>
    /// <param name="select">How <c>--select</c> chooses.</param>
    /// <param name="defaults">Options as they are when not given.</param>
    /// <param name="criteria">Names of the criteria.</param>
    public ClusterRange(string what, string select, ITrainingOptions defaults, params string[] criteria)
    {
        _k = new Option<string>("--k") { Description = $"Number of {what}, or a range of which --select chooses", HelpName = "K|A..B", Required = true };
        _select = OptionKinds.Choice("--select", select, defaults.Select, criteria);
    }

    public IEnumerable<Option> Options => [_k, _select];

    /// <summary>The criterion that chooses.</summary>
    public string Select(ParseResult parsed) => parsed.GetRequiredValue(_select);

    /// <summary>Refuses options that only a choice uses when there is none.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="alone">Other such options.</param>
    /// <exception cref="CommandException">There is one number of clusters, and such an option; or no number.</exception>
    public void Check(ParseResult parsed, params Option[] alone)
    {
        (int k, int largest) = Read(parsed);
        foreach (Option option in alone.Prepend(_select))
        {
            if (largest == 0 && parsed.GetResult(option) is { Implicit: false })
                throw CommandException.Usage($"{option.Name} is for choosing among several numbers, but --k {k} is one: give a range, as in --k 1..{Math.Max(k, 2)}.");
        }
    }

    /// <summary>The smallest and the largest number; the largest is 0 when there is one alone.</summary>
    /// <exception cref="CommandException">It is neither a number nor a range.</exception>
    public (int K, int Largest) Read(ParseResult parsed)
    {
        string text = parsed.GetRequiredValue(_k);
        string[] ends = text.Split("..");
        int[] numbers = [.. ends.Select(end => int.TryParse(end, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : 0)];
        return numbers switch
        {
            [> 0] => (numbers[0], 0),
            [> 0, > 0] when numbers[1] > numbers[0] => (numbers[0], numbers[1]),
            _ => throw CommandException.Usage($"--k {text} is neither a whole number from 1 nor a range of them, as in 1..20."),
        };
    }
}
