namespace OrleansCluster.Models.Routing;

/// <summary>
/// Where a canary stands at a moment. Nothing runs by itself: whoever asks is told what the clock says, or where the guards have let it come.
/// </summary>
internal static class Canaries
{
    /// <summary>The step, from 0. Before the beginning (a clock that was set back) it is the first.</summary>
    public static int StepAt(this CanaryPlan plan, DateTimeOffset now)
    {
        if (plan.Guards is not null)
            return plan.Step;
        if (plan.Every <= TimeSpan.Zero || now <= plan.Began)
            return 0;
        long steps = (now - plan.Began).Ticks / plan.Every.Ticks;
        return (int)Math.Min(steps, plan.Steps.Length - 1);
    }

    /// <summary>How long until the next step; null: this one stays, for ever or for as long as the guards want.</summary>
    public static TimeSpan? LeftAt(this CanaryPlan plan, DateTimeOffset now)
    {
        int step = plan.StepAt(now);
        if (plan.Every <= TimeSpan.Zero || step == plan.Steps.Length - 1)
            return null;
        TimeSpan left = plan.Began + (plan.Every * (plan.Guards is null ? step + 1 : 1)) - now;
        return left > TimeSpan.Zero ? left : null;
    }

    /// <summary>Whether guards decide now about the next step.</summary>
    public static bool IsDue(this CanaryPlan plan, DateTimeOffset now) =>
        plan.Guards is not null && plan.Step < plan.Steps.Length - 1 && now >= plan.Began + plan.Every;

    /// <summary>Who owns which slots at a moment.</summary>
    public static RouteSlots SlotsAt(this ModelRoute route, DateTimeOffset now)
    {
        RouteSlots slots = RouteSlots.Of(route.Segments);
        if (route.Canary is not { } canary)
            return slots;
        int share = canary.Steps[canary.StepAt(now)];
        return slots.Reweigh(
        [
            new RouteShare { Version = route.Champion, Slots = ModelRoute.Whole - share },
            new RouteShare { Version = canary.Version, Slots = share },
        ]);
    }

    /// <summary>The versions that the route answers or scores with, now or at a later step.</summary>
    public static IEnumerable<int> Versions(this ModelRoute route) =>
        route.Segments.Select(segment => segment.Version)
            .Concat(route.Shadows)
            .Concat(route.Canary is { } canary ? [canary.Version] : [])
            .Concat(route.Champion > 0 ? [route.Champion] : [])
            .Distinct()
            .Order();
}
