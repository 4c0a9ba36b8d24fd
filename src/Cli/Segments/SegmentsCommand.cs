using System.CommandLine;
using OrleansCluster.Cli.Commands;
using OrleansCluster.Cli.Input;

namespace OrleansCluster.Cli.Segments;

/// <summary><c>segments evaluate | check</c>: whether predictions, of whatever model, are worse in some segments than in the rest.</summary>
internal static class SegmentsCommand
{
    /// <summary>Segments are called worse where their difference is less probable by chance than this, after correction.</summary>
    private const double Significance = 0.05;

    public static Command Create() => new("segments", "Evaluate predictions of any model by segments of the rows: which are worse than the rest")
    {
        Create("evaluate", "Tell how good predictions are in each segment, the worst first", checks: false),
        Create("check", "The same, for a pipeline: ends with 3, and names the segments, when one is worse than the rest by more than --max-drop", checks: true),
    };

    private static Command Create(string name, string description, bool checks)
    {
        Option<string> data = new Option<string>("--data")
        {
            Description = $"Rows with what was said of them and what was true: {RowOptions.Inputs}",
            HelpName = "FILE",
            Required = true,
        }.TakingSeveral();
        Option<string> truth = Column("--truth", "Column of what was true", required: true), prediction =
            Column("--prediction", "Column of what was said: labels or numbers, as the truth", required: true);
        Option<string> by = Column("--by", "Columns that rows are cut into segments by: each of them, and all together", required: true);
        Option<string> score = Column("--score", "Column of scores, greater for yes: from 0 to 1 where they are probabilities", required: false);
        var positive = new Option<string?>("--positive") { Description = "The label that means yes [default: 1, yes or true]", HelpName = "LABEL" };
        Option<string?> metric = OptionKinds.OptionalChoice(
            "--metric", "What segments are compared by [default: accuracy; mae, the mean absolute error, of numbers]", "accuracy", "precision", "recall",
            "mae");
        Option<int> least = OptionKinds.Integer("--min-rows", "Segments of fewer rows are told, and not compared", 30, 2, int.MaxValue);
        var drop = new Option<string>("--max-drop")
        {
            Description = "How much worse than the rest a segment may be: in points of a share, of an error as a share of the rest's",
            HelpName = "SHARE",
            DefaultValueFactory = _ => "5%",
        };
        var command = new Command(name, description) { data, truth, prediction, by, score, positive, metric, least };
        if (checks)
            command.Add(drop);
        RowOptions rows = RowOptions.AddTo(command, stores: true);
        return command.Runs((context, parsed) =>
        {
            double most = checks ? (double)ShareText.Fraction(parsed.GetRequiredValue(drop)) : double.PositiveInfinity;
            if (most < 0)
                throw CommandException.Usage("--max-drop is below 0: then any segment is too bad.");
            SegmentRows read = SegmentRows.Read(
                parsed.GetRequiredValue(data), rows.Read(parsed), parsed.GetRequiredValue(truth), parsed.GetRequiredValue(prediction), parsed.GetValue(score),
                parsed.GetRequiredValue(by).Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries), context.Cancellation);
            var table = new SegmentTable(read, parsed.GetValue(metric), parsed.GetValue(positive), parsed.GetValue(least));
            string[] bad = [.. table.Segments.Where(segment => segment.Drop > most && segment.Chance < Significance).Select(segment => segment.Name)];
            SegmentOutput.Write(context, table, bad, checks ? most : null);
            return Task.FromResult(bad.Length > 0 ? ExitCode.Found : ExitCode.Success);
        }, here: true);
    }

    private static Option<string> Column(string name, string description, bool required) =>
        new(name) { Description = description, HelpName = name == "--by" ? "C,…" : "C", Required = required };
}
