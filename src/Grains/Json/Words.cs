using OrleansCluster.Numerics.Alignment;
using OrleansCluster.Training;

namespace OrleansCluster.Json;

/// <summary>Words that documents have for what code has numbers for. Version 0.1.0 wrote the numbers.</summary>
internal static class Words
{
    private static readonly string[] Costs = ["centroid-distance", "bhattacharyya", "wasserstein", "overlap"];

    /// <exception cref="ClusteringException">It is none of the words.</exception>
    public static RetrainingKind Retraining(string word) => RetrainingWords.Read(word);

    public static string Of(AlignmentCost cost) => Costs[(int)cost];

    /// <exception cref="ClusteringException">It is none of the words.</exception>
    public static AlignmentCost Cost(string word) => (AlignmentCost)Place(Costs, word, "cost of an alignment");

    /// <summary>The word for a number that version 0.1.0 wrote.</summary>
    public static string Retraining(int number) => number >= 0 && number < RetrainingWords.All.Length ? RetrainingWords.All[number] : "";

    /// <inheritdoc cref="Retraining(int)"/>
    public static string Cost(int number) => number >= 0 && number < Costs.Length ? Costs[number] : "";

    private static int Place(string[] words, string word, string what)
    {
        int place = Array.FindIndex(words, known => string.Equals(known, word, StringComparison.OrdinalIgnoreCase));
        return place >= 0 ? place : throw new ClusteringException($"'{word}' is no {what}, there are {string.Join(", ", words)}: use a newer program.");
    }
}
