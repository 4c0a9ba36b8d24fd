using System.Collections.Immutable;
using OrleansCluster.Training;

namespace OrleansCluster.Json;

/// <summary>What documents call kinds of retraining.</summary>
public static class RetrainingWords
{
    /// <summary>The words, in the order of the numbers that version 0.1.0 wrote.</summary>
    public static ImmutableArray<string> All { get; } = ["none", "warm", "fresh"];

    /// <summary>The word of a kind.</summary>
    public static string Of(RetrainingKind kind) => All[(int)kind];

    /// <summary>The kind that a word says.</summary>
    /// <exception cref="ClusteringException">It is none of the words.</exception>
    public static RetrainingKind Read(string word)
    {
        int place = All.IndexOf(word, StringComparer.OrdinalIgnoreCase);
        return place >= 0
            ? (RetrainingKind)place
            : throw new ClusteringException($"'{word}' is no kind of retraining, there are {string.Join(", ", All)}: use a newer program.");
    }
}
