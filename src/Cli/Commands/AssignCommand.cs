using System.CommandLine;
using OrleansCluster.Cli.Export;
using OrleansCluster.Cli.Input;
using OrleansCluster.Cli.Output;
using OrleansCluster.Cli.Sessions;
using OrleansCluster.Datasets;
using OrleansCluster.Models;
using OrleansCluster.Serving;

namespace OrleansCluster.Cli.Commands;

/// <summary><c>assign</c>: which cluster each row of a file belongs to.</summary>
internal static class AssignCommand
{
    public static Command Create()
    {
        Option<string> model = RowOptions.AskedModel();
        Option<string> data = RowOptions.AskedRows("assign");
        var output = new Option<string?>("--out")
        {
            Description = "Write the labels (.npy: int32) or ids, labels, distances and names of clusters, where they have any (.csv, .parquet, "
                + ".arrow, .jsonl), to a file; "
                + "under a route the version that answered each row, too: as a column, or beside FILE.npy as FILE.versions.npy",
            HelpName = "FILE",
        };
        Option<string?> keep = RowOptions.KeptColumns();
        var command = new Command("assign", "Assign rows to the clusters of a model") { model, data, output, keep };
        RowOptions rows = RowOptions.AddTo(command, stores: false);
        return command.Runs((context, parsed) =>
            RunAsync(context, Names.Model(parsed.GetRequiredValue(model)), rows.Query(parsed, parsed.GetRequiredValue(data), keep),
                parsed.GetValue(output)));
    }

    private static async Task<int> RunAsync(CommandContext context, ModelReference wanted, RowQuery query, string? output)
    {
        if (output is not null && !AssignmentFile.IsSupported(output))
            throw AssignmentFile.Refusal(output);
        TableColumns.Check(query, output);
        await using Session session = await context.OpenAsync().ConfigureAwait(false);
        ModelVersion version = await ModelsCommands.FindAsync(context, session.Client, wanted).ConfigureAwait(false);
        // The name alone is answered by the model's route, where one is set; whoever names a version or an alias gets that.
        // Without a route one version answers all rows, even when the champion moves meanwhile.
        bool byRoute = wanted.IsBare && await session.Client.Models.RouteAsync(version.Name, context.Cancellation).ConfigureAwait(false) is { Route: not null };
        ClusterNames names = await ClusterNames.OfAsync(session.Client, version.Name, context.Cancellation).ConfigureAwait(false);
        // Another version of the route may have clusters that this one has not.
        ClusterNames told = byRoute ? names : names.Among(version.Training.Clusters.Select(cluster => cluster.Label));
        AssignmentResult result = await AssignAsync(context, session, version, query, keepsAll: context.Json && output is null, output, byRoute, told)
            .ConfigureAwait(false);
        result.Write(context, output, names);
        return ExitCode.Success;
    }

    /// <summary>Assigns rows under a version.</summary>
    /// <param name="keepsAll">Whether the result remembers every answer.</param>
    /// <param name="output">A file to write the answers to, or null.</param>
    /// <param name="byRoute">Whether the model's route decides which version answers.</param>
    /// <param name="names">Names of clusters, for the file.</param>
    public static async Task<AssignmentResult> AssignAsync(
        CommandContext context, Session session, ModelVersion version, RowQuery query, bool keepsAll, string? output = null, bool byRoute = false,
            ClusterNames? names = null)
    {
        using ModelRows rows = await ModelRows.OpenAsync(context, session.Client, query,
            AskedColumns.Of(version.Training.AskedColumns(), version.Training.AskedTypes())).ConfigureAwait(false);
        using AssignmentFile? file = output is null ? null : AssignmentFile.Create(output, rows.IdColumn, byRoute, names ?? ClusterNames.None, rows.Kept);
        var result = new AssignmentResult(version, rows.IdColumn, keepsAll, byRoute);
        await new ProgressView(context.Terminal).WhileAsync(
            () => $"assigning {rows.ShortName} · {Numbers.Of(result.Rows, "row")}",
            async () =>
            {
                await foreach (RowBatch batch in rows.ReadAsync(context.Cancellation).ConfigureAwait(false))
                {
                    Assignments answer = await rows.AskAsync(
                        batch, byRoute, asked => session.Client.Models.AssignAsync(version.Name, byRoute ? 0 : version.Version, asked, context.Cancellation))
                            .ConfigureAwait(false);
                    file?.Add(batch, answer);
                    result.Add(batch.Ids, answer);
                }

                return true;
            }).ConfigureAwait(false);
        file?.Commit();
        return result;
    }
}
