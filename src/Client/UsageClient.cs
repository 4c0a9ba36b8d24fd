using System.Collections.Immutable;
using OrleansCluster.Tenancy;

namespace OrleansCluster.Client;

/// <inheritdoc/>
internal sealed class UsageClient(IGrainFactory grains, string tenant) : IUsageClient
{
    public async Task<UsageReport> ReadAsync(DateOnly since, DateOnly until, CancellationToken cancellation = default)
    {
        if (until < since)
            throw new ClusteringException($"{UsageDays.Write(until)} is before {UsageDays.Write(since)}: name the first day first.");
        if (until.DayNumber - since.DayNumber >= IUsageClient.MostDays)
            throw new ClusteringException($"More than {IUsageClient.MostDays} days were asked for: ask for fewer.");
        DateOnly today = UsageDays.Of(DateTimeOffset.UtcNow);
        if (since <= today && today <= until)
            await Calls.Ask(() => Month(today).Measure(UsageDays.Write(today), cancellation), cancellation).ConfigureAwait(false);
        var known = new Dictionary<string, UsageDay>(StringComparer.Ordinal);
        for (var month = new DateOnly(since.Year, since.Month, 1); month <= until; month = month.AddMonths(1))
        {
            DateOnly asked = month;
            foreach (UsageDay day in await Calls.Ask(() => Month(asked).Days(cancellation), cancellation).ConfigureAwait(false))
                known.Add(day.Day, day);
        }

        var days = ImmutableArray.CreateBuilder<UsageDay>();
        long? stored = known.Values.Where(day => string.CompareOrdinal(day.Day, UsageDays.Write(since)) < 0 && day.StoredBytes is not null)
            .MaxBy(day => day.Day, StringComparer.Ordinal)?.StoredBytes;
        for (DateOnly date = since; date <= until && date <= today; date = date.AddDays(1))
        {
            UsageDay day = known.GetValueOrDefault(UsageDays.Write(date)) ?? new UsageDay { Day = UsageDays.Write(date) };
            stored = day.StoredBytes ?? stored;
            if (stored > 0 || !day.Models.IsEmpty)
                days.Add(day with { StoredBytes = stored });
        }

        return new UsageReport { Tenant = tenant, Since = UsageDays.Write(since), Until = UsageDays.Write(until), Days = days.ToImmutable() };
    }

    private IUsageGrain Month(DateOnly day) => grains.GetGrain<IUsageGrain>(UsageDays.KeyOf(tenant, day));
}
