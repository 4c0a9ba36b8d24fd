using System.Collections.Immutable;
using OrleansCluster.Monitoring;

namespace OrleansCluster.Client;

/// <summary>What rows look like under models: observed, kept in windows, and compared with training rows or with each other.</summary>
public interface IMonitorClient
{
    /// <summary>Takes rows into an observation, which the caller holds.</summary>
    /// <exception cref="ClusteringException">No such model or version, it has no profile, or the rows do not fit it.</exception>
    Task<Observation> ObserveAsync(string model, ObserveQuery query, CancellationToken cancellation = default);

    /// <summary>Keeps an observation: adds it to a window of the model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="window">Name of the window; empty: the day, as <c>2026-01-31</c> (UTC).</param>
    /// <param name="observation">What was observed.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The window with it.</returns>
    Task<ObservedWindow> KeepAsync(string model, string window, Observation observation, CancellationToken cancellation = default);

    /// <summary>The windows of a model, the oldest first.</summary>
    Task<ImmutableArray<ObservedWindow>> WindowsAsync(string model, CancellationToken cancellation = default);

    /// <summary>Keeps a check of segments of what a model, or something beside it, predicted.</summary>
    /// <returns>All that are kept, the oldest first.</returns>
    /// <exception cref="ClusteringException">It cannot be kept; the message says why.</exception>
    Task<ImmutableArray<SegmentCheck>> TellAsync(string model, SegmentCheck check, CancellationToken cancellation = default);

    /// <summary>The checks of segments that were told of a model, the oldest first.</summary>
    Task<ImmutableArray<SegmentCheck>> ChecksAsync(string model, CancellationToken cancellation = default);

    /// <summary>Compares an observation or a window with the training rows or another window.</summary>
    /// <exception cref="ClusteringException">No such model, version or window, or it has no profile.</exception>
    Task<DriftReport> CompareAsync(string model, DriftQuery query, CancellationToken cancellation = default);
}
