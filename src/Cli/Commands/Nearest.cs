namespace OrleansCluster.Cli.Commands;

/// <summary>The word that somebody probably meant.</summary>
internal static class Nearest
{
    /// <summary>The candidates that are nearest to what was typed; none when nothing is near. Upper and lower case do not matter.</summary>
    public static IReadOnlyList<string> Of(string typed, IEnumerable<string> candidates)
    {
        (string Word, int Distance)[] near = [.. candidates.Distinct(StringComparer.Ordinal).Select(word => (word, Distance(Bare(typed), Bare(word))))
            .Where(one => one.Item2 <= Most(Bare(typed)))];
        return near.Length == 0 ? [] : [.. near.Where(one => one.Distance == near.Min(other => other.Distance)).Select(one => one.Word)];
    }

    /// <summary>": did you mean a, b or c?", or a full stop when nothing is near.</summary>
    public static string Question(string typed, IEnumerable<string> candidates) =>
        Of(typed, candidates) is { Count: > 0 } near ? $": did you mean {Or(near)}?" : ".";

    /// <summary>"a", "a or b", "a, b or c".</summary>
    public static string Or(IReadOnlyList<string> words) =>
        words.Count < 2 ? string.Concat(words) : $"{string.Join(", ", words.Take(words.Count - 1))} or {words[^1]}";

    /// <summary>How many letters may be wrong: one in a short word, a third of a long one.</summary>
    private static int Most(string typed) => Math.Max(1, typed.Length / 3);

    private static string Bare(string word) => word.TrimStart('-').ToUpperInvariant();

    /// <summary>
    /// Letters to leave out, to put in, to change or to swap with their neighbour (optimal string alignment); a beginning of the word counts as near.
    /// </summary>
    private static int Distance(string typed, string word)
    {
        const int shortest = 3;
        if (typed.Length >= shortest && word.StartsWith(typed, StringComparison.Ordinal))
            return typed.Length == word.Length ? 0 : 1;
        int[,] cost = new int[typed.Length + 1, word.Length + 1];
        for (int i = 0; i <= typed.Length; i++)
            cost[i, 0] = i;
        for (int j = 0; j <= word.Length; j++)
            cost[0, j] = j;
        for (int i = 1; i <= typed.Length; i++)
        {
            for (int j = 1; j <= word.Length; j++)
            {
                int change = cost[i - 1, j - 1] + (typed[i - 1] == word[j - 1] ? 0 : 1);
                cost[i, j] = Math.Min(change, Math.Min(cost[i - 1, j], cost[i, j - 1]) + 1);
                if (i > 1 && j > 1 && typed[i - 1] == word[j - 2] && typed[i - 2] == word[j - 1])
                    cost[i, j] = Math.Min(cost[i, j], cost[i - 2, j - 2] + 1);
            }
        }

        return cost[typed.Length, word.Length];
    }
}
