using System.Collections.Immutable;
using System.Globalization;
using OrleansCluster.Families.Options;

namespace OrleansCluster.Training;

/// <summary>
/// What the options of every family have in common. They are a sealed record of the family's, whose properties say what they are
/// (<see cref="OptionAttribute"/>); its alias is its name on the wire.
/// </summary>
public interface ITrainingOptions
{
    /// <summary>What <see cref="Init"/> is when rows to start from are given.</summary>
    const string Given = "given";

    /// <summary>Name of the family.</summary>
    string Family { get; }

    /// <summary>Number of clusters, at least 1.</summary>
    int K { get; }

    /// <summary>Greatest number of clusters to try, from <see cref="K"/> on; 0: <see cref="K"/> alone.</summary>
    int LargestK => 0;

    /// <summary>
    /// The numbers of clusters to try where they are not all from <see cref="K"/> to <see cref="LargestK"/>, its ends: <c>2,4,8</c>, ascending; else empty.
    /// </summary>
    string Numbers => "";

    /// <summary>
    /// What the rows' weights mean to criteria: <c>count</c> (a row of weight w is w equal rows), <c>relative</c> (only how rows compare), or empty: counts,
    /// unless their sum is less than there are rows.
    /// </summary>
    string Weights => "";

    /// <summary>What chooses among several numbers of clusters.</summary>
    string Select => "";

    /// <summary>How the start is found.</summary>
    string Init => "";

    int Restarts => 1;

    int MaxIterations { get; }

    double Tolerance => 0;

    ulong Seed { get; }

    /// <summary>The rows that the training is to start from: k × d float64, row-major, little-endian; empty when none are given.</summary>
    ReadOnlyMemory<byte> Start => default;

    /// <summary>Starts of the whole job: restarts of every number of clusters that is tried.</summary>
    int Starts() => Restarts * this.Count();

    /// <summary>The same options that start from other rows, or from none: those stay out of states and comparisons.</summary>
    /// <exception cref="ClusteringException">No rows can be given.</exception>
    ITrainingOptions WithStart(ReadOnlyMemory<byte> rows) =>
        rows.IsEmpty ? this : throw new ClusteringException($"A training of the family {Family} cannot start from given rows: leave them out.");

    /// <summary>The same options for another training as this one was. Rows that somebody gave to start from are not kept: it starts as without them.</summary>
    /// <param name="seed">Null: as this one.</param>
    /// <param name="restarts">Null: as this one.</param>
    /// <exception cref="ClusteringException">The family has no such option.</exception>
    ITrainingOptions Again(ulong? seed, int? restarts)
    {
        ITrainingOptions again = Init == Given ? WithStart(default).With(nameof(Init), this.Untouched().Init) : this;
        again = seed is null ? again : again.With(nameof(Seed), seed);
        return restarts is null ? again : again.With(nameof(Restarts), restarts);
    }

    /// <summary>
    /// The same options for one iteration, which tells the objective of what it starts from; nothing in it may fail that a longer training would outlive.
    /// </summary>
    ITrainingOptions Once() => this.With(nameof(MaxIterations), 1);
}

/// <summary>The numbers of clusters that options ask for.</summary>
public static class TrainingOptionsExtensions
{
    /// <summary>How many they are.</summary>
    public static int Count(this ITrainingOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.LargestK == 0 ? 1 : string.IsNullOrEmpty(options.Numbers) ? options.LargestK - options.K + 1
            : options.Numbers.Count(character => character == ',') + 1;
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
                $"The numbers of clusters '{options.Numbers}' are not whole numbers from {options.K} to {options.LargestK}: list them ascending, as in "
                    + "2,4,8, and give the first and the last as K and LargestK.");
    }
}
