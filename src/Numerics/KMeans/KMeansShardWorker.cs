using OrleansCluster.Numerics.Encoding;
using OrleansCluster.Numerics.Exact;
using OrleansCluster.Numerics.KMeans.Assign;
using OrleansCluster.Numerics.KMeans.Sphere;
using OrleansCluster.Numerics.KMeans.Steps;
using OrleansCluster.Numerics.KMeans.Worker;
using OrleansCluster.Numerics.Parallelism;
using OrleansCluster.Numerics.Rows;
using OrleansCluster.Numerics.Simd;
using OrleansCluster.Numerics.Statistics;
using OrleansCluster.Numerics.Training;

namespace OrleansCluster.Numerics.KMeans;

/// <summary>
/// Computes the steps of a k-means training over the rows of one shard. Keeps labels and distances between steps; without them the answers are the same and
/// later. What is kept lasts over restarts: labels and bounds (8 bytes a row, for many centres up to 8 a value more) and what finding a start keeps (12 bytes
/// a row); memory that is taken anew is slow when it is first touched. Tables of centres and scratch are shared with the workers that compute the same steps.
/// </summary>
public sealed class KMeansShardWorker : IShardWorker, IStepWorker
{
    private readonly RowBlock _rows;
    private readonly RowReader _reader;
    private StartPasses? _starting;
    private readonly bool _scalar;
    private readonly KMeansGeometry _geometry;
    private (ColumnFrame Frame, IAssigner Rows)? _iterating;

    /// <summary>The iteration before: its centres and whether it was without acceleration.</summary>
    private LloydStep? _newest;

    /// <param name="rows">The shard's rows; their ids must be unique over all shards. On the sphere they have length 1.</param>
    /// <param name="geometry">Where they lie.</param>
    public KMeansShardWorker(RowBlock rows, KMeansGeometry geometry = KMeansGeometry.Euclidean)
        : this(rows, scalar: false, geometry)
    {
    }

    /// <summary>A worker that iterates by the scalar oracle or by the kernels.</summary>
    internal KMeansShardWorker(RowBlock rows, bool scalar, KMeansGeometry geometry = KMeansGeometry.Euclidean)
    {
        (_rows, _scalar, _geometry) = (rows, scalar, geometry);
        _reader = new RowReader(rows);
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidDataException">The step is damaged, or for rows of another width.</exception>
    public PooledBytes Execute(EncodedStep step, IParallel parallel, CancellationToken cancellation = default)
        => Answer(step.Content(KMeansStep.Decode), parallel, cancellation).Encode();

    Statistic IStepWorker.Compute(KMeansStep step, IParallel parallel, CancellationToken cancellation)
    {
        Statistic statistic = Answer(step, parallel, cancellation);
        return step is LloydStep && statistic is ExactTotals { Narrow: { } kept } ? new ExactTotals([.. kept]) : statistic;
    }

    /// <summary>The statistic of a step; an iteration's are the sums that are kept, which the next step changes.</summary>
    private Statistic Answer(KMeansStep step, IParallel parallel, CancellationToken cancellation)
    {
        var work = new Work(parallel, cancellation);
        return step switch
        {
            RangesStep ranges => Checked(ranges.Columns).Ranges(work),
            MomentsStep moments => Checked(moments.Frame.Columns).Moments(moments, work),
            RaceStep race => Starting(race.Frame).Race(race, work),
            PotentialStep potential => Starting(potential.Frame).Potential(potential, work),
            SampleStep sample => Starting(sample.Frame).Sample(sample, work),
            WeighStep weigh => Starting(weigh.Frame).Weigh(weigh, work),
            FarthestStep farthest => new StartPasses(CheckedReader(farthest.Frame.Columns), Width, _geometry).Farthest(farthest, work),
            LloydStep lloyd => Lloyd(lloyd, work),
            FinalStep final => Final(final, work),
            DispersionStep dispersion => Checked(dispersion.Columns).Dispersions(dispersion, work),
            _ => throw new InvalidDataException($"No worker for a {step.GetType().Name}."),
        };
    }

    private SimdWidth Width => _scalar ? SimdWidth.Scalar : SimdSelection.Current;

    private ExactTotals Lloyd(LloydStep step, Work work)
    {
        AssignmentSums sums = Iterating(step, step.Frame).Assign(
            step.Current, step.Current.Length / _rows.Columns, step.Previous, step.Plain, work.Parallel, work.Cancellation);
        _newest = step;
        return new ExactTotals(sums.Values);
    }

    /// <summary>The final pass is an iteration more whose means nobody takes: few rows move, and few are looked at.</summary>
    private ExactTotals Final(FinalStep step, Work work)
    {
        SurveyPasses passes = Checked(step.Frame.Columns);
        IAssigner assigner = Iterating(step, step.Frame);
        AssignmentSums sums = assigner.Assign(
            step.Centroids, step.Centroids.Length / _rows.Columns, _newest?.Current, _newest?.Plain ?? true, work.Parallel, work.Cancellation);
        _newest = null;
        return passes.Final(step, assigner, sums, work);
    }

    /// <summary>The assigner, which shares tables and scratch with those of the other shards that compute the step here.</summary>
    private IAssigner Iterating(KMeansStep step, ColumnFrame frame)
    {
        CheckedReader(frame.Columns);
        if (_iterating is not { } cache || !cache.Frame.SameAs(frame))
            (_iterating, _newest) = (cache = (frame, _scalar ? new ScalarAssigner(_rows, frame) : new ShardAssigner(_rows, frame)), null);
        if (cache.Rows is ShardAssigner assigner)
            assigner.Pool = step.Shared(assigner.Pool);
        return cache.Rows;
    }

    private StartPasses Starting(ColumnFrame frame)
    {
        CheckedReader(frame.Columns);
        return _starting ??= new StartPasses(_reader, Width, _geometry);
    }

    private SurveyPasses Checked(int columns) => new(CheckedReader(columns), Width);

    private RowReader CheckedReader(int columns)
        => columns == _rows.Columns ? _reader : throw new InvalidDataException($"A step for {columns} columns met rows of {_rows.Columns}.");
}
