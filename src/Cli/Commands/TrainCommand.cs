using System.CommandLine;
using System.Diagnostics;
using OrleansCluster.Cli.Export;
using OrleansCluster.Cli.Input;
using OrleansCluster.Cli.Output;
using OrleansCluster.Cli.Sessions;
using OrleansCluster.Datasets;
using OrleansCluster.Training;

namespace OrleansCluster.Cli.Commands;

/// <summary><c>train</c>, and what its commands have in common.</summary>
internal static class TrainCommand
{
    public static Command Create() => new("train", "Train a model") { TrainKMeansCommand.Create(), TrainMixtureCommand.Create() };

    /// <summary>Trains from the rows to the report.</summary>
    /// <param name="arguments">The arguments that every such command has.</param>
    /// <param name="options">Adds the algorithm's options to a request, as they were given.</param>
    public static async Task<int> RunAsync(CommandContext context, ParseResult parsed, TrainingArguments arguments, Func<TrainingRequest, TrainingRequest> options)
    {
        DataArgument data = arguments.Data(parsed);
        // What is wrong with the options is told before anything is read.
        TrainingRequest request = options(new TrainingRequest { Dataset = "", Model = "", By = Environment.UserName });
        ExportFolder? export = ExportFolder.Prepare(arguments.Export(parsed));
        string? model = arguments.Model(parsed);

        await using Session session = await context.OpenAsync(stays: true).ConfigureAwait(false);
        session.Rehearse(request);
        long started = Stopwatch.GetTimestamp();
        Imported imported = await data.ResolveAsync(context, session.Client).ConfigureAwait(false);
        double importSeconds = data.IsFile ? Stopwatch.GetElapsedTime(started).TotalSeconds : 0;
        DatasetVersion dataset = imported.Dataset;
        if (arguments.Start is { } start)
            request = request.WithStart(start.For([.. dataset.Columns.Select(column => column.Name)]));
        string job = await JobRun.StartAsync(session, session.Client.Jobs.StartAsync(
            request with { Dataset = dataset.Name, DatasetVersion = dataset.Version, Model = model ?? dataset.Name }, context.Cancellation)).ConfigureAwait(false);
        TrainingReport report = await JobRun.FinishAsync(context, session, job).ConfigureAwait(false);
        if (export is not null)
            await export.WriteAsync(context, session.Client, report).ConfigureAwait(false);
        await TrainingOutput.WriteAsync(context, session.Client, report, imported.Sample, importSeconds).ConfigureAwait(false);
        return GateOutput.Code(report);
    }
}
