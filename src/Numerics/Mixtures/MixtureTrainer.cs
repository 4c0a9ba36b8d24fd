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

    private readonly MixtureSpec spec;
    private readonly int columns;

    private Stage stage = Stage.Survey;
    private EncodedStep? next;

    // After the survey.
    private long rows;
    private KMeansSurvey? clusterSurvey;
    private double[] origins = [];
    private double[] variances = [];
    private Maximization maximization = null!;

    // Of the restart under way.
    private int restart;
    private int iteration;
    private KMeansTrainer? clusters;
    private double[] centres = [];
    private MixtureParameters? current;
    private double previousObjective = double.NaN;
    private int[] floorHits = [];
    private int reseeds;
    private bool stayed;
    private Collapse? collapse;
    private string stop = "";

    // Of the restarts that ended.
    private readonly RestartLog log;
    private MixtureCandidate? best;

    /// <summary>A training at its beginning.</summary>
    /// <param name="spec">What to train.</param>
    /// <param name="columns">Number of columns of the rows, at least 1.</param>
    /// <exception cref="ArgumentException">Given means have another number of columns, or the statistic is larger than an array can be.</exception>
    public MixtureTrainer(MixtureSpec spec, int columns)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        if (spec.Init == MixtureInit.Given && spec.InitialMeans.Length != (long)spec.K * columns)
            throw new ArgumentException($"The starting means have {KMeansTrainer.Width(spec.InitialMeans.Length / spec.K)}, the rows {columns}: give {spec.K} × {columns} values.", nameof(spec));
        if (spec.InitialParameters is { } given && given.Columns != columns)
            throw new ArgumentException($"The starting parameters have {KMeansTrainer.Width(given.Columns)}, the rows {columns}: start from a mixture over the same columns.", nameof(spec));
        MixtureSize.Check(spec.Covariance, spec.K, columns, MixtureSize.GreatestStatistic);
        (this.spec, this.columns, log) = (spec, columns, new RestartLog(spec.Restarts));
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
        (rows, origins, variances, clusterSurvey) = (survey.Rows, survey.Origins, survey.Variances, survey.Clusters);
        maximization = new Maximization(origins, variances, spec.Regularization);
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

    public MixtureSpec Spec => spec;

    public StatisticKinds Statistics => MixtureStatistics.Kinds;

    public string Phase => stage switch
    {
        Stage.Survey or Stage.Scale => "survey",
        Stage.Clusters or Stage.Start => "init",
        Stage.Iterate or Stage.Locate or Stage.Reseed => "iterate",
        Stage.Final => "final",
        _ => "done",
    };

    public int Restart => restart;

    public int Iteration => iteration;

    /// <summary>What other trainings of the same rows can begin with; null before it is known, and in a training that was restored after it was.</summary>
    internal MixtureSurvey? Found => rows > 0 && maximization is not null ? new MixtureSurvey(rows, origins, variances, clusterSurvey) : null;

    public EncodedStep? Next => stage switch
    {
        Stage.Done => null,
        Stage.Clusters => clusters!.Next,
        _ => next ??= NextStep().Encode(),
    };

    /// <summary>The outcome; null until the training is done.</summary>
    public MixtureResult? Result => stage == Stage.Done ? best!.ToResult(spec, log.Ended, log.Warnings) : null;

    /// <inheritdoc/>
    public IReadOnlyList<TrainingEvent> Advance(ReadOnlyMemory<byte> statistic, IParallel parallel)
    {
        var events = new List<TrainingEvent>();
        next = null;
        try
        {
            Take(statistic, events, parallel);
        }
        catch (TrainingException failed) when (failed.Scope == TrainingScope.Restart)
        {
            log.Fail(restart, iteration, failed, events);
            EndRestart(events);
        }

        return events;
    }

    private void Take(ReadOnlyMemory<byte> statistic, List<TrainingEvent> events, IParallel parallel)
    {
        switch (stage)
        {
            case Stage.Survey:
                EndSurvey(Statistic.Decode<ComponentMoments>(statistic));
                break;
            case Stage.Scale:
                EndScale(Statistic.Decode<ComponentMoments>(statistic));
                BeginRestart(0);
                break;
            case Stage.Clusters:
                clusters!.Advance(statistic, parallel);
                EndClusters();
                break;
            case Stage.Start:
                Accept(maximization.Maximize(Statistic.Decode<ComponentMoments>(statistic)));
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

    private MixtureStep NextStep() => stage switch
    {
        Stage.Survey or Stage.Scale => new MixtureStep
        {
            Source = ResponsibilitySource.Whole,
            Reduction = MixtureReduction.Moments,
            Form = CovarianceForm.Diagonal,
            K = 1,
            Origins = stage == Stage.Survey ? new double[columns] : origins,
        },
        Stage.Locate => Responsibilities(MixtureReduction.Locate) with
        {
            Component = collapse!.Next!.Value,
            Limit = Collapse.RowsTold,
        },
        Stage.Reseed => new MixtureStep
        {
            Source = ResponsibilitySource.Whole,
            Reduction = MixtureReduction.Draw,
            Form = spec.Covariance,
            K = 1,
            Origins = origins,
            Seed = spec.Seed,
            Restart = restart,
            Round = reseeds,
            Limit = collapse!.Components.Length,
        },
        Stage.Final => Responsibilities(MixtureReduction.Summary),
        _ => Responsibilities(MixtureReduction.Moments),
    };

    /// <summary>A pass with the responsibilities that hold now: of the start, or of the current parameters.</summary>
    private MixtureStep Responsibilities(MixtureReduction reduction) => new()
    {
        Source = current is not null ? ResponsibilitySource.Posterior
            : spec.Init == MixtureInit.RandomResponsibilities ? ResponsibilitySource.Random : ResponsibilitySource.Nearest,
        Reduction = reduction,
        Form = spec.Covariance,
        K = current?.K ?? spec.K,
        Origins = origins,
        Parameters = current,
        Centres = current is null ? centres : [],
        Seed = spec.Seed,
        Restart = restart,
    };

    private void EndSurvey(ComponentMoments whole)
    {
        if (whole.Rows == 0)
            throw new TrainingException(NoRows);
        if (spec.K > whole.Rows)
        {
            string are = whole.Rows == 1 ? "is only 1 row" : $"are only {whole.Rows} rows";
            throw new TrainingException(
                $"k is {spec.K}, but there {are} of positive weight: ask for at most {whole.Rows} component{(whole.Rows == 1 ? "" : "s")}.", TrainingScope.MoreClusters);
        }

        rows = whole.Rows;
        origins = new double[columns];
        for (int j = 0; j < columns; j++)
        {
            double variance = whole.Seconds[j] / whole.Weights[0];
            if (!double.IsFinite(variance))
                throw TrainingException.OfColumn(j, " has values that are too large: their squares overflow. Divide it by a power of ten.");
            origins[j] = Origin(whole.Means[j], variance);
        }

        stage = Stage.Scale;
    }

    /// <summary>Column variances about origins that are near the means, so that an offset of the data costs them no digits.</summary>
    private void EndScale(ComponentMoments whole)
    {
        variances = new double[columns];
        for (int j = 0; j < columns; j++)
        {
            variances[j] = whole.Seconds[j] / whole.Weights[0];
            if (variances[j] == 0 && spec.Covariance != CovarianceForm.Spherical)
                throw TrainingException.OfColumn(j, " is constant: a density over it would be infinite. Leave it out, or ask for spherical covariances.");
        }

        if (Array.TrueForAll(variances, variance => variance == 0))
            throw new TrainingException("All rows are equal: a density over them would be infinite.");
        maximization = new Maximization(origins, variances, spec.Regularization);
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
