using OrleansCluster.Compute;
using OrleansCluster.Datasets;
using OrleansCluster.Families;

namespace OrleansCluster.Models;

/// <summary>Parameters in the blob store.</summary>
internal static class ModelBlobs
{
    /// <summary>Parameters as they were published, decoded and checked on the pool.</summary>
    /// <exception cref="ClusteringException">They are missing or damaged; the message names their file.</exception>
    public static async Task<IModel> ReadModel(this IBlobStore blobs, FamilyRegistry families, ICompute compute, string hash)
    {
        try
        {
            byte[] bytes = await blobs.ReadAsync(hash);
            return await compute.Run(ComputePriority.Serving, _ => families.Decode(bytes));
        }
        catch (IOException e)
        {
            throw Failures.Translate(e);
        }
        catch (InvalidDataException e)
        {
            throw new ClusteringException($"The parameters {hash} cannot be read: {e.Message}");
        }
    }
}
