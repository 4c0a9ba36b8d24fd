using System.CommandLine;
using System.Text.Json;
using OrleansCluster.Cli.Commands;
using OrleansCluster.Cli.Input;
using OrleansCluster.Cli.Output;
using OrleansCluster.Cli.Sessions;
using OrleansCluster.Contracts.Api;
using OrleansCluster.Json;
using OrleansCluster.Models;
using OrleansCluster.Numerics.Segments;

namespace OrleansCluster.Cli.Segments;

/// <summary><c>segments evaluate | check</c>: whether predictions, of whatever model, are worse in some segments than in the rest.</summary>
internal static class SegmentsCommand
{
    public static Command Create() => new("segments", "Evaluate predictions of any model by segments of the rows: which are worse than the rest")
    {
        Create("evaluate", "Tell how good predictions are in each segment, the worst first", checks: false),
        History(),
        Create("check", "The same, for a pipeline: ends with 3, and names the segments, when one is worse than the rest by more than --max-drop", checks: true),
    };

    private static Command Create(string name, string description, bool checks)
    {
        var options = new SegmentOptions();
        var drop = new Option<string>("--max-drop")
        {
            Description = "How much worse than the rest, or than in the baseline, a segment may be: in points of a share, of an error as a share of the other",
            HelpName = "SHARE",
            DefaultValueFactory = _ => "5%",
        };
        var tell = new Option<string?>("--tell") { Description = "Keep the check with this model, for 'alerts rule' and the pages", HelpName = "NAME" };
        var command = new Command(name, description);
        options.AddTo(command);
        if (checks)
        {
            command.Add(drop);
            command.Add(tell);
        }

        RowOptions rows = RowOptions.AddTo(command, stores: true);
        return command.Runs(async (context, parsed) =>
        {
            double? most = checks ? (double)ShareText.Fraction(parsed.GetRequiredValue(drop)) : null;
            if (most < 0)
                throw CommandException.Usage("--max-drop is below 0: then any segment is too bad.");
            AskedSegments asked = options.Read(parsed, rows.Read(parsed)) with { Told = checks ? parsed.GetValue(tell) : null };
            SegmentsDocument report = await TellAsync(context, asked, most).ConfigureAwait(false);
            if (context.Json)
                JsonReport.Print(json => JsonSerializer.Serialize(json, report, ApiJson.Default.SegmentsDocument));
            else
                SegmentOutput.Write(context.Terminal.Out, report);
            return report.Passed == false ? ExitCode.Found : ExitCode.Success;
        });
    }

    private static async Task<SegmentsDocument> TellAsync(CommandContext context, AskedSegments asked, double? most)
    {
        string? model = asked.Model ?? asked.Told;
        if (model is null && context.Server is { IsGiven: true })
            throw CommandException.Usage("Segments by columns are told here and ask no service: leave --server out.");
        await using Session? session = model is null ? null : await context.OpenAsync().ConfigureAwait(false);
        ModelVersion? version = asked.Model is null ? null
            : await ModelsCommands.FindAsync(context, session!.Client, Names.Model(asked.Model)).ConfigureAwait(false);
        // Whom to tell is known before the work is done.
        string? told = asked.Told is null ? null
            : (await ModelsCommands.FindAsync(context, session!.Client, asked.Told).ConfigureAwait(false)).Name;
        var reader = new OutcomeReader(
            asked.Read, asked.Columns, version is null ? null : new ClusterModel(session!.Client, version),
            version is null ? ClusterNames.None : await ClusterNames.OfAsync(session!.Client, version.Name, context.Cancellation).ConfigureAwait(false));
        SegmentRows rows = asked.Join is null
            ? await reader.ReadAsync(asked.Data, context.Cancellation).ConfigureAwait(false)
            : await reader.JoinAsync(asked.Data, asked.Truths, asked.Join, context.Cancellation).ConfigureAwait(false);
        SegmentRows? before = asked.Baseline is null ? null
            : await (reader with { Columns = asked.Columns with { Truth = asked.Truth, Time = null } }).ReadAsync(asked.Baseline, context.Cancellation)
                .ConfigureAwait(false);
        var meaning = OutcomeMeaning.Of(before is null ? [rows] : [rows, before], asked.Positive);
        SegmentTable Table(SegmentRows some) => new(meaning.Read(some), some.By, some.Waiting, meaning.Metric(asked.Metric), asked.Least);
        SegmentsDocument report = new SegmentReport(Table(rows), rows)
            .Tell(meaning.Kind, Path.GetFileName(asked.Data), most, before is null ? null : Table(before), asked.Window);
        (report.Model, report.Version) = (version?.Name, version?.Version);
        if (told is not null)
            await session!.Client.Monitor.TellAsync(told, SegmentDocuments.Read(report, Environment.UserName, ""), context.Cancellation).ConfigureAwait(false);
        return report;
    }

    private static Command History()
    {
        Argument<string> model = new("model") { Description = "Model", HelpName = "NAME" };
        return new Command("history", "List the last checks that were told of a model") { model }.Runs(async (context, parsed) =>
        {
            await using Session session = await context.OpenAsync().ConfigureAwait(false);
            string name = (await ModelsCommands.FindAsync(context, session.Client, parsed.GetRequiredValue(model)).ConfigureAwait(false)).Name;
            CheckOutput.Write(context, name, await session.Client.Monitor.ChecksAsync(name, context.Cancellation).ConfigureAwait(false));
            return ExitCode.Success;
        });
    }
}
