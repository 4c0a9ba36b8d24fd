using System.Collections.Immutable;
using OrleansCluster.Client;
using OrleansCluster.Models;
using OrleansCluster.Models.Gates;
using OrleansCluster.Models.Routing;

namespace OrleansCluster.Grains.Tests.Models.Laws;

/// <summary>One model, step by step beside its oracle.</summary>
internal sealed class RegistryHistory(RegistryWorld world)
{
    private readonly string _model = world.NewModel();
    private RegistryOracle _oracle = new();
    private ImmutableSortedDictionary<int, int> _shares = ImmutableSortedDictionary<int, int>.Empty;
    private int[] _answering = [];
    private int _steps;

    public int Crashes { get; private set; }

    public int Changes { get; private set; }

    public int Refusals { get; private set; }

    private DateTimeOffset Now => world.Time.GetUtcNow();

    private IModelClient Models => world.Client.Models;

    public async Task BeginAsync()
    {
        await world.CalmAsync();
        await world.Publish(_model, world.Sources[0], "job 0");
        _oracle = _oracle.After(new RegistryStep { Action = RegistryAction.Publish }, "job 0", Now)!;
        await CheckAsync();
    }

    public async Task TakeAsync(RegistryStep step)
    {
        string id = $"{(step.Action == RegistryAction.Publish ? "job" : "change")} {++_steps}";
        if (step.Action == RegistryAction.Wait)
            world.Time.Advance(TimeSpan.FromMinutes(25.5));
        if (step.FailFrom > 0 && world.Faults.FailFrom == 0)
            (world.Faults.FirstTakesEffect, world.Faults.FailFrom) = (step.TakesEffect, world.Faults.Writes + step.FailFrom);

        // A publication is decided on nothing.
        RegistryOracle? expected = step.Stale && step.Action is not (RegistryAction.Publish or RegistryAction.Wait) ? null : _oracle.After(step, id, Now);
        ImmutableSortedDictionary<int, int> before = _oracle.Shares(Now);
        Task<(int[] Versions, int[] Labels)> meanwhile = world.Ask(_model);
        bool? done = null;
        try
        {
            done = await ActAsync(step, id);
            if (done == true && step.Again)
                (await ActAsync(step, id) || world.Faults.Reached.IsCompleted).ShouldBeTrue($"{step} must be accepted again");
        }
        catch (Exception e) when (world.Faults.Reached.IsCompleted && e is not ShouldAssertException)
        {
            // Nobody knows.
        }

        bool crashed = world.Faults.Reached.IsCompleted;
        HashSet<int> allowed = [.. before.Keys, .. expected?.Shares(Now).Keys ?? []];
        try
        {
            (await meanwhile).Versions.ShouldAllBe(version => allowed.Contains(version), $"asked while {step}");
        }
        catch (Exception e) when (crashed && e is not ShouldAssertException)
        {
            // It was asked of a cluster that went down.
        }

        if (crashed)
        {
            Crashes++;
            await world.CrashAsync();
            // A refusal may have been the failure's.
            done = done == true ? done : null;
        }

        long revision = (await Models.FindAsync(_model))!.Info.Revision;
        if (expected is null)
            done.ShouldNotBe(true, $"{step} must be refused");
        else if (done is { } known)
            known.ShouldBeTrue($"{step} must be accepted");
        Refusals += done == false ? 1 : 0;
        if (expected is not null && (done == true || revision == expected.Trail.Length))
        {
            Changes += expected.Trail.Length - _oracle.Trail.Length;
            _oracle = expected;
        }

        await CheckAsync();
    }

    /// <summary>Carries a step out. Returns whether it was accepted.</summary>
    private async Task<bool> ActAsync(RegistryStep step, string id)
    {
        var change = new ModelChange { Id = id, Expected = _oracle.Trail.Length - (step.Stale ? 1 : 0), By = "law" };
        int version = _oracle.At(step.Age), other = _oracle.At(step.OtherAge);
        try
        {
            await (step.Action switch
            {
                RegistryAction.Publish => world.Publish(_model, world.Sources[step.Amount % world.Sources.Length], id),
                RegistryAction.SetAlias => Models.SetAliasAsync(_model, change, step.Alias, version),
                RegistryAction.RemoveAlias => Models.RemoveAliasAsync(_model, change, step.Alias),
                RegistryAction.Rollback => Models.RollbackAsync(_model, change, step.Alias),
                RegistryAction.SetRoute => Route(RouteChangeKind.Set,
                    shares: [new() { Version = version, Slots = step.Amount }, new() { Version = other, Slots = ModelRoute.Whole - step.Amount }]),
                RegistryAction.Canary => Route(RouteChangeKind.Canary, version, RegistryOracle.Steps(step.Amount)),
                RegistryAction.Shadow => Route(RouteChangeKind.Shadow, shadows: [version]),
                RegistryAction.Abort => Route(RouteChangeKind.Abort),
                RegistryAction.Prune => Models.PruneAsync(_model, change, new RetentionPolicy { Keep = RegistryOracle.Keep(step) }),
                RegistryAction.NameCluster => Models.NameClusterAsync(_model, change, new ClusterNote { Cluster = 0, Name = id }),
                RegistryAction.Policy => Models.SetPolicyAsync(_model, change, _oracle.HasPolicy ? null : Passing),
                _ => Task.CompletedTask,
            });
            return true;
        }
        catch (ClusteringException)
        {
            return false;
        }

        Task Route(RouteChangeKind kind, int canary = 0, ImmutableArray<int> steps = default, ImmutableArray<RouteShare> shares = default,
            ImmutableArray<int> shadows = default) =>
            Models.SetRouteAsync(_model, change, new RouteChange
            {
                Kind = kind,
                Version = canary,
                Steps = steps.IsDefault ? [] : steps,
                Every = steps.IsDefault ? TimeSpan.Zero : OracleRoute.StepTime,
                Guards = null,
                Shares = shares.IsDefault ? [] : shares,
                Shadows = shadows.IsDefault ? [] : shadows,
            });
    }

    private static GatePolicy Passing => new() { Rules = [new GateRule { Metric = GateMetrics.Size, Limit = 0 }] };

    private async Task CheckAsync()
    {
        ModelOutline model = (await Models.FindAsync(_model))!;
        List<ModelEvent> trail = await Models.EventsAsync(_model).Reverse().ToListAsync();
        trail.Select(e => RegistryOracle.Line(e.Revision, e.Kind, e.Subject, e.Version, e.Before, e.Change)).ShouldBe(_oracle.Trail);
        model.Info.Revision.ShouldBe(_oracle.Trail.Length);
        model.Info.Aliases.Select(alias => $"{alias.Name} {string.Join(' ', alias.Earlier.Append(alias.Version))}")
            .ShouldBe(_oracle.Aliases.Select(alias => $"{alias.Key} {string.Join(' ', alias.Value)}"));
        foreach (ModelAlias alias in model.Info.Aliases)
            (await Models.ResolveAsync(ModelReference.Parse($"{_model}@{alias.Name}")))!.Version.ShouldBe(alias.Version);

        model.Versions.Length.ShouldBe(_oracle.Versions);
        model.Versions.Where(version => version.Pruned is not null).Select(version => version.Version).ShouldBe(_oracle.Pruned);
        await CheckIdsAsync(model);
        await CheckAnswersAsync();
    }

    /// <summary>An id is one cluster's for ever: a version's ids are its parent's or were never given before.</summary>
    private async Task CheckIdsAsync(ModelOutline model)
    {
        int given = 0;
        var all = new List<int[]>();
        foreach (VersionSummary version in model.Versions)
        {
            int[] ids = [.. (await Models.VersionAsync(_model, version.Version))!.Training.Clusters.Select(cluster => cluster.Label)];
            all.Add(ids);
            ids.ShouldBeUnique();
            int[] parents = version.Parent == 0 ? [] : all[version.Parent - 1];
            ids.Except(parents).ShouldAllBe(id => id >= given, $"version {version.Version} gives ids that were given before");
            given = Math.Max(given, ids.Max() + 1);
        }

        model.Info.NextCluster.ShouldBe(given);
    }

    /// <summary>Shares are as they should be, rows are answered accordingly, and a row moves only from a version that lost to one that gained.</summary>
    private async Task CheckAnswersAsync()
    {
        ImmutableSortedDictionary<int, int> shares = _oracle.Shares(Now);
        RouteStatus route = (await Models.RouteAsync(_model))!;
        route.Shares.ToDictionary(share => share.Version, share => share.Slots).ShouldBe(shares, ignoreOrder: true);
        route.Shares.Sum(share => share.Slots).ShouldBe(ModelRoute.Whole);
        (route.Route is null).ShouldBe(_oracle.Route is null);
        (int[] versions, int[] labels) = await world.Ask(_model);
        versions.ShouldAllBe(version => shares.ContainsKey(version));
        foreach (int version in shares.Keys)
        {
            (_, int[] named) = await world.Ask(_model, version);
            for (int row = 0; row < versions.Length; row++)
            {
                if (versions[row] == version)
                    labels[row].ShouldBe(named[row]);
            }
        }

        for (int row = 0; row < _answering.Length; row++)
        {
            (int was, int now) = (_answering[row], versions[row]);
            if (was != now)
                (shares.GetValueOrDefault(was) < _shares.GetValueOrDefault(was) && shares.GetValueOrDefault(now) > _shares.GetValueOrDefault(now))
                    .ShouldBeTrue($"a row moved from version {was} to {now}");
        }

        (_shares, _answering) = (shares, versions);
    }
}
