namespace OrleansCluster.Datasets;

/// <summary>A blob is missing or damaged. The message names it, where it should be, and what to do.</summary>
public sealed class BlobStoreException : IOException
{
    public BlobStoreException()
    {
    }

    public BlobStoreException(string message)
        : base(message)
    {
    }

    public BlobStoreException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
