using System.Collections.Concurrent;
using OrleansCluster.Numerics.Encoding;
using OrleansCluster.Numerics.KMeans;
using OrleansCluster.Numerics.Mixtures.Components;
using OrleansCluster.Numerics.Mixtures.Kernels;
using OrleansCluster.Numerics.Mixtures.Steps;
using OrleansCluster.Numerics.Parallelism;
using OrleansCluster.Numerics.Randomness;
using OrleansCluster.Numerics.Rows;
using OrleansCluster.Numerics.Simd;
using OrleansCluster.Numerics.Statistics;
using OrleansCluster.Numerics.Training;

namespace OrleansCluster.Numerics.Mixtures;

/// <summary>
/// Computes the steps of a mixture's training over the rows of one shard, those of the k-means run that starts it too. Keeps each row's most probable
/// component between steps; without it the answers are the same and later.
/// </summary>
public sealed class MixtureShardWorker : IShardWorker
{
    private readonly RowBlock _rows;
    private readonly MixtureKernel? _kernel;
    private KMeansShardWorker? _clusters;
    private int[] _labels = [];
    private int _labelled;

    /// <param name="rows">The shard's rows; their ids must be unique over all shards.</param>
    public MixtureShardWorker(RowBlock rows)
        : this(rows, SimdSelection.Current)
    {
    }

    /// <param name="rows">The shard's rows.</param>
    /// <param name="width">Vector width of the kernels; null: the oracle in their place.</param>
    internal MixtureShardWorker(RowBlock rows, SimdWidth? width)
    {
        ArgumentNullException.ThrowIfNull(rows);
        _rows = rows;
        _kernel = width is { } wanted ? MixtureKernel.For(wanted) : null;
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidDataException">The step is damaged, or for rows of another width.</exception>
    public PooledBytes Execute(EncodedStep step, IParallel parallel, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(step);
        if (!MixtureStep.Is(step.Bytes.Span))
            return (_clusters ??= new KMeansShardWorker(_rows)).Execute(step, parallel, cancellation);
        _clusters = null;
        PreparedStep prepared = step.Content(PreparedStep.Decode);
        MixtureStep decoded = prepared.Step;
        if (decoded.Origins.Length != _rows.Columns)
            throw new InvalidDataException($"A step for {decoded.Origins.Length} columns met rows of {_rows.Columns}.");
        GaussianFactors? factors = prepared.Factors;
        ChunkPasses? passes = _kernel is null ? null : Passes(prepared, parallel);
        Statistic statistic = decoded.Reduction switch
        {
            MixtureReduction.Moments => Reduce(() => new ComponentMoments(decoded.Form, decoded.K, _rows.Columns), (start, end, moments) =>
            {
                if (passes is not null)
                    passes.Moments(start, end, moments);
                else
                    new MixtureOracle(decoded, factors).Moments(_rows, start, end, moments);
            }, moments => moments.Clear(), parallel, cancellation),
            MixtureReduction.Summary => Reduce(() => new MixtureSummary(decoded.K), (start, end, summary) =>
            {
                if (passes is not null)
                    passes.Summary(start, end, summary);
                else
                    new MixtureOracle(decoded, factors).Summary(_rows, start, end, summary);
            }, null, parallel, cancellation),
            _ => Reduce(() => new RowSelection(decoded.Limit, []), (start, end, rows) => rows.MergeFrom(Select(decoded, factors, start, end)), null, parallel,
                cancellation),
        };
        if (decoded.Source == ResponsibilitySource.Posterior)
            _labelled = decoded.K;
        GC.KeepAlive(prepared);
        return statistic.Encode();
    }

    /// <summary>The kernels' passes for a step, with labels for it or from the one before.</summary>
    private ChunkPasses Passes(PreparedStep prepared, IParallel parallel)
    {
        MixtureStep step = prepared.Step;
        if (_labels.Length == 0)
            _labels = new int[_rows.Rows];
        // Labels of another number of components are no hints; nor is what a cancelled pass leaves behind.
        if (step.Source != ResponsibilitySource.Posterior || _labelled != step.K)
            _labelled = 0;
        if (step.Source == ResponsibilitySource.Nearest)
            prepared.Nearest.Assign(_rows, _labels, default, parallel);
        return new ChunkPasses(_rows, step, _kernel!)
        {
            Table = prepared.Table,
            Labels = step.Source == ResponsibilitySource.Nearest ? _labels : [],
            Hints = _labelled > 0 ? _labels : [],
            Found = _labels,
        };
    }

    /// <summary>Chunks merged along the fixed tree.</summary>
    /// <param name="empty">A statistic of no rows.</param>
    /// <param name="chunk">Adds the rows of a chunk to an empty one.</param>
    /// <param name="clear">Makes one empty again for reuse; null when that is not worth while.</param>
    /// <param name="parallel">Where chunks run.</param>
    /// <param name="cancellation">Looked at before each chunk.</param>
    private T Reduce<T>(Func<T> empty, Action<int, int, T> chunk, Action<T>? clear, IParallel parallel, CancellationToken cancellation)
        where T : Statistic
    {
        int chunks = (_rows.Rows + MixtureOracle.ChunkRows - 1) / MixtureOracle.ChunkRows;
        if (chunks == 0)
            return empty();
        var spent = new ConcurrentBag<T>();
        return FixedTree.Reduce(
            chunks,
            index =>
            {
                T statistic = spent.TryTake(out T? used) ? used : empty();
                chunk(index * MixtureOracle.ChunkRows, Math.Min(_rows.Rows, (index + 1) * MixtureOracle.ChunkRows), statistic);
                return statistic;
            },
            merged =>
            {
                if (clear is null)
                    return;
                clear(merged);
                spent.Add(merged);
            },
            parallel,
            cancellation);
    }

    /// <summary>Rows by rank: the least first.</summary>
    private RowSelection Select(MixtureStep step, GaussianFactors? factors, int start, int end)
    {
        var oracle = new MixtureOracle(step, factors);
        var draws = new Draws(step.Seed, Purpose.MixtureReseed, step.Restart, step.Round);
        var values = new double[_rows.Columns];
        var found = new List<SelectedRow>();
        for (int i = start; i < end; i++)
        {
            if (Weight(i) == 0)
                continue;
            _rows.CopyRow(i, values);
            long id = _rows.FirstRow + i;
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

    private double Weight(int row) => _rows.Weights.IsEmpty ? 1 : _rows.Weights.Span[row];
}
