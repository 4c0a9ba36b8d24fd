namespace OrleansCluster.Tenancy;

/// <summary>
/// What was asked on this silo since the audit log was last told: how often, about how many rows. What is here when the process dies is lost. Thread-safe.
/// </summary>
public sealed class AuditTally(IGrainFactory grains, TimeProvider time)
{
    /// <summary>Entries beyond which new kinds of questions are not told apart any more by who asks.</summary>
    private const int Most = 10_000;

    private readonly Lock _lock = new();
    private Dictionary<AuditTallyKey, Counts> _counts = [];

    /// <summary>Notes a call.</summary>
    /// <param name="key">What was asked.</param>
    /// <param name="detail">What is told beside.</param>
    /// <param name="rows">Rows that the answer is about.</param>
    /// <param name="times">How many questions were put together.</param>
    internal void Add(AuditTallyKey key, string detail, long rows, long times = 1)
    {
        lock (_lock)
        {
            if (!_counts.TryGetValue(key, out Counts? counts))
            {
                if (_counts.Count >= Most)
                    key = key with { Who = "" };
                if (!_counts.TryGetValue(key, out counts))
                    _counts.Add(key, counts = new Counts { Since = time.GetUtcNow(), Detail = detail });
            }

            counts.Times += times;
            counts.Rows += rows;
            // Of several datasets there is nothing to say beside.
            if (counts.Detail != detail)
                counts.Detail = "";
        }
    }

    /// <summary>Tells the logs. What cannot be told is told the next time.</summary>
    /// <returns>The failure of the last that could not be told; null: all were.</returns>
    public async Task<Exception?> FlushAsync(CancellationToken cancellation = default)
    {
        Dictionary<AuditTallyKey, Counts> counts;
        lock (_lock)
            (counts, _counts) = (_counts, []);
        Exception? failure = null;
        foreach (IGrouping<string, KeyValuePair<AuditTallyKey, Counts>> of in counts.GroupBy(one => TenantBoundary.TenantOf(one.Key.Grain) ?? ""))
        {
            if (of.Key.Length == 0)
                continue;
            try
            {
                await grains.GetGrain<IAuditGrain>(GrainKeys.For(of.Key, IAuditGrain.Name)).Append([.. Records(of)], cancellation);
            }
            catch (Exception e) when (
                e is ClusteringException or OrleansException or TimeoutException or OperationCanceledException or ObjectDisposedException)
            {
                failure = e;
                Return(of);
            }
        }

        return failure;
    }

    /// <summary>Readings of one dataset are many grains, and one thing that was asked.</summary>
    private static IEnumerable<AuditRecord> Records(IEnumerable<KeyValuePair<AuditTallyKey, Counts>> counts) => counts
        .GroupBy(one => (one.Key.Who, one.Key.Call.What, Which: one.Key.Which.Length > 0 ? one.Key.Which : AuditFilter.NameOf(one.Key.Grain), one.Key.Outcome))
        .OrderBy(same => same.Min(one => one.Value.Since))
        .ThenBy(same => (same.Key.What, same.Key.Which, same.Key.Who))
        .Select(same => new AuditRecord
        {
            Who = AuditedCall.Short(same.Key.Who),
            What = same.Key.What,
            Which = AuditedCall.Short(same.Key.Which),
            Detail = same.Select(one => one.Value.Detail).Distinct().Count() == 1 ? same.First().Value.Detail : "",
            Outcome = same.Key.Outcome,
            Times = same.Sum(one => one.Value.Times),
            Rows = same.Sum(one => one.Value.Rows),
            Since = same.Min(one => one.Value.Since),
        });

    private void Return(IEnumerable<KeyValuePair<AuditTallyKey, Counts>> counts)
    {
        lock (_lock)
        {
            foreach ((AuditTallyKey key, Counts before) in counts)
            {
                if (_counts.TryGetValue(key, out Counts? since))
                    (before.Times, before.Rows) = (before.Times + since.Times, before.Rows + since.Rows);
                _counts[key] = before;
            }
        }
    }

    private sealed class Counts
    {
        public long Times { get; set; }

        public long Rows { get; set; }

        public DateTimeOffset Since { get; init; }

        public string Detail { get; set; } = "";
    }
}

/// <summary>Calls that are told as one.</summary>
internal readonly record struct AuditTallyKey(AuditedCall Call, GrainId Grain, string Which, string Who, string Outcome = AuditOutcomes.Done);
