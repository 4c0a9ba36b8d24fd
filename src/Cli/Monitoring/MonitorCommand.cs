using System.Collections.Immutable;
using System.CommandLine;
using System.Text.Json;
using OrleansCluster.Cli.Commands;
using OrleansCluster.Cli.Input;
using OrleansCluster.Cli.Output;
using OrleansCluster.Cli.Sessions;
using OrleansCluster.Contracts.Api;
using OrleansCluster.Datasets;
using OrleansCluster.Models;
using OrleansCluster.Monitoring;

namespace OrleansCluster.Cli.Monitoring;

/// <summary><c>monitor drift | observe | windows</c>: what rows look like that a model is asked about, and how far that is from its training rows.</summary>
internal static class MonitorCommand
{
    public static Command Create() => new("monitor", "Compare rows with those that a model was trained on, and keep what was observed in windows")
    {
        Drift(), Observe(), Windows(),
    };

    private static Argument<string> AskedModel() => new("model")
    {
        Description = "Model, and which version of it: a number, an alias or newest [default: the champion, else the newest]",
        HelpName = "NAME[@VERSION]",
    };

    private static Command Drift()
    {
        Argument<string> model = AskedModel();
        var data = new Option<string?>("--data")
        {
            Description = $"Rows to compare: {RowOptions.Inputs}; or a dataset, NAME or NAME@VERSION",
            HelpName = "FILE|DATASET",
        };
        var window = new Option<string?>("--window") { Description = "Window to compare instead of rows [default: the newest]", HelpName = "NAME" };
        var against = new Option<string?>("--against") { Description = "Window to compare with [default: the training rows]", HelpName = "WINDOW" };
        DriftThresholds usual = new();
        Option<double> effect = OptionKinds.NonNegative(
            "--effect", "Least effect that is called drift: of numbers in standard deviations or as difference of the distribution functions, of these, "
                + "categories and clusters as Jensen-Shannon distance, of how well rows fit in standard deviations", usual.Wasserstein);
        Option<double> share = OptionKinds.NonNegative("--share", "Least change of the shares of missing, unseen and out-of-range values", usual.Share);
        Option<double> alpha = OptionKinds.NonNegative("--alpha", "Greatest probability of a false alarm in the whole report", usual.Alpha);
        Option<int> least = OptionKinds.Integer("--min-rows", "Fewer rows are not judged", usual.MinimumRows, 1, int.MaxValue);
        Option<double> shift = OptionKinds.NonNegative(
            "--cluster-shift", "Least shift of a cluster's mean, in standard deviations within the cluster", usual.ClusterShift);
        Option<int> clusterRows = OptionKinds.Integer("--cluster-rows", "Clusters of fewer rows are not judged", usual.ClusterRows, 1, int.MaxValue);
        var command = new Command("drift", "Compare rows with a version's training rows, or with other rows; ends with 3 when they have drifted")
        {
            model, data, window, against, effect, share, alpha, least, shift, clusterRows,
        };
        RowOptions rows = RowOptions.AddTo(command, stores: false);
        return command.Runs((context, parsed) =>
        {
            string? file = parsed.GetValue(data);
            if (file is not null && parsed.GetValue(window) is not null)
                throw CommandException.Usage("--data and --window both say what to compare: give one of them.");
            double size = parsed.GetValue(effect);
            var query = new DriftQuery
            {
                Version = 0,
                Window = parsed.GetValue(window) ?? "",
                Against = parsed.GetValue(against) ?? "",
                Thresholds = new DriftThresholds
                {
                    Wasserstein = size,
                    KolmogorovSmirnov = size,
                    JensenShannon = size,
                    Fit = size,
                    ClusterShift = parsed.GetValue(shift),
                    ClusterRows = parsed.GetValue(clusterRows),
                    Share = parsed.GetValue(share),
                    Alpha = parsed.GetValue(alpha),
                    MinimumRows = parsed.GetValue(least),
                },
            };
            return CompareAsync(context, Names.Model(parsed.GetRequiredValue(model)), query, file is null ? null : rows.Query(parsed, file));
        });
    }

    private static Command Observe()
    {
        Argument<string> model = AskedModel();
        Option<string> data = RowOptions.AskedRows("observe");
        var window = new Option<string?>("--window") { Description = "Window to add them to [default: the day, as 2026-01-31 (UTC)]", HelpName = "NAME" };
        var command = new Command("observe", "Add what rows look like under a model to one of its windows; the rows themselves are not kept")
        {
            model, data, window,
        };
        RowOptions rows = RowOptions.AddTo(command, stores: false);
        return command.Runs((context, parsed) => KeepAsync(
            context, Names.Model(parsed.GetRequiredValue(model)), parsed.GetValue(window) ?? "", rows.Query(parsed, parsed.GetRequiredValue(data))));
    }

    private static Command Windows()
    {
        Argument<string> model = new("model") { Description = "Model", HelpName = "NAME" };
        return new Command("windows", "List the windows of rows that were observed under a model") { model }.Runs(async (context, parsed) =>
        {
            ModelReference wanted = Names.Model(parsed.GetRequiredValue(model));
            await using Session session = await context.OpenAsync().ConfigureAwait(false);
            ModelOutline found = await ModelsCommands.FindAsync(context, session.Client, wanted.Name).ConfigureAwait(false);
            ImmutableArray<ObservedWindow> windows = await session.Client.Monitor.WindowsAsync(found.Name, context.Cancellation).ConfigureAwait(false);
            WindowOutput.Write(context, found.Name, [.. windows.Where(one => wanted.IsBare || one.Version == ModelsCommands.Pick(found, wanted).Version)]);
            return ExitCode.Success;
        });
    }

    private static async Task<int> CompareAsync(CommandContext context, ModelReference wanted, DriftQuery query, RowQuery? rows)
    {
        await using Session session = await context.OpenAsync().ConfigureAwait(false);
        ModelVersion version = await ModelsCommands.FindAsync(context, session.Client, wanted).ConfigureAwait(false);
        query = query with { Version = version.Version };
        if (rows is not null)
        {
            (Observation seen, string name) = await ObserveAsync(context, session, version, rows).ConfigureAwait(false);
            query = query with { Counts = seen.Counts, Window = name };
        }

        DriftReport report = await session.Client.Monitor.CompareAsync(version.Name, query, context.Cancellation).ConfigureAwait(false);
        DriftDocument document = JsonSerializer.Deserialize(report.Document.Span, ApiJson.Default.DriftDocument)!;
        if (context.Json)
            JsonReport.Print(json => JsonSerializer.Serialize(json, document, ApiJson.Default.DriftDocument));
        else
            DriftOutput.Write(
                context.Terminal.Out, document, await ClusterNames.OfAsync(session.Client, version.Name, context.Cancellation).ConfigureAwait(false));
        return document.Drifted ? ExitCode.Found : ExitCode.Success;
    }

    private static async Task<int> KeepAsync(CommandContext context, ModelReference wanted, string window, RowQuery rows)
    {
        if (window.Length > 0)
            Names.Check("window", window);
        await using Session session = await context.OpenAsync().ConfigureAwait(false);
        ModelVersion version = await ModelsCommands.FindAsync(context, session.Client, wanted).ConfigureAwait(false);
        (Observation seen, _) = await ObserveAsync(context, session, version, rows).ConfigureAwait(false);
        ObservedWindow kept = await session.Client.Monitor.KeepAsync(version.Name, window, seen, context.Cancellation).ConfigureAwait(false);
        WindowOutput.Write(context, version.Name, [kept]);
        return ExitCode.Success;
    }

    /// <summary>What rows look like under a version, and what they are called.</summary>
    private static async Task<(Observation Seen, string Name)> ObserveAsync(CommandContext context, Session session, ModelVersion version, RowQuery query)
    {
        AskedColumns columns = AskedColumns.Of(version.Training.AskedColumns(), version.Training.AskedTypes());
        using ModelRows rows = await ModelRows.OpenAsync(context, session.Client, query, columns).ConfigureAwait(false);
        Observation? seen = null;
        await new ProgressView(context.Terminal).WhileAsync(
            () => $"observing {rows.ShortName} · {Numbers.Of(seen?.Rows ?? 0, "row")}",
            async () =>
            {
                await foreach (RowBatch batch in rows.ReadAsync(context.Cancellation).ConfigureAwait(false))
                {
                    seen = await rows.AskAsync(batch, byKey: false, asked => session.Client.Monitor.ObserveAsync(
                        version.Name, new ObserveQuery { Version = version.Version, Rows = asked, Before = seen?.Counts ?? default }, context.Cancellation))
                        .ConfigureAwait(false);
                }

                return true;
            }).ConfigureAwait(false);
        return (seen ?? throw CommandException.Usage($"{rows.Name} has no rows."), rows.ShortName);
    }
}
