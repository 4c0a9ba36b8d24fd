using System.Collections.Immutable;
using OrleansCluster.Models;

namespace OrleansCluster.Datasets;

/// <inheritdoc cref="IStorageGrain"/>
public sealed class StorageGrain(IBlobStore blobs, ManifestCache manifests) : Grain, IStorageGrain
{
    /// <summary>A hundred bytes each.</summary>
    private const int MostListed = 500;

    public async Task<ImmutableArray<BlobInfo>> List(string after, CancellationToken cancellation = default)
    {
        var page = ImmutableArray.CreateBuilder<BlobInfo>();
        try
        {
            await foreach (StoredBlob blob in blobs.DescribeAsync(after, cancellation))
            {
                page.Add(new BlobInfo { Hash = blob.Hash, Bytes = blob.Bytes, Touched = blob.Touched });
                if (page.Count == MostListed)
                    break;
            }
        }
        catch (IOException e)
        {
            throw Failures.Translate(e);
        }

        return page.ToImmutable();
    }

    public async Task<ImmutableArray<string>> Shards(string manifest, int first, CancellationToken cancellation = default) =>
        [.. (await manifests.Get(manifest, cancellation)).Shards.Skip(first).Take(MostListed).Select(shard => shard.Hash)];

    public async Task<ImmutableArray<string>> Sweep(ImmutableArray<string> hashes, DateTimeOffset before, CancellationToken cancellation = default)
    {
        var gone = ImmutableArray.CreateBuilder<string>();
        foreach (string hash in hashes)
        {
            try
            {
                if (await blobs.DeleteAsync(hash, before, cancellation))
                    gone.Add(hash);
            }
            catch (IOException e)
            {
                throw Failures.Translate(e);
            }
        }

        return gone.ToImmutable();
    }

    public async Task<long> SweepUnfinished(DateTimeOffset before, CancellationToken cancellation = default)
    {
        try
        {
            return await blobs.RemoveUnfinishedAsync(before, cancellation);
        }
        catch (IOException e)
        {
            throw Failures.Translate(e);
        }
    }

    public async Task<BlobPiece> Read(string hash, int offset, CancellationToken cancellation = default)
    {
        try
        {
            await using var file = new FileStream(await blobs.LocalPathAsync(hash, cancellation), FileMode.Open, FileAccess.Read,
                FileShare.ReadWrite | FileShare.Delete);
            file.Position = Math.Min(offset, file.Length);
            var piece = new byte[(int)Math.Min(WireLimits.PieceBytes, file.Length - file.Position)];
            await file.ReadExactlyAsync(piece, cancellation);
            return new BlobPiece { Length = checked((int)file.Length), Bytes = piece };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Failures.Translate(e);
        }
    }
}
