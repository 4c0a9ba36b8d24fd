using System.Collections.Immutable;
using System.Globalization;

namespace OrleansCluster.Training;

/// <summary>What the options of every algorithm have in common.</summary>
public interface ITrainingOptions
{
    /// <summary>Number of clusters, at least 1.</summary>
    int K { get; }

    /// <summary>Greatest number of clusters to try, from <see cref="K"/> on; 0: <see cref="K"/> alone.</summary>
    int LargestK { get; }

    /// <summary>The numbers of clusters to try where they are not all from <see cref="K"/> to <see cref="LargestK"/>, its ends: <c>2,4,8</c>, ascending; else empty.</summary>
    string Numbers { get; }

    /// <summary>What the rows' weights mean to criteria: <c>count</c> (a row of weight w is w equal rows), <c>relative</c> (only how rows compare), or empty: counts, unless their sum is less than there are rows.</summary>
    string Weights { get; }

    /// <summary>What chooses among several numbers of clusters.</summary>
    string Select { get; }

    /// <summary>How the start is found.</summary>
    string Init { get; }

    int Restarts { get; }

    int MaxIterations { get; }

    double Tolerance { get; }

    ulong Seed { get; }

    /// <summary>Starts of the whole job: restarts of every number of clusters that is tried.</summary>
    int Starts();
}

/// <summary>The numbers of clusters that options ask for.</summary>
public static class TrainingOptionsExtensions
{
    /// <summary>How many they are.</summary>
    public static int Count(this ITrainingOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.LargestK == 0 ? 1 : string.IsNullOrEmpty(options.Numbers) ? options.LargestK - options.K + 1 : options.Numbers.Count(character => character == ',') + 1;
    }

    /// <summary>The numbers, ascending, when they are not all from the smallest to the largest; null: they are.</summary>
    /// <exception cref="ClusteringException">They are no numbers, or do not begin and end with <c>K</c> and <c>LargestK</c>.</exception>
    public static ImmutableArray<int>? Listed(this ITrainingOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (string.IsNullOrEmpty(options.Numbers))
            return null;
        ImmutableArray<int> numbers =
            [.. options.Numbers.Split(',').Select(text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : 0)];
        return numbers[0] == options.K && numbers[^1] == options.LargestK && !numbers.Contains(0)
            ? numbers
            : throw new ClusteringException(
                $"The numbers of clusters '{options.Numbers}' are not whole numbers from {options.K} to {options.LargestK}: list them ascending, as in 2,4,8, and give the first and the last as K and LargestK.");
    }
}
