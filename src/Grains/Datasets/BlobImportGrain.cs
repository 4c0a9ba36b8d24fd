using OrleansCluster.Models;
using OrleansCluster.Tenancy;

namespace OrleansCluster.Datasets;

/// <inheritdoc cref="IBlobImportGrain"/>
public sealed class BlobImportGrain(IBlobStore blobs) : Grain, IBlobImportGrain
{
    private BlobWriter? _writer;
    private long _taken;
    private string _hash = "";

    public async Task Append(long offset, ReadOnlyMemory<byte> bytes, CancellationToken cancellation = default)
    {
        if (offset < _taken)
            return;
        if (offset > _taken || _hash.Length > 0)
            throw new ClusteringException($"A piece from byte {offset} on came where {_taken} bytes were taken: begin again.");
        try
        {
            _writer ??= blobs.Create();
            await _writer.WriteAsync(bytes, cancellation);
        }
        catch (IOException e)
        {
            throw Failures.Translate(e);
        }

        _taken += bytes.Length;
    }

    public async Task<string> Commit(CancellationToken cancellation = default)
    {
        try
        {
            if (_hash.Length == 0)
                _hash = await (_writer ??= blobs.Create()).CommitAsync(cancellation);
        }
        catch (IOException e)
        {
            throw Failures.Translate(e);
        }

        await Release();
        (string tenant, _) = GrainKeys.Parse(this.GetPrimaryKeyString());
        await GrainFactory.GetGrain<ISentBlobsGrain>(GrainKeys.For(tenant, ISentBlobsGrain.Name)).Note(_hash, cancellation);
        return _hash;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => Release();

    private async Task Release()
    {
        if (_writer is { } writer)
            await writer.DisposeAsync();
        _writer = null;
    }
}
