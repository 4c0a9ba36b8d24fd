using System.Collections.Immutable;

namespace OrleansCluster.Models.Routing;

/// <summary>Which version owns which slots. Never changes.</summary>
internal sealed class RouteSlots
{
    private readonly int[] _firsts;

    private RouteSlots(ImmutableArray<RouteSegment> segments)
    {
        Segments = segments;
        _firsts = [.. segments.Select(segment => segment.First)];
    }

    public ImmutableArray<RouteSegment> Segments { get; }

    /// <summary>All slots to one version.</summary>
    public static RouteSlots All(int version) => new([new RouteSegment { First = 0, Version = version }]);

    /// <summary>Slots as they were kept.</summary>
    public static RouteSlots Of(ImmutableArray<RouteSegment> segments) => segments is [{ First: 0 }, ..]
        ? new RouteSlots(segments)
        : throw new ArgumentException("The first segment of a route does not begin at slot 0.", nameof(segments));

    /// <summary>The version that owns a slot.</summary>
    public int VersionOf(int slot)
    {
        int at = Array.BinarySearch(_firsts, slot);
        return Segments[at >= 0 ? at : ~at - 1].Version;
    }

    /// <summary>Versions that own slots, ascending, and how many.</summary>
    public ImmutableArray<RouteShare> Shares()
    {
        var slots = new SortedDictionary<int, int>();
        for (int i = 0; i < _firsts.Length; i++)
            slots[Segments[i].Version] = slots.GetValueOrDefault(Segments[i].Version) + End(i) - _firsts[i];
        return [.. slots.Select(pair => new RouteShare { Version = pair.Key, Slots = pair.Value })];
    }

    /// <summary>
    /// The same slots with other shares. A version that loses gives up its last slots; those that gain take them, ascending by version. Every other slot stays.
    /// So with one candidate against one other version, what a share gives the candidate a greater share gives it too.
    /// </summary>
    /// <param name="shares">Versions, each once, and their slots, of sum <see cref="ModelRoute.Whole"/>; versions not named get none.</param>
    public RouteSlots Reweigh(IEnumerable<RouteShare> shares)
    {
        var targets = new SortedDictionary<int, int>(shares.ToDictionary(share => share.Version, share => share.Slots));
        if (targets.Values.Any(slots => slots < 0) || targets.Values.Sum() != ModelRoute.Whole)
            throw new ArgumentException($"The shares of a route have the sum {targets.Values.Sum()}.", nameof(shares));
        var kept = targets.ToDictionary(pair => pair.Key, pair => pair.Value);
        var owners = new int[ModelRoute.Whole];
        for (int slot = 0, at = 0; slot < owners.Length; slot++)
        {
            if (at + 1 < _firsts.Length && _firsts[at + 1] == slot)
                at++;
            int version = Segments[at].Version;
            int left = kept.GetValueOrDefault(version);
            // Versions are numbered from 1, so 0 is nobody's.
            owners[slot] = left > 0 ? version : 0;
            kept[version] = left - 1;
        }

        int[] gaining = [.. targets.SelectMany(pair => Enumerable.Repeat(pair.Key, Math.Max(0, kept[pair.Key])))];
        for (int slot = 0, next = 0; slot < owners.Length; slot++)
        {
            if (owners[slot] == 0)
                owners[slot] = gaining[next++];
        }

        var segments = ImmutableArray.CreateBuilder<RouteSegment>();
        for (int slot = 0; slot < owners.Length; slot++)
        {
            if (slot == 0 || owners[slot] != owners[slot - 1])
                segments.Add(new RouteSegment { First = slot, Version = owners[slot] });
        }

        return new RouteSlots(segments.ToImmutable());
    }

    private int End(int segment) => segment + 1 < _firsts.Length ? _firsts[segment + 1] : ModelRoute.Whole;
}
