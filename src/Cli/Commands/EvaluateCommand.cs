using System.CommandLine;
using System.Globalization;
using System.Runtime.InteropServices;
using OrleansCluster.Cli.Input;
using OrleansCluster.Cli.Output;
using OrleansCluster.Cli.Sessions;
using OrleansCluster.Datasets;
using OrleansCluster.Families;
using OrleansCluster.Models;
using OrleansCluster.Numerics.Evaluation;
using OrleansCluster.Serving;

namespace OrleansCluster.Cli.Commands;

/// <summary><c>evaluate</c>: how a model's labels of a file agree with known ones, and how far two of its versions are apart.</summary>
internal static class EvaluateCommand
{
    private const int DefaultSamples = 100_000;

    public static Command Create()
    {
        Option<string> model = RowOptions.AskedModel();
        var data = new Option<string?>("--data")
        {
            Description = $"Rows to assign: {RowOptions.Inputs}; or a dataset, NAME or NAME@VERSION",
            HelpName = "FILE|DATASET"
        };
        var labels = new Option<string?>("--labels")
        {
            Description = "The rows' known labels, whole numbers or words: a column of the rows, or a file with one a row (text or .npy, .gz too), as assign "
                + "--out writes it",
            HelpName = "column:NAME|FILE",
        };
        var labelColumn = new Option<string?>("--label-column")
        {
            Description = "Column of the file of labels that holds them [default: the only one, else "
                + "'cluster' or 'label']",
            HelpName = "C"
        };
        var against = new Option<string?>("--against")
        {
            Description = "Another version of the model, to measure distances from: of centres, of densities where the models have them, and on the rows of "
                + "--data where they are given",
            HelpName = "VERSION",
        };
        Option<int> samples =
            OptionKinds.Integer("--samples", "With --against: rows drawn from each version to estimate the divergences", DefaultSamples, 2, int.MaxValue);
        Option<ulong> seed = OptionKinds.Seed("--seed", "With --against: seed of those rows");
        var command = new Command("evaluate",
            "Compare a model's labels with known ones (ARI, AMI, NMI, purity, Fowlkes-Mallows and the table of both), or two of its versions with each other")
        {
            model, data, labels, labelColumn, against, samples, seed,
        };
        RowOptions rows = RowOptions.AddTo(command, stores: false);
        return command.Runs((context, parsed) =>
        {
            ModelReference wanted = Names.Model(parsed.GetRequiredValue(model));
            var asked = new Asked(
                wanted,
                parsed.GetValue(data),
                LabelArgument.Parse(parsed.GetValue(labels), parsed.GetValue(labelColumn)),
                parsed.GetValue(against) is { } other ? Other(wanted, other) : null,
                parsed.GetValue(samples),
                parsed.GetValue(seed));
            if (asked.Against is null && (parsed.GetResult(samples)?.Implicit == false || parsed.GetResult(seed)?.Implicit == false))
                throw CommandException.Usage("--samples and --seed are for the distances between two versions: add --against VERSION.");
            return RunAsync(context, asked, asked.Data is null ? null : rows.Query(parsed, asked.Data));
        });
    }

    /// <summary>The version to compare with: <c>3</c>, <c>@3</c>, <c>champion</c> or <c>NAME@3</c>.</summary>
    private static ModelReference Other(ModelReference wanted, string text)
    {
        ModelReference other = Names.Model(text.StartsWith('@') ? wanted.Name + text : text.Contains('@', StringComparison.Ordinal) ? text
            : $"{wanted.Name}@{text}");
        return other.Name == wanted.Name
            ? other
            : throw CommandException.Usage($"'{wanted.Name}' and '{other.Name}' are two models: clusters keep their ids within a model, so give a version of "
                + $"{wanted.Name}, as in --against 1.");
    }

    private static async Task<int> RunAsync(CommandContext context, Asked asked, RowQuery? query)
    {
        if (query is null && asked.Labels is not null)
            throw CommandException.Usage("--labels are the labels of rows: give the rows with --data FILE.");
        if (query is not null && asked.Labels?.File is { } file && InputName.IsStandardInput(query.Data) && InputName.IsStandardInput(file))
            throw CommandException.Usage("--data and --labels are both standard input, which can be read only once: give one of them as a file.");
        if (asked.Against is null && asked.Labels is null)
            throw CommandException.Usage("There is nothing to compare with: give rows and their known labels with --data FILE --labels FILE, or another "
                + "version with --against VERSION.");
        await using Session session = await context.OpenAsync().ConfigureAwait(false);
        ModelOutline model = await ModelsCommands.FindAsync(context, session.Client, asked.Model.Name).ConfigureAwait(false);
        ModelVersion version = await WholeAsync(asked.Model).ConfigureAwait(false);
        ModelVersion? other = asked.Against is { } against ? await WholeAsync(against).ConfigureAwait(false) : null;
        RowLabels? rows = query is null ? null : await LabelAsync(context, session, asked, query, version, other).ConfigureAwait(false);
        VersionComparison? comparison = other is null ? null : await CompareAsync(context, session, asked, other, version, rows).ConfigureAwait(false);
        EvaluationOutput.Write(context, version, rows?.Known, comparison, new ClusterNames(model.Info.Clusters));
        return ExitCode.Success;
        Task<ModelVersion> WholeAsync(ModelReference reference) =>
            ModelsCommands.WholeAsync(context, session.Client, ModelsCommands.Kept(ModelsCommands.Pick(model, reference)));
    }

    /// <summary>Labels of the rows under the version, beside the known ones and those of the other version.</summary>
    private static async Task<RowLabels> LabelAsync(CommandContext context, Session session, Asked asked, RowQuery query, ModelVersion version,
        ModelVersion? other)
    {
        query = query with { Read = query.Read with { LabelColumn = asked.Labels?.Column } };
        using ModelRows rows = await ModelRows.OpenAsync(context, session.Client, query,
            AskedColumns.Of(version.Training.AskedColumns(), version.Training.AskedTypes())).ConfigureAwait(false);
        KnownLabels? known = asked.Labels is null ? null : asked.Labels.File is null ? new KnownLabels(rows.Name) : LabelFile.Read(asked.Labels, rows.IdColumn);
        ContingencyStatistic? byVersion = other is null ? null : new ContingencyStatistic();
        var found = new List<int>();
        long changed = 0;
        await new ProgressView(context.Terminal).WhileAsync(
            () => $"evaluating {rows.ShortName} · {Numbers.Of(found.Count, "row")}",
            async () =>
            {
                await foreach (RowBatch batch in rows.ReadAsync(context.Cancellation).ConfigureAwait(false))
                {
                    known?.Take(batch, rows.Name);
                    int[] labels = await AssignAsync(version, batch).ConfigureAwait(false);
                    if (other is not null)
                    {
                        int[] before = await AssignAsync(other, batch).ConfigureAwait(false);
                        byVersion!.Accumulate(before, labels, default);
                        changed += labels.Zip(before).Count(pair => pair.First != pair.Second);
                    }

                    found.AddRange(labels);
                }

                return true;
            }).ConfigureAwait(false);
        return new RowLabels(found.Count, changed, known?.Compare(found, rows.Name), byVersion?.Finish());

        async Task<int[]> AssignAsync(ModelVersion by, RowBatch batch)
        {
            Assignments answer = await rows.AskAsync(
                batch, byKey: false, payload => session.Client.Models.AssignAsync(by.Name, by.Version, payload, context.Cancellation)).ConfigureAwait(false);
            return MemoryMarshal.Cast<byte, int>(answer.Labels.Span).ToArray();
        }
    }

    private static async Task<VersionComparison> CompareAsync(
        CommandContext context, Session session, Asked asked, ModelVersion before, ModelVersion after, RowLabels? rows)
    {
        VersionDistances distances = await session.Client.Models.DistancesAsync(after.Name, before.Version, after.Version, context.Cancellation)
            .ConfigureAwait(false);
        if (before.Training.Family.Name != after.Training.Family.Name || !after.Training.Family.Capabilities.Contains(CapabilityNames.Divergences))
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

    private sealed record Asked(ModelReference Model, string? Data, LabelArgument? Labels, ModelReference? Against, int Samples, ulong Seed);
}
