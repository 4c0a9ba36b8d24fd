using OrleansCluster.Contracts;
using OrleansCluster.Datasets;
using OrleansCluster.Json;
using OrleansCluster.Models;
using OrleansCluster.Numerics.Preparation;

namespace OrleansCluster.Serving;

/// <summary>What serving needs of a version beside its prepared parameters.</summary>
/// <param name="Parameters">Content hash of the parameters' blob.</param>
/// <param name="Labels">The stable ids of its clusters.</param>
/// <param name="Preparation">What is done to rows first; null: nothing.</param>
internal sealed record ServedPackage(string Parameters, LabelMap Labels, FittedPreparation? Preparation = null);

/// <summary>The packages of the versions that this silo answers with, by content hash, read once; a fixed number of the newest. Thread-safe.</summary>
public sealed class Packages(IBlobStore blobs)
{
    private const int Kept = 256;

    private readonly object _lock = new();
    private readonly Dictionary<string, ServedPackage> _packages = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = new();

    /// <summary>The package of a version; of one that was published before there were packages, what its parameters and alignment say.</summary>
    /// <exception cref="ClusteringException">It is missing, damaged or of a newer program; the message names its file.</exception>
    internal async Task<ServedPackage> Get(ResolvedVersion version, CancellationToken cancellation)
    {
        // An alignment names its version, as a package does.
        string name = version.Package.Length > 0 ? version.Package : version.Alignment;
        if (name.Length == 0)
            return new ServedPackage(version.Parameters, LabelMap.Identity);
        lock (_lock)
        {
            if (_packages.TryGetValue(name, out ServedPackage? known))
                return known;
        }

        ServedPackage package = await Read(version, cancellation);
        lock (_lock)
        {
            if (_packages.TryAdd(name, package))
            {
                _order.Enqueue(name);
                while (_order.Count > Kept)
                    _packages.Remove(_order.Dequeue());
            }
        }

        return package;
    }

    private async Task<ServedPackage> Read(ResolvedVersion version, CancellationToken cancellation)
    {
        if (version.Package.Length == 0)
            return new ServedPackage(version.Parameters,
                new LabelMap([.. AlignmentEncoding.Decode(await blobs.Get(version.Alignment, cancellation)).Labels.Ids]));
        PackageDocument package = PackageEncoding.Decode(await blobs.Get(version.Package, cancellation));
        return new ServedPackage(package.Parameters.Hash, LabelMap.Of(package.Labels), PreparationEncoding.Read(package.Preparation));
    }
}
