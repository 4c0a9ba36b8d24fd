using System.CommandLine;
using System.Globalization;
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

/// <summary><c>evaluate</c>: how a model's labels of a file agree with known ones, and how far two of its versions are apart.</summary>
internal static class EvaluateCommand
{
    private const int DefaultSamples = 100_000;

    public static Command Create()
    {
        var model = new Option<string>("--model") { Description = "Model, and which version of it: a number, an alias or newest [default: the champion, else the newest]", HelpName = "NAME[@VERSION]", Required = true };
        var data = new Option<string?>("--data") { Description = "Rows to assign: text or .npy, .gz too", HelpName = "FILE" };
        var labels = new Option<string?>("--labels") { Description = "The rows' known labels: whole numbers, one a row, text or .npy, .gz too", HelpName = "FILE" };
        var against = new Option<string?>("--against")
        {
            Description = "Another version of the model, to measure distances from: of centres, of mixtures' components and whole densities, and on the rows of --data where they are given",
            HelpName = "VERSION",
        };
        Option<int> samples = OptionKinds.Integer("--samples", "With --against: rows drawn from each mixture to estimate the divergences", DefaultSamples, 2, int.MaxValue);
        Option<ulong> seed = OptionKinds.Seed("--seed", "With --against: seed of those rows");
        var command = new Command("evaluate", "Compare a model's labels with known ones (ARI, AMI, NMI, purity, Fowlkes-Mallows and the table of both), or two of its versions with each other")
        {
            model, data, labels, against, samples, seed,
        };
        RowOptions rows = RowOptions.AddTo(command, stores: false);
        return command.Runs((context, parsed) =>
        {
            ModelReference wanted = Names.Model(parsed.GetRequiredValue(model));
            var asked = new Asked(
                wanted,
                parsed.GetValue(data),
                parsed.GetValue(labels),
                parsed.GetValue(against) is { } other ? Other(wanted, other) : null,
                parsed.GetValue(samples),
                parsed.GetValue(seed));
            if (asked.Against is null && (parsed.GetResult(samples)?.Implicit == false || parsed.GetResult(seed)?.Implicit == false))
                throw CommandException.Usage("--samples and --seed are for the distances between two versions: add --against VERSION.");
            return RunAsync(context, asked, rows.Read(parsed));
        });
    }

    /// <summary>The version to compare with: <c>3</c>, <c>@3</c>, <c>champion</c> or <c>NAME@3</c>.</summary>
    private static ModelReference Other(ModelReference wanted, string text)
    {
        ModelReference other = Names.Model(text.StartsWith('@') ? wanted.Name + text : text.Contains('@', StringComparison.Ordinal) ? text : $"{wanted.Name}@{text}");
        return other.Name == wanted.Name
            ? other
            : throw CommandException.Usage($"'{wanted.Name}' and '{other.Name}' are two models: clusters keep their ids within a model, so give a version of {wanted.Name}, as in --against 1.");
    }

    private static async Task<int> RunAsync(CommandContext context, Asked asked, ReadOptions options)
    {
        if (asked.Data is null && asked.Labels is not null)
            throw CommandException.Usage("--labels are the labels of rows: give the rows with --data FILE.");
        if (asked.Against is null && asked.Labels is null)
            throw CommandException.Usage("There is nothing to compare with: give rows and their known labels with --data FILE --labels FILE, or another version with --against VERSION.");
        int[]? known = asked.Labels is null ? null : LabelFile.Read(asked.Labels);
        await using Session session = await context.OpenAsync().ConfigureAwait(false);
        ModelSummary model = await ModelsCommands.FindAsync(context, session.Client, asked.Model.Name).ConfigureAwait(false);
        ModelVersion version = ModelsCommands.Kept(ModelsCommands.Pick(model, asked.Model));
        ModelVersion? other = asked.Against is { } reference ? ModelsCommands.Kept(ModelsCommands.Pick(model, reference)) : null;
        foreach (ModelVersion one in new[] { version, other }.OfType<ModelVersion>())
        {
            if (one.Pruned is not null)
                throw CommandException.Usage($"{one.Name} version {one.Version} was pruned: nothing can be asked of it any more.");
        }

        RowLabels? rows = asked.Data is null ? null : await LabelAsync(context, session, asked, options, version, other, known).ConfigureAwait(false);
        VersionComparison? comparison = other is null ? null : await CompareAsync(context, session, asked, other, version, rows).ConfigureAwait(false);
        EvaluationOutput.Write(context, version, rows?.Known, comparison, new ClusterNames(model.Info.Clusters));
        return ExitCode.Success;
    }

    /// <summary>Labels of the file's rows under the version, beside the known ones and those of the other version.</summary>
    private static async Task<RowLabels> LabelAsync(
        CommandContext context, Session session, Asked asked, ReadOptions options, ModelVersion version, ModelVersion? other, int[]? known)
    {
        using IRowReader reader = ModelRows.Open(asked.Data!, options, version.Training.Columns);
        (ContingencyStatistic? byKnown, ContingencyStatistic? byVersion) = (known is null ? null : new ContingencyStatistic(), other is null ? null : new ContingencyStatistic());
        (int rows, long changed) = (0, 0);
        await new ProgressView(context.Terminal).WhileAsync(
            () => $"evaluating {Path.GetFileName(asked.Data)} · {Numbers.Of(Volatile.Read(ref rows), "row")}",
            async () =>
            {
                while (reader.ReadBatch(out RowBatch? batch))
                {
                    if (known is not null && batch.Rows > known.Length - rows)
                        throw CommandException.Usage($"{asked.Data} has more rows than {asked.Labels} has labels ({known.Length}): give one label for each row.");
                    int[] labels = await AssignAsync(context, session, version, batch).ConfigureAwait(false);
                    byKnown?.Accumulate(known.AsSpan(rows, batch.Rows), labels, default);
                    if (other is not null)
                    {
                        int[] before = await AssignAsync(context, session, other, batch).ConfigureAwait(false);
                        byVersion!.Accumulate(before, labels, default);
                        changed += labels.Zip(before).Count(pair => pair.First != pair.Second);
                    }

                    rows += batch.Rows;
                }

                return true;
            }).ConfigureAwait(false);
        if (known is not null && rows < known.Length)
            throw CommandException.Usage($"{asked.Labels} has {known.Length} labels, but {asked.Data} has only {Numbers.Of(rows, "row")}: give one label for each row.");
        return new RowLabels(rows, changed, byKnown?.Finish(), byVersion?.Finish());
    }

    private static async Task<int[]> AssignAsync(CommandContext context, Session session, ModelVersion version, RowBatch batch)
    {
        var payload = new RowsPayload { Precision = batch.Precision == Precision.Float32 ? "f4" : "f8", Columns = batch.Columns, Values = batch.Values };
        Assignments answer = await session.Client.Models.AssignAsync(version.Name, version.Version, payload, context.Cancellation).ConfigureAwait(false);
        return MemoryMarshal.Cast<byte, int>(answer.Labels.Span).ToArray();
    }

    private static async Task<VersionComparison> CompareAsync(
        CommandContext context, Session session, Asked asked, ModelVersion before, ModelVersion after, RowLabels? rows)
    {
        VersionDistances distances = await session.Client.Models.DistancesAsync(after.Name, before.Version, after.Version, context.Cancellation).ConfigureAwait(false);
        if (before.Training.Mixture is null || after.Training.Mixture is null)
            return new VersionComparison(before, after, distances, null, null, rows);
        return await new ProgressView(context.Terminal).WhileAsync(
            () => string.Create(CultureInfo.InvariantCulture, $"drawing {Numbers.Of(asked.Samples, "row")} from each version"),
            async () =>
            {
                DivergenceEstimate forth = await DivergeAsync(after, before).ConfigureAwait(false);
                DivergenceEstimate back = await DivergeAsync(before, after).ConfigureAwait(false);
                return new VersionComparison(before, after, distances, forth, back, rows);
            }).ConfigureAwait(false);

        Task<DivergenceEstimate> DivergeAsync(ModelVersion from, ModelVersion to) =>
            session.Client.Models.DivergenceAsync(from.Name, from.Version, to.Version, asked.Samples, asked.Seed, context.Cancellation);
    }

    private sealed record Asked(ModelReference Model, string? Data, string? Labels, ModelReference? Against, int Samples, ulong Seed);
}
