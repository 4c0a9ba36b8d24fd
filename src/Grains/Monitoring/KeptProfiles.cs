namespace OrleansCluster.Monitoring;

/// <summary>
/// What clusters were told to be like on this silo: computing it takes seconds, and it is the same for ever. What was asked for longest ago goes first when
/// there is too much of it; what is under way is joined, whoever began it.
/// </summary>
public sealed class KeptProfiles
{
    /// <summary>Bytes that are kept at most, besides what was told last.</summary>
    private const long MostBytes = 32 << 20;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, LinkedListNode<Kept>> _known = new(StringComparer.Ordinal);

    /// <summary>What was asked for last comes first.</summary>
    private readonly LinkedList<Kept> _order = new();

    /// <summary>What is known under a name, or else is computed. What failed is not known, and computed again.</summary>
    /// <param name="name">Says all that it depends on.</param>
    /// <param name="compute">Begins to compute it.</param>
    public Task<ClusterProfiles> Get(string name, Func<Task<ClusterProfiles>> compute)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(compute);
        lock (_lock)
        {
            if (_known.TryGetValue(name, out LinkedListNode<Kept>? node) && !node.Value.Profiles.IsFaulted && !node.Value.Profiles.IsCanceled)
            {
                _order.Remove(node);
                _order.AddFirst(node);
                return node.Value.Profiles;
            }

            if (node is not null)
                Forget(node);
            Task<ClusterProfiles> begun = compute();
            _known[name] = _order.AddFirst(new Kept(name, begun));
            LetGo();
            return begun;
        }
    }

    private void LetGo()
    {
        long bytes = _order.Sum(kept => kept.Bytes);
        for (LinkedListNode<Kept>? node = _order.Last; node is not null && node != _order.First && bytes > MostBytes;)
        {
            LinkedListNode<Kept>? before = node.Previous;
            // What is under way takes none yet, and is waited for.
            if (node.Value.Profiles.IsCompleted)
            {
                bytes -= node.Value.Bytes;
                Forget(node);
            }

            node = before;
        }
    }

    private void Forget(LinkedListNode<Kept> node)
    {
        _order.Remove(node);
        _known.Remove(node.Value.Name);
    }

    private sealed record Kept(string Name, Task<ClusterProfiles> Profiles)
    {
        public long Bytes => Profiles.IsCompletedSuccessfully ? Profiles.Result.Document.Length : 0;
    }
}
