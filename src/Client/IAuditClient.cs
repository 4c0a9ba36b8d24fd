using OrleansCluster.Tenancy;

namespace OrleansCluster.Client;

/// <summary>The audit log: every change, and who read rows or asked about them (counted), each entry sealed with the hash of the one before.</summary>
public interface IAuditClient
{
    /// <summary>A page of entries as they are kept, oldest first (<see cref="AuditPage.Lines"/>).</summary>
    /// <param name="page">From 0; -1: the newest. Past the last there are no lines.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="ClusteringException">The page cannot be read.</exception>
    Task<AuditPage> PageAsync(long page = -1, CancellationToken cancellation = default);
}
