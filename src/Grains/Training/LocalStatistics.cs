using System.Collections.Concurrent;
using OrleansCluster.Numerics.Encoding;

namespace OrleansCluster.Training;

/// <summary>
/// Long statistics that wait on this silo to be fetched. Who asks for one and lives on the silo too takes it as it is, instead of a copy of it in pieces; on
/// other silos nobody finds it here. Thread-safe.
/// </summary>
public sealed class LocalStatistics
{
    private readonly ConcurrentDictionary<(GrainId Grain, string Digest), LocalStatistic> _waiting = new();

    /// <summary>The statistic of a step that a grain has computed, which is the caller's from now on; null when it is not here, or another was first.</summary>
    /// <param name="grain">Which one.</param>
    /// <param name="digest">Of the step.</param>
    internal PooledBytes? Take(GrainId grain, string digest) => _waiting.TryRemove((grain, digest), out LocalStatistic? found) ? found.Take() : null;

    internal void Offer(GrainId grain, string digest, LocalStatistic statistic) => _waiting[(grain, digest)] = statistic;

    internal void Withdraw(GrainId grain, string digest, LocalStatistic statistic) => _waiting.TryRemove(KeyValuePair.Create((grain, digest), statistic));
}

/// <summary>A statistic that one may take and others may read until then.</summary>
internal sealed class LocalStatistic(PooledBytes statistic)
{
    private readonly Lock _lock = new();
    private bool _taken;

    /// <summary>The statistic, for the first who asks.</summary>
    public PooledBytes? Take()
    {
        lock (_lock)
        {
            if (_taken)
                return null;
            _taken = true;
            return statistic;
        }
    }

    /// <summary>A copy of a part, as long as nobody has taken it: nobody knows how long a message that is on its way is read.</summary>
    public byte[]? Copy(int offset, int length)
    {
        lock (_lock)
            return _taken ? null : statistic.Memory.Slice(offset, Math.Min(length, statistic.Length - offset)).ToArray();
    }
}
