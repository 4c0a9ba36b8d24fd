using System.Collections.Immutable;
using System.Text.Json;
using OrleansCluster.Client;
using OrleansCluster.Contracts;
using OrleansCluster.Models;
using OrleansCluster.Models.Routing;

namespace OrleansCluster.Pages.Facts;

/// <summary>A model, and one of its versions: what pages about it show.</summary>
public sealed record ModelFacts
{
    /// <summary>Entries of the audit trail that are shown unless more are asked for.</summary>
    public const int UsualEvents = 20;

    public required ModelOutline Model { get; init; }

    public required ModelVersion Version { get; init; }

    /// <summary>How the bare name is answered now; null: it is not known.</summary>
    public RouteStatus? Route { get; init; }

    /// <summary>The audit trail, newest first, as far as it is shown.</summary>
    public ImmutableArray<ModelEvent> Events { get; init; } = [];

    /// <summary>Whether the trail goes on.</summary>
    public bool HasMoreEvents { get; init; }

    /// <summary>The version that the alias <c>champion</c> names; 0: none.</summary>
    public int Champion => Model.Info.Aliases.FirstOrDefault(alias => alias.Name == ModelReference.Champion)?.Version ?? 0;

    /// <summary>The version in a line.</summary>
    public VersionSummary Summary => Model.Versions.First(version => version.Version == Version.Version);

    /// <summary>Looks up what an overview shows.</summary>
    public static async Task<ModelFacts> LoadAsync(
        IClusteringClient client, ModelOutline model, int version, int events, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(model);
        Task<RouteStatus?> route = client.Models.RouteAsync(model.Name, cancellation);
        ModelVersion whole = await WholeAsync(client, model, version, cancellation).ConfigureAwait(false);
        var trail = new List<ModelEvent>();
        await foreach (ModelEvent e in client.Models.EventsAsync(model.Name, cancellation).ConfigureAwait(false))
        {
            trail.Add(e);
            if (trail.Count > events)
                break;
        }

        return new ModelFacts
        {
            Model = model,
            Version = whole,
            Route = await route.ConfigureAwait(false),
            Events = [.. trail.Take(events)],
            HasMoreEvents = trail.Count > events,
        };
    }

    /// <summary>A version with its whole training.</summary>
    /// <exception cref="ClusteringException">There is none.</exception>
    public static async Task<ModelVersion> WholeAsync(IClusteringClient client, ModelOutline model, int version, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(model);
        return await client.Models.VersionAsync(model.Name, version, cancellation).ConfigureAwait(false)
            ?? throw new ClusteringException($"Version {version} of the model '{model.Name}' is gone.");
    }

    /// <summary>What a version's training rows look like; null: nobody looked, or it was pruned.</summary>
    internal static async Task<ProfileDocument?> ProfileAsync(IClusteringClient client, ModelVersion version, CancellationToken cancellation)
    {
        if (version.Pruned is not null)
            return null;
        ModelPackage? package = await client.Models.PackageAsync(version.Name, version.Version, cancellation).ConfigureAwait(false);
        return package is null || package.Profile.IsEmpty ? null
            : JsonSerializer.Deserialize(package.Profile.Span, ContractJson.Default.ProfileFile)?.Profile;
    }
}
