using System.Collections.Immutable;
using System.Globalization;
using OrleansCluster.Models.Routing;

namespace OrleansCluster.Models;

/// <content>The route: kept with the aliases under one revision, so that it never names a version that is gone, and ends when the champion moves.</content>
public sealed partial class ModelGrain
{
    /// <summary>The latest moment that a route was looked at: a clock that is set back must not take a canary back.</summary>
    private DateTimeOffset _latest;

    public Task<ServingPlan?> Serve(CancellationToken cancellation = default)
    {
        if (_model.Versions.IsEmpty)
            return Task.FromResult<ServingPlan?>(null);
        int champion = AliasOf(ModelReference.Champion)?.Version ?? 0;
        DateTimeOffset now = Now();
        ModelRoute? route = _model.Route;
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
        });
    }

    public Task<RouteStatus?> Route(CancellationToken cancellation = default)
    {
        if (_model.Versions.IsEmpty)
            return Task.FromResult<RouteStatus?>(null);
        DateTimeOffset now = Now();
        ModelRoute? route = _model.Route;
        return Task.FromResult<RouteStatus?>(new RouteStatus
        {
            Route = route,
            Champion = AliasOf(ModelReference.Champion)?.Version ?? 0,
            Shares = (route?.SlotsAt(now) ?? RouteSlots.All(Default())).Shares(),
            Step = route?.Canary?.StepAt(now) ?? -1,
            Left = route?.Canary?.LeftAt(now),
        });
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
            Event(change, ModelEvents.Routed) with { Version = next?.Canary?.Version ?? 0, Subject = route.Kind.ToString().ToLowerInvariant(), Detail = Short(Tell(next)) });
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
        return new ResolvedVersion { Version = version, Parameters = entry.Parameters, Alignment = entry.Alignment };
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
            ? $"canary {canary.Version.ToString(CultureInfo.InvariantCulture)}: {string.Join(", ", canary.Steps.Select(step => RouteChanges.Share(step)))}{(canary.Every > TimeSpan.Zero ? $", each for {canary.Every}" : "")}"
            : string.Join(", ", RouteSlots.Of(route.Segments).Shares().Select(share => $"{share.Version.ToString(CultureInfo.InvariantCulture)}={RouteChanges.Share(share.Slots)}"));
        return route.Shadows.IsEmpty ? shares : $"{shares}; shadows {string.Join(", ", route.Shadows)}";
    }
}
