using OrleansCluster.Numerics.Encoding;
using OrleansCluster.Numerics.Parallelism;
using OrleansCluster.Numerics.Rows;

namespace OrleansCluster.Numerics.Training;

/// <summary>
/// Computes steps over all rows of a shard, and steps over a part of them (<see cref="HoldOut"/>), each by a worker that keeps its caches while steps of its
/// kind come.
/// </summary>
/// <param name="rows">The shard's rows.</param>
/// <param name="create">A worker over a block of rows.</param>
public sealed class PartShardWorker(RowBlock rows, Func<RowBlock, IShardWorker> create) : IShardWorker
{
    private readonly Dictionary<RowPart, IShardWorker> _parts = [];
    private HoldOut? _holdOut;
    private IShardWorker? _whole;

    /// <inheritdoc/>
    public PooledBytes Execute(EncodedStep step, IParallel parallel, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(step);
        if (!HoldOut.Is(step.Bytes.Span))
        {
            _parts.Clear();
            return (_whole ??= create(rows)).Execute(step, parallel, cancellation);
        }

        (HoldOut wanted, RowPart part, EncodedStep inner) = step.Content(HoldOut.Decode);
        _whole = null;
        if (wanted != _holdOut)
            _parts.Clear();
        _holdOut = wanted;
        if (!_parts.TryGetValue(part, out IShardWorker? worker))
            _parts[part] = worker = create(rows.WithWeights(Weights(wanted, part)));
        return worker.Execute(inner, parallel, cancellation);
    }

    private double[] Weights(HoldOut wanted, RowPart part)
    {
        var weights = new double[rows.Rows];
        for (int i = 0; i < weights.Length; i++)
        {
            if (wanted.Has(rows.FirstRow + i) == (part == RowPart.HeldOut))
                weights[i] = rows.Weights.IsEmpty ? 1 : rows.Weights.Span[i];
        }

        return weights;
    }
}
