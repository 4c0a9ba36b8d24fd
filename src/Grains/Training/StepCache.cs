using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using OrleansCluster.Numerics.Training;

namespace OrleansCluster.Training;

/// <summary>
/// The contents of steps on this silo, by digest, so that a step travels once per silo however many partitions compute it.
/// Bounded in bytes: the steps used longest ago go first. Thread-safe.
/// </summary>
public sealed class StepCache
{
    private readonly object _lock = new();
    private readonly long _capacity;
    private readonly Dictionary<string, LinkedListNode<Entry>> _entries = new(StringComparer.Ordinal);
    private readonly LinkedList<Entry> _byUse = new();
    private long _bytes;

    public StepCache(IOptions<TrainingOptions> options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _capacity = options.Value.StepCacheBytes;
    }

    /// <summary>Puts a step there; the newest one always stays.</summary>
    public void Put(string digest, ReadOnlyMemory<byte> bytes)
    {
        lock (_lock)
        {
            if (Touch(digest) is not null)
                return;
            Add(new Entry(digest, Task.FromResult(PooledBytes.Of(bytes)), bytes.Length));
        }
    }

    /// <summary>The step's bytes until the lease is disposed, fetched by the first who asks. A failed fetch is forgotten, so the next who asks tries again.</summary>
    /// <exception cref="ClusteringException">What was fetched does not bear that digest.</exception>
    public async Task<StepLease> Get(string digest, Func<Task<PooledBytes>> fetch)
    {
        Entry? entry;
        bool mine = false;
        lock (_lock)
        {
            entry = Touch(digest);
            if (entry is null)
            {
                entry = new Entry(digest, Fetch(digest, fetch), 0);
                Add(entry);
                mine = true;
            }

            entry.Users++;
        }

        try
        {
            PooledBytes bytes = await entry.Content;
            if (mine)
                Account(entry, bytes.Length);
            return new StepLease(bytes, () => Release(entry));
        }
        catch when (mine)
        {
            Remove(entry);
            throw;
        }
    }

    private static async Task<PooledBytes> Fetch(string digest, Func<Task<PooledBytes>> fetch)
    {
        // Leave the lock before anything is called.
        await Task.Yield();
        PooledBytes bytes = await fetch();
        string actual = Convert.ToHexStringLower(SHA256.HashData(bytes.Memory.Span));
        return actual == digest
            ? bytes
            : throw new ClusteringException($"The step {digest} arrived damaged (its content is {actual}).");
    }

    private Entry? Touch(string digest)
    {
        if (!_entries.TryGetValue(digest, out LinkedListNode<Entry>? node))
            return null;
        _byUse.Remove(node);
        _byUse.AddLast(node);
        return node.Value;
    }

    private void Add(Entry entry)
    {
        _entries.Add(entry.Digest, _byUse.AddLast(entry));
        _bytes += entry.Length;
        while (_bytes > _capacity && _byUse.First != _byUse.Last)
            Drop(_byUse.First!);
    }

    private void Account(Entry entry, int length)
    {
        lock (_lock)
        {
            if (!_entries.TryGetValue(entry.Digest, out LinkedListNode<Entry>? node) || node.Value != entry)
                return;
            entry.Length = length;
            _bytes += length;
            while (_bytes > _capacity && _byUse.First != _byUse.Last)
                Drop(_byUse.First!);
        }
    }

    private void Remove(Entry entry)
    {
        lock (_lock)
        {
            if (_entries.TryGetValue(entry.Digest, out LinkedListNode<Entry>? node) && node.Value == entry)
                Drop(node);
        }
    }

    private void Drop(LinkedListNode<Entry> node)
    {
        _byUse.Remove(node);
        _entries.Remove(node.Value.Digest);
        _bytes -= node.Value.Length;
        node.Value.Dropped = true;
        GiveBack(node.Value);
    }

    private void Release(Entry entry)
    {
        lock (_lock)
        {
            entry.Users--;
            GiveBack(entry);
        }
    }

    private static void GiveBack(Entry entry)
    {
        if (entry is { Dropped: true, Users: 0, Content.IsCompletedSuccessfully: true })
            entry.Content.Result.Dispose();
    }

    private sealed class Entry(string digest, Task<PooledBytes> content, int length)
    {
        public string Digest => digest;

        public Task<PooledBytes> Content => content;

        public int Length { get; set; } = length;

        public int Users { get; set; }

        public bool Dropped { get; set; }
    }
}

/// <summary>The right to read a step's bytes; dispose it when it is certain that nobody reads them any more.</summary>
public sealed class StepLease : IDisposable
{
    private readonly PooledBytes _step;
    private Action? _release;

    internal StepLease(PooledBytes step, Action release) => (_step, _release) = (step, release);

    public ReadOnlyMemory<byte> Bytes => _step;

    public void Dispose() => Interlocked.Exchange(ref _release, null)?.Invoke();
}
