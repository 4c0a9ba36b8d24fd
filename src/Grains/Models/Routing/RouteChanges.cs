using System.Collections.Immutable;
using System.Globalization;

namespace OrleansCluster.Models.Routing;

/// <summary>What a change makes of a route. A route that exists is valid: its shares have the right sum, and its versions exist.</summary>
internal static class RouteChanges
{
    /// <summary>Most versions that one route answers or scores with: each is prepared on every silo.</summary>
    public const int MostVersions = 16;

    /// <summary>Most steps of a canary.</summary>
    public const int MostSteps = 100;

    /// <summary>The route after a change.</summary>
    /// <param name="current">The route before; null: there is none.</param>
    /// <param name="change">What is asked for.</param>
    /// <param name="model">The model, as far as it matters here.</param>
    /// <returns>Null: there is none.</returns>
    /// <exception cref="ClusteringException">The change cannot be made; the message says what to do.</exception>
    public static ModelRoute? Apply(ModelRoute? current, RouteChange change, RoutedModel model)
    {
        ModelRoute? changed = change.Kind switch
        {
            RouteChangeKind.Set => Set(current, change, model),
            RouteChangeKind.Canary => Canary(current, change, model),
            RouteChangeKind.Shadow => Shadow(current, change, model),
            RouteChangeKind.Abort => null,
            _ => throw new ClusteringException($"This program does not know the change {change.Kind} of a route: use a newer one."),
        };
        if (changed is not null && changed.Versions().Count() is var versions and > MostVersions)
            throw new ClusteringException($"The route would have {versions} versions: give at most {MostVersions}.");
        // What was counted of a version that leaves must not be taken for its own when it comes back, so counting begins anew.
        bool left = changed is not null && current is not null && current.Versions().Except(changed.Versions()).Any();
        return left ? changed! with { Number = model.NextNumber } : changed;
    }

    private static ModelRoute Set(ModelRoute? current, RouteChange change, RoutedModel model)
    {
        if (change.Shares.IsDefaultOrEmpty)
            throw new ClusteringException("The route has no versions: give each its share, as in 3=90% 4=10%.");
        foreach (IGrouping<int, RouteShare> shares in change.Shares.GroupBy(share => share.Version))
        {
            model.Require(shares.Key);
            if (shares.Count() > 1)
                throw new ClusteringException($"Version {Text(shares.Key)} has two shares: give each version one.");
            if (shares.Single().Slots is < 0 or > ModelRoute.Whole)
                throw new ClusteringException($"The share of version {Text(shares.Key)} is {Share(shares.Single().Slots)}: give 0% to 100%.");
            if (shares.Single().Slots > 0 && current?.Shadows.Contains(shares.Key) == true)
                throw new ClusteringException($"Version {Text(shares.Key)} is a shadow, which never answers: change the shadows first.");
        }

        long sum = change.Shares.Sum(share => (long)share.Slots);
        if (sum != ModelRoute.Whole)
            throw new ClusteringException($"The shares add up to {Share(sum)}: they must be 100% together.");
        RouteSlots before = current?.SlotsAt(model.Now) ?? RouteSlots.All(model.Fallback);
        return Next(current, model) with { Segments = before.Reweigh(change.Shares).Segments, Canary = null };
    }

    private static ModelRoute Canary(ModelRoute? current, RouteChange change, RoutedModel model)
    {
        RequireChampion(model, "a canary takes its share from the champion");
        model.Require(change.Version);
        if (change.Version == model.Champion)
            throw new ClusteringException($"Version {Text(change.Version)} is the champion: a canary tries another version.");
        if (current?.Shadows.Contains(change.Version) == true)
            throw new ClusteringException($"Version {Text(change.Version)} is a shadow, which never answers: change the shadows first.");
        ImmutableArray<int> steps = change.Steps;
        if (steps.IsDefaultOrEmpty || steps.Length > MostSteps)
            throw new ClusteringException($"The canary has {(steps.IsDefault ? 0 : steps.Length)} steps: give 1 to {MostSteps}, as in 1%,5%,25%,100%.");
        for (int i = 0; i < steps.Length; i++)
        {
            if (steps[i] is < 0 or > ModelRoute.Whole)
                throw new ClusteringException($"Step {i + 1} of the canary is {Share(steps[i])}: give 0% to 100%.");
            if (i > 0 && steps[i] <= steps[i - 1])
                throw new ClusteringException($"Step {i + 1} of the canary is {Share(steps[i])} after {Share(steps[i - 1])}: shares must grow from "
                    + "step to step.");
        }

        if (change.Every < TimeSpan.Zero || (change.Every == TimeSpan.Zero) != (steps.Length == 1))
        {
            throw new ClusteringException(steps.Length == 1
                ? "One step has no duration: it stays until another is set."
                : "Several steps follow each other by the clock: say how long each lasts.");
        }

        // A century is for ever; and times stay in their range.
        if (change.Every > TimeSpan.FromDays(36_500 / steps.Length))
            throw new ClusteringException($"A step of {change.Every} is too long: the steps together may take a century.");
        RouteSlots before = current?.SlotsAt(model.Now) ?? RouteSlots.All(model.Champion);
        if (before.Shares().FirstOrDefault(share => share.Version != model.Champion && share.Version != change.Version) is { } other)
        {
            throw new ClusteringException(
                $"Version {Text(other.Version)} answers {Share(other.Slots)}, and a canary is between the champion and one candidate: abort the route first, "
                    + "or set shares.");
        }

        return Next(current, model) with
        {
            Segments = before.Segments,
            Canary = new CanaryPlan
            {
                Version = change.Version,
                Steps = steps,
                Every = change.Every,
                Began = model.Now,
                // One step has no next one to be kept from.
                Guards = steps.Length > 1 && change.Guards is { } guards ? GuardRules.Check(guards) : null,
            },
        };
    }

    private static ModelRoute? Shadow(ModelRoute? current, RouteChange change, RoutedModel model)
    {
        ImmutableArray<int> shadows = change.Shadows.IsDefault ? [] : [.. change.Shadows.Distinct().Order()];
        if (shadows.IsEmpty
            && (current is null || (current.Canary is null && current.SlotsAt(model.Now).Shares() is [var only] && only.Version == current.Champion)))
            return null;
        if (!shadows.IsEmpty)
            RequireChampion(model, "a shadow is compared with the champion");
        foreach (int shadow in shadows)
        {
            model.Require(shadow);
            if (shadow == model.Champion)
                throw new ClusteringException($"Version {Text(shadow)} is the champion: a shadow is another version, compared with it.");
            if (current?.Canary?.Version == shadow || current?.Segments.Any(segment => segment.Version == shadow) == true)
                throw new ClusteringException($"Version {Text(shadow)} answers under the route, and a shadow never does: give its share to another "
                    + "version first.");
        }

        ModelRoute next = Next(current, model);
        return next with
        {
            Segments = current?.Segments ?? RouteSlots.All(model.Champion).Segments,
            Canary = current?.Canary,
            Shadows = shadows,
        };
    }

    /// <summary>A route under the same number while it goes on, or the first under the next number.</summary>
    private static ModelRoute Next(ModelRoute? current, RoutedModel model) => new()
    {
        Number = current?.Number ?? model.NextNumber,
        Champion = model.Champion,
        Segments = [],
        Shadows = current?.Shadows ?? [],
        Since = model.Now,
        By = model.By,
    };

    private static void RequireChampion(RoutedModel model, string why)
    {
        if (model.Champion == 0)
            throw new ClusteringException($"The model has no champion, and {why}: promote a version first.");
    }

    /// <summary>A share for people: 5%, 0.25%.</summary>
    public static string Share(long slots) => (slots / (ModelRoute.Whole / 100m)).ToString("0.##", CultureInfo.InvariantCulture) + "%";

    private static string Text(int version) => version.ToString(CultureInfo.InvariantCulture);
}

/// <summary>A model as far as its route is concerned.</summary>
internal sealed record RoutedModel
{
    /// <summary>The version that the alias <c>champion</c> names; 0: none.</summary>
    public required int Champion { get; init; }

    /// <summary>The version that answers the bare name without a route.</summary>
    public required int Fallback { get; init; }

    /// <summary>Number of the next route.</summary>
    public required int NextNumber { get; init; }

    public required DateTimeOffset Now { get; init; }

    /// <summary>Who asks.</summary>
    public string By { get; init; } = "";

    /// <summary>Throws unless a version exists and was not pruned.</summary>
    public required Action<int> Require { get; init; }
}
