using System.CommandLine;
using OrleansCluster.Cli.Export;
using OrleansCluster.Cli.Input;
using OrleansCluster.Cli.Output;
using OrleansCluster.Cli.Sessions;
using OrleansCluster.Datasets;
using OrleansCluster.Models;
using OrleansCluster.Models.Routing;
using OrleansCluster.Numerics;
using OrleansCluster.Serving;

namespace OrleansCluster.Cli.Commands;

/// <summary><c>assign</c>: which cluster each row of a file belongs to.</summary>
internal static class AssignCommand
{
    public static Command Create()
    {
        var model = new Option<string>("--model") { Description = "Model, and which version of it: a number, an alias or newest [default: the champion, else the newest]", HelpName = "NAME[@VERSION]", Required = true };
        var data = new Option<string>("--data") { Description = "Rows to assign: text or .npy, .gz too", HelpName = "FILE", Required = true };
        var output = new Option<string?>("--out") { Description = "Write the labels (.npy: int32) or ids, labels and distances (.csv) to a file; under a route the version that answered each row, too: as a column, or beside FILE.npy as FILE.versions.npy", HelpName = "FILE.npy|FILE.csv" };
        var command = new Command("assign", "Assign rows to the clusters of a model") { model, data, output };
        RowOptions rows = RowOptions.AddTo(command, stores: false);
        return command.Runs((context, parsed) => RunAsync(context, Names.Model(parsed.GetRequiredValue(model)), parsed.GetRequiredValue(data), parsed.GetValue(output), rows.Read(parsed)));
    }

    private static async Task<int> RunAsync(CommandContext context, ModelReference wanted, string data, string? output, ReadOptions options)
    {
        if (output is not null && !AssignmentFile.IsSupported(output))
            throw CommandException.Usage($"--out {output} ends neither in .npy nor in .csv.");
        await using Session session = await context.OpenAsync().ConfigureAwait(false);
        ModelVersion version = await ModelsCommands.FindAsync(context, session.Client, wanted).ConfigureAwait(false);
        // The name alone is answered by the model's route, where one is set; whoever names a version or an alias gets that.
        // Without a route one version answers all rows, even when the champion moves meanwhile.
        bool byRoute = wanted.IsBare && await session.Client.Models.RouteAsync(version.Name, context.Cancellation).ConfigureAwait(false) is { Route: not null };
        AssignmentResult result = await AssignAsync(context, session, version, data, options, keepsAll: context.Json && output is null, output, byRoute).ConfigureAwait(false);
        result.Write(context, output, await ClusterNames.OfAsync(session.Client, version.Name, context.Cancellation).ConfigureAwait(false));
        return ExitCode.Success;
    }

    /// <summary>Assigns the rows of a file under a version.</summary>
    /// <param name="keepsAll">Whether the result remembers every answer.</param>
    /// <param name="output">A file to write the answers to, or null.</param>
    /// <param name="byRoute">Whether the model's route decides which version answers.</param>
    public static async Task<AssignmentResult> AssignAsync(
        CommandContext context, Session session, ModelVersion version, string data, ReadOptions options, bool keepsAll, string? output = null, bool byRoute = false)
    {
        using IRowReader reader = ModelRows.Open(data, options, version.Training.Columns);
        using AssignmentFile? file = output is null ? null : AssignmentFile.Create(output, reader.IdColumn, byRoute);
        var result = new AssignmentResult(version, reader.IdColumn, keepsAll, byRoute);
        await new ProgressView(context.Terminal).WhileAsync(
            () => $"assigning {Path.GetFileName(data)} · {Numbers.Of(result.Rows, "row")}",
            async () =>
            {
                while (reader.ReadBatch(out RowBatch? batch))
                {
                    Assignments answer = await AskAsync(context, session, version, batch, byRoute).ConfigureAwait(false);
                    file?.Add(batch.Ids, answer);
                    result.Add(batch.Ids, answer);
                }

                return true;
            }).ConfigureAwait(false);
        file?.Commit();
        return result;
    }

    private static Task<Assignments> AskAsync(CommandContext context, Session session, ModelVersion version, RowBatch batch, bool byRoute) => session.Client.Models.AssignAsync(
        version.Name,
        byRoute ? 0 : version.Version,
        new RowsPayload
        {
            Precision = batch.Precision == Precision.Float32 ? "f4" : "f8",
            Columns = batch.Columns,
            Values = batch.Values,
            Keys = byRoute && !batch.Ids.IsDefaultOrEmpty ? RowKeys.Of(batch.Ids) : default,
        },
        context.Cancellation);
}
