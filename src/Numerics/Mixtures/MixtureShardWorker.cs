using OrleansCluster.Numerics.KMeans;
using OrleansCluster.Numerics.Randomness;
using OrleansCluster.Numerics.Statistics;
using OrleansCluster.Numerics.Training;

namespace OrleansCluster.Numerics.Mixtures;

/// <summary>
/// Computes the steps of a mixture's training over the rows of one shard, those of the k-means run that starts it too. Keeps each row's most probable
/// component between steps; without it the answers are the same and later.
/// </summary>
public sealed class MixtureShardWorker : IShardWorker
{
    private readonly RowBlock rows;
    private KMeansShardWorker? clusters;

    /// <param name="rows">The shard's rows; their ids must be unique over all shards.</param>
    public MixtureShardWorker(RowBlock rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        this.rows = rows;
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidDataException">The step is damaged, or for rows of another width.</exception>
    public ReadOnlyMemory<byte> Execute(EncodedStep step, IParallel parallel, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(step);
        if (!MixtureStep.Is(step.Bytes.Span))
            return (clusters ??= new KMeansShardWorker(rows)).Execute(step, parallel, cancellation);
        clusters = null;
        MixtureStep decoded = MixtureStep.Decode(step.Bytes);
        if (decoded.Origins.Length != rows.Columns)
            throw new InvalidDataException($"A step for {decoded.Origins.Length} columns met rows of {rows.Columns}.");
        GaussianFactors? factors = decoded.Parameters is { } parameters ? GaussianFactors.Create(parameters) : null;
        Statistic statistic = decoded.Reduction switch
        {
            MixtureReduction.Moments => Reduce(
                new ComponentMoments(decoded.Form, decoded.K, rows.Columns),
                (start, end) => new MixtureOracle(decoded, factors).Moments(rows, start, end), parallel, cancellation),
            MixtureReduction.Summary => Reduce(new MixtureSummary(decoded.K), (start, end) => Summary(decoded, factors, start, end), parallel, cancellation),
            _ => Reduce(new RowSelection(decoded.Limit, []), (start, end) => Select(decoded, factors, start, end), parallel, cancellation),
        };
        return statistic.Encode();
    }

    /// <summary>Chunks merged along the fixed tree.</summary>
    private T Reduce<T>(T empty, Func<int, int, T> chunk, IParallel parallel, CancellationToken cancellation)
        where T : Statistic
    {
        int chunks = (rows.Rows + MixtureOracle.ChunkRows - 1) / MixtureOracle.ChunkRows;
        return chunks == 0 ? empty : FixedTree.Reduce(
            chunks,
            index => chunk(index * MixtureOracle.ChunkRows, Math.Min(rows.Rows, (index + 1) * MixtureOracle.ChunkRows)),
            static _ => { },
            parallel,
            cancellation);
    }

    private MixtureSummary Summary(MixtureStep step, GaussianFactors? factors, int start, int end)
    {
        var oracle = new MixtureOracle(step, factors);
        var summary = new MixtureSummary(step.K);
        var values = new double[rows.Columns];
        for (int i = start; i < end; i++)
        {
            rows.CopyRow(i, values);
            oracle.Look(values, rows.FirstRow + i);
            summary.Accumulate(oracle.Label, Weight(i), oracle.LogDensity, oracle.LogCertainty);
        }

        return summary;
    }

    /// <summary>Rows by rank: the least first.</summary>
    private RowSelection Select(MixtureStep step, GaussianFactors? factors, int start, int end)
    {
        var oracle = new MixtureOracle(step, factors);
        var draws = new Draws(step.Seed, Purpose.MixtureReseed, step.Restart, step.Round);
        var values = new double[rows.Columns];
        var found = new List<SelectedRow>();
        for (int i = start; i < end; i++)
        {
            if (Weight(i) == 0)
                continue;
            rows.CopyRow(i, values);
            long id = rows.FirstRow + i;
            double rank;
            if (step.Reduction == MixtureReduction.Draw)
            {
                rank = draws.Arrival(id, Weight(i));
            }
            else
            {
                oracle.Look(values, id);
                rank = 1 - oracle.Responsibilities[step.Component];
            }

            if (rank < 1 || step.Reduction == MixtureReduction.Draw)
                found.Add(new SelectedRow(rank, id, Weight(i), -1, (double[])values.Clone()));
        }

        return new RowSelection(step.Limit, found);
    }

    private double Weight(int row) => rows.Weights.IsEmpty ? 1 : rows.Weights.Span[row];
}
