using OrleansCluster.Tenancy;

namespace OrleansCluster.Client;

/// <summary>What the tenant used: time of threads, questions and rows by model and day, and what its datasets take.</summary>
public interface IUsageClient
{
    /// <summary>Most days of a question.</summary>
    public const int MostDays = 366;

    /// <summary>What was used. Silos tell what they counted every half minute: a crash loses at most that.</summary>
    /// <param name="since">The first day (UTC).</param>
    /// <param name="until">The last day.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="ClusteringException">The days are out of order, or more than <see cref="MostDays"/>.</exception>
    Task<UsageReport> ReadAsync(DateOnly since, DateOnly until, CancellationToken cancellation = default);
}
