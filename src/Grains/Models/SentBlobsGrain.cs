using System.Collections.Immutable;

namespace OrleansCluster.Models;

/// <inheritdoc cref="ISentBlobsGrain"/>
public sealed class SentBlobsGrain : Grain, ISentBlobsGrain
{
    /// <summary>Blobs of some ten thousand versions; beyond that all is forgotten.</summary>
    private const int MostKept = 1 << 17;

    private static readonly TimeSpan Patience = TimeSpan.FromHours(2);

    private readonly HashSet<string> _sent = new(StringComparer.Ordinal);

    public Task Note(string hash, CancellationToken cancellation = default)
    {
        if (_sent.Count >= MostKept)
            _sent.Clear();
        _sent.Add(hash);
        DelayDeactivation(Patience);
        return Task.CompletedTask;
    }

    public Task<string?> Lacks(ImmutableArray<string> hashes, CancellationToken cancellation = default) =>
        Task.FromResult(hashes.FirstOrDefault(hash => !_sent.Contains(hash)));
}
