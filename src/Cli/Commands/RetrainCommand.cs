using System.CommandLine;
using System.Diagnostics;
using OrleansCluster.Cli.Export;
using OrleansCluster.Cli.Input;
using OrleansCluster.Cli.Output;
using OrleansCluster.Cli.Sessions;
using OrleansCluster.Client;
using OrleansCluster.Datasets;
using OrleansCluster.Families.Options;
using OrleansCluster.Models;
using OrleansCluster.Training;

namespace OrleansCluster.Cli.Commands;

/// <summary><c>retrain</c>: trains a model again as it was trained, from where it stands.</summary>
internal static class RetrainCommand
{
    public static Command Create()
    {
        var model = new Argument<string>("NAME") { Description = "Name of the model" };
        var data = new Option<string>("--data")
        {
            Description = $"Rows to train on: a dataset, NAME or NAME@VERSION; or {RowOptions.Inputs}, which is imported with the columns, ids and weights "
                + "that the champion was trained on",
            HelpName = "DATASET|FILE",
            Required = true,
        }.TakingSeveral();
        var fresh = new Option<bool>("--fresh") { Description = "Start as the model's options say, and not from the champion's parameters" };
        var adapt = new Option<bool>("--adapt")
        {
            Description = "Merge clusters that have become one on these rows, and split those that have become two, before the training begins",
        };
        var keep = new Option<bool>("--keep-threshold")
        {
            Description = "Flag anomalies by the champion's threshold, and do not set it anew by the share of these rows that is to be flagged",
        };
        var seed = new Option<ulong?>("--seed") { Description = "Seed of everything random [default: the champion's]", HelpName = "S" };
        Option<int?> restarts = OptionKinds.Integer("--restarts", "Starts to try, with --fresh [default: the champion's]", 1, 1_000_000);
        Option<string?> output = TrainedLabels.Option();
        Option<bool> plan = PlanOutput.Option();
        var command = new Command("retrain", "Train a model again with the champion's options, align, judge by its policy, and publish")
        {
            model, data, fresh, adapt, keep, seed, restarts, output, plan,
        };
        RowOptions rows = RowOptions.AddTo(command, stores: true);
        return command.Runs((context, parsed) =>
        {
            string name = Names.Check("model", parsed.GetRequiredValue(model));
            if (parsed.GetValue(restarts) is not null && !parsed.GetValue(fresh))
                throw CommandException.Usage("--restarts needs --fresh: from the champion's parameters every start is the same.");
            if (parsed.GetValue(adapt) && parsed.GetValue(fresh))
                throw CommandException.Usage("--adapt changes the champion's clusters, and --fresh begins without them: give one of them.");
            bool planOnly = parsed.GetValue(plan);
            if (context.Page && planOnly)
                throw CommandException.Usage("--report html is of a model, and --plan trains none: leave one of them out.");
            string? labels = parsed.GetValue(output);
            TrainedLabels.Check(labels);
            var order = new RetrainingOrder
            {
                Model = name,
                Dataset = "",
                Fresh = parsed.GetValue(fresh),
                Adapt = parsed.GetValue(adapt),
                KeepThreshold = parsed.GetValue(keep),
                Seed = parsed.GetValue(seed),
                Restarts = parsed.GetValue(restarts),
                By = Environment.UserName,
            };
            Datasets.ReadOptions read = rows.Read(parsed);
            DataArgument argument = DataArgument.Parse(parsed.GetRequiredValue(data), read);
            argument.RefuseFileOptions(read with { Columns = null });
            return RunAsync(context, order, argument, labels, planOnly);
        }, pages: true);
    }

    private static async Task<int> RunAsync(CommandContext context, RetrainingOrder order, DataArgument data, string? output, bool planOnly)
    {
        await using Session session = await context.OpenAsync(stays: true).ConfigureAwait(false);
        ModelOutline model = await ModelsCommands.FindAsync(context, session.Client, order.Model).ConfigureAwait(false);
        TrainingReport newest = (await ModelsCommands.WholeAsync(context, session.Client, model.Versions[^1]).ConfigureAwait(false)).Training;
        if (!planOnly)
            session.Rehearse(newest.Options.Again(null, null).With(nameof(ITrainingOptions.K), newest.K));
        long started = Stopwatch.GetTimestamp();
        RowsAlike like = await LikeAsync(context, session.Client, order.Model).ConfigureAwait(false);
        Imported imported = await data.ResolveAsync(context, session.Client, like).ConfigureAwait(false);
        double importSeconds = data.IsFile ? Stopwatch.GetElapsedTime(started).TotalSeconds : 0;
        order = order with { Dataset = imported.Dataset.Name, DatasetVersion = imported.Dataset.Version };
        PlannedTraining? plan = await PlanOutput.FindAsync(session.Client.Jobs.PlanAsync(order, context.Cancellation), planOnly).ConfigureAwait(false);
        if (planOnly)
            return PlanOutput.Write(context, newest.Options.Family, plan);
        PlanOutput.Tell(plan);
        string job = await JobRun.StartAsync(session, session.Client.Jobs.RetrainAsync(order, context.Cancellation)).ConfigureAwait(false);
        TrainingReport report = await JobRun.FinishAsync(context, session, job).ConfigureAwait(false);
        if (output is not null)
            await TrainedLabels.WriteAsync(context, session.Client, report, imported.Dataset, output).ConfigureAwait(false);
        await TrainingOutput.WriteAsync(context, session.Client, report, imported.Sample, importSeconds).ConfigureAwait(false);
        return GateOutput.Code(report);
    }

    /// <summary>What the version that is gone on from was trained on.</summary>
    private static async Task<RowsAlike> LikeAsync(CommandContext context, IClusteringClient client, string model)
    {
        ModelVersion parent = await client.Models.VersionAsync(model, 0, context.Cancellation).ConfigureAwait(false)
            ?? throw CommandException.Usage($"There is no model '{model}'.");
        TrainingReport trained = parent.Training;
        Datasets.DatasetVersion? rows = await client.Datasets.FindAsync(trained.Dataset, trained.DatasetVersion, context.Cancellation).ConfigureAwait(false);
        return new RowsAlike(AskedColumns.Of(trained.AskedColumns(), trained.AskedTypes()), rows?.IdColumn, rows?.WeightColumn);
    }
}
