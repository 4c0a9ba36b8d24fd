using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace OrleansCluster.Monitoring;

/// <summary>
/// Rows of each cluster that versions answered, counted where nobody waits for a label: of each version the clusters with the least ids, the others
/// together, and of a bounded number of versions. Thread-safe.
/// </summary>
/// <param name="mostClusters">Clusters of a version that are told apart.</param>
/// <param name="mostVersions">Versions that are counted.</param>
internal sealed class ClusterRows(int mostClusters, int mostVersions)
{
    private readonly ConcurrentDictionary<KeyValuePair<string, object?>[], long[]> _rows = new();

    /// <summary>Counts rows.</summary>
    /// <param name="labels">The labels of the version, always the same array.</param>
    /// <param name="clusters">The stable id of each row's cluster.</param>
    public void Add(KeyValuePair<string, object?>[] labels, ReadOnlySpan<int> clusters)
    {
        if (!_rows.TryGetValue(labels, out long[]? rows))
        {
            if (_rows.Count >= mostVersions)
                return;
            rows = _rows.GetOrAdd(labels, _ => new long[mostClusters + 1]);
        }

        Span<long> mine = stackalloc long[mostClusters + 1];
        mine.Clear();
        foreach (int cluster in clusters)
            mine[(int)Math.Min((uint)cluster, (uint)mostClusters)]++;
        for (int i = 0; i < mine.Length; i++)
        {
            if (mine[i] > 0)
                Interlocked.Add(ref rows[i], mine[i]);
        }
    }

    /// <inheritdoc cref="Add(KeyValuePair{string, object?}[], ReadOnlySpan{int})"/>
    public void Add(KeyValuePair<string, object?>[] labels, ReadOnlyMemory<byte> clusters) => Add(labels, MemoryMarshal.Cast<byte, int>(clusters.Span));

    /// <summary>What was counted.</summary>
    public IEnumerable<Measurement<long>> Tell()
    {
        foreach ((KeyValuePair<string, object?>[] labels, long[] rows) in _rows)
        {
            for (int i = 0; i < rows.Length; i++)
            {
                long count = Interlocked.Read(ref rows[i]);
                string name = i == mostClusters ? ModelLabels.Other : i.ToString(CultureInfo.InvariantCulture);
                if (count > 0)
                    yield return new Measurement<long>(count, [.. labels, new("cluster", name)]);
            }
        }
    }
}
