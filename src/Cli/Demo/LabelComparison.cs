using System.Runtime.InteropServices;
using OrleansCluster.Client;
using OrleansCluster.Serving;
using OrleansCluster.Training;

namespace OrleansCluster.Cli.Demo;

/// <summary>How two versions label the same rows, when clusters are paired by the rows they share.</summary>
/// <param name="Rows">Rows compared.</param>
/// <param name="Moved">Positions of the rows that are not in the partner of the cluster they were in.</param>
/// <param name="IsRenumbered">Whether a cluster's partner has another label.</param>
internal sealed record LabelComparison(long Rows, IReadOnlyList<int> Moved, bool IsRenumbered)
{
    /// <summary>Compares two versions of one model on the dataset of the first.</summary>
    public static async Task<LabelComparison> OfAsync(IClusteringClient client, TrainingReport first, TrainingReport second, CancellationToken cancellation)
    {
        List<int> before = await LabelsAsync(client, first, first.Version, cancellation).ConfigureAwait(false);
        List<int> after = await LabelsAsync(client, first, second.Version, cancellation).ConfigureAwait(false);
        int[] partner = Pair(before, after, first.K, second.K);
        int[] moved = [.. Enumerable.Range(0, before.Count).Where(row => partner[before[row]] != after[row])];
        return new LabelComparison(before.Count, moved, partner.Where((other, label) => other != label).Any());
    }

    /// <summary>Pairs clusters, those that share most rows first. −1: without a partner.</summary>
    private static int[] Pair(List<int> before, List<int> after, int k, int l)
    {
        var shared = new long[k, l];
        for (int row = 0; row < before.Count; row++)
            shared[before[row], after[row]]++;
        int[] partner = [.. Enumerable.Repeat(-1, k)];
        var taken = new bool[l];
        foreach ((int a, int b) in from a in Enumerable.Range(0, k) from b in Enumerable.Range(0, l) orderby shared[a, b] descending, a, b select (a, b))
        {
            if (partner[a] < 0 && !taken[b])
                (partner[a], taken[b]) = (b, true);
        }

        return partner;
    }

    private static async Task<List<int>> LabelsAsync(IClusteringClient client, TrainingReport training, int version, CancellationToken cancellation)
    {
        var labels = new List<int>();
        await foreach (Assignments shard in client.Models.AssignDatasetAsync(training.Model, version, training.Dataset, training.DatasetVersion, cancellation).ConfigureAwait(false))
            labels.AddRange(MemoryMarshal.Cast<byte, int>(shard.Labels.Span));
        return labels;
    }
}
