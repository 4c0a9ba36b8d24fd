using OrleansCluster.Contracts.Api;
using OrleansCluster.Tenancy;

namespace OrleansCluster.Json;

/// <summary>Usage as JSON, with what it costs.</summary>
public static class UsageDocuments
{
    private const decimal Gigabyte = 1e9m, Million = 1e6m, MonthDays = 30, HourSeconds = 3600;

    /// <summary>Digits behind the point of what things cost: prices of single rows are small.</summary>
    private const int CostDigits = 6;

    /// <summary>What was used.</summary>
    /// <param name="usage">The usage.</param>
    /// <param name="prices">What things cost; null: that is not told.</param>
    public static UsageDocument Of(UsageReport usage, PriceListDocument? prices)
    {
        ArgumentNullException.ThrowIfNull(usage);
        ModelUsageDocument[] models = [.. usage.Days.SelectMany(day => day.Models).GroupBy(one => one.Model)
            .OrderBy(same => same.Key, StringComparer.Ordinal).Select(same => Of(same.Aggregate((sum, one) => sum.Plus(one)), prices))];
        decimal stored = usage.Days.Sum(day => day.StoredBytes ?? 0) / Gigabyte;
        decimal? storedCost = prices is null ? null : Round(stored * prices.StoredGigabyteMonth / MonthDays);
        return new UsageDocument
        {
            Tenant = usage.Tenant,
            Since = usage.Since,
            Until = usage.Until,
            Models = models,
            StoredGigabyteDays = stored,
            Currency = prices?.Currency,
            StoredCost = storedCost,
            Cost = storedCost + models.Sum(model => model.Cost ?? 0),
            Days =
            [
                .. usage.Days.Select(day => new UsageDayDocument
                {
                    Day = day.Day,
                    StoredBytes = day.StoredBytes ?? 0,
                    Models = [.. day.Models.Select(model => Of(model, prices))],
                }),
            ],
        };
    }

    private static ModelUsageDocument Of(ModelUsage model, PriceListDocument? prices)
    {
        (decimal training, decimal serving) = (Seconds(model.Training), Seconds(model.Serving));
        return new ModelUsageDocument
        {
            Model = model.Model,
            TrainingSeconds = training,
            ServingSeconds = serving,
            Requests = model.Requests,
            Rows = model.Rows,
            Cost = prices is null ? null : Round((training * prices.TrainingHour / HourSeconds) + (serving * prices.ServingHour / HourSeconds)
                + (model.Requests * prices.MillionRequests / Million) + (model.Rows * prices.MillionRows / Million)),
        };
    }

    private static decimal Seconds(TimeSpan time) => (decimal)time.Ticks / TimeSpan.TicksPerSecond;

    private static decimal Round(decimal cost) => Math.Round(cost, CostDigits, MidpointRounding.ToEven);
}
