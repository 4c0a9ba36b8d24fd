using System.Diagnostics;
using OrleansCluster.Monitoring;

namespace OrleansCluster.Datasets;

/// <summary>What grains do with blobs.</summary>
internal static class BlobCalls
{
    /// <summary>Content by its hash.</summary>
    /// <exception cref="ClusteringException">It is missing, damaged or cannot be reached; the message names its file.</exception>
    public static async Task<byte[]> Get(this IBlobStore blobs, string hash, CancellationToken cancellation = default)
    {
        using Activity? activity = ClusterTelemetry.Activities.StartActivity("blob.read");
        try
        {
            byte[] content = await blobs.ReadAsync(hash, cancellation);
            activity?.SetTag("bytes", content.Length);
            return content;
        }
        catch (IOException e)
        {
            activity?.SetStatus(ActivityStatusCode.Error, e.GetType().Name);
            throw Failures.Translate(e);
        }
    }

    /// <summary>Stores content and answers its hash.</summary>
    /// <exception cref="ClusteringException">The store cannot be written to; the message says why.</exception>
    public static async Task<string> Put(this IBlobStore blobs, ReadOnlyMemory<byte> content)
    {
        using Activity? activity = ClusterTelemetry.Activities.StartActivity("blob.write")?.SetTag("bytes", content.Length);
        try
        {
            return await blobs.PutAsync(content);
        }
        catch (IOException e)
        {
            activity?.SetStatus(ActivityStatusCode.Error, e.GetType().Name);
            throw Failures.Translate(e);
        }
    }

    /// <summary>Makes blobs as young as if they were written now: whoever is about to name some that were there before does so first, or they may be
    /// collected in between.</summary>
    /// <exception cref="ClusteringException">One is not there any more, or cannot be reached.</exception>
    public static async Task Keep(this IBlobStore blobs, IEnumerable<string> hashes, CancellationToken cancellation = default)
    {
        foreach (string hash in hashes)
        {
            bool there;
            try
            {
                there = await blobs.TouchAsync(hash, cancellation);
            }
            catch (IOException e)
            {
                throw Failures.Translate(e);
            }

            if (!there)
                throw new ClusteringException($"The blob {hash} is not there, or was collected before anything named it. Nothing was changed: do it again.");
        }
    }

    /// <summary>Deletes a blob that nothing names any more. Should that fail, it stays, unnamed.</summary>
    public static async Task TryDelete(this IBlobStore blobs, string hash)
    {
        try
        {
            await blobs.DeleteAsync(hash);
        }
        catch (IOException)
        {
            // Garbage costs room, not correctness.
        }
    }
}
