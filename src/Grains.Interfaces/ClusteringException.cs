namespace OrleansCluster;

/// <summary>A request that cannot be carried out. The message is for the person who asked: what is wrong, where, and what to do.</summary>
[GenerateSerializer, Alias("oc.ClusteringException")]
public sealed class ClusteringException : Exception
{
    public ClusteringException()
    {
    }

    public ClusteringException(string message)
        : base(message)
    {
    }

    public ClusteringException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
