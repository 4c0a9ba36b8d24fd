using OrleansCluster.Numerics.Segments;

namespace OrleansCluster.Cli.Segments;

/// <summary>What the labels of outcomes mean.</summary>
/// <param name="Kind">What was predicted.</param>
/// <param name="Positive">The label that means yes.</param>
internal sealed record OutcomeMeaning(OutcomeKind Kind, string Positive)
{
    /// <summary>As the labels of all rows show.</summary>
    /// <param name="tables">Rows that are compared with each other.</param>
    /// <param name="positive">The label that means yes; null: the one that is called so.</param>
    /// <exception cref="CommandException">It is left open which label means yes, or there is no such label.</exception>
    public static OutcomeMeaning Of(IReadOnlyList<SegmentRows> tables, string? positive)
    {
        string[] labels = [.. tables.SelectMany(rows => rows.Truths.Where((_, row) => !rows.Waiting[row]).Concat(rows.Said)).Distinct()
            .Order(StringComparer.Ordinal)];
        bool numbers = tables.All(rows => rows.AreNumbers)
            && (labels.Length > 10 || tables.Any(rows => rows.SaidNumbers.Any(value => value != Math.Floor(value))));
        if (numbers && positive is null)
            return new OutcomeMeaning(OutcomeKind.Numbers, "");
        return labels.Length <= 2 || positive is not null ? new OutcomeMeaning(OutcomeKind.Binary, Yes(labels, positive))
            : new OutcomeMeaning(OutcomeKind.Classes, "");
    }

    /// <summary>What is compared, as asked for or the usual.</summary>
    /// <exception cref="CommandException">These outcomes are not compared by that.</exception>
    public string Metric(string? asked)
    {
        IReadOnlyList<string> known = OutcomeFigures.Metrics(Kind);
        return asked is null ? known[0] : known.Contains(asked) ? asked
            : throw CommandException.Usage($"--metric {asked}: these predictions are compared by {string.Join(", ", known)}.");
    }

    /// <summary>Rows as figures are made of them.</summary>
    public OutcomeRows Read(SegmentRows rows) => Kind switch
    {
        OutcomeKind.Numbers => new OutcomeRows([.. rows.SaidNumbers.Zip(rows.TrueNumbers, (said, truth) => said - truth)]),
        OutcomeKind.Classes => new OutcomeRows([.. rows.Said.Zip(rows.Truths, (said, truth) => said == truth)]),
        _ => new OutcomeRows([.. rows.Truths.Select(truth => truth == Positive)], [.. rows.Said.Select(said => said == Positive)], [.. rows.Scores]),
    };

    private static string Yes(string[] labels, string? asked)
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
