using System.Collections.Concurrent;
using System.Text.Json;
using OrleansCluster.Contracts;
using OrleansCluster.Datasets;
using OrleansCluster.Json;

namespace OrleansCluster.Monitoring;

/// <summary>The reference profiles of versions that are watched from this silo, by the hash of their package, read once. Thread-safe.</summary>
public sealed class ReferenceProfiles(IBlobStore blobs)
{
    /// <summary>When there are this many they are read again: that takes milliseconds.</summary>
    private const int Many = 256;

    private readonly ConcurrentDictionary<string, ReferenceProfile> _profiles = new(StringComparer.Ordinal);

    /// <summary>The profile of a version.</summary>
    /// <param name="package">Content hash of its package; empty: it has none.</param>
    /// <param name="model">Its name, for messages.</param>
    /// <param name="version">Its number.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="ClusteringException">Nobody looked at the rows that it was trained on, or what was seen cannot be read.</exception>
    internal async Task<ReferenceProfile> Get(string package, string model, int version, CancellationToken cancellation)
    {
        if (_profiles.TryGetValue(package, out ReferenceProfile? known))
            return known;
        PackageDocument? document = package.Length == 0 ? null : PackageEncoding.Decode(await blobs.Get(package, cancellation));
        if (document is not { Profile.Length: > 0 })
            throw new ClusteringException(
                $"Version {version} of '{model}' was trained by a program that kept nothing of what its rows looked like: train it again to compare rows "
                    + "with them.");
        byte[] bytes = await blobs.Get(document.Profile, cancellation);
        ProfileFile file;
        try
        {
            file = JsonSerializer.Deserialize(bytes, ContractJson.Default.ProfileFile) ?? throw new JsonException("it is empty.");
        }
        catch (JsonException e)
        {
            throw new ClusteringException($"The profile {document.Profile} cannot be read: {e.Message}");
        }

        if (file.FormatVersion > ProfileFile.Format)
            throw new ClusteringException(
                $"The profile has format {file.FormatVersion}, this program reads up to {ProfileFile.Format}: use a newer one.");
        if (_profiles.Count >= Many)
            _profiles.Clear();
        return _profiles[package] = ReferenceProfile.Of(document, file.Profile);
    }
}
