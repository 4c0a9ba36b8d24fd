namespace OrleansCluster;

/// <summary>
/// Something that is needed is away for the moment (a storage that does not answer, a step that a lost coordinator took with it). Asking again later is worth
/// it.
/// </summary>
[GenerateSerializer, Alias("oc.UnavailableException")]
public sealed class UnavailableException : Exception
{
    public UnavailableException()
    {
    }

    public UnavailableException(string message)
        : base(message)
    {
    }

    public UnavailableException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
