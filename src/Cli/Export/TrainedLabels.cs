using System.CommandLine;
using OrleansCluster.Cli.Commands;
using OrleansCluster.Cli.Output;
using OrleansCluster.Client;
using OrleansCluster.Datasets;
using OrleansCluster.Serving;
using OrleansCluster.Training;

namespace OrleansCluster.Cli.Export;

/// <summary>
/// The clusters of the rows that a model was trained on, in a file. The rows are assigned where they are: what they were read from is not read again.
/// </summary>
internal static class TrainedLabels
{
    public static Option<string?> Option() => new("--out")
    {
        Description = "Also write the cluster of every row to a file when the training is done: the labels (.npy: int32), or ids, labels, distances and "
            + "names of clusters, where they have any (.csv, .parquet, .arrow, .jsonl)",
        HelpName = "FILE",
    };

    /// <summary>Finds out before the training whether the file can be written.</summary>
    /// <exception cref="CommandException">Its ending says no format.</exception>
    /// <exception cref="IOException">It cannot be made.</exception>
    public static void Check(string? path)
    {
        if (path is null)
            return;
        if (!AssignmentFile.IsSupported(path))
            throw AssignmentFile.Refusal(path);
        if (!PostgresAddress.Is(path))
            AtomicFile.Create(path).Dispose();
    }

    /// <summary>Writes the file.</summary>
    /// <exception cref="CommandException">It could not be written; the message says how to do it without training again.</exception>
    public static async Task WriteAsync(CommandContext context, IClusteringClient client, TrainingReport report, DatasetVersion dataset, string path)
    {
        try
        {
            ClusterNames names = (await ClusterNames.OfAsync(client, report.Model, context.Cancellation).ConfigureAwait(false))
                .Among(report.Clusters.Select(cluster => cluster.Label));
            using AssignmentFile file = AssignmentFile.Create(path, dataset.IdColumn, routed: false, names);
            await WriteAsync(client, report, dataset, file, context.Cancellation).ConfigureAwait(false);
            file.Commit();
            Terminal.Say($"clusters of {Numbers.Of(report.Rows, "row")} written to {path}");
        }
        catch (IOException e)
        {
            string again = $"assign --model {report.Model}@{report.Version} --data {dataset.Name}@{dataset.Version} --out FILE";
            throw CommandException.Failure($"{e.Message} {report.Model} version {report.Version} is published all the same; write the clusters with: "
                + $"{context.Suggest(again)}", e);
        }
    }

    private static async Task WriteAsync(
        IClusteringClient client, TrainingReport report, DatasetVersion dataset, AssignmentFile file, CancellationToken cancellation)
    {
        bool hasIds = dataset.IdColumn is not null;
        // Ids come in other portions than answers, and without values.
        await using IAsyncEnumerator<DatasetRows> rows = client.Datasets.ReadAsync(dataset, [], cancellation).GetAsyncEnumerator(cancellation);
        var ids = new List<string>();
        await foreach (Assignments answer in client.Models.AssignDatasetAsync(
            report.Model, report.Version, dataset.Name, dataset.Version, cancellation).ConfigureAwait(false))
        {
            int count = answer.Labels.Length / sizeof(int);
            while (hasIds && ids.Count < count && await rows.MoveNextAsync().ConfigureAwait(false))
                ids.AddRange(rows.Current.Ids);
            file.Add(hasIds ? [.. ids.Take(count)] : [], answer);
            ids.RemoveRange(0, hasIds ? count : 0);
        }
    }
}
