using System.Collections.Immutable;
using System.Globalization;
using OrleansCluster.Contracts;
using OrleansCluster.Models.Routing;

namespace OrleansCluster.Models;

/// <content>The route: kept with the aliases under one revision, so that it never names a version that is gone, and ends when the champion moves.</content>
public sealed partial class ModelGrain
{
    /// <summary>The latest moment that a route was looked at: a clock that is set back must not take a canary back.</summary>
    private DateTimeOffset _latest;

    public Task<ServingPlan?> Serve(CancellationToken cancellation = default)
    {
        if (Newest() == 0)
            return Task.FromResult<ServingPlan?>(null);
        int champion = AliasOf(ModelReference.Champion)?.Version ?? 0;
        DateTimeOffset now = Now();
        ModelRoute? route = _model.Route;
        // Not waited for: until the step is written down, the one before it answers.
        if (route?.Canary?.IsDue(now) == true)
            _ = ClimbQuietly();
        RouteSlots slots = route?.SlotsAt(now) ?? RouteSlots.All(Default());
        ImmutableArray<int> shadows = route?.Shadows ?? [];
        IEnumerable<int> versions = slots.Shares().Select(share => share.Version).Concat(shadows);
        return Task.FromResult<ServingPlan?>(new ServingPlan
        {
            Route = route?.Number ?? 0,
            Segments = slots.Segments,
            Shadows = shadows,
            Champion = champion,
            // Without a route nothing is compared, so that the champion is only wanted when it answers.
            Versions = [.. (route is null || champion == 0 ? versions : versions.Append(champion)).Distinct().Order().Select(Resolved)],
            Stays = route?.Canary?.LeftAt(now),
            Canary = route?.Canary?.Version ?? 0,
            Default = Resolved(Default()),
        });
    }

    public async Task<RouteStatus?> Route(CancellationToken cancellation = default)
    {
        if (Newest() == 0)
            return null;
        if (_model.Route?.Canary?.IsDue(Now()) == true)
            await this.AsReference<IModelRoutes>().Climb(cancellation);
        DateTimeOffset now = Now();
        ModelRoute? route = _model.Route;
        ImmutableArray<GuardOutcome> guards = route is { Canary: { Guards: not null } canary } && canary.Step < canary.Steps.Length - 1
            ? (await Judge(route, canary, cancellation)).Outcomes
            : [];
        return new RouteStatus
        {
            Route = route,
            Champion = AliasOf(ModelReference.Champion)?.Version ?? 0,
            Shares = (route?.SlotsAt(now) ?? RouteSlots.All(Default())).Shares(),
            Step = route?.Canary?.StepAt(now) ?? -1,
            Left = route?.Canary?.LeftAt(now),
            Guards = guards,
            Held = route?.Canary?.IsDue(now) == true
                ? string.Join("; ", guards.Where(guard => !guard.Passed).Select(guard => $"{guard.Guard}: {guard.Why}"))
                : "",
        };
    }

    public async Task Climb(CancellationToken cancellation = default)
    {
        DateTimeOffset now = Now();
        if (_model.Route is not { Canary: { } canary } route || !canary.IsDue(now))
            return;
        (ImmutableArray<GuardOutcome> outcomes, CanaryTally counted) = await Judge(route, canary, cancellation);
        if (outcomes.Any(outcome => !outcome.Passed))
            return;
        // No revision: nobody decided anything, and whoever decides on what they saw is not disturbed.
        await this.Write(state, _model with { Route = route with { Canary = canary with { Step = canary.Step + 1, Began = now, Before = counted } } });
        _model = state.State;
        log.Climbed(Tenant, Name, canary.Version, canary.Step + 1);
        await news.Changed(this.GetPrimaryKeyString());
    }

    private async Task ClimbQuietly()
    {
        try
        {
            await this.AsReference<IModelRoutes>().Climb();
        }
        catch (Exception e) when (e is ClusteringException or OrleansException or TimeoutException or OperationCanceledException)
        {
            // It is asked for again with the next lease.
            log.CannotClimb(Tenant, Name, e.Message);
        }
    }

    /// <summary>What the guards say of a canary's step so far, and all that was counted of the candidate under this route.</summary>
    private async Task<(ImmutableArray<GuardOutcome> Outcomes, CanaryTally Counted)> Judge(ModelRoute route, CanaryPlan canary, CancellationToken cancellation)
    {
        RouteAgreement counts = await GrainFactory.GetGrain<IAgreementGrain>(this.GetPrimaryKeyString()).Get(cancellation);
        Agreement? mine = counts.Route == route.Number ? counts.Versions.FirstOrDefault(agreement => agreement.Version == canary.Version) : null;
        CanaryTally counted = mine?.Tally() ?? new CanaryTally();
        return (GuardRules.Judge(canary.Guards!, counted.Since(canary.Before), mine?.LossUnit ?? ""), counted);
    }

    public Task<ModelInfo> SetRoute(ModelChange change, RouteChange route, CancellationToken cancellation = default) => Change(change, model =>
    {
        ArgumentNullException.ThrowIfNull(route);
        var routed = new RoutedModel
        {
            Champion = AliasOf(ModelReference.Champion)?.Version ?? 0,
            Fallback = Default(),
            NextNumber = model.Routes + 1,
            Now = Now(),
            By = change.By,
            Require = version =>
            {
                CheckVersion(version);
                Kept(version);
            },
        };
        ModelRoute? next = RouteChanges.Apply(model.Route, route, routed);
        return (model with { Route = next, Routes = Math.Max(model.Routes, next?.Number ?? 0) },
            Event(change, ModelEvents.Routed) with
            {
                Version = next?.Canary?.Version
                ?? 0,
                Subject = route.Kind.ToString().ToLowerInvariant(),
                Detail = Short(Tell(next))
            });
    });

    /// <summary>The state in which a moved champion has ended the route.</summary>
    private static ModelState WithRouteOf(ModelState next)
    {
        int champion = next.Aliases.FirstOrDefault(alias => alias.Name == ModelReference.Champion)?.Version ?? 0;
        return next.Route is { } route && route.Champion != champion ? next with { Route = null } : next;
    }

    private ResolvedVersion Resolved(int version)
    {
        ModelVersionEntry entry = Kept(version);
        return new ResolvedVersion { Version = version, Parameters = entry.Parameters, Alignment = entry.Alignment, Package = entry.Package };
    }

    private DateTimeOffset Now()
    {
        DateTimeOffset now = time.GetUtcNow();
        return _latest = now > _latest ? now : _latest;
    }

    private static string Tell(ModelRoute? route)
    {
        if (route is null)
            return "none";
        string shares = route.Canary is { } canary
            ? $"canary {canary.Version.ToString(CultureInfo.InvariantCulture)}: "
                + $"{string.Join(", ", canary.Steps.Select(step => RouteChanges.Share(step)))}{Schedule(canary)}"
            : string.Join(", ", RouteSlots.Of(route.Segments).Shares()
                .Select(share => $"{share.Version.ToString(CultureInfo.InvariantCulture)}={RouteChanges.Share(share.Slots)}"));
        return route.Shadows.IsEmpty ? shares : $"{shares}; shadows {string.Join(", ", route.Shadows)}";
    }

    private static string Schedule(CanaryPlan canary) =>
        canary.Every > TimeSpan.Zero ? $", each for {DurationText.Of(canary.Every)}{(canary.Guards is null ? " by the clock alone" : "")}" : "";
}
