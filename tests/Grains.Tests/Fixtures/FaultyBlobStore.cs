using OrleansCluster.Datasets;

namespace OrleansCluster.Grains.Tests.Fixtures;

/// <summary>A blob store whose writes fail as told.</summary>
internal sealed class FaultyBlobStore(IBlobStore inner, WriteFaults faults) : IBlobStore
{
    public BlobWriter Create() => new Writer(inner.Create(), faults);

    public Task<byte[]> ReadAsync(string hash, CancellationToken cancellation = default) => inner.ReadAsync(hash, cancellation);

    public Task<bool> ExistsAsync(string hash, CancellationToken cancellation = default) => inner.ExistsAsync(hash, cancellation);

    public async Task<bool> DeleteAsync(string hash, CancellationToken cancellation = default)
    {
        bool existed = false;
        await faults.Write(async () => existed = await inner.DeleteAsync(hash, cancellation));
        return existed;
    }

    public Task<bool> DeleteAsync(string hash, DateTimeOffset before, CancellationToken cancellation = default) =>
        inner.DeleteAsync(hash, before, cancellation);

    public Task<bool> TouchAsync(string hash, CancellationToken cancellation = default) => inner.TouchAsync(hash, cancellation);

    public IAsyncEnumerable<StoredBlob> DescribeAsync(string after = "", CancellationToken cancellation = default) =>
        inner.DescribeAsync(after, cancellation);

    public IAsyncEnumerable<string> ListAsync(CancellationToken cancellation = default) => inner.ListAsync(cancellation);

    public Task<string> LocalPathAsync(string hash, CancellationToken cancellation = default) => inner.LocalPathAsync(hash, cancellation);

    private sealed class Writer(BlobWriter inner, WriteFaults faults) : BlobWriter
    {
        protected override ValueTask WriteCoreAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation) => inner.WriteAsync(bytes, cancellation);

        protected override Task CommitCoreAsync(string hash, CancellationToken cancellation) => faults.Write(() => inner.CommitAsync(cancellation));

        protected override ValueTask DisposeCoreAsync() => inner.DisposeAsync();
    }
}
