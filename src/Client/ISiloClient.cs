using OrleansCluster.Silos;

namespace OrleansCluster.Client;

/// <summary>The silos of the cluster, whosever work they do.</summary>
public interface ISiloClient
{
    /// <summary>Which silos there are, how they are, and what they hold.</summary>
    /// <exception cref="ClusteringException">Over HTTP: whoever asks is no operator of the default tenant.</exception>
    Task<ClusterReport> LookAsync(CancellationToken cancellation = default);
}
