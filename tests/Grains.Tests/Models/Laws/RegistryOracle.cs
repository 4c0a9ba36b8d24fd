using System.Collections.Immutable;
using OrleansCluster.Models;
using OrleansCluster.Models.Routing;

namespace OrleansCluster.Grains.Tests.Models.Laws;

/// <summary>A model's registry as it should be: the rules told once more, in plain sets and lists, without grains, blobs or slots. Never changes.</summary>
internal sealed record RegistryOracle
{
    private const int MostEarlier = 16;

    public int Versions { get; init; }

    public ImmutableSortedSet<int> Pruned { get; init; } = [];

    /// <summary>Where each alias points, last, and where it pointed before.</summary>
    public ImmutableSortedDictionary<string, ImmutableArray<int>> Aliases { get; init; } = ImmutableSortedDictionary.Create<string,
        ImmutableArray<int>>(StringComparer.Ordinal);

    /// <summary>Where each alias pointed before its last change, there or not.</summary>
    public ImmutableSortedDictionary<string, int> Left { get; init; } = ImmutableSortedDictionary.Create<string, int>(StringComparer.Ordinal);

    /// <summary>Null: no route.</summary>
    public OracleRoute? Route { get; init; }

    public bool HasPolicy { get; init; }

    /// <summary>Every change, oldest first.</summary>
    public ImmutableArray<string> Trail { get; init; } = [];

    public int Champion => Aliases.TryGetValue("champion", out ImmutableArray<int> champion) ? champion[^1] : 0;

    /// <summary>What the bare name means without a route.</summary>
    public int Default => Champion > 0 ? Champion : Versions;

    /// <summary>The version of an age; beyond the oldest it begins anew.</summary>
    public int At(int age) => age < 0 ? Versions + 1 : Versions - (age % Versions);

    /// <summary>Slots by version, without zeros.</summary>
    public ImmutableSortedDictionary<int, int> Shares(DateTimeOffset now) =>
        Route?.At(now, Champion) ?? ImmutableSortedDictionary<int, int>.Empty.Add(Default, ModelRoute.Whole);

    /// <summary>An event as the trail tells it.</summary>
    public static string Line(long revision, string kind, string subject, int version, int before, string change) =>
        FormattableString.Invariant($"{revision} {kind} '{subject}' {version} ({before}) {change}");

    /// <summary>The registry after a step; null: the step must be refused.</summary>
    public RegistryOracle? After(RegistryStep step, string id, DateTimeOffset now) => step.Action switch
    {
        RegistryAction.Publish => Publish(id),
        RegistryAction.SetAlias => Exists(At(step.Age)) ? Point(step.Alias, At(step.Age), id) : null,
        RegistryAction.RemoveAlias => Aliases.TryGetValue(step.Alias, out ImmutableArray<int> points)
            ? (this with { Aliases = Aliases.Remove(step.Alias) }).Note(ModelEvents.AliasRemoved, step.Alias, 0, points[^1], id).EndRoute(Champion)
            : null,
        RegistryAction.Rollback => Rollback(step.Alias, id),
        RegistryAction.SetRoute => SetRoute(At(step.Age), At(step.OtherAge), step.Amount, id, now),
        RegistryAction.Canary => Canary(At(step.Age), step.Amount, id, now),
        RegistryAction.Shadow => Shadow(At(step.Age), id, now),
        RegistryAction.Abort => (this with { Route = null }).Note(ModelEvents.Routed, "abort", 0, 0, id),
        RegistryAction.Prune => Prune(Keep(step), id),
        RegistryAction.NameCluster => Note(ModelEvents.ClusterNamed, "0", 0, 0, id),
        RegistryAction.Policy => (this with { HasPolicy = !HasPolicy }).Note(ModelEvents.PolicySet, "", 0, 0, id),
        _ => this,
    };

    /// <summary>The steps of a canary by the clock.</summary>
    public static ImmutableArray<int> Steps(int amount) => [amount / 4, (amount / 2) + 1, amount + 2];

    public static int Keep(RegistryStep step) => 1 + (step.Amount % 3);

    private bool Exists(int version) => version >= 1 && version <= Versions && !Pruned.Contains(version);

    private RegistryOracle Publish(string job)
    {
        int version = Versions + 1;
        RegistryOracle published = (this with { Versions = version }).Note(ModelEvents.Published, job, version, Versions == 0 ? 0 : Default, "");
        // The policy of these histories passes every version; under a route it becomes challenger.
        return !HasPolicy ? published : published.Point(Route is null ? "champion" : "challenger", version, $"gate {job}");
    }

    private RegistryOracle Point(string alias, int version, string change)
    {
        ImmutableArray<int> before = Aliases.GetValueOrDefault(alias, []);
        int was = before.LastOrDefault();
        ImmutableArray<int> points = was == version ? before : [.. before.Append(version).TakeLast(MostEarlier + 1)];
        return (this with { Aliases = Aliases.SetItem(alias, points) }).Note(ModelEvents.AliasSet, alias, version, was, change).EndRoute(Champion);
    }

    private RegistryOracle? Rollback(string alias, string id)
    {
        if (!Aliases.TryGetValue(alias, out ImmutableArray<int> points) || points.Length < 2 || !Exists(points[^2]))
            return null;
        return (this with { Aliases = Aliases.SetItem(alias, points[..^1]) }).Note(ModelEvents.RolledBack, alias, points[^2], points[^1], id)
            .EndRoute(Champion);
    }

    private RegistryOracle? SetRoute(int version, int other, int slots, string id, DateTimeOffset now)
    {
        int[] answering = [.. new[] { (version, slots), (other, ModelRoute.Whole - slots) }.Where(share => share.Item2 > 0).Select(share => share.Item1)];
        if (!Exists(version) || !Exists(other) || version == other || slots > ModelRoute.Whole || answering.Any(v => Route?.Shadows.Contains(v) == true))
            return null;
        var shares = ImmutableSortedDictionary.CreateRange(new Dictionary<int,
            int>
        { [version] = slots, [other] = ModelRoute.Whole - slots }.Where(share => share.Value > 0));
        return Routed("set", 0, (Route ?? new OracleRoute()) with { Shares = shares, Canary = 0, Began = now }, id);
    }

    private RegistryOracle? Canary(int version, int amount, string id, DateTimeOffset now)
    {
        ImmutableArray<int> steps = Steps(amount);
        if (Champion == 0 || !Exists(version) || version == Champion || Route?.Shadows.Contains(version) == true || steps[^1] > ModelRoute.Whole)
            return null;
        ImmutableSortedDictionary<int, int> before = Route is null ? ImmutableSortedDictionary<int, int>.Empty.Add(Champion, ModelRoute.Whole) : Shares(now);
        if (before.Keys.Any(answering => answering != Champion && answering != version))
            return null;
        return Routed("canary", version, (Route ?? new OracleRoute()) with { Shares = before, Canary = version, Steps = steps, Began = now }, id);
    }

    private RegistryOracle? Shadow(int version, string id, DateTimeOffset now)
    {
        if (Champion == 0 || !Exists(version) || version == Champion)
            return null;
        if (Route is { } route && (route.Canary == version || route.Shares.ContainsKey(version)))
            return null;
        OracleRoute next = Route ?? new OracleRoute { Shares = Shares(now) };
        return Routed("shadow", next.Canary, next with { Shadows = [version] }, id);
    }

    private RegistryOracle Routed(string what, int canary, OracleRoute next, string id) =>
        (this with { Route = next }).Note(ModelEvents.Routed, what, canary, 0, id);

    private RegistryOracle Prune(int keep, string id)
    {
        IEnumerable<int> held = Aliases.Values.SelectMany(points => points).Concat(Left.Values).Concat(Route?.Versions(Champion) ?? []);
        ImmutableSortedSet<int> pruned = Pruned.Union(Enumerable.Range(1, Math.Max(0, Versions - keep)).Except(held));
        return pruned.Count == Pruned.Count ? this : (this with { Pruned = pruned }).Note(ModelEvents.Pruned, "", 0, 0, id);
    }

    /// <summary>A route holds for as long as the champion stays who it was.</summary>
    private RegistryOracle EndRoute(int championBefore) => Champion == championBefore ? this : this with { Route = null };

    private RegistryOracle Note(string kind, string subject, int version, int before, string change) => this with
    {
        Left = kind is ModelEvents.AliasSet or ModelEvents.AliasRemoved or ModelEvents.RolledBack ? Left.SetItem(subject, before) : Left,
        Trail = Trail.Add(Line(Trail.Length + 1, kind, subject, version, before, change)),
    };
}

/// <summary>A route as it should be.</summary>
internal sealed record OracleRoute
{
    public static readonly TimeSpan StepTime = TimeSpan.FromHours(1);

    /// <summary>Slots by version, without zeros; under a canary, before its first step.</summary>
    public ImmutableSortedDictionary<int, int> Shares { get; init; } = ImmutableSortedDictionary<int, int>.Empty;

    /// <summary>0: none.</summary>
    public int Canary { get; init; }

    public ImmutableArray<int> Steps { get; init; } = [];

    public DateTimeOffset Began { get; init; }

    public ImmutableSortedSet<int> Shadows { get; init; } = [];

    public ImmutableSortedDictionary<int, int> At(DateTimeOffset now, int champion)
    {
        if (Canary == 0)
            return Shares;
        int share = Steps[(int)Math.Min(Steps.Length - 1, (now - Began) / StepTime)];
        return ImmutableSortedDictionary.CreateRange(new Dictionary<int,
            int>
        { [champion] = ModelRoute.Whole - share, [Canary] = share }.Where(pair => pair.Value > 0));
    }

    /// <summary>Versions that may not be let go of.</summary>
    public IEnumerable<int> Versions(int champion) => Shares.Keys.Concat(Shadows).Append(Canary).Append(champion);
}
