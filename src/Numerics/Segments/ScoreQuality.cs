namespace OrleansCluster.Numerics.Segments;

/// <summary>How well scores tell yes from no, and how well they are probabilities.</summary>
public static class ScoreQuality
{
    private const int CalibrationBins = 10;

    /// <summary>
    /// Area under the receiver's curve: the probability that a row that is yes has the greater score, ties counting one half. NaN: all rows are alike.
    /// <c>sklearn.metrics.roc_auc_score</c>.
    /// </summary>
    public static double AreaUnderCurve(IReadOnlyList<double> scores, IReadOnlyList<bool> truths)
    {
        ArgumentNullException.ThrowIfNull(scores);
        ArgumentNullException.ThrowIfNull(truths);
        int[] order = [.. Enumerable.Range(0, scores.Count).OrderBy(row => scores[row])];
        (double won, long yes, long no) = (0, 0, 0);
        for (int first = 0; first < order.Length;)
        {
            int next = first;
            (long yesHere, long noHere) = (0, 0);
            for (; next < order.Length && scores[order[next]] == scores[order[first]]; next++)
                (yesHere, noHere) = truths[order[next]] ? (yesHere + 1, noHere) : (yesHere, noHere + 1);
            won += yesHere * (no + (0.5 * noHere));
            (yes, no, first) = (yes + yesHere, no + noHere, next);
        }

        return won / ((double)yes * no);
    }

    /// <summary>Mean squared difference of score and truth: <c>sklearn.metrics.brier_score_loss</c>.</summary>
    public static double Brier(IReadOnlyList<double> scores, IReadOnlyList<bool> truths)
    {
        ArgumentNullException.ThrowIfNull(scores);
        ArgumentNullException.ThrowIfNull(truths);
        double sum = 0;
        for (int i = 0; i < scores.Count; i++)
            sum += (scores[i] - (truths[i] ? 1 : 0)) * (scores[i] - (truths[i] ? 1 : 0));
        return sum / scores.Count;
    }

    /// <summary>
    /// Expected calibration error: over ten equally wide bins of the score, [0, 0.1) … [0.9, 1], the difference of mean score and share of yes, by rows.
    /// </summary>
    public static double CalibrationError(IReadOnlyList<double> scores, IReadOnlyList<bool> truths)
    {
        ArgumentNullException.ThrowIfNull(scores);
        ArgumentNullException.ThrowIfNull(truths);
        (double[] sums, double[] yes) = (new double[CalibrationBins], new double[CalibrationBins]);
        for (int i = 0; i < scores.Count; i++)
        {
            int bin = Math.Clamp((int)(scores[i] * CalibrationBins), 0, CalibrationBins - 1);
            sums[bin] += scores[i];
            yes[bin] += truths[i] ? 1 : 0;
        }

        return Enumerable.Range(0, CalibrationBins).Sum(bin => Math.Abs(sums[bin] - yes[bin])) / scores.Count;
    }
}
