namespace OrleansCluster.Datasets;

/// <summary>Data that cannot be used as it is. The message names the file, the row and the column where they are known, and what to do.</summary>
public sealed class DataFormatException : Exception
{
    public DataFormatException()
    {
    }

    public DataFormatException(string message)
        : base(message)
    {
    }

    public DataFormatException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
