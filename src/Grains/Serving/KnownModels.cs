using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using OrleansCluster.Models;
using OrleansCluster.Models.Routing;

namespace OrleansCluster.Serving;

/// <summary>
/// What this silo was told of models. A version never changes, so that it is asked for once; what a bare name means is kept for a short time (a lease), and
/// never beyond the next step of its canary. Changes are told at once (<see cref="IModelNews"/>); one that was not heard is heeded when the lease is over.
/// Thread-safe.
/// </summary>
public sealed class KnownModels(TimeProvider time, IOptions<ServingOptions> options)
{
    /// <summary>When there are this many, those that are over are thrown away, and versions all.</summary>
    private const int Many = 10_000;

    private readonly ConcurrentDictionary<string, (ServingPlan Plan, long Until)> _plans = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string Model, int Version), ResolvedVersion> _versions = new();
    private readonly ConcurrentDictionary<string, long> _changes = new(StringComparer.Ordinal);

    /// <summary>The plan that may still be answered by; null: it must be asked for.</summary>
    internal ServingPlan? Find(string model) =>
        _plans.TryGetValue(model, out (ServingPlan Plan, long Until) kept) && time.GetTimestamp() < kept.Until ? kept.Plan : null;

    /// <summary>A version that was told; null: it must be asked for.</summary>
    internal ResolvedVersion? Find(string model, int version) => _versions.GetValueOrDefault((model, version));

    /// <summary>Keeps a plan that was just told.</summary>
    /// <param name="model">Grain key of the model.</param>
    /// <param name="plan">What was told.</param>
    /// <param name="asked">Timestamp from before it was asked for: from then on time counts, and what changed since then is not in it.</param>
    internal void Keep(string model, ServingPlan plan, long asked)
    {
        TimeSpan stays = plan.Stays is { } left && left < options.Value.RouteLease ? left : options.Value.RouteLease;
        if (stays <= TimeSpan.Zero || HasChangedSince(model, asked))
            return;
        if (_plans.Count >= Many)
            Clean();
        _plans[model] = (plan, asked + (long)(stays.TotalSeconds * time.TimestampFrequency));
        // It may have been told of a change between the question above and here.
        if (HasChangedSince(model, asked))
            _plans.TryRemove(model, out _);
    }

    /// <summary>Keeps a version that was just told.</summary>
    /// <param name="model">Grain key of the model.</param>
    /// <param name="version">What was told.</param>
    /// <param name="asked">Timestamp from before it was asked for.</param>
    internal void Keep(string model, ResolvedVersion version, long asked)
    {
        if (_versions.Count >= Many)
            _versions.Clear();
        _versions[(model, version.Version)] = version;
        if (HasChangedSince(model, asked))
            _versions.TryRemove((model, version.Version), out _);
    }

    /// <summary>Forgets what was told of a model before now.</summary>
    public void Forget(string model)
    {
        if (_changes.Count >= Many)
            _changes.Clear();
        _changes[model] = time.GetTimestamp();
        _plans.TryRemove(model, out _);
        // One that was pruned is refused again.
        foreach ((string Model, int Version) known in _versions.Keys)
        {
            if (known.Model == model)
                _versions.TryRemove(known, out _);
        }
    }

    private bool HasChangedSince(string model, long asked) => _changes.TryGetValue(model, out long changed) && changed >= asked;

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
