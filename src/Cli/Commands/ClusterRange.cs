using System.CommandLine;
using System.Globalization;
using OrleansCluster.Training;

namespace OrleansCluster.Cli.Commands;

/// <summary><c>--k K</c>, <c>--k A..B</c> or <c>--k 2,4,8</c>, and <c>--select</c>, which chooses of several.</summary>
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
        _k = new Option<string>("--k") { Description = $"Number of {what}, or several of which --select chooses: 1..20, or 2,4,8", HelpName = "K|A..B|LIST", Required = true };
        _select = OptionKinds.Choice("--select", select, defaults.Select, criteria);
    }

    public IEnumerable<Option> Options => [_k, _select];

    /// <summary>The criterion that chooses.</summary>
    public string Select(ParseResult parsed) => parsed.GetRequiredValue(_select);

    /// <summary>Refuses options that only a choice uses when there is none. What says <c>3..3</c> asks for a choice that has one answer.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="alone">Other such options.</param>
    /// <exception cref="CommandException">There is one number of clusters, and such an option; or no number.</exception>
    public void Check(ParseResult parsed, params Option[] alone)
    {
        ClusterCounts counts = Read(parsed);
        if (!int.TryParse(parsed.GetRequiredValue(_k), NumberStyles.None, CultureInfo.InvariantCulture, out _))
            return;
        foreach (Option option in alone.Prepend(_select))
        {
            if (parsed.GetResult(option) is { Implicit: false })
                throw CommandException.Usage($"{option.Name} is for choosing among several numbers, but --k {counts.K} is one: give a range, as in --k 1..{Math.Max(counts.K, 2)}.");
        }
    }

    /// <summary>The numbers asked for.</summary>
    /// <exception cref="CommandException">It is neither a number nor several.</exception>
    public ClusterCounts Read(ParseResult parsed)
    {
        string text = parsed.GetRequiredValue(_k);
        return ClusterCounts.TryParse(text) ?? throw CommandException.Usage(
            $"--k {text} is neither a whole number from 1, nor a range of them, as in 1..20, nor a list, as in 2,4,8.");
    }
}

/// <summary>The numbers of clusters that were asked for.</summary>
/// <param name="K">The smallest.</param>
/// <param name="Largest">The largest; 0: there is one alone.</param>
/// <param name="Numbers">All of them, ascending, with commas between; empty when they are all from the smallest to the largest.</param>
internal readonly record struct ClusterCounts(int K, int Largest, string Numbers)
{
    /// <summary>Numbers and ranges, with commas between, in any order.</summary>
    public static ClusterCounts? TryParse(string text)
    {
        var ranges = new List<(int From, int To)>();
        foreach (string part in text.Split(','))
        {
            int[] ends = [.. part.Split("..").Select(end => int.TryParse(end.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : 0)];
            if (ends is not ([> 0] or [> 0, > 0]) || ends[^1] < ends[0])
                return null;
            ranges.Add((ends[0], ends[^1]));
        }

        if (ranges.Count == 1)
            return new ClusterCounts(ranges[0].From, ranges[0].To > ranges[0].From ? ranges[0].To : 0, "");
        // Whoever lists numbers lists few.
        if (ranges.Sum(range => (long)range.To - range.From + 1) > Listed)
            return null;
        int[] all = [.. ranges.SelectMany(range => Enumerable.Range(range.From, range.To - range.From + 1)).Distinct().Order()];
        return all.Length == 1 ? new ClusterCounts(all[0], 0, "")
            : new ClusterCounts(all[0], all[^1], all[^1] - all[0] == all.Length - 1 ? "" : string.Join(',', all));
    }

    private const int Listed = 1000;

    public override string ToString() => Largest == 0 ? K.ToString(CultureInfo.InvariantCulture) : Numbers.Length > 0 ? Numbers : $"{K}..{Largest}";
}
