using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;

namespace OrleansCluster.Monitoring;

/// <summary>
/// Rows that versions answered, counted where nobody waits for a label and told when somebody asks: of each version all of them, and of a bounded number of
/// versions those of the clusters with the least ids and of the others together. Thread-safe.
/// </summary>
/// <param name="mostClusters">Clusters of a version that are told apart.</param>
/// <param name="mostVersions">Versions whose clusters are counted.</param>
internal sealed class AnsweredRows(int mostClusters, int mostVersions)
{
    /// <summary>Fewer are counted one by one: it takes less than going over all clusters.</summary>
    private const int FewRows = 16;

    private readonly ConcurrentDictionary<KeyValuePair<string, object?>[], Counted> _versions = new();
    private int _clustered;

    /// <summary>Counts rows.</summary>
    /// <param name="labels">The labels of the version, always the same array.</param>
    /// <param name="rows">How many.</param>
    /// <param name="clusters">The stable id of each row's cluster; empty: nobody told.</param>
    /// <returns>Whether they are the version's first.</returns>
    public bool Add(KeyValuePair<string, object?>[] labels, long rows, ReadOnlySpan<int> clusters)
    {
        bool isFirst = false;
        if (!_versions.TryGetValue(labels, out Counted? counted))
        {
            var made = new Counted();
            counted = _versions.GetOrAdd(labels, made);
            isFirst = ReferenceEquals(counted, made);
        }

        Interlocked.Add(ref counted.Rows, rows);
        if (!clusters.IsEmpty && Clusters(counted) is { } mine)
            Count(clusters, mine);
        return isFirst;
    }

    /// <summary>Rows of each version.</summary>
    public IEnumerable<Measurement<long>> Tell() => _versions.Select(version => new Measurement<long>(Interlocked.Read(ref version.Value.Rows), version.Key));

    /// <summary>Rows of each cluster.</summary>
    public IEnumerable<Measurement<long>> TellClusters()
    {
        foreach ((KeyValuePair<string, object?>[] labels, Counted counted) in _versions)
        {
            long[] clusters = counted.Clusters ?? [];
            for (int i = 0; i < clusters.Length; i++)
            {
                long count = Interlocked.Read(ref clusters[i]);
                string name = i == mostClusters ? ModelLabels.Other : i.ToString(CultureInfo.InvariantCulture);
                if (count > 0)
                    yield return new Measurement<long>(count, [.. labels, new("cluster", name)]);
            }
        }
    }

    /// <summary>Where the rows of a version's clusters are counted; null: nowhere, there are too many versions.</summary>
    private long[]? Clusters(Counted counted)
    {
        if (counted.Clusters is { } known)
            return known;
        if (Volatile.Read(ref _clustered) >= mostVersions)
            return null;
        if (Interlocked.CompareExchange(ref counted.Clusters, new long[mostClusters + 1], null) is null)
            Interlocked.Increment(ref _clustered);
        return counted.Clusters;
    }

    private void Count(ReadOnlySpan<int> clusters, long[] into)
    {
        if (clusters.Length < FewRows)
        {
            foreach (int cluster in clusters)
                Interlocked.Increment(ref into[(int)Math.Min((uint)cluster, (uint)mostClusters)]);
            return;
        }

        Span<long> mine = stackalloc long[mostClusters + 1];
        mine.Clear();
        foreach (int cluster in clusters)
            mine[(int)Math.Min((uint)cluster, (uint)mostClusters)]++;
        for (int i = 0; i < mine.Length; i++)
        {
            if (mine[i] > 0)
                Interlocked.Add(ref into[i], mine[i]);
        }
    }

    private sealed class Counted
    {
        public long Rows;
        public long[]? Clusters;
    }
}
