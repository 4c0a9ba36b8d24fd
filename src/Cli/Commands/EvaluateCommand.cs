using System.CommandLine;
using System.Runtime.InteropServices;
using OrleansCluster.Cli.Input;
using OrleansCluster.Cli.Output;
using OrleansCluster.Cli.Sessions;
using OrleansCluster.Datasets;
using OrleansCluster.Models;
using OrleansCluster.Numerics;
using OrleansCluster.Numerics.Evaluation;
using OrleansCluster.Serving;

namespace OrleansCluster.Cli.Commands;

/// <summary><c>evaluate</c>: how a model's labels of a file agree with known ones.</summary>
internal static class EvaluateCommand
{
    public static Command Create()
    {
        var model = new Option<string>("--model") { Description = "Model, and which version of it: a number, an alias or newest [default: the champion, else the newest]", HelpName = "NAME[@VERSION]", Required = true };
        var data = new Option<string>("--data") { Description = "Rows to assign: text or .npy, .gz too", HelpName = "FILE", Required = true };
        var labels = new Option<string>("--labels") { Description = "The rows' known labels: whole numbers, one a row, text or .npy, .gz too", HelpName = "FILE", Required = true };
        var command = new Command("evaluate", "Compare a model's labels with known ones: ARI, AMI, NMI, purity, Fowlkes-Mallows and the table of both") { model, data, labels };
        RowOptions rows = RowOptions.AddTo(command, stores: false);
        return command.Runs((context, parsed) => RunAsync(
            context, Names.Model(parsed.GetRequiredValue(model)), parsed.GetRequiredValue(data), parsed.GetRequiredValue(labels), rows.Read(parsed)));
    }

    private static async Task<int> RunAsync(CommandContext context, ModelReference wanted, string data, string labelFile, ReadOptions options)
    {
        int[] known = LabelFile.Read(labelFile);
        await using Session session = await context.OpenAsync().ConfigureAwait(false);
        ModelVersion version = await ModelsCommands.FindAsync(context, session.Client, wanted).ConfigureAwait(false);
        using IRowReader reader = ModelRows.Open(data, options, version.Training.Columns);
        var statistic = new ContingencyStatistic();
        int rows = 0;
        await new ProgressView(context.Terminal).WhileAsync(
            () => $"evaluating {Path.GetFileName(data)} · {Numbers.Of(Volatile.Read(ref rows), "row")}",
            async () =>
            {
                while (reader.ReadBatch(out RowBatch? batch))
                {
                    if (batch.Rows > known.Length - rows)
                        throw CommandException.Usage($"{data} has more rows than {labelFile} has labels ({known.Length}): give one label for each row.");
                    var payload = new RowsPayload { Precision = batch.Precision == Precision.Float32 ? "f4" : "f8", Columns = batch.Columns, Values = batch.Values };
                    Assignments answer = await session.Client.Models.AssignAsync(version.Name, version.Version, payload, context.Cancellation).ConfigureAwait(false);
                    statistic.Accumulate(known.AsSpan(rows, batch.Rows), MemoryMarshal.Cast<byte, int>(answer.Labels.Span), default);
                    rows += batch.Rows;
                }

                return true;
            }).ConfigureAwait(false);
        if (rows < known.Length)
            throw CommandException.Usage($"{labelFile} has {known.Length} labels, but {data} has only {Numbers.Of(rows, "row")}: give one label for each row.");
        EvaluationOutput.Write(context, version, statistic.Finish());
        return ExitCode.Success;
    }
}
