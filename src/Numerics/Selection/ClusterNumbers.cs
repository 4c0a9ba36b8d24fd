using System.Collections.Immutable;

namespace OrleansCluster.Numerics.Selection;

/// <summary>The numbers of clusters that a choice is among.</summary>
public static class ClusterNumbers
{
    /// <summary>Most numbers of a choice.</summary>
    public const int Most = 1 << 20;

    /// <summary>All from the smallest to the largest.</summary>
    /// <exception cref="ArgumentException">The largest is not above the smallest, or too far.</exception>
    public static ImmutableArray<int> Range(int smallest, int largest)
    {
        if (largest <= smallest)
            throw new ArgumentException($"The numbers of clusters {smallest}..{largest} are no range: give the smaller one first.", nameof(largest));
        return largest - (long)smallest < Most
            ? [.. Enumerable.Range(smallest, largest - smallest + 1)]
            : throw new ArgumentException($"The range {smallest}..{largest} has more than {Most} numbers of clusters: give fewer.", nameof(largest));
    }

    /// <summary>Numbers as they are given.</summary>
    /// <exception cref="ArgumentException">They are not ascending from 1 on, or fewer than two.</exception>
    public static ImmutableArray<int> Of(IReadOnlyList<int> numbers)
    {
        ArgumentNullException.ThrowIfNull(numbers);
        if (numbers.Count < 2)
            throw new ArgumentException($"There is nothing to choose among {numbers.Count} numbers of clusters: give at least two.", nameof(numbers));
        for (int i = 0; i < numbers.Count; i++)
        {
            if (numbers[i] <= (i == 0 ? 0 : numbers[i - 1]))
                throw new ArgumentException(
                    $"The numbers of clusters {string.Join(", ", numbers)} are not ascending from 1 on: {numbers[i]} is out of place.", nameof(numbers));
        }

        return [.. numbers];
    }
}
