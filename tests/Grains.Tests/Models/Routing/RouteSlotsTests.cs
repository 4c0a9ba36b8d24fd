using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using OrleansCluster.Models.Routing;

namespace OrleansCluster.Grains.Tests.Models.Routing;

public sealed class RouteSlotsTests
{
    [Fact]
    public void Shares_are_exact_and_slots_whole_after_any_changes() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(300), Prop.ForAll(ArbMap.Default.ArbFor<int>(), AreExact));

    private static bool AreExact(int seed)
    {
        foreach ((RouteSlots _, RouteSlots after, ImmutableArray<RouteShare> wanted) in Changes(seed))
        {
            if (!after.Shares().SequenceEqual(wanted.Where(share => share.Slots > 0).OrderBy(share => share.Version)))
                return false;
            if (!after.Segments.Zip(after.Segments.Skip(1)).All(pair => pair.First.First < pair.Second.First && pair.First.Version != pair.Second.Version))
                return false;
        }

        return true;
    }

    [Fact]
    public void A_key_leaves_a_version_only_when_its_share_falls_and_goes_to_one_whose_share_grows() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(300), Prop.ForAll(ArbMap.Default.ArbFor<int>(), MoveOnlyToGrowing));

    private static bool MoveOnlyToGrowing(int seed)
    {
        foreach ((RouteSlots before, RouteSlots after, _) in Changes(seed))
        {
            Dictionary<int, int> was = Shares(before), now = Shares(after);
            int moved = 0;
            for (int slot = 0; slot < ModelRoute.Whole; slot++)
            {
                (int from, int to) = (before.VersionOf(slot), after.VersionOf(slot));
                if (from == to)
                    continue;
                moved++;
                if (now.GetValueOrDefault(from) >= was.GetValueOrDefault(from) || now.GetValueOrDefault(to) <= was.GetValueOrDefault(to))
                    return false;
            }

            // No more moves than shares change.
            if (moved != was.Keys.Union(now.Keys).Sum(version => Math.Max(0, now.GetValueOrDefault(version) - was.GetValueOrDefault(version))))
                return false;
        }

        return true;
    }

    [Fact]
    public void What_a_share_gives_a_candidate_a_greater_one_gives_it_too() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(300), Prop.ForAll(ArbMap.Default.ArbFor<int>(), AreNested));

    private static bool AreNested(int seed)
    {
        var random = new Random(seed);
        RouteSlots start = RouteSlots.All(1).Reweigh(Pair(random.Next(ModelRoute.Whole + 1))).Reweigh(Pair(random.Next(ModelRoute.Whole + 1)));
        int[] shares = [.. Enumerable.Range(0, 5).Select(_ => random.Next(ModelRoute.Whole + 1)).Order()];
        RouteSlots[] steps = [.. shares.Select(share => start.Reweigh(Pair(share)))];
        return steps.Zip(steps.Skip(1))
            .All(pair => Enumerable.Range(0, ModelRoute.Whole).All(slot => pair.First.VersionOf(slot) == 1 || pair.Second.VersionOf(slot) == 2));
    }

    [Fact]
    public void Nothing_and_all_are_exact()
    {
        RouteSlots none = RouteSlots.All(1).Reweigh(Pair(0)), all = RouteSlots.All(1).Reweigh(Pair(ModelRoute.Whole));
        none.Segments.ShouldBe([new RouteSegment { First = 0, Version = 1 }]);
        all.Segments.ShouldBe([new RouteSegment { First = 0, Version = 2 }]);
        Enumerable.Range(0, ModelRoute.Whole).ShouldAllBe(slot => none.VersionOf(slot) == 1 && all.VersionOf(slot) == 2);
    }

    [Theory]
    [InlineData(9_999)]
    [InlineData(10_001)]
    public void Shares_that_are_not_the_whole_are_no_route(int sum) =>
        Should.Throw<ArgumentException>(() => RouteSlots.All(1).Reweigh([new RouteShare { Version = 1, Slots = sum }]));

    /// <summary>Random routes of up to five versions, one after the other.</summary>
    private static IEnumerable<(RouteSlots Before, RouteSlots After, ImmutableArray<RouteShare> Wanted)> Changes(int seed)
    {
        var random = new Random(seed);
        RouteSlots slots = RouteSlots.All(1);
        for (int change = 0; change < 8; change++)
        {
            int versions = random.Next(1, 6);
            int[] cuts = [0, .. Enumerable.Range(1, versions - 1).Select(_ => random.Next(3) == 0 ? ModelRoute.Whole : random.Next(ModelRoute.Whole + 1))
                .Order(), ModelRoute.Whole];
            int[] names = [.. Enumerable.Range(1, 6).OrderBy(_ => random.Next()).Take(versions)];
            ImmutableArray<RouteShare> wanted = [.. names.Select((version, i) => new RouteShare { Version = version, Slots = cuts[i + 1] - cuts[i] })];
            RouteSlots after = slots.Reweigh(wanted);
            yield return (slots, after, wanted);
            slots = RouteSlots.Of(after.Segments);
        }
    }

    private static Dictionary<int, int> Shares(RouteSlots slots) => slots.Shares().ToDictionary(share => share.Version, share => share.Slots);

    private static RouteShare[] Pair(int share) =>
        [new RouteShare { Version = 1, Slots = ModelRoute.Whole - share }, new RouteShare { Version = 2, Slots = share }];
}
