using OrleansCluster.Numerics.Encoding;
using OrleansCluster.Numerics.Exact;
using OrleansCluster.Numerics.KMeans;
using OrleansCluster.Numerics.Mixtures.Components;
using OrleansCluster.Numerics.Mixtures.Steps;
using OrleansCluster.Numerics.Parallelism;
using OrleansCluster.Numerics.Statistics;
using OrleansCluster.Numerics.Training;

namespace OrleansCluster.Numerics.Mixtures;

/// <summary>
/// EM for Gaussian mixtures as a state machine: survey, then for each restart a start, iterations and a final pass. The best restart is the result.
/// </summary>
/// <remarks>
/// An iteration takes responsibilities and the log-likelihood under parameters θ, and the maximising θ′. It is the last when its mean log-likelihood is
/// less than the tolerance above the iteration before's (<c>tolerance</c>), else when it is the greatest allowed (<c>max-iterations</c>).
/// The model is θ′. These are scikit-learn's rules.
/// </remarks>
public sealed partial class MixtureTrainer : ITrainer
{
    /// <summary>What it says of rows without weight.</summary>
    internal const string NoRows = "There are no rows of positive weight: there is nothing to fit.";

    private readonly MixtureSpec _spec;
    private readonly int _columns;

    private Stage _stage = Stage.Survey;
    private EncodedStep? _next;

    // After the survey.
    private long _rows;
    private KMeansSurvey? _clusterSurvey;
    private double[] _origins = [];
    private double[] _variances = [];
    private Maximization _maximization = null!;

    // Of the restart under way.
    private int _restart;
    private int _iteration;
    private KMeansTrainer? _clusters;
    private double[] _centres = [];
    private MixtureParameters? _current;
    private double _previousObjective = double.NaN;
    private int[] _floorHits = [];
    private int _reseeds;
    private bool _stayed;
    private Collapse? _collapse;
    private string _stop = "";

    // Of the restarts that ended.
    private readonly RestartLog _log;
    private MixtureCandidate? _best;

    /// <summary>A training at its beginning.</summary>
    /// <param name="spec">What to train.</param>
    /// <param name="columns">Number of columns of the rows, at least 1.</param>
    /// <exception cref="ArgumentException">Given means have another number of columns, or the statistic is larger than an array can be.</exception>
    public MixtureTrainer(MixtureSpec spec, int columns)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        if (spec.Init == MixtureInit.Given && spec.InitialMeans.Length != (long)spec.K * columns)
            throw new ArgumentException(
                $"The starting means have {KMeansTrainer.Width(spec.InitialMeans.Length / spec.K)}, the rows {columns}: give {spec.K} × {columns} values.",
                    nameof(spec));
        if (spec.InitialParameters is { } given && given.Columns != columns)
            throw new ArgumentException(
                $"The starting parameters have {KMeansTrainer.Width(given.Columns)}, the rows {columns}: start from a mixture over the same columns.",
                    nameof(spec));
        MixtureSize.Check(spec.Covariance, spec.K, columns, MixtureSize.GreatestStatistic);
        (_spec, _columns, _log) = (spec, columns, new RestartLog(spec.Restarts));
    }

    /// <summary>A training of rows that another one has surveyed.</summary>
    /// <param name="spec">What to train, from a start that is to be found.</param>
    /// <param name="columns">Number of columns of the rows.</param>
    /// <param name="survey">What the other training found out; null: nothing.</param>
    internal MixtureTrainer(MixtureSpec spec, int columns, MixtureSurvey? survey)
        : this(spec, columns)
    {
        // What it cannot train on is told in a step's place, as without a survey.
        if (survey is null || spec.K > survey.Rows || spec.Init is MixtureInit.Given or MixtureInit.Parameters)
            return;
        (_rows, _origins, _variances, _clusterSurvey) = (survey.Rows, survey.Origins, survey.Variances, survey.Clusters);
        _maximization = new Maximization(_origins, _variances, spec.Regularization);
        BeginRestart(0);
    }

    private enum Stage : byte
    {
        Survey = 1,
        Scale = 2,
        Clusters = 3,
        Start = 4,
        Iterate = 5,
        Locate = 6,
        Reseed = 7,
        Final = 8,
        Done = 9,
    }

    public string Algorithm => "gmm";

    public MixtureSpec Spec => _spec;

    public StatisticKinds Statistics => MixtureStatistics.Kinds;

    public string Phase => _stage switch
    {
        Stage.Survey or Stage.Scale => "survey",
        Stage.Clusters or Stage.Start => "init",
        Stage.Iterate or Stage.Locate or Stage.Reseed => "iterate",
        Stage.Final => "final",
        _ => "done",
    };

    public int Restart => _restart;

    public int Iteration => _iteration;

    /// <summary>What other trainings of the same rows can begin with; null before it is known, and in a training that was restored after it was.</summary>
    internal MixtureSurvey? Found => _rows > 0 && _maximization is not null ? new MixtureSurvey(_rows, _origins, _variances, _clusterSurvey) : null;

    public EncodedStep? Next => _stage switch
    {
        Stage.Done => null,
        Stage.Clusters => _clusters!.Next,
        _ => _next ??= NextStep().Encode(),
    };

    /// <summary>The outcome; null until the training is done.</summary>
    public MixtureResult? Result => _stage == Stage.Done ? _best!.ToResult(_spec, _log.Ended, _log.Warnings) : null;

    /// <inheritdoc/>
    public IReadOnlyList<TrainingEvent> Advance(ReadOnlyMemory<byte> statistic, IParallel parallel)
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

    private void Take(ReadOnlyMemory<byte> statistic, List<TrainingEvent> events, IParallel parallel)
    {
        switch (_stage)
        {
            case Stage.Survey:
                EndSurvey(Statistic.Decode<ComponentMoments>(statistic));
                break;
            case Stage.Scale:
                EndScale(Statistic.Decode<ComponentMoments>(statistic));
                BeginRestart(0);
                break;
            case Stage.Clusters:
                _clusters!.Advance(statistic, parallel);
                EndClusters();
                break;
            case Stage.Start:
                Accept(_maximization.Maximize(Statistic.Decode<ComponentMoments>(statistic)));
                break;
            case Stage.Iterate:
                EndIteration(Statistic.Decode<ComponentMoments>(statistic), events);
                break;
            case Stage.Locate:
                EndLocate(Statistic.Decode<RowSelection>(statistic));
                break;
            case Stage.Reseed:
                EndReseed(Statistic.Decode<RowSelection>(statistic));
                break;
            case Stage.Final:
                EndFinal(Statistic.Decode<MixtureSummary>(statistic), events);
                break;
            default:
                throw new InvalidOperationException("The training is done; there is nothing to advance.");
        }
    }

    private MixtureStep NextStep() => _stage switch
    {
        Stage.Survey or Stage.Scale => new MixtureStep
        {
            Source = ResponsibilitySource.Whole,
            Reduction = MixtureReduction.Moments,
            Form = CovarianceForm.Diagonal,
            K = 1,
            Origins = _stage == Stage.Survey ? new double[_columns] : _origins,
        },
        Stage.Locate => Responsibilities(MixtureReduction.Locate) with
        {
            Component = _collapse!.Next!.Value,
            Limit = Collapse.RowsTold,
        },
        Stage.Reseed => new MixtureStep
        {
            Source = ResponsibilitySource.Whole,
            Reduction = MixtureReduction.Draw,
            Form = _spec.Covariance,
            K = 1,
            Origins = _origins,
            Seed = _spec.Seed,
            Restart = _restart,
            Round = _reseeds,
            Limit = _collapse!.Components.Length,
        },
        Stage.Final => Responsibilities(MixtureReduction.Summary),
        _ => Responsibilities(MixtureReduction.Moments),
    };

    /// <summary>A pass with the responsibilities that hold now: of the start, or of the current parameters.</summary>
    private MixtureStep Responsibilities(MixtureReduction reduction) => new()
    {
        Source = _current is not null ? ResponsibilitySource.Posterior
            : _spec.Init == MixtureInit.RandomResponsibilities ? ResponsibilitySource.Random : ResponsibilitySource.Nearest,
        Reduction = reduction,
        Form = _spec.Covariance,
        K = _current?.K ?? _spec.K,
        Origins = _origins,
        Parameters = _current,
        Centres = _current is null ? _centres : [],
        Seed = _spec.Seed,
        Restart = _restart,
    };

    private void EndSurvey(ComponentMoments whole)
    {
        if (whole.Rows == 0)
            throw new TrainingException(NoRows);
        if (_spec.K > whole.Rows)
        {
            string are = whole.Rows == 1 ? "is only 1 row" : $"are only {whole.Rows} rows";
            throw new TrainingException(
                $"k is {_spec.K}, but there {are} of positive weight: ask for at most {whole.Rows} component{(whole.Rows == 1 ? "" : "s")}.",
                    TrainingScope.MoreClusters);
        }

        _rows = whole.Rows;
        _origins = new double[_columns];
        for (int j = 0; j < _columns; j++)
        {
            double variance = whole.Seconds[j] / whole.Weights[0];
            if (!double.IsFinite(variance))
                throw TrainingException.OfColumn(j, " has values that are too large: their squares overflow. Divide it by a power of ten.");
            _origins[j] = Origin(whole.Means[j], variance);
        }

        _stage = Stage.Scale;
    }

    /// <summary>Column variances about origins that are near the means, so that an offset of the data costs them no digits.</summary>
    private void EndScale(ComponentMoments whole)
    {
        _variances = new double[_columns];
        for (int j = 0; j < _columns; j++)
        {
            _variances[j] = whole.Seconds[j] / whole.Weights[0];
            if (_variances[j] == 0 && _spec.Covariance != CovarianceForm.Spherical)
                throw TrainingException.OfColumn(j, " is constant: a density over it would be infinite. Leave it out, or ask for spherical covariances.");
        }

        if (Array.TrueForAll(_variances, variance => variance == 0))
            throw new TrainingException("All rows are equal: a density over them would be infinite.");
        _maximization = new Maximization(_origins, _variances, _spec.Regularization);
    }

    /// <summary>
    /// A number near the mean with few digits, a multiple of a power of two of an eighth of the standard deviation or so: subtracting it from values with few
    /// digits is exact.
    /// </summary>
    private static double Origin(double mean, double variance)
    {
        if (variance == 0)
            return mean;
        double grain = Math.ScaleB(1, Binary.CeilingExponent(Math.Sqrt(variance)) - 3);
        return Math.Round(mean / grain, MidpointRounding.ToEven) * grain;
    }
}
