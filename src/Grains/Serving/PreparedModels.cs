using Microsoft.Extensions.Options;
using OrleansCluster.Compute;
using OrleansCluster.Datasets;
using OrleansCluster.Families;
using OrleansCluster.Models;
using OrleansCluster.Monitoring;

namespace OrleansCluster.Serving;

/// <summary>
/// The parameters that this silo answers with, prepared once and shared by all its assigners, by content hash. Bounded in bytes:
/// those used longest ago go first, and are prepared again when they are asked for. Thread-safe.
/// </summary>
public sealed class PreparedModels(IBlobStore blobs, FamilyRegistry families, ICompute compute, IOptions<ServingOptions> options)
{
    private readonly object _lock = new();
    private readonly Dictionary<string, LinkedListNode<Entry>> _entries = new(StringComparer.Ordinal);
    private readonly LinkedList<Entry> _byUse = new();
    private long _bytes;

    /// <summary>The model whose parameters have this content hash.</summary>
    /// <exception cref="ClusteringException">They are missing or damaged; the message names their file.</exception>
    internal async Task<PreparedModel> Get(string parameters, CancellationToken cancellation)
    {
        Entry entry;
        lock (_lock)
        {
            if (_entries.TryGetValue(parameters, out LinkedListNode<Entry>? node))
            {
                _byUse.Remove(node);
                _byUse.AddLast(node);
            }
            else
            {
                node = _byUse.AddLast(new Entry(parameters, Prepare(parameters)));
                _entries.Add(parameters, node);
            }

            entry = node.Value;
        }

        try
        {
            PreparedModel model = await entry.Model.WaitAsync(cancellation);
            Account(entry, model.Bytes);
            return model;
        }
        catch when (entry.Model.IsFaulted)
        {
            Remove(entry);
            throw;
        }
    }

    private async Task<PreparedModel> Prepare(string parameters)
    {
        // Leave the lock before anything is called.
        await Task.Yield();
        IModel model = await blobs.ReadModel(families, compute, parameters);
        return await compute.Run(ComputePriority.Serving, _ => model.Prepare());
    }

    private void Account(Entry entry, long bytes)
    {
        lock (_lock)
        {
            if (entry.Bytes != 0 || !_entries.TryGetValue(entry.Parameters, out LinkedListNode<Entry>? node) || node.Value != entry)
                return;
            entry.Bytes = bytes;
            _bytes += bytes;
            ClusterTelemetry.ModelsTake(bytes);
            // The newest stays, however large: somebody waits for it. Who has one keeps it, whatever is dropped here.
            while (_bytes > options.Value.ModelBytes && _byUse.First != _byUse.Last)
            {
                Drop(_byUse.First!);
                ClusterTelemetry.ModelDropped();
            }
        }
    }

    private void Remove(Entry entry)
    {
        lock (_lock)
        {
            if (_entries.TryGetValue(entry.Parameters, out LinkedListNode<Entry>? node) && node.Value == entry)
                Drop(node);
        }
    }

    private void Drop(LinkedListNode<Entry> node)
    {
        _byUse.Remove(node);
        _entries.Remove(node.Value.Parameters);
        _bytes -= node.Value.Bytes;
        ClusterTelemetry.ModelsTake(-node.Value.Bytes);
    }

    private sealed class Entry(string parameters, Task<PreparedModel> model)
    {
        public string Parameters => parameters;

        public Task<PreparedModel> Model => model;

        public long Bytes { get; set; }
    }
}
