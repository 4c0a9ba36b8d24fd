using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using OrleansCluster.Numerics.Encoding;

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
    public void Put(EncodedStep step)
    {
        ArgumentNullException.ThrowIfNull(step);
        lock (_lock)
        {
            if (Touch(step.Digest) is null)
                Add(new Entry(step.Digest, Task.FromResult(new Fetched(step, null))) { Length = step.Length });
        }
    }

    /// <summary>The step until the lease is disposed, fetched by the first who asks. A failed fetch is forgotten, so the next who asks tries again.</summary>
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
                entry = new Entry(digest, Fetch(digest, fetch));
                Add(entry);
                mine = true;
            }

            entry.Users++;
        }

        try
        {
            Fetched fetched = await entry.Content;
            // Whoever computes it reads its bytes once for all, and what it makes of them (factors, tables of kernels) takes about as much memory twice more.
            if (mine)
                Account(entry, 4L * fetched.Step.Length);
            return new StepLease(fetched.Step, () => Release(entry));
        }
        catch when (mine)
        {
            Remove(entry);
            throw;
        }
    }

    private static async Task<Fetched> Fetch(string digest, Func<Task<PooledBytes>> fetch)
    {
        // Leave the lock before anything is called.
        await Task.Yield();
        PooledBytes bytes = await fetch();
        string actual = Convert.ToHexStringLower(SHA256.HashData(bytes.Memory.Span));
        return actual == digest
            ? new Fetched(new EncodedStep(digest, bytes), bytes)
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

    private void Account(Entry entry, long length)
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
            entry.Content.Result.Bytes?.Dispose();
    }

    /// <summary>A step, and the bytes of the pool that it lies in, if it does.</summary>
    private sealed record Fetched(EncodedStep Step, PooledBytes? Bytes);

    private sealed class Entry(string digest, Task<Fetched> content)
    {
        public string Digest => digest;

        public Task<Fetched> Content => content;

        public long Length { get; set; }

        public int Users { get; set; }

        public bool Dropped { get; set; }
    }
}

/// <summary>The right to read a step; dispose it when it is certain that nobody reads it any more.</summary>
public sealed class StepLease : IDisposable
{
    private readonly EncodedStep _step;
    private Action? _release;

    internal StepLease(EncodedStep step, Action release) => (_step, _release) = (step, release);

    /// <exception cref="ObjectDisposedException">The lease was disposed.</exception>
    public EncodedStep Step
    {
        get
        {
            ObjectDisposedException.ThrowIf(Volatile.Read(ref _release) is null, this);
            return _step;
        }
    }

    public void Dispose() => Interlocked.Exchange(ref _release, null)?.Invoke();
}
