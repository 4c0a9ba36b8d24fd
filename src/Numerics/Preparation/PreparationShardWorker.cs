using OrleansCluster.Numerics.Encoding;
using OrleansCluster.Numerics.Parallelism;
using OrleansCluster.Numerics.Rows;
using OrleansCluster.Numerics.Training;

namespace OrleansCluster.Numerics.Preparation;

/// <summary>
/// Computes steps over the rows of a shard as they are, and steps over prepared rows, which are prepared once and kept while steps over them come.
/// </summary>
/// <param name="rows">The shard's rows, as they lie there.</param>
/// <param name="create">A worker over a block of rows.</param>
public sealed class PreparationShardWorker(RowBlock rows, Func<RowBlock, IShardWorker> create) : IShardWorker
{
    private string _key = "";
    private RowBlock? _prepared;
    private IShardWorker? _worker;

    /// <inheritdoc/>
    public PooledBytes Execute(EncodedStep step, IParallel parallel, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(step);
        if (!PreparationEnvelope.Is(step.Bytes.Span))
        {
            Keep("");
            return (_worker ??= create(rows)).Execute(step, parallel, cancellation);
        }

        PreparationEnvelope asked = step.Content(PreparationEnvelope.Decode);
        if (asked.Pass is { } pass)
        {
            // A step that is fitted may look at columns that are no numbers yet.
            Keep("fit " + asked.Key);
            _prepared ??= asked.Bound.PrepareAll(rows, parallel);
            return FitPasses.Compute(pass, _prepared, parallel, cancellation).Encode();
        }

        Keep(asked.Key);
        _prepared ??= asked.Bound.Prepare(rows, parallel);
        return (_worker ??= create(_prepared)).Execute(asked.Step!, parallel, cancellation);
    }

    private void Keep(string key)
    {
        if (_key == key)
            return;
        (_key, _prepared, _worker) = (key, null, null);
    }
}
