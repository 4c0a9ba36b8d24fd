namespace OrleansCluster.Numerics.Segments;

/// <summary>How well scores tell yes from no, and how well they are probabilities. Scores are taken in ascending order.</summary>
public sealed class ScoreQuality
{
    private const int CalibrationBins = 10;

    private readonly double[] _sums = new double[CalibrationBins];
    private readonly double[] _yesOf = new double[CalibrationBins];
    private double _won;
    private double _squares;
    private double _score = double.NaN;
    private (long Yes, long No) _before;
    private (long Yes, long No) _alike;

    /// <summary>Takes a score.</summary>
    /// <param name="score">Not less than the one before.</param>
    /// <param name="truth">Whether the row is yes.</param>
    /// <param name="times">How often the row counts.</param>
    public void Add(double score, bool truth, int times = 1)
    {
        if (score != _score)
        {
            Pass();
            _score = score;
        }

        _alike = truth ? (_alike.Yes + times, _alike.No) : (_alike.Yes, _alike.No + times);
        double apart = score - (truth ? 1 : 0);
        _squares += times * apart * apart;
        int bin = (int)Math.Clamp(score * CalibrationBins, 0, CalibrationBins - 1);
        _sums[bin] += times * score;
        _yesOf[bin] += truth ? times : 0;
    }

    /// <summary>
    /// Area under the receiver's curve: the probability that a row that is yes has the greater score, ties counting one half. NaN: all rows are alike.
    /// <c>sklearn.metrics.roc_auc_score</c>.
    /// </summary>
    public double AreaUnderCurve
    {
        get
        {
            Pass();
            return _won / ((double)_before.Yes * _before.No);
        }
    }

    /// <summary>Mean squared difference of score and truth: <c>sklearn.metrics.brier_score_loss</c>.</summary>
    public double Brier => _squares / Rows;

    /// <summary>
    /// Expected calibration error: over ten equally wide bins of the score, [0, 0.1) … [0.9, 1], the difference of mean score and share of yes, by rows.
    /// </summary>
    public double CalibrationError
    {
        get
        {
            double sum = 0;
            for (int bin = 0; bin < CalibrationBins; bin++)
                sum += Math.Abs(_sums[bin] - _yesOf[bin]);
            return sum / Rows;
        }
    }

    private double Rows => _before.Yes + _before.No + _alike.Yes + _alike.No;

    /// <summary>Counts the rows of one score against those of lesser ones.</summary>
    private void Pass()
    {
        _won += _alike.Yes * (_before.No + (0.5 * _alike.No));
        _before = (_before.Yes + _alike.Yes, _before.No + _alike.No);
        _alike = default;
    }
}
