namespace OrleansCluster.Numerics.Segments;

/// <summary>How good predictions are on some rows. What does not apply is NaN.</summary>
/// <param name="Kind">What was predicted.</param>
/// <param name="Right">Rows that were told rightly.</param>
/// <param name="Outcomes">Of yes and no: how often which was said and true.</param>
/// <param name="Errors">Of numbers: their errors.</param>
public sealed record OutcomeFigures(OutcomeKind Kind, Proportion Right, BinaryOutcomes Outcomes, Errors Errors)
{
    /// <summary>Area under the receiver's curve.</summary>
    public double Auc { get; init; } = double.NaN;

    /// <summary>Mean squared difference of score and truth.</summary>
    public double Brier { get; init; } = double.NaN;

    /// <summary>Expected calibration error.</summary>
    public double Calibration { get; init; } = double.NaN;

    /// <summary>Names of what segments can be compared by, the usual one first.</summary>
    public static IReadOnlyList<string> Metrics(OutcomeKind kind) => kind switch
    {
        OutcomeKind.Numbers => ["mae"],
        OutcomeKind.Binary => ["accuracy", "precision", "recall"],
        _ => ["accuracy"],
    };

    /// <summary>The figures by their names, always the same ones of a kind.</summary>
    public IReadOnlyList<(string Name, double Value)> Named() => Kind switch
    {
        OutcomeKind.Numbers => [("mae", Errors.Mean), ("rmse", Errors.Root)],
        OutcomeKind.Classes => [("accuracy", Right.Value)],
        _ =>
        [
            ("accuracy", Right.Value), ("precision", Outcomes.Precision.Value), ("recall", Outcomes.Recall.Value), ("f1", Outcomes.F1),
            ("positive_rate", Outcomes.PositiveRate.Value), ("false_positive_rate", Outcomes.FalsePositiveRate.Value), ("auc", Auc), ("brier", Brier),
            ("calibration_error", Calibration),
        ],
    };

    /// <summary>A figure that is a share, by its name; null: it is none.</summary>
    public Proportion? Share(string name) => name switch
    {
        "accuracy" => Right,
        "precision" => Outcomes.Precision,
        "recall" => Outcomes.Recall,
        "positive_rate" => Outcomes.PositiveRate,
        "false_positive_rate" => Outcomes.FalsePositiveRate,
        _ => null,
    };
}
