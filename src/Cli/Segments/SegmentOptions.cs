using System.CommandLine;
using OrleansCluster.Cli.Commands;
using OrleansCluster.Cli.Input;
using OrleansCluster.Datasets;

namespace OrleansCluster.Cli.Segments;

/// <summary>What segments are asked for.</summary>
/// <param name="Data">The file of rows, or of answers.</param>
/// <param name="Truths">The file of what turned out to be true; empty: it is in the rows.</param>
/// <param name="Truth">The column of what was true.</param>
/// <param name="Read">How the rows are read.</param>
/// <param name="Columns">Their columns.</param>
/// <param name="Join">How truths are joined; null: they are in the rows.</param>
internal sealed record AskedSegments(string Data, string Truths, string Truth, ReadOptions Read, OutcomeColumns Columns, OutcomeJoin? Join)
{
    /// <summary>The model whose clusters are segments; null: none.</summary>
    public string? Model { get; init; }

    /// <summary>The model that the check is kept with; null: none.</summary>
    public string? Told { get; init; }

    public string? Baseline { get; init; }

    public string? Positive { get; init; }

    public string? Metric { get; init; }

    public int Least { get; init; }

    /// <summary>Length of the windows of time; null: nobody asks.</summary>
    public TimeSpan? Window { get; init; }
}

/// <summary>The options of <c>segments</c>.</summary>
internal sealed class SegmentOptions
{
    private readonly Option<string> _data = new Option<string>("--data")
    {
        Description = $"Rows with what was said of them and what was true: {RowOptions.Inputs}",
        HelpName = "FILE",
    }.TakingSeveral();

    private readonly Option<string?> _answers = Text("--answers", "Rows that were answered, instead of --data, where it turns out later what is true", "FILE");
    private readonly Option<string?> _truths = Text("--truths", "What turned out to be true of them, by --id", "FILE");
    private readonly Option<string?> _id = Text("--id", "Column of both files that tells rows apart");
    private readonly Option<string?> _answeredAt = Text("--answered-at", "Column of the answers: when they were given");
    private readonly Option<string?> _labelledAt = Text("--labelled-at", "Column of the truths: when they were known");
    private readonly Option<string> _truth = new("--truth") { Description = "Column of what was true", HelpName = "C", Required = true };
    private readonly Option<string> _prediction =
        new("--prediction") { Description = "Column of what was said: labels or numbers, as the truth", HelpName = "C", Required = true };

    private readonly Option<string?> _by =
        Text("--by", "Columns that rows are cut into segments by: each of them, and all together; with --model its clusters, too", "C,…");

    private readonly Option<string?> _model = Text("--model", "Model whose clusters are segments: rows have its columns and are assigned", "NAME[@VERSION]");
    private readonly Option<string?> _score = Text("--score", "Column of scores, greater for yes: from 0 to 1 where they are probabilities");
    private readonly Option<string?> _baseline =
        Text("--baseline", "Rows of another time, or of what another model said, with the same columns: how much worse segments are now", "FILE");

    private readonly Option<string?> _time = Text("--time", "Column of times: tell the worst segments over time [default: --answered-at, with --window]");
    private readonly Option<string?> _window =
        Text("--window", "Length of the windows of time, as 1d, 12h or 7d; weeks begin on Mondays [default: 7d]", "TIME");

    private readonly Option<string?> _positive = Text("--positive", "The label that means yes [default: 1, yes or true]", "LABEL");
    private readonly Option<string?> _metric = OptionKinds.OptionalChoice(
        "--metric", "What segments are compared by [default: accuracy; mae, the mean absolute error, of numbers]", "accuracy", "precision", "recall", "mae");

    private readonly Option<int> _least = OptionKinds.Integer("--min-rows", "Segments of fewer rows are told, and not compared", 30, 2, int.MaxValue);

    public void AddTo(Command command)
    {
        foreach (Option option in (ReadOnlySpan<Option>)[_data, _answers, _truths, _id, _answeredAt, _labelledAt, _truth, _prediction, _by, _model, _score,
            _baseline, _time, _window, _positive, _metric, _least])
            command.Add(option);
    }

    /// <exception cref="CommandException">Options do not go together.</exception>
    public AskedSegments Read(ParseResult parsed, ReadOptions read)
    {
        string? data = parsed.GetValue(_data), answers = parsed.GetValue(_answers), truths = parsed.GetValue(_truths), id = parsed.GetValue(_id);
        string truth = parsed.GetRequiredValue(_truth);
        if ((data is null) == (answers is null))
            throw CommandException.Usage("Give --data, rows with what was true of them, or --answers with --truths, where that is in another file.");
        if (answers is not null != truths is not null || answers is not null != id is not null)
            throw CommandException.Usage("--answers FILE, --truths FILE and --id C go together: one has what was said, the other what is true, by the id.");
        (string? answeredAt, string? labelledAt) = (parsed.GetValue(_answeredAt), parsed.GetValue(_labelledAt));
        if (answers is null && (answeredAt ?? labelledAt) is not null)
            throw CommandException.Usage("--answered-at and --labelled-at say when rows of --answers and --truths were: give these.");
        if (answers is not null && read.IdColumn is not null)
            throw CommandException.Usage("--id-column and --id both say what the rows' id is: leave the former out.");
        string[] by = parsed.GetValue(_by)?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
        if (by.Length == 0 && parsed.GetValue(_model) is null)
            throw CommandException.Usage("Say what rows are cut into segments by: columns with --by, the clusters of a model with --model.");
        string? time = parsed.GetValue(_time) ?? (parsed.GetValue(_window) is null ? null : answeredAt);
        if (time is null && parsed.GetValue(_window) is not null)
            throw CommandException.Usage("--window cuts rows by their times: say which column has them with --time.");
        var columns = new OutcomeColumns(answers is null ? truth : null, parsed.GetRequiredValue(_prediction), parsed.GetValue(_score), time, by);
        return new AskedSegments(
            data ?? answers!, truths ?? "", truth, read, columns, answers is null ? null : new OutcomeJoin(id!, truth, answeredAt, labelledAt))
        {
            Model = parsed.GetValue(_model),
            Baseline = parsed.GetValue(_baseline),
            Positive = parsed.GetValue(_positive),
            Metric = parsed.GetValue(_metric),
            Least = parsed.GetValue(_least),
            Window = time is null ? null : ShareText.Duration(parsed.GetValue(_window) ?? "7d"),
        };
    }

    private static Option<string?> Text(string name, string description, string help = "C") => new(name) { Description = description, HelpName = help };
}
