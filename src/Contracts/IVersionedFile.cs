namespace OrleansCluster.Contracts;

/// <summary>A document that is a file of its own, and says in which format it was written.</summary>
public interface IVersionedFile
{
    /// <summary>From 1; builds read what earlier ones wrote.</summary>
    int FormatVersion { get; }
}
