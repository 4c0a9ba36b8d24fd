using System.CommandLine;
using System.Diagnostics;
using OrleansCluster.Cli.Export;
using OrleansCluster.Cli.Input;
using OrleansCluster.Cli.Output;
using OrleansCluster.Cli.Sessions;
using OrleansCluster.Datasets;
using OrleansCluster.Families;
using OrleansCluster.Training;

namespace OrleansCluster.Cli.Commands;

/// <summary><c>train</c>: a command for each family.</summary>
internal static class TrainCommand
{
    public static Command Create(FamilyRegistry families)
    {
        var command = new Command("train", "Train a model");
        foreach (IFamily family in families.All)
            command.Subcommands.Add(Create(family.Description));
        return command;
    }

    private static Command Create(FamilyDescription family)
    {
        var command = new Command(family.Name, family.Help);
        var arguments = new TrainingArguments(command, family);
        return command.Runs((context, parsed) => RunAsync(context, parsed, arguments), pages: true);
    }

    /// <summary>Trains from the rows to the report.</summary>
    private static async Task<int> RunAsync(CommandContext context, ParseResult parsed, TrainingArguments arguments)
    {
        if (context.Page && arguments.PlanOnly(parsed))
            throw CommandException.Usage("--report html is of a model, and --plan trains none: leave one of them out.");
        DataArgument data = arguments.Data(parsed);
        // What is wrong with the options is told before anything is read.
        var request = new TrainingRequest
        {
            Dataset = "",
            Model = "",
            By = Environment.UserName,
            Options = arguments.Options(parsed),
            Preparation = arguments.Preparation(parsed).ToString()
        };
        ExportFolder? export = ExportFolder.Prepare(arguments.Export(parsed));
        string? output = arguments.Out(parsed), model = arguments.Model(parsed);

        await using Session session = await context.OpenAsync(stays: true).ConfigureAwait(false);
        if (!arguments.PlanOnly(parsed))
            session.Rehearse(request.Asked());
        long started = Stopwatch.GetTimestamp();
        Imported imported = await data.ResolveAsync(context, session.Client).ConfigureAwait(false);
        double importSeconds = data.IsFile ? Stopwatch.GetElapsedTime(started).TotalSeconds : 0;
        DatasetVersion dataset = imported.Dataset;
        if (arguments.Start is { } start)
            request = request.WithStart(start.For([.. dataset.Columns.Select(column => column.Name)]));
        request = request with { Dataset = dataset.Name, DatasetVersion = dataset.Version, Model = model ?? dataset.Name };
        bool planOnly = arguments.PlanOnly(parsed);
        PlannedTraining? plan = await PlanOutput.FindAsync(session.Client.Jobs.PlanAsync(request, context.Cancellation), planOnly).ConfigureAwait(false);
        if (planOnly)
            return PlanOutput.Write(context, request.Asked().Family, plan);
        PlanOutput.Tell(plan);
        string job = await JobRun.StartAsync(session, session.Client.Jobs.StartAsync(request, context.Cancellation)).ConfigureAwait(false);
        TrainingReport report = await JobRun.FinishAsync(context, session, job).ConfigureAwait(false);
        if (output is not null)
            await TrainedLabels.WriteAsync(context, session.Client, report, dataset, output).ConfigureAwait(false);
        if (export is not null)
            await export.WriteAsync(context, session.Client, report).ConfigureAwait(false);
        await TrainingOutput.WriteAsync(context, session.Client, report, imported.Sample, importSeconds).ConfigureAwait(false);
        return GateOutput.Code(report);
    }
}
