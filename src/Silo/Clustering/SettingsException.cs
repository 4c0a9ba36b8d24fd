namespace OrleansCluster.Silo.Clustering;

/// <summary>A setting is missing, unknown or out of range; the message names its key and what it may be.</summary>
public sealed class SettingsException : Exception
{
    public SettingsException()
    {
    }

    public SettingsException(string message)
        : base(message)
    {
    }

    public SettingsException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
