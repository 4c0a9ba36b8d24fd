using OrleansCluster.Compute;
using OrleansCluster.Numerics.Rows;

namespace OrleansCluster.Datasets;

/// <summary>
/// The shards mapped on this silo: verified and mapped once however many jobs and questions use them, unmapped when the last lets go. Thread-safe.
/// </summary>
public sealed class ShardCache(IBlobStore blobs, ManifestCache manifests, ICompute compute)
{
    private readonly object _lock = new();
    private readonly Dictionary<(string Manifest, int Shard), SharedShard> _open = [];

    /// <summary>The rows of a shard, until the lease is disposed.</summary>
    /// <exception cref="ClusteringException">The shard is missing or damaged; the message names its file.</exception>
    public async Task<ShardLease> Open(string manifest, int shard, CancellationToken cancellation)
    {
        SharedShard? shared;
        lock (_lock)
        {
            if (!_open.TryGetValue((manifest, shard), out shared))
                _open.Add((manifest, shard), shared = new SharedShard());
            shared.Users++;
            shared.Mapping ??= Map(manifest, shard);
        }

        try
        {
            MappedShard mapping = await shared.Mapping.WaitAsync(cancellation);
            return new ShardLease(mapping, () => Close(manifest, shard, shared));
        }
        catch (Exception e)
        {
            Close(manifest, shard, shared);
            throw Failures.Translate(e);
        }
    }

    private async Task<MappedShard> Map(string manifest, int shard)
    {
        // Leave the lock before anything is called.
        await Task.Yield();
        DatasetManifest content = await manifests.Get(manifest, CancellationToken.None);
        string path = await blobs.LocalPathAsync(content.Shards[shard].Hash);
        return await compute.Run(ComputePriority.Training, _ => MappedShard.Open(path, DatasetManifest.FirstRow(shard)));
    }

    private void Close(string manifest, int shard, SharedShard shared)
    {
        lock (_lock)
        {
            if (--shared.Users > 0)
                return;
            _open.Remove((manifest, shard));
        }

        shared.Mapping!.ContinueWith(
            static mapping => mapping.Result.Dispose(), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
    }

    private sealed class SharedShard
    {
        public int Users { get; set; }

        public Task<MappedShard>? Mapping { get; set; }
    }
}

/// <summary>The right to read a shard's rows; dispose it when no work on them is under way.</summary>
public sealed class ShardLease : IDisposable
{
    private readonly MappedShard _shard;
    private Action? _close;

    internal ShardLease(MappedShard shard, Action close) => (_shard, _close) = (shard, close);

    /// <summary>The rows, in place.</summary>
    /// <exception cref="ClusteringException">They are sparse.</exception>
    public RowBlock Rows => _shard.Sparse is null ? _shard.Rows : throw new ClusteringException(
        "The rows are stored sparse, and this needs dense ones: import them with --dense.");

    /// <summary>The rows, in place; null: they are dense.</summary>
    public SparseBlock? Sparse => _shard.Sparse;

    /// <summary>Number of rows.</summary>
    public int Count => _shard.Count;

    public int Columns => _shard.Columns;

    public Precision Precision => _shard.Precision;

    /// <summary>One weight a row, or empty.</summary>
    public ReadOnlyMemory<double> Weights => _shard.Weights;

    /// <summary>Some rows with their zeros: in place where they are dense, else a copy.</summary>
    public RowBlock Dense(int first, int count) => _shard.Dense(first, count);

    /// <summary>Whether rows carry ids.</summary>
    public bool HasIds => _shard.HasIds;

    /// <summary>The id of row <paramref name="row"/> (from 0 in the shard), which carries one.</summary>
    public string Id(int row) => _shard.Id(row);

    public void Dispose() => Interlocked.Exchange(ref _close, null)?.Invoke();
}
