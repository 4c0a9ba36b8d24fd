using OrleansCluster.Numerics.Kernels;
using OrleansCluster.Numerics.KMeans.Steps;
using OrleansCluster.Numerics.KMeans.Worker;
using OrleansCluster.Numerics.Statistics;
using OrleansCluster.Numerics.Training;

namespace OrleansCluster.Numerics.KMeans;

/// <summary>
/// Computes the steps of a k-means training over the rows of one shard. Keeps labels and distances between steps; without them
/// the answers are the same and later. What is kept lasts over restarts: labels and bounds (8 bytes a row, for
/// many centres up to 8 a value more) and what finding a start keeps (12 bytes a row); memory that is taken anew is slow when it is first touched.
/// </summary>
public sealed class KMeansShardWorker : IShardWorker
{
    private readonly RowBlock rows;
    private readonly RowReader reader;
    private StartPasses? starting;
    private readonly bool scalar;
    private (ColumnFrame Frame, Assigner Assign)? iterating;

    /// <param name="rows">The shard's rows; their ids must be unique over all shards.</param>
    public KMeansShardWorker(RowBlock rows)
        : this(rows, scalar: false)
    {
    }

    /// <summary>A worker that iterates by the scalar oracle or by the kernels.</summary>
    internal KMeansShardWorker(RowBlock rows, bool scalar)
    {
        (this.rows, this.scalar) = (rows, scalar);
        reader = new RowReader(rows);
    }

    private delegate AssignmentSums Assigner(
        double[] centroids, int k, double[]? previous, bool plain, IParallel parallel, CancellationToken cancellation);

    /// <inheritdoc/>
    /// <exception cref="InvalidDataException">The step is damaged, or for rows of another width.</exception>
    public ReadOnlyMemory<byte> Execute(EncodedStep step, IParallel parallel, CancellationToken cancellation = default)
    {
        var work = new Work(parallel, cancellation);
        KMeansStep decoded = KMeansStep.Decode(step.Bytes);
        Statistic statistic = decoded switch
        {
            RangesStep ranges => Checked(ranges.Columns).Ranges(work),
            MomentsStep moments => Checked(moments.Frame.Columns).Moments(moments, work),
            RaceStep race => Starting(race.Frame).Race(race, work),
            PotentialStep potential => Starting(potential.Frame).Potential(potential, work),
            SampleStep sample => Starting(sample.Frame).Sample(sample, work),
            WeighStep weigh => Starting(weigh.Frame).Weigh(weigh, work),
            FarthestStep farthest => new StartPasses(CheckedReader(farthest.Frame.Columns)).Farthest(farthest, work),
            LloydStep lloyd => Lloyd(lloyd, work),
            FinalStep final => Checked(final.Frame.Columns).Final(final, work),
            DispersionStep dispersion => Checked(dispersion.Columns).Dispersions(dispersion, work),
            _ => throw new InvalidDataException($"No worker for a {decoded.GetType().Name}."),
        };
        return statistic.Encode();
    }

    private ExactTotals Lloyd(LloydStep step, Work work)
    {
        CheckedReader(step.Frame.Columns);
        if (iterating is not { } cache || !cache.Frame.SameAs(step.Frame))
            iterating = cache = (step.Frame, scalar ? new ScalarAssigner(rows, step.Frame).Assign : new ShardAssigner(rows, step.Frame).Assign);
        return ClusterTotals.From(cache.Assign(
            step.Current, step.Current.Length / rows.Columns, step.Previous, step.Plain, work.Parallel, work.Cancellation));
    }

    private StartPasses Starting(ColumnFrame frame)
    {
        CheckedReader(frame.Columns);
        return starting ??= new StartPasses(reader);
    }

    private SurveyPasses Checked(int columns) => new(CheckedReader(columns));

    private RowReader CheckedReader(int columns)
        => columns == rows.Columns ? reader : throw new InvalidDataException($"A step for {columns} columns met rows of {rows.Columns}.");
}
