using System.Collections.Concurrent;
using System.Collections.Immutable;
using OrleansCluster.Compute;
using OrleansCluster.Monitoring;

namespace OrleansCluster.Tenancy;

/// <summary>
/// What tenants used of this silo since their usage was last told: how long threads worked, questions answered. What is here when the process dies is lost.
/// Thread-safe.
/// </summary>
public sealed class UsageMeter(ComputeShares shares, IGrainFactory grains, ILocalSiloDetails silo, TimeProvider time)
{
    /// <summary>Models that are told apart; beyond that the tenant's work is no one model's.</summary>
    private const int Most = 10_000;

    private readonly ConcurrentDictionary<(string Tenant, string Model), ModelMeter> _meters = new();
    private readonly Dictionary<string, UsagePart> _untold = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _one = new(1);
    private DateOnly _day = UsageDays.Of(time.GetUtcNow());
    private long _parts;

    /// <summary>Where what is done for a model is counted.</summary>
    /// <param name="tenant">Whose it is.</param>
    /// <param name="model">Its name; empty: it is no one model's.</param>
    public ModelMeter Of(string tenant, string model)
    {
        if (_meters.TryGetValue((tenant, model), out ModelMeter? meter))
            return meter;
        if (_meters.Count >= Most)
            model = "";
        return _meters.GetOrAdd((tenant, model), static (key, shares) => new ModelMeter(shares.Of(key.Tenant)), shares);
    }

    /// <summary>The account of the tenant that is called for; null: it is called for nobody.</summary>
    public ComputeAccount? Caller() =>
        RequestContext.Get(GrainKeys.CallContext) is string { Length: > 0 } tenant && tenant[0] != '_' ? Of(tenant, "").Training : null;

    /// <summary>Tells the tenants' usage, and on each new day measures what is stored. What cannot be told is told the next time, and counts once.</summary>
    /// <returns>The failure of the last that could not be told; null: all were.</returns>
    public async Task<Exception?> FlushAsync(CancellationToken cancellation = default)
    {
        await _one.WaitAsync(cancellation);
        try
        {
            DateOnly today = UsageDays.Of(time.GetUtcNow());
            Exception? failure = null;
            foreach (IGrouping<string, KeyValuePair<(string Tenant, string Model), ModelMeter>> its in _meters.GroupBy(meter => meter.Key.Tenant))
            {
                failure = await Try(() => Tell(its.Key, cancellation)) ?? failure;
                if (_untold.ContainsKey(its.Key))
                    continue;
                ImmutableArray<ModelUsage> models = [.. its.Select(meter => meter.Value.Next(meter.Key.Model, time)).OfType<ModelUsage>()
                    .OrderBy(model => model.Model, StringComparer.Ordinal)];
                if (models.IsEmpty)
                    continue;
                foreach (ModelUsage model in models)
                    ClusterTelemetry.Computed(its.Key, model.Model, model.Training, model.Serving);
                string teller = silo.SiloAddress.ToParsableString();
                _untold.Add(its.Key, new UsagePart { Teller = teller, Number = ++_parts, Day = UsageDays.Write(today), Models = models });
                failure = await Try(() => Tell(its.Key, cancellation)) ?? failure;
            }

            return today == _day ? failure : await Measure(today, cancellation) ?? failure;
        }
        finally
        {
            _one.Release();
        }
    }

    private static async Task<Exception?> Try(Func<Task> tell)
    {
        try
        {
            await tell();
            return null;
        }
        catch (Exception e) when (e is ClusteringException or OrleansException or TimeoutException or OperationCanceledException or ObjectDisposedException)
        {
            return e;
        }
    }

    private async Task Tell(string tenant, CancellationToken cancellation)
    {
        if (!_untold.TryGetValue(tenant, out UsagePart? part) || !UsageDays.TryRead(part.Day, out DateOnly day))
            return;
        await grains.GetGrain<IUsageGrain>(UsageDays.KeyOf(tenant, day)).Add(part, cancellation);
        _untold.Remove(tenant);
    }

    /// <summary>Measures what is stored of all tenants, whether they use anything or not. Other silos do so, too, which changes nothing.</summary>
    private async Task<Exception?> Measure(DateOnly today, CancellationToken cancellation)
    {
        ImmutableArray<string> known = [];
        Exception? failure = await Try(async () => known = await grains.GetGrain<ICatalogGrain>(
            GrainKeys.For(CatalogKinds.Everybody, CatalogKinds.Tenants)).List(cancellation));
        foreach (string tenant in known)
            failure = await Try(() => grains.GetGrain<IUsageGrain>(UsageDays.KeyOf(tenant, today)).Measure(UsageDays.Write(today), cancellation)) ?? failure;
        if (failure is null)
            _day = today;
        return failure;
    }
}

/// <summary>Counts what is done for a model. Thread-safe.</summary>
public sealed class ModelMeter(ComputeShare share)
{
    private long _requests, _rows;

    /// <summary>What was told of it, in the units of the counts. Belongs to who tells.</summary>
    private (long Training, long Serving, long Requests, long Rows) _told;

    /// <summary>Of its trainings.</summary>
    public ComputeAccount Training { get; } = new(share);

    /// <summary>Of questions to it.</summary>
    public ComputeAccount Serving { get; } = new(share);

    /// <summary>Notes an answered question.</summary>
    /// <param name="rows">Rows that it is about.</param>
    /// <param name="goesOn">Whether it is a part of a question that was counted.</param>
    /// <param name="questions">How many were put together.</param>
    public void Answered(long rows, bool goesOn = false, long questions = 1)
    {
        if (!goesOn)
            Interlocked.Add(ref _requests, questions);
        Interlocked.Add(ref _rows, rows);
    }

    /// <summary>What there was since this was last asked; null: nothing.</summary>
    internal ModelUsage? Next(string model, TimeProvider time)
    {
        (long Training, long Serving, long Requests, long Rows) now =
            (Training.Ticks, Serving.Ticks, Interlocked.Read(ref _requests), Interlocked.Read(ref _rows));
        if (now == _told)
            return null;
        var usage = new ModelUsage
        {
            Model = model,
            Training = time.GetElapsedTime(_told.Training, now.Training),
            Serving = time.GetElapsedTime(_told.Serving, now.Serving),
            Requests = now.Requests - _told.Requests,
            Rows = now.Rows - _told.Rows,
        };
        _told = now;
        return usage;
    }
}
