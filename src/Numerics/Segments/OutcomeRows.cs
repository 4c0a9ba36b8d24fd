namespace OrleansCluster.Numerics.Segments;

/// <summary>What is evaluated: yes and no, one of several classes, or numbers.</summary>
public enum OutcomeKind
{
    /// <summary>Yes or no was said, and is true.</summary>
    Binary,

    /// <summary>One of several classes.</summary>
    Classes,

    /// <summary>A number.</summary>
    Numbers,
}

/// <summary>Rows with what was said of them and what is true: how good predictions are on any of them.</summary>
public sealed class OutcomeRows
{
    private readonly bool[] _truths = [];
    private readonly bool[] _said = [];
    private readonly double[] _errors = [];
    private readonly double[] _scores = [];

    /// <summary>Yes and no.</summary>
    /// <param name="truths">What is true of each row.</param>
    /// <param name="said">What was said of it.</param>
    /// <param name="scores">Its score, greater for yes; empty: there are none.</param>
    public OutcomeRows(bool[] truths, bool[] said, double[] scores)
    {
        ArgumentNullException.ThrowIfNull(truths);
        ArgumentNullException.ThrowIfNull(said);
        ArgumentNullException.ThrowIfNull(scores);
        (_truths, _said, _scores, Kind, Count) = (truths, said, scores, OutcomeKind.Binary, truths.Length);
        AreProbabilities = Array.TrueForAll(scores, score => score is >= 0 and <= 1);
    }

    /// <summary>Classes: whether each row's was said rightly.</summary>
    public OutcomeRows(bool[] right)
    {
        ArgumentNullException.ThrowIfNull(right);
        (_said, Kind, Count) = (right, OutcomeKind.Classes, right.Length);
    }

    /// <summary>Numbers: what was said less what is true, of each row.</summary>
    public OutcomeRows(double[] errors)
    {
        ArgumentNullException.ThrowIfNull(errors);
        (_errors, Kind, Count) = (errors, OutcomeKind.Numbers, errors.Length);
    }

    /// <summary>What they are.</summary>
    public OutcomeKind Kind { get; }

    /// <summary>Number of rows.</summary>
    public int Count { get; }

    /// <summary>Whether rows have scores.</summary>
    public bool AreScored => _scores.Length > 0;

    /// <summary>Whether scores lie from 0 to 1, so that they can be calibrated.</summary>
    public bool AreProbabilities { get; }

    /// <summary>Rows in the order that figures need: by their scores, where they have any.</summary>
    public int[] InOrder(IEnumerable<int> rows) => AreScored ? [.. rows.OrderBy(row => _scores[row])] : [.. rows];

    /// <summary>How good predictions are on some rows, each counted so many times.</summary>
    /// <param name="ordered">The rows, as <see cref="InOrder"/> has them.</param>
    /// <param name="times">How often each counts; empty: once.</param>
    public OutcomeFigures Of(ReadOnlySpan<int> ordered, ReadOnlySpan<int> times = default)
    {
        (BinaryOutcomes outcomes, Errors errors, long right, long all) = (default, default, 0, 0);
        var scores = new ScoreQuality();
        for (int i = 0; i < ordered.Length; i++)
        {
            (int row, int count) = (ordered[i], times.IsEmpty ? 1 : times[i]);
            if (count == 0)
                continue;
            all += count;
            switch (Kind)
            {
                case OutcomeKind.Numbers:
                    errors = errors.With(_errors[row], count);
                    break;
                case OutcomeKind.Classes:
                    right += _said[row] ? count : 0;
                    break;
                default:
                    outcomes = outcomes.With(_truths[row], _said[row], count);
                    if (AreScored)
                        scores.Add(_scores[row], _truths[row], count);
                    break;
            }
        }

        return new OutcomeFigures(Kind, Kind == OutcomeKind.Classes ? new Proportion(right, all) : outcomes.Accuracy, outcomes, errors)
        {
            Auc = AreScored ? scores.AreaUnderCurve : double.NaN,
            Brier = AreScored && AreProbabilities ? scores.Brier : double.NaN,
            Calibration = AreScored && AreProbabilities ? scores.CalibrationError : double.NaN,
        };
    }
}
