using System.Globalization;
using OrleansCluster.Training;

namespace OrleansCluster.Families.Options;

/// <summary>The numbers of clusters that are asked for.</summary>
/// <param name="K">The smallest.</param>
/// <param name="Largest">The largest; 0: there is one alone.</param>
/// <param name="Numbers">All of them, ascending, with commas between; empty when they are all from the smallest to the largest.</param>
public readonly record struct ClusterCounts(int K, int Largest, string Numbers)
{
    /// <summary>What is wrong with a text that says none, to follow it in a sentence.</summary>
    public const string Expected = "is neither a whole number from 1, nor a range of them, as in 1..20, nor a list, as in 2,4,8";

    /// <summary>Starts of each number of clusters when there are several and nothing else is asked for: comparing single starts compares luck.</summary>
    public const int StartsOfEach = 4;

    /// <summary>Whoever lists numbers lists few.</summary>
    private const int Listed = 1000;

    /// <summary>Numbers and ranges, with commas between, in any order; null: it is none.</summary>
    public static ClusterCounts? TryParse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var ranges = new List<(int From, int To)>();
        foreach (string part in text.Split(','))
        {
            int[] ends = [.. part.Split("..")
                .Select(end => int.TryParse(end.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : 0)];
            if (ends is not ([> 0] or [> 0, > 0]) || ends[^1] < ends[0])
                return null;
            ranges.Add((ends[0], ends[^1]));
        }

        if (ranges.Count == 1)
            return new ClusterCounts(ranges[0].From, ranges[0].To > ranges[0].From ? ranges[0].To : 0, "");
        if (ranges.Sum(range => (long)range.To - range.From + 1) > Listed)
            return null;
        int[] all = [.. ranges.SelectMany(range => Enumerable.Range(range.From, range.To - range.From + 1)).Distinct().Order()];
        return all.Length == 1 ? new ClusterCounts(all[0], 0, "")
            : new ClusterCounts(all[0], all[^1], all[^1] - all[0] == all.Length - 1 ? "" : string.Join(',', all));
    }

    public static ClusterCounts Of(ITrainingOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new ClusterCounts(options.K, options.LargestK, options.Numbers ?? "");
    }

    /// <summary>The same options for these numbers.</summary>
    /// <exception cref="ClusteringException">They are several, and the family does not choose.</exception>
    public ITrainingOptions On(ITrainingOptions options)
    {
        ITrainingOptions one = options.With(nameof(ITrainingOptions.K), K);
        return Largest == options.LargestK && Numbers == options.Numbers ? one
            : one.With(nameof(ITrainingOptions.LargestK), Largest).With(nameof(ITrainingOptions.Numbers), Numbers);
    }

    public override string ToString() => Largest == 0 ? K.ToString(CultureInfo.InvariantCulture) : Numbers.Length > 0 ? Numbers : $"{K}..{Largest}";
}
