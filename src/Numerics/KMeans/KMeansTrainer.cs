using OrleansCluster.Numerics.Encoding;
using OrleansCluster.Numerics.Exact;
using OrleansCluster.Numerics.KMeans.Sphere;
using OrleansCluster.Numerics.KMeans.Start;
using OrleansCluster.Numerics.KMeans.Steps;
using OrleansCluster.Numerics.Parallelism;
using OrleansCluster.Numerics.Statistics;
using OrleansCluster.Numerics.Training;

namespace OrleansCluster.Numerics.KMeans;

/// <summary>
/// Lloyd's k-means as a state machine: survey (ranges, moments), then for each restart a start, iterations and a final pass. The best restart is the result.
/// </summary>
/// <remarks>
/// An iteration assigns rows to the centres C, and takes the means C′ of the clusters. It is the last when no row or no centre moved (<c>converged</c>);
/// else when Σ|C′ − C|² ≤ tolerance × mean column variance (<c>tolerance</c>); else when it is the greatest allowed (<c>max-iterations</c>). The model is C′.
/// These are scikit-learn's rules, in its order. On the sphere rows have length 1, C′ are the means divided by their lengths, and the objective is
/// Σ w (1 − cos).
/// </remarks>
public sealed partial class KMeansTrainer : ITrainer
{
    private readonly KMeansSpec _spec;
    private readonly int _columns;

    private Stage _stage = Stage.Ranges;
    private EncodedStep? _next;

    // After the survey.
    private Ranges? _ranges;
    private double _greatestWeight;
    private ColumnFrame _frame = null!;
    private Moments _moments = null!;
    private int _startUnit;
    private double _absoluteTolerance;

    /// <summary>Rows of positive weight that the grid of the weights rounds to nothing.</summary>
    private long _lightRows;

    // Of the restart under way.
    private int _restart;
    private int _iteration;
    private StartMethod? _start;
    private double[] _current = [];
    private double[]? _previous;
    private byte[]? _waiting;

    /// <summary>The totals whose means the current centres are; a cache, null when not known.</summary>
    private ClusterTotals? _meansOf;

    /// <summary>A list that totals may be read into.</summary>
    private long[]? _room;
    private string _stop = "";
    private EmptyTally _tally = new();

    // Of the restarts that ended.
    private readonly RestartLog _log;
    private Candidate? _best;

    /// <summary>A training at its beginning.</summary>
    /// <param name="spec">What to train.</param>
    /// <param name="columns">Number of columns of the rows, at least 1.</param>
    /// <exception cref="ArgumentException">Given centres have another number of columns.</exception>
    public KMeansTrainer(KMeansSpec spec, int columns)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        if (spec.Init == KMeansInit.Given && spec.InitialCentroids.Length != (long)spec.K * columns)
            throw new ArgumentException(
                $"The starting centres have {Width(spec.InitialCentroids.Length / spec.K)}, the rows {columns}: give {spec.K} × {columns} values.");
        (_spec, _columns, _log) = (spec, columns, new RestartLog(spec.Restarts));
    }

    /// <summary>A training of rows without weights whose ranges are known, which spares the pass that finds them.</summary>
    /// <param name="spec">What to train.</param>
    /// <param name="known">The ranges.</param>
    /// <exception cref="ArgumentException">Given centres have another number of columns.</exception>
    /// <exception cref="TrainingException">Rows in these ranges cannot be trained on; the message says why and what to change.</exception>
    public KMeansTrainer(KMeansSpec spec, UnweightedRows known)
        : this(spec, (known ?? throw new ArgumentNullException(nameof(known))).Minima.Length) => EndRanges(known.ToRanges());

    /// <summary>A training of rows that another one has surveyed.</summary>
    /// <param name="spec">What to train, from a start that is to be found.</param>
    /// <param name="columns">Number of columns of the rows.</param>
    /// <param name="survey">What the other training found out; null: nothing.</param>
    /// <param name="firstRestart">The restart to begin with, which is not saved: those before it are left to other trainers.</param>
    internal KMeansTrainer(KMeansSpec spec, int columns, KMeansSurvey? survey, int firstRestart = 0)
        : this(spec, columns)
    {
        // What it cannot train on is told in a step's place, as without a survey.
        if (survey is null || spec.K > survey.Ranges.PositiveRows || spec.Init == KMeansInit.Given)
            return;
        EndRanges(survey.Ranges);
        EndMoments(survey.Moments);
        BeginRestart(firstRestart);
    }

    private enum Stage : byte
    {
        Ranges = 1,
        Moments = 2,
        Start = 3,
        Iterate = 4,
        Relocate = 5,
        Final = 6,
        Done = 7,
    }

    public string Algorithm => _spec.Geometry == KMeansGeometry.Sphere ? "spherical-kmeans" : "kmeans";

    public KMeansSpec Spec => _spec;

    public StatisticKinds Statistics => KMeansStatistics.Kinds;

    public string Phase => _stage switch
    {
        Stage.Ranges or Stage.Moments => "survey",
        Stage.Start => "init",
        Stage.Iterate or Stage.Relocate => "iterate",
        Stage.Final => "final",
        _ => "done",
    };

    public int Restart => _restart;

    public int Iteration => _iteration;

    public EncodedStep? Next => _stage == Stage.Done ? null : _next ??= NextStep().Encode();

    /// <summary>As <see cref="Next"/>, for a worker at hand, which needs no bytes.</summary>
    internal KMeansStep? NextUnencoded => _stage == Stage.Done ? null : NextStep();

    /// <summary>The centres that the next iteration starts from: k × d, row-major; empty before there are any.</summary>
    internal ReadOnlySpan<double> Centroids => _current;

    /// <summary>What other trainings of the same rows can begin with; null before it is known, and in a training that was restored after it was.</summary>
    internal KMeansSurvey? Survey => _ranges is not null && _moments is not null ? new KMeansSurvey(_ranges, _moments) : null;

    /// <summary>The grid of the weights and sums; null before the ranges are known.</summary>
    internal ColumnFrame Frame => _frame;

    /// <summary>The outcome; null until the training is done.</summary>
    public KMeansResult? Result => _stage == Stage.Done ? _best!.ToResult(_columns, _spec.Geometry, _log.Ended, _log.Warnings) : null;

    /// <inheritdoc/>
    public IReadOnlyList<TrainingEvent> Advance(ReadOnlyMemory<byte> statistic, IParallel parallel)
    {
        long[]? taken = _stage == Stage.Iterate ? _room : null;
        _room = null;
        return Advance(Statistics.Decode(statistic, taken), parallel);
    }

    /// <summary>As with a statistic's bytes, for one that never was bytes; it is the trainer's from now on.</summary>
    internal IReadOnlyList<TrainingEvent> Advance(Statistic statistic, IParallel parallel)
    {
        var events = new List<TrainingEvent>();
        _next = null;
        try
        {
            Take(statistic, events, parallel);
        }
        catch (TrainingException failed) when (failed.Scope == TrainingScope.Restart)
        {
            _log.Fail(_restart, _iteration, failed, events);
            EndRestart(events);
        }

        return events;
    }

    private void Take(Statistic statistic, List<TrainingEvent> events, IParallel parallel)
    {
        switch (_stage)
        {
            case Stage.Ranges:
                EndRanges(statistic.As<Ranges>());
                break;
            case Stage.Moments:
                EndMoments(new Moments(statistic.As<ExactTotals>()));
                if (LightRows is { } light)
                    _log.Warn(
                        new TrainingWarning(
                            0, $"{light}: {(_lightRows == 1 ? "it is assigned to a cluster, but does" : "they are assigned to clusters, but do")} not count "
                                + "there.", TrainingScope.Rows), events);
                BeginRestart(0);
                break;
            case Stage.Start:
                _start!.Advance(statistic, parallel);
                EndStart();
                break;
            case Stage.Iterate:
                EndAssignment(statistic.As<ExactTotals>(), events, parallel);
                break;
            case Stage.Relocate:
                EndRelocation(statistic.As<RowSelection>(), events, parallel);
                break;
            case Stage.Final:
                EndFinal(statistic.As<ExactTotals>().Values, events);
                break;
            default:
                throw new InvalidOperationException("The training is done; there is nothing to advance.");
        }
    }

    private KMeansStep NextStep() => _stage switch
    {
        Stage.Ranges => new RangesStep(_columns),
        Stage.Moments => new MomentsStep(_frame),
        Stage.Start => _start!.Next!,
        Stage.Iterate => new LloydStep(_frame, _current, _previous, _spec.Plain),
        Stage.Relocate => new FarthestStep(_frame, _current, RelocationRows()),
        _ => new FinalStep(_frame, FinalUnit(), _current),
    };

    private void EndRanges(Ranges found)
    {
        _ranges = found;
        if (_ranges.PositiveRows == 0)
            throw new TrainingException(_ranges.Rows == 0 ? "The dataset has no rows." : "Every row has the weight 0: there is nothing to cluster.");
        if (_spec.K > _ranges.PositiveRows)
        {
            bool one = _ranges.PositiveRows == 1;
            string are = _ranges.PositiveRows == _ranges.Rows ? one ? "row exists" : "rows exist" : one ? "row has a weight above 0"
                : "rows have a weight above 0";
            throw new TrainingException(
                $"k is {_spec.K}, but only {_ranges.PositiveRows} {are}: ask for at most {_ranges.PositiveRows} cluster{(one ? "" : "s")}.",
                    TrainingScope.MoreClusters);
        }

        _frame = ColumnFrame.FromRanges(_ranges.Minima, _ranges.Maxima, _ranges.GreatestWeight, _ranges.GreatestShardWeight);

        _greatestWeight = _ranges.GreatestWeight;
        for (int i = 0; i < _spec.InitialCentroids.Length; i++)
        {
            if (Math.Abs(_spec.InitialCentroids[i] - _frame.Origins[i % _columns]) > Math.ScaleB(1, ColumnFrame.GreatestRangeExponent))
                throw TrainingException.OfColumn(
                    i % _columns, $" of starting centre {(i / _columns) + 1} is {_spec.InitialCentroids[i]:R}, too far from the rows for squared distances.");
        }

        _stage = Stage.Moments;
    }

    private void EndMoments(Moments merged)
    {
        _moments = merged;
        if (_ranges is not null && merged.CountedRows is { } counted)
            _lightRows = _ranges.PositiveRows - counted;
        _startUnit = StartUnit();
        _absoluteTolerance = _spec.Tolerance * _moments.MeanVariance(_frame);
    }

    /// <summary>No start is farther from a row than twice the half range in every column, as starts are rows; on the sphere none farther than 2.</summary>
    private int StartUnit()
    {
        if (_spec.Geometry == KMeansGeometry.Sphere)
            return FixedPoint.UnitFor(_frame.WeightOf(_moments.Weight), 5);
        double greatest = 0;
        foreach (int exponent in _frame.RangeExponents)
            greatest += Math.ScaleB(1, (2 * exponent) + 2);
        return FixedPoint.UnitFor(_frame.WeightOf(_moments.Weight), greatest);
    }

    private int FinalUnit()
    {
        double greatest = 0;
        for (int c = 0; c < _current.Length; c += _columns)
        {
            double squared = 0;
            for (int j = 0; j < _columns; j++)
            {
                double reach = Math.ScaleB(1, _frame.RangeExponents[j]) + Math.Abs(_current[c + j] - _frame.Origins[j]);
                squared = Math.FusedMultiplyAdd(reach, reach, squared);
            }

            greatest = Math.Max(greatest, squared);
        }

        return FixedPoint.UnitFor(_frame.WeightOf(_moments.Weight), greatest);
    }
}
