using System.CommandLine;
using System.Text.Json;
using OrleansCluster.Cli.Input;
using OrleansCluster.Cli.Output;
using OrleansCluster.Cli.Sessions;
using OrleansCluster.Contracts.Api;
using OrleansCluster.Datasets;
using OrleansCluster.Json;
using OrleansCluster.Models;
using OrleansCluster.Serving;
using OrleansCluster.Numerics.Preparation;

namespace OrleansCluster.Cli.Commands;

/// <summary><c>explain</c>: why rows belong to their clusters.</summary>
internal static class ExplainCommand
{
    private const int UsualRows = 3;

    public static Command Create()
    {
        var model = new Argument<string>("model")
        {
            Description = "Model, and which version of it: a number, an alias or newest [default: the champion, else the newest]",
            HelpName = "NAME[@VERSION]",
        };
        Option<string> data = RowOptions.AskedRows("explain");
        Option<int> count = OptionKinds.Integer("--rows", "Rows to explain, from the first on", UsualRows, 1, 10_000);
        var command = new Command("explain", "Say why rows belong to their clusters, and what would change that") { model, data, count };
        RowOptions rows = RowOptions.AddTo(command, stores: false);
        return command.Runs((context, parsed) => RunAsync(
            context, Names.Model(parsed.GetRequiredValue(model)), rows.Query(parsed, parsed.GetRequiredValue(data)), parsed.GetValue(count)));
    }

    private static async Task<int> RunAsync(CommandContext context, ModelReference wanted, RowQuery query, int count)
    {
        await using Session session = await context.OpenAsync().ConfigureAwait(false);
        ModelVersion version = await ModelsCommands.FindAsync(context, session.Client, wanted).ConfigureAwait(false);
        ClusterNames names = await ClusterNames.OfAsync(session.Client, version.Name, context.Cancellation).ConfigureAwait(false);
        ExplanationsDocument document = await ExplainAsync(context, session, version, query, count).ConfigureAwait(false);
        if (context.Json)
            JsonReport.Print(json => JsonSerializer.Serialize(json, document, ApiJson.Default.ExplanationsDocument));
        else
            ExplanationOutput.Write(context, document, names);
        return ExitCode.Success;
    }

    private static async Task<ExplanationsDocument> ExplainAsync(
        CommandContext context, Session session, ModelVersion version, RowQuery query, int count)
    {
        AskedColumns columns = AskedColumns.Of(version.Training.AskedColumns(), version.Training.AskedTypes());
        using ModelRows rows = await ModelRows.OpenAsync(context, session.Client, query, columns).ConfigureAwait(false);
        (Explanations? all, List<string> ids, int most) = (null, [], Math.Max(1, ExplainQuery.MostValues / columns.Names.Length));
        await foreach (RowBatch batch in rows.ReadAsync(context.Cancellation).ConfigureAwait(false))
        {
            for (int first = 0; first < batch.Rows && ids.Count < count;)
            {
                RowBatch part = Part(batch, first, Math.Min(Math.Min(batch.Rows - first, most), count - ids.Count));
                Explanations answer = await rows.AskAsync(
                    part, byKey: false, asked => session.Client.Models.ExplainAsync(
                        version.Name, new ExplainQuery { Version = version.Version, Rows = asked }, context.Cancellation)).ConfigureAwait(false);
                all = all is null ? answer : all with { Rows = [.. all.Rows, .. answer.Rows] };
                for (int i = 0; i < part.Rows; i++)
                    ids.Add(part.Ids.IsDefaultOrEmpty ? "" : part.Ids[i]);
                first += part.Rows;
            }

            if (ids.Count >= count)
                break;
        }

        if (all is null)
            throw CommandException.Usage($"{rows.Name} has no rows.");
        return ExplanationDocuments.Of(version.Name, columns.Names, all, rows.IdColumn is null ? null : ids, ShownTime.Of);
    }

    private static RowBatch Part(RowBatch batch, int first, int count)
    {
        int bytes = batch.Columns * (int)batch.Precision;
        return batch with
        {
            FirstRow = batch.FirstRow + first,
            Rows = count,
            Values = batch.Values.Slice(first * bytes, count * bytes),
            Weights = default,
            Ids = batch.Ids.IsDefaultOrEmpty ? [] : [.. batch.Ids.AsSpan(first, count)],
            Lines = batch.Lines.IsEmpty ? default : batch.Lines.Slice(first, count),
        };
    }
}
