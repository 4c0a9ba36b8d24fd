using System.CommandLine;
using OrleansCluster.Cli.Export;
using OrleansCluster.Cli.Input;
using OrleansCluster.Cli.Output;
using OrleansCluster.Cli.Sessions;
using OrleansCluster.Datasets;
using OrleansCluster.Families;
using OrleansCluster.Models;
using OrleansCluster.Serving;

namespace OrleansCluster.Cli.Commands;

/// <summary><c>score</c>: how probable each row of a file is under a model.</summary>
internal static class ScoreCommand
{
    public static Command Create()
    {
        Option<string> model = RowOptions.AskedModel();
        Option<string> data = RowOptions.AskedRows("score");
        Option<int> top = OptionKinds.Integer("--top", "Components to tell of each row, the most probable first", 1, 1, 1_000_000);
        var output = new Option<string?>("--out")
        {
            Description = "Write ids, labels, densities, scores, flags, responsibilities and names of clusters, "
                + "where they have any (.csv, .parquet, .arrow, .jsonl), or log-densities (.npy: float64) to a file",
            HelpName = "FILE"
        };
        Option<string?> keep = RowOptions.KeptColumns();
        var command = new Command("score", "Score rows under a model that has a density: log-densities, responsibilities and anomalies")
        {
            model, data, top, output, keep,
        };
        RowOptions rows = RowOptions.AddTo(command, stores: false);
        return command.Runs((context, parsed) => RunAsync(
            context, Names.Model(parsed.GetRequiredValue(model)), rows.Query(parsed, parsed.GetRequiredValue(data), keep), parsed.GetValue(top),
                parsed.GetValue(output)));
    }

    private static async Task<int> RunAsync(CommandContext context, ModelReference wanted, RowQuery query, int top, string? output)
    {
        if (output is not null && !AssignmentFile.IsSupported(output))
            throw AssignmentFile.Refusal(output);
        TableColumns.Check(query, output);
        await using Session session = await context.OpenAsync().ConfigureAwait(false);
        ModelVersion version = await ModelsCommands.FindAsync(context, session.Client, wanted, CapabilityNames.Densities, CapabilityNames.Responsibilities)
            .ConfigureAwait(false);
        ClusterNames names = await ClusterNames.OfAsync(session.Client, version.Name, context.Cancellation).ConfigureAwait(false);
        using ScoreResult result = await ScoreAsync(context, session, version, query, top, names, tellsAll: context.Json && output is null, output)
            .ConfigureAwait(false);
        result.Write(context, output);
        return ExitCode.Success;
    }

    /// <summary>Scores rows under a version.</summary>
    /// <param name="tellsAll">Whether the result tells every answer.</param>
    /// <param name="output">A file to write the answers to, or null.</param>
    public static async Task<ScoreResult> ScoreAsync(
        CommandContext context, Session session, ModelVersion version, RowQuery query, int top, ClusterNames names, bool tellsAll, string? output = null)
    {
        using ModelRows rows = await ModelRows.OpenAsync(context, session.Client, query,
            AskedColumns.Of(version.Training.AskedColumns(), version.Training.AskedTypes())).ConfigureAwait(false);
        top = Math.Min(top, version.Training.K);
        using ScoreFile? file = output is null ? null
            : ScoreFile.Create(output, rows.IdColumn, top, names.Among(version.Training.Clusters.Select(cluster => cluster.Label)), rows.Kept);
        var result = new ScoreResult(version, rows.IdColumn, names, tellsAll);
        await new ProgressView(context.Terminal).WhileAsync(
            () => $"scoring {rows.ShortName} · {Numbers.Of(result.Rows, "row")}",
            async () =>
            {
                await foreach (RowBatch batch in rows.ReadAsync(context.Cancellation).ConfigureAwait(false))
                {
                    ScoredRows scored = new(await rows.AskAsync(batch, byKey: false, asked => session.Client.Models.ScoreAsync(
                        version.Name, new ScoreQuery { Version = version.Version, Top = top, Rows = asked }, context.Cancellation)).ConfigureAwait(false));
                    file?.Add(batch, scored);
                    result.Add(batch.Ids, scored);
                }

                return true;
            }).ConfigureAwait(false);
        file?.Commit();
        return result;
    }
}
