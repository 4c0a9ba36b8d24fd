using OrleansCluster.Numerics.Encoding;
using OrleansCluster.Numerics.Evaluation;
using OrleansCluster.Numerics.Exact;
using OrleansCluster.Numerics.KMeans.Assign;
using OrleansCluster.Numerics.KMeans.Sparse;
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
/// Computes the steps of a k-means training over the sparse rows of one shard: the answers of <see cref="KMeansShardWorker"/> for the rows made dense, to the
/// bit, at a cost of entries and not of columns.
/// </summary>
public sealed class SparseKMeansWorker : IShardWorker, IStepWorker
{
    private readonly SparseBlock _rows;
    private readonly RowReader _reader;
    private readonly SparseNearest _nearest;
    private readonly StartPasses _starting;
    private readonly SparseSurvey _survey;
    private (ColumnFrame Frame, SparseAssigner Rows)? _iterating;

    /// <summary>The iteration before.</summary>
    private LloydStep? _newest;

    /// <param name="rows">The shard's rows; their ids must be unique over all shards. On the sphere they have length 1.</param>
    /// <param name="geometry">Where they lie.</param>
    public SparseKMeansWorker(SparseBlock rows, KMeansGeometry geometry = KMeansGeometry.Euclidean)
    {
        ArgumentNullException.ThrowIfNull(rows);
        (_rows, _reader) = (rows, new RowReader(rows));
        _nearest = new SparseNearest(rows, _reader);
        _starting = new StartPasses(_reader, SimdSelection.Current, geometry, _nearest);
        _survey = new SparseSurvey(rows, _reader, SimdSelection.Current);
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidDataException">The step is damaged, or for rows of another width.</exception>
    public PooledBytes Execute(EncodedStep step, IParallel parallel, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(step);
        ArgumentNullException.ThrowIfNull(parallel);
        return Answer(step.Content(KMeansStep.Decode), parallel, cancellation).Encode();
    }

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
            RangesStep ranges => Checked(ranges.Columns, _survey).Ranges(),
            MomentsStep moments => Checked(moments.Frame.Columns, _survey).Moments(moments),
            RaceStep race => Starting(race.Frame).Race(race, work),
            PotentialStep potential => Starting(potential.Frame).Potential(potential, work),
            SampleStep sample => Starting(sample.Frame).Sample(sample, work),
            WeighStep weigh => Starting(weigh.Frame).Weigh(weigh, work),
            FarthestStep farthest => Starting(farthest.Frame).Farthest(farthest, work),
            LloydStep lloyd => Lloyd(lloyd, work),
            FinalStep final => Final(final, work),
            DispersionStep dispersion => Dispersions(dispersion, work),
            _ => throw new InvalidDataException($"Sparse rows have no answer to a {step.GetType().Name}."),
        };
    }

    private ExactTotals Lloyd(LloydStep step, Work work)
    {
        SparseAssigner assigner = Iterating(step, step.Frame, step.Current);
        AssignmentSums sums = assigner.Assign(
            step.Current, step.Current.Length / _rows.Columns, step.Previous, step.Plain, work.Parallel, work.Cancellation);
        _newest = step;
        return new ExactTotals(sums.Values);
    }

    private ExactTotals Final(FinalStep step, Work work)
    {
        SparseAssigner assigner = Iterating(step, step.Frame, step.Centroids);
        AssignmentSums sums = assigner.Assign(
            step.Centroids, step.Centroids.Length / _rows.Columns, _newest?.Current, _newest?.Plain ?? true, work.Parallel, work.Cancellation);
        _newest = null;
        return _survey.Final(step, assigner.Labels.ToArray(), sums, work);
    }

    private Dispersions Dispersions(DispersionStep step, Work work)
    {
        SparseSurvey survey = Checked(step.Columns, _survey);
        (int[] labels, double[] squared) = (new int[_rows.Rows], new double[_rows.Rows]);
        new SparseNearestCentroid(step.Centroids, step.Columns).Assign(_rows, labels, squared, work.Parallel);
        return survey.Dispersions(step, labels, squared, work);
    }

    /// <summary>The assigner, which shares the tables of a step's centres with those of the other shards that compute it here.</summary>
    private SparseAssigner Iterating(KMeansStep step, ColumnFrame frame, double[] centroids)
    {
        Checked(frame.Columns, _rows);
        if (_iterating is not { } cache || !cache.Frame.SameAs(frame))
            (_iterating, _newest) = (cache = (frame, new SparseAssigner(_rows, frame)), null);
        SparseAssigner assigner = cache.Rows;
        assigner.Prepare = (values, parallel) => ReferenceEquals(values, centroids)
            ? step.Shared(new Lazy<SparseCentres>(() => new SparseCentres(values, 0, _rows.Columns, assigner.ScaleExponent, Sequential.Instance))).Value
            : new SparseCentres(values, 0, _rows.Columns, assigner.ScaleExponent, parallel);
        return assigner;
    }

    private StartPasses Starting(ColumnFrame frame)
    {
        _nearest.ScaleExponent = SparseAssigner.ScaleOf(Checked(frame.Columns, frame));
        return _starting;
    }

    private T Checked<T>(int columns, T passes)
        => columns == _rows.Columns ? passes : throw new InvalidDataException($"A step for {columns} columns met rows of {_rows.Columns}.");
}
