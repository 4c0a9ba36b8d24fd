using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using OrleansCluster.Models.Routing;

namespace OrleansCluster.Grains.Tests.Models.Routing;

public sealed class RouteChangesTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_canary_goes_by_the_clock_step_by_step_and_stays_at_the_last()
    {
        ModelRoute route = Changed(null, Canary(2, TimeSpan.FromHours(1), 100, 500, 2_500, 10_000));
        (double Hours, int Share, double? Left)[] expected =
            [(-5, 100, 6), (0, 100, 1), (0.99, 100, 0.01), (1, 500, 1), (2.5, 2_500, 0.5), (3, 10_000, null), (1e6, 10_000, null)];
        foreach ((double hours, int share, double? left) in expected)
        {
            DateTimeOffset now = Start.AddHours(hours);
            Share(route.SlotsAt(now), 2).ShouldBe(share, $"after {hours} hours");
            (route.Canary!.LeftAt(now)?.TotalHours).ShouldBe(left, $"after {hours} hours");
        }
    }

    [Fact]
    public void Under_a_canary_no_key_comes_back_to_the_champion() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(100), Prop.ForAll(ArbMap.Default.ArbFor<int>(), NoneComesBack));

    private static bool NoneComesBack(int seed)
    {
        var random = new Random(seed);
        int[] steps = [.. Enumerable.Range(0, 6).Select(_ => random.Next(ModelRoute.Whole + 1)).Distinct().Order()];
        if (steps.Length < 2)
            return true;
        ModelRoute? before = random.Next(2) == 0 ? null : Changed(null, Canary(2, TimeSpan.Zero, steps[0]));
        ModelRoute route = Changed(before, Canary(2, TimeSpan.FromMinutes(10), [.. steps]));
        RouteSlots[] times = [.. Enumerable.Range(0, 8).Select(i => route.SlotsAt(Start.AddMinutes(10 * i)))];
        return times.Zip(times.Skip(1))
            .All(pair => Enumerable.Range(0, ModelRoute.Whole).All(slot => pair.First.VersionOf(slot) == 1 || pair.Second.VersionOf(slot) == 2));
    }

    [Fact]
    public void Steps_by_hand_go_on_under_the_same_number_and_an_abort_ends_the_route()
    {
        ModelRoute first = Changed(null, Canary(2, TimeSpan.Zero, 100));
        ModelRoute second = Changed(first, Canary(2, TimeSpan.Zero, 2_500), Start.AddDays(1));
        (first.Number, second.Number).ShouldBe((7, 7));
        Share(second.SlotsAt(Start.AddDays(30)), 2).ShouldBe(2_500);
        Enumerable.Range(0, ModelRoute.Whole).Where(slot => first.SlotsAt(Start).VersionOf(slot) == 2)
            .ShouldAllBe(slot => second.SlotsAt(Start).VersionOf(slot) == 2);
        RouteChanges.Apply(second, new RouteChange { Kind = RouteChangeKind.Abort }, Model(Start)).ShouldBeNull();
        RouteChanges.Apply(null, new RouteChange { Kind = RouteChangeKind.Abort }, Model(Start)).ShouldBeNull();
    }

    [Fact]
    public void A_schedule_is_guarded_unless_it_is_said_otherwise_and_its_step_is_not_the_clock_s()
    {
        var change = new RouteChange { Kind = RouteChangeKind.Canary, Version = 2, Every = TimeSpan.FromHours(1), Steps = [100, 500, 10_000] };
        CanaryPlan plan = Changed(null, change).Canary!;
        plan.Guards.ShouldBe(new CanaryGuards { LeastAgreement = 0.9, MostWorse = 0.1, MostErrors = 0.01, LeastRows = 100 });
        foreach ((double hours, bool due, double? left) in new (double, bool, double?)[] { (0, false, 1), (0.5, false, 0.5), (1, true, null),
            (50, true, null) })
            (plan.StepAt(Start.AddHours(hours)), plan.IsDue(Start.AddHours(hours)), plan.LeftAt(Start.AddHours(hours))?.TotalHours)
                .ShouldBe((0, due, left), $"after {hours} hours");
        CanaryPlan last = plan with { Step = 2, Began = Start };
        (last.StepAt(Start.AddHours(9)), last.IsDue(Start.AddHours(9)), last.LeftAt(Start.AddHours(9))).ShouldBe((2, false, (TimeSpan?)null));
        // One step has no next one to be kept from.
        Changed(null, change with { Every = TimeSpan.Zero, Steps = [100] }).Canary!.Guards.ShouldBeNull();
        Refused(change with { Guards = new CanaryGuards { LeastAgreement = 1.1 } }, "least agreement of the canary is 110%");
        Refused(change with { Guards = new CanaryGuards { LeastAgreement = double.NaN } }, "give 0% to 100%");
        Refused(change with { Guards = new CanaryGuards { MostErrors = -0.1 } }, "most errors of the canary are -10%");
        Refused(change with { Guards = new CanaryGuards { MostWorse = -1 } }, "give 0 or more");
        Refused(change with { Guards = new CanaryGuards { LeastRows = 0 } }, "give 1 or more");
    }

    [Fact]
    public void Counting_begins_anew_when_a_version_leaves_the_route_and_goes_on_when_one_joins()
    {
        ModelRoute canary = Changed(null, Canary(2, TimeSpan.Zero, 500));
        Changed(canary, Canary(2, TimeSpan.Zero, 0)).Number.ShouldBe(7);
        ModelRoute shadowed = Changed(canary, Shadow(3));
        shadowed.Number.ShouldBe(7);
        ModelRoute idle = Changed(canary, Canary(2, TimeSpan.Zero, 0));
        RouteChanges.Apply(idle, Canary(3, TimeSpan.Zero, 500), Model(Start) with { NextNumber = 8 })!.Number.ShouldBe(8);
        RouteChanges.Apply(shadowed, Shadow(4), Model(Start) with { NextNumber = 8 })!.Number.ShouldBe(8);
    }

    [Fact]
    public void Shares_set_during_a_canary_move_as_few_keys_as_they_can()
    {
        ModelRoute canary = Changed(null, Canary(2, TimeSpan.FromHours(1), 1_000, 5_000));
        DateTimeOffset later = Start.AddHours(2);
        ModelRoute set = Changed(canary, Set((1, 4_000), (2, 5_000), (3, 1_000)), later);
        set.Canary.ShouldBeNull();
        RouteSlots before = canary.SlotsAt(later), after = set.SlotsAt(later);
        Enumerable.Range(0, ModelRoute.Whole).Count(slot => before.VersionOf(slot) != after.VersionOf(slot)).ShouldBe(1_000);
        Enumerable.Range(0, ModelRoute.Whole).Where(slot => before.VersionOf(slot) == 2).ShouldAllBe(slot => after.VersionOf(slot) == 2);
    }

    [Fact]
    public void Shadows_own_no_slots_and_stay_while_shares_change()
    {
        ModelRoute shadowed = Changed(null, Shadow(3, 2));
        shadowed.Shadows.ShouldBe([2, 3]);
        shadowed.SlotsAt(Start).Shares().ShouldBe([new RouteShare { Version = 1, Slots = ModelRoute.Whole }]);
        ModelRoute canary = Changed(shadowed, Canary(4, TimeSpan.Zero, 100));
        canary.Shadows.ShouldBe([2, 3]);
        canary.Versions().ShouldBe([1, 2, 3, 4]);
        Changed(canary, Shadow()).Canary.ShouldNotBeNull();
        RouteChanges.Apply(shadowed, Shadow(), Model(Start)).ShouldBeNull();
    }

    [Fact]
    public void What_cannot_be_is_refused_with_what_to_do()
    {
        Refused(Set((1, 5_000), (2, 4_999)), "add up to 99.99%");
        Refused(Set((1, 5_000), (2, 5_001)), "add up to 100.01%");
        Refused(Set((1, -1), (2, 10_001)), "0% to 100%");
        Refused(Set((1, 5_000), (1, 5_000)), "two shares");
        Refused(Set(), "no versions");
        Refused(Set((9, 10_000)), "no version 9");
        Refused(Canary(1, TimeSpan.Zero, 100), "is the champion");
        Refused(Canary(9, TimeSpan.Zero, 100), "no version 9");
        Refused(Canary(2, TimeSpan.Zero), "1 to 100");
        Refused(Canary(2, TimeSpan.FromHours(1), 500, 100), "must grow");
        Refused(Canary(2, TimeSpan.FromHours(1), 100, 10_001), "0% to 100%");
        Refused(Canary(2, TimeSpan.Zero, 100, 200), "how long each lasts");
        Refused(Canary(2, TimeSpan.FromHours(1), 100), "no duration");
        Refused(Canary(2, TimeSpan.FromHours(-1), 100, 200), "how long each lasts");
        Refused(Canary(2, TimeSpan.MaxValue, 100, 200), "too long");
        Refused(Shadow(1), "is the champion");
        Refused(Shadow(9), "no version 9");
        Refused(Canary(2, TimeSpan.Zero, 100), "no champion", champion: 0);
        Refused(Shadow(2), "no champion", champion: 0);
        Refused(Canary(3, TimeSpan.Zero, 100), "Version 2 answers 5%", current: Changed(null, Canary(2, TimeSpan.Zero, 500)));
        Refused(Shadow(2), "answers under the route", current: Changed(null, Canary(2, TimeSpan.Zero, 0)));
        Refused(Canary(2, TimeSpan.Zero, 100), "is a shadow", current: Changed(null, Shadow(2)));
        Refused(Set((1, 9_000), (2, 1_000)), "is a shadow", current: Changed(null, Shadow(2)));
        Refused(Set([.. Enumerable.Range(1, 20).Select(version => (version, 500))]), "at most 16", versions: 20);
    }

    private static void Refused(RouteChange change, string why, ModelRoute? current = null, int champion = 1, int versions = 5) =>
        Should.Throw<ClusteringException>(() => RouteChanges.Apply(current, change, Model(Start, champion, versions))).Message.ShouldContain(why);

    private static ModelRoute Changed(ModelRoute? current, RouteChange change, DateTimeOffset? now = null) =>
        RouteChanges.Apply(current, change, Model(now ?? Start)).ShouldNotBeNull();

    /// <summary>By the clock alone.</summary>
    private static RouteChange Canary(int version, TimeSpan every, params ImmutableArray<int> steps) =>
        new() { Kind = RouteChangeKind.Canary, Version = version, Every = every, Steps = steps, Guards = null };

    private static RouteChange Shadow(params ImmutableArray<int> versions) => new() { Kind = RouteChangeKind.Shadow, Shadows = versions };

    private static RouteChange Set(params (int Version, int Slots)[] shares) =>
        new() { Kind = RouteChangeKind.Set, Shares = [.. shares.Select(share => new RouteShare { Version = share.Version, Slots = share.Slots })] };

    private static int Share(RouteSlots slots, int version) => slots.Shares().FirstOrDefault(share => share.Version == version)?.Slots ?? 0;

    private static RoutedModel Model(DateTimeOffset now, int champion = 1, int versions = 5) => new()
    {
        Champion = champion,
        Fallback = champion == 0 ? versions : champion,
        NextNumber = 7,
        Now = now,
        Require = version =>
        {
            if (version < 1 || version > versions)
                throw new ClusteringException($"There is no version {version}.");
        },
    };
}
