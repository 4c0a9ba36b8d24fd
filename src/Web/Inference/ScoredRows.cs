using System.Collections.Immutable;
using System.Runtime.InteropServices;
using OrleansCluster.Serving;
using OrleansCluster.Web.Rows;

namespace OrleansCluster.Web.Inference;

/// <summary>How probable rows are, each under the version that answered it.</summary>
internal sealed class ScoredRows
{
    private ScoredRows(int rows, ImmutableArray<int> clusters) =>
        (LogDensities, Scores, Responsibilities, Clusters) = (new double[rows], new double[rows], new double[rows * clusters.Length], clusters);

    /// <summary>ln p(x) of each row.</summary>
    public double[] LogDensities { get; }

    /// <summary>How far each lies below its version's threshold.</summary>
    public double[] Scores { get; }

    /// <summary>rows × clusters.</summary>
    public double[] Responsibilities { get; }

    /// <summary>Stable ids of the clusters of all versions that answered, ascending.</summary>
    public ImmutableArray<int> Clusters { get; }

    /// <param name="answering">The versions that answered.</param>
    /// <param name="versions">Which of them answered each row.</param>
    /// <param name="facts">What is known of the first.</param>
    public static async Task<ScoredRows> AskAsync(
        ModelQuestions questions, string model, int[] answering, int[] versions, AskedRows rows, KnownVersion facts, CancellationToken cancellation)
    {
        var known = new List<KnownVersion> { facts };
        foreach (int other in answering.Skip(1))
            known.Add(await questions.FactsAsync(model, other, cancellation).ConfigureAwait(false));
        var scored = new ScoredRows(rows.Rows, [.. known.SelectMany(one => one.Clusters).Distinct().Order()]);
        foreach (KnownVersion version in known)
        {
            int[] places = [.. Enumerable.Range(0, rows.Rows).Where(row => versions[row] == version.Version)];
            AskedRows part = places.Length == rows.Rows ? rows : rows.Some(places);
            scored.Take(places, await questions.ScoreAsync(model, version.Version, version.Clusters.Length, part, cancellation).ConfigureAwait(false));
        }

        return scored;
    }

    private void Take(int[] places, Scores answer)
    {
        ReadOnlySpan<double> densities = MemoryMarshal.Cast<byte, double>(answer.LogDensities.Span);
        ReadOnlySpan<double> shares = MemoryMarshal.Cast<byte, double>(answer.Responsibilities.Span);
        ReadOnlySpan<int> components = MemoryMarshal.Cast<byte, int>(answer.Components.Span);
        for (int i = 0; i < places.Length; i++)
        {
            LogDensities[places[i]] = densities[i];
            Scores[places[i]] = answer.Threshold - densities[i];
            for (int at = i * answer.Top; at < (i + 1) * answer.Top && components[at] >= 0; at++)
                Responsibilities[(places[i] * Clusters.Length) + Clusters.BinarySearch(components[at])] = shares[at];
        }
    }
}
