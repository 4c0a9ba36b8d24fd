using System.Collections.Immutable;
using System.Text.Json;
using OrleansCluster.Client;
using OrleansCluster.Contracts.Api;
using OrleansCluster.Models;
using OrleansCluster.Monitoring;
using OrleansCluster.Retraining;

namespace OrleansCluster.Pages.Facts;

/// <summary>How a version fares: what it was asked, window by window, beside what it was trained on, and how the model is retrained.</summary>
public sealed record WatchFacts
{
    /// <summary>Windows that are compared for a page.</summary>
    public const int MostWindows = 16;

    public required ModelFacts Model { get; init; }

    /// <summary>The newest windows of the version, the oldest first.</summary>
    public ImmutableArray<ObservedWindow> Windows { get; init; } = [];

    /// <summary>Each window beside the training rows.</summary>
    public ImmutableArray<DriftDocument> Drift { get; init; } = [];

    /// <summary>Which of the windows is shown whole; −1: there is none.</summary>
    public int Shown { get; init; } = -1;

    /// <summary>Checks of segments that were told of the model, the oldest first.</summary>
    public ImmutableArray<SegmentCheck> Checks { get; init; } = [];

    /// <summary>How the model is retrained by itself; null: it is not.</summary>
    public RetrainingStatus? Retraining { get; init; }

    /// <summary>Looks it up.</summary>
    /// <param name="client">Where.</param>
    /// <param name="model">The model and its version.</param>
    /// <param name="window">Name of the window that is shown whole; null: the newest.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="ClusteringException">A window cannot be compared.</exception>
    public static async Task<WatchFacts> LoadAsync(IClusteringClient client, ModelFacts model, string? window, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(model);
        ModelVersion version = model.Version;
        Task<RetrainingStatus?> retraining = client.Retraining.StatusAsync(version.Name, cancellation);
        Task<ImmutableArray<SegmentCheck>> checks = client.Monitor.ChecksAsync(version.Name, cancellation);
        ImmutableArray<ObservedWindow> all = await client.Monitor.WindowsAsync(version.Name, cancellation).ConfigureAwait(false);
        ImmutableArray<ObservedWindow> windows = [.. all.Where(one => one.Version == version.Version).TakeLast(MostWindows)];
        DriftDocument[] drift = await Task.WhenAll(windows.Select(async one =>
        {
            var query = new DriftQuery { Version = version.Version, Window = one.Name };
            DriftReport report = await client.Monitor.CompareAsync(version.Name, query, cancellation).ConfigureAwait(false);
            return JsonSerializer.Deserialize(report.Document.Span, ApiJson.Default.DriftDocument)!;
        })).ConfigureAwait(false);
        int shown = window is null ? windows.Length - 1 : windows.Select(one => one.Name).ToList().IndexOf(window);
        return new WatchFacts
        {
            Model = model,
            Windows = windows,
            Drift = [.. drift],
            Shown = shown >= 0 ? shown : windows.Length - 1,
            Checks = await checks.ConfigureAwait(false),
            Retraining = await retraining.ConfigureAwait(false),
        };
    }
}
