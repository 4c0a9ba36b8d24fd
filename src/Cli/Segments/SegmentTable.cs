using OrleansCluster.Numerics.Segments;

namespace OrleansCluster.Cli.Segments;

/// <summary>What is evaluated: yes and no, one of several classes, or numbers.</summary>
internal enum OutcomeKind
{
    Binary,
    Classes,
    Numbers,
}

/// <summary>How good predictions are on some rows.</summary>
internal sealed record Segment(string Name, long Rows)
{
    public BinaryOutcomes Outcomes { get; init; }

    public Proportion Right { get; init; }

    public Errors Errors { get; init; }

    public double Auc { get; init; } = double.NaN;

    public double Brier { get; init; } = double.NaN;

    public double Calibration { get; init; } = double.NaN;

    /// <summary>What segments are compared by, and its interval at 95 %.</summary>
    public double Value { get; init; }

    public (double Low, double High) Interval { get; init; }

    /// <summary>The same of all rows outside of the segment.</summary>
    public double Rest { get; init; } = double.NaN;

    /// <summary>How much worse the segment is than the rest: in points of a share, or of an error as a share of the rest's.</summary>
    public double Drop { get; init; } = double.NaN;

    /// <summary>The probability of such a difference by chance, corrected for the number of segments after Holm; NaN: too few rows to compare.</summary>
    public double Chance { get; init; } = double.NaN;
}

/// <summary>Segments of rows, the worst first.</summary>
internal sealed class SegmentTable
{
    private readonly SegmentRows _rows;
    private readonly string _positive;

    /// <param name="rows">The rows.</param>
    /// <param name="metric">What segments are compared by; null: accuracy, or the mean absolute error of numbers.</param>
    /// <param name="positive">The label that means yes; null: the one that is called so.</param>
    /// <param name="least">Rows that a segment must have to be compared.</param>
    public SegmentTable(SegmentRows rows, string? metric, string? positive, int least)
    {
        _rows = rows;
        string[] labels = [.. rows.Truths.Concat(rows.Said).Distinct().Order(StringComparer.Ordinal)];
        Kind = rows.AreNumbers && (labels.Length > 10 || rows.SaidNumbers.Any(value => value != Math.Floor(value))) && positive is null ? OutcomeKind.Numbers
            : labels.Length <= 2 || positive is not null ? OutcomeKind.Binary : OutcomeKind.Classes;
        Metric = metric ?? (Kind == OutcomeKind.Numbers ? "mae" : "accuracy");
        string[] known = Kind switch { OutcomeKind.Numbers => ["mae"], OutcomeKind.Binary => ["accuracy", "precision", "recall"], _ => ["accuracy"] };
        if (!known.Contains(Metric))
            throw CommandException.Usage($"--metric {Metric}: these predictions are compared by {string.Join(", ", known)}.");
        _positive = Kind == OutcomeKind.Binary ? Positive(labels, positive) : "";
        if (rows.Scores.Count > 0 && Kind == OutcomeKind.Binary && rows.Scores.Any(score => score is < 0 or > 1))
            AreProbabilities = false;
        int[] all = [.. Enumerable.Range(0, rows.Count)];
        Overall = Of("all rows", all);
        Segment[] segments = [.. Groups(all).Select(group => Against(Of(group.Name, group.Rows), least))];
        Segment[] compared = [.. segments.Where(segment => !double.IsNaN(segment.Chance))];
        double[] chances = Proportion.Holm([.. compared.Select(segment => segment.Chance)]);
        Segments =
        [
            .. compared.Zip(chances, (segment, chance) => segment with { Chance = chance }).OrderByDescending(segment => segment.Drop)
                .ThenBy(segment => segment.Name, StringComparer.Ordinal),
            .. segments.Where(segment => double.IsNaN(segment.Chance)).OrderBy(segment => segment.Name, StringComparer.Ordinal),
        ];
    }

    public OutcomeKind Kind { get; }

    public string Metric { get; }

    public Segment Overall { get; }

    public IReadOnlyList<Segment> Segments { get; }

    /// <summary>Whether scores lie from 0 to 1, so that they can be calibrated.</summary>
    public bool AreProbabilities { get; } = true;

    /// <summary>Segments by each column, and by all of them together.</summary>
    private IEnumerable<(string Name, int[] Rows)> Groups(int[] all)
    {
        int[][] cuts = [.. Enumerable.Range(0, _rows.By.Length).Select(column => new[] { column })];
        if (cuts.Length > 1)
            cuts = [.. cuts, [.. Enumerable.Range(0, _rows.By.Length)]];
        return cuts.SelectMany(cut => all.GroupBy(row => string.Join(", ", cut.Select(column => $"{_rows.ByNames[column]}={_rows.By[column][row]}")))
            .Select(group => (group.Key, group.ToArray())));
    }

    private Segment Of(string name, int[] rows)
    {
        var segment = new Segment(name, rows.Length);
        if (Kind == OutcomeKind.Numbers)
        {
            Errors errors = rows.Aggregate(default(Errors), (sum, row) => sum.With(_rows.SaidNumbers[row] - _rows.TrueNumbers[row]));
            return segment with { Errors = errors, Value = errors.Mean, Interval = errors.Interval() };
        }

        segment = segment with { Right = new Proportion(rows.Count(row => _rows.Truths[row] == _rows.Said[row]), rows.Length) };
        if (Kind == OutcomeKind.Binary)
        {
            bool[] truths = [.. rows.Select(row => _rows.Truths[row] == _positive)];
            BinaryOutcomes outcomes = rows.Index().Aggregate(
                default(BinaryOutcomes), (sum, row) => sum.With(truths[row.Index], _rows.Said[row.Item] == _positive));
            segment = segment with { Outcomes = outcomes };
            if (_rows.Scores.Count > 0)
            {
                double[] scores = [.. rows.Select(row => _rows.Scores[row])];
                segment = segment with
                {
                    Auc = ScoreQuality.AreaUnderCurve(scores, truths),
                    Brier = AreProbabilities ? ScoreQuality.Brier(scores, truths) : double.NaN,
                    Calibration = AreProbabilities ? ScoreQuality.CalibrationError(scores, truths) : double.NaN,
                };
            }
        }

        Proportion measured = Measured(segment);
        return segment with { Value = measured.Value, Interval = measured.Interval() };
    }

    /// <summary>A segment beside the rows that are not in it.</summary>
    private Segment Against(Segment segment, int least)
    {
        if (Kind == OutcomeKind.Numbers)
        {
            Errors others = Overall.Errors - segment.Errors;
            segment = segment with { Rest = others.Mean, Drop = (segment.Errors.Mean / others.Mean) - 1 };
            return Math.Min(segment.Rows, others.Rows) < least ? segment : segment with { Chance = Errors.Chance(segment.Errors, others) };
        }

        (Proportion all, Proportion mine) = (Measured(Overall), Measured(segment));
        var rest = new Proportion(all.Hits - mine.Hits, all.Cases - mine.Cases);
        segment = segment with { Rest = rest.Value, Drop = rest.Value - mine.Value };
        return Math.Min(mine.Cases, rest.Cases) < least ? segment : segment with { Chance = Proportion.Chance(mine, rest) };
    }

    private Proportion Measured(Segment segment) =>
        Metric switch { "precision" => segment.Outcomes.Precision, "recall" => segment.Outcomes.Recall, _ => segment.Right };

    private static string Positive(string[] labels, string? asked)
    {
        if (asked is not null)
        {
            return labels.Contains(asked)
                ? asked
                : throw CommandException.Usage($"--positive {asked}: no row is or was said to be that, there are {string.Join(", ", labels.Take(10))}.");
        }

        string[] words = ["1", "yes", "true", "positive", "y", "t"];
        return labels.FirstOrDefault(label => words.Contains(label.ToLowerInvariant()))
            ?? (labels.Length == 1 && labels[0] is "0" or "no" or "false" or "negative" ? "1"
                : throw CommandException.Usage($"Which of {string.Join(" and ", labels)} means yes? Say it with --positive."));
    }
}
