using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using OrleansCluster.Models.Routing;

namespace OrleansCluster.Serving;

/// <summary>
/// The routes that this silo answers by, each kept for a short time, and never beyond the next step of its canary. A change of a route is heeded when the time is over.
/// Models without a route are not kept: what their bare name means is asked every time. Thread-safe.
/// </summary>
public sealed class RouteLeases(TimeProvider time, IOptions<ServingOptions> options)
{
    /// <summary>When there are this many, those that are over are thrown away.</summary>
    private const int Many = 1000;

    private readonly ConcurrentDictionary<string, (ServingPlan Plan, long Until)> _plans = new(StringComparer.Ordinal);

    /// <summary>The plan that may still be answered by; null: it must be asked for.</summary>
    internal ServingPlan? Find(string model) => _plans.TryGetValue(model, out (ServingPlan Plan, long Until) kept) && time.GetTimestamp() < kept.Until ? kept.Plan : null;

    /// <summary>Keeps a plan that was just told.</summary>
    /// <param name="model">Grain key of the model.</param>
    /// <param name="plan">What was told.</param>
    /// <param name="asked">Timestamp from before it was asked for: from then on time counts.</param>
    internal void Keep(string model, ServingPlan plan, long asked)
    {
        TimeSpan stays = plan.Stays is { } left && left < options.Value.RouteLease ? left : options.Value.RouteLease;
        if (plan.Route == 0 || stays <= TimeSpan.Zero)
        {
            Forget(model);
            return;
        }

        if (_plans.Count >= Many)
            Clean();
        _plans[model] = (plan, asked + (long)(stays.TotalSeconds * time.TimestampFrequency));
    }

    internal void Forget(string model) => _plans.TryRemove(model, out _);

    private void Clean()
    {
        long now = time.GetTimestamp();
        foreach ((string model, (ServingPlan Plan, long Until) kept) in _plans)
        {
            if (kept.Until <= now)
                _plans.TryRemove(model, out _);
        }
    }
}
