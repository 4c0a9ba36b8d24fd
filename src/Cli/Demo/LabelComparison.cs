using System.Runtime.InteropServices;
using OrleansCluster.Client;
using OrleansCluster.Models;
using OrleansCluster.Serving;
using OrleansCluster.Training;

namespace OrleansCluster.Cli.Demo;

/// <summary>What a second version does to the labels of the rows that the first was trained on.</summary>
/// <param name="Rows">Rows compared.</param>
/// <param name="Moved">Positions of the rows that are in another cluster now.</param>
/// <param name="Alignment">What became of the clusters when the second version was published.</param>
internal sealed record LabelComparison(long Rows, IReadOnlyList<int> Moved, VersionAlignment Alignment)
{
    /// <summary>Compares two versions of one model on the dataset of the first.</summary>
    public static async Task<LabelComparison> OfAsync(IClusteringClient client, TrainingReport first, TrainingReport second, CancellationToken cancellation)
    {
        VersionAlignment alignment = await client.Models.CompareAsync(first.Model, first.Version, second.Version, cancellation).ConfigureAwait(false);
        List<int> before = await LabelsAsync(client, first, first.Version, cancellation).ConfigureAwait(false);
        List<int> after = await LabelsAsync(client, first, second.Version, cancellation).ConfigureAwait(false);
        return new LabelComparison(before.Count, [.. Enumerable.Range(0, before.Count).Where(row => before[row] != after[row])], alignment);
    }

    private static async Task<List<int>> LabelsAsync(IClusteringClient client, TrainingReport training, int version, CancellationToken cancellation)
    {
        var labels = new List<int>();
        await foreach (Assignments shard in client.Models.AssignDatasetAsync(training.Model, version, training.Dataset, training.DatasetVersion, cancellation)
            .ConfigureAwait(false))
            labels.AddRange(MemoryMarshal.Cast<byte, int>(shard.Labels.Span));
        return labels;
    }
}
