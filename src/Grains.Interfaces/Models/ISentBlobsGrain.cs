using System.Collections.Immutable;

namespace OrleansCluster.Models;

/// <summary>
/// Which blobs a tenant has sent here lately; key: <c>tenant/</c><see cref="Name"/>. Content is stored once, whoever's it is: a model that comes from elsewhere
/// may name what its tenant sent, and nothing else. Kept in memory only: who finds it forgotten sends it again.
/// </summary>
[Alias("oc.ISentBlobsGrain")]
public interface ISentBlobsGrain : IGrainWithStringKey
{
    /// <summary>What stands for a name in its key.</summary>
    const string Name = "sent";

    /// <summary>Says that the tenant sent a blob, all of it.</summary>
    [Alias("Note")]
    Task Note(string hash, CancellationToken cancellation = default);

    /// <summary>The first of some blobs that was not sent within the last hours; null: all were.</summary>
    [Alias("Lacks")]
    Task<string?> Lacks(ImmutableArray<string> hashes, CancellationToken cancellation = default);
}
