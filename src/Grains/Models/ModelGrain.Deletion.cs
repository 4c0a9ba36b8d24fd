using System.Collections.Immutable;
using System.Globalization;
using OrleansCluster.Models.Routing;
using OrleansCluster.Monitoring;
using OrleansCluster.Retraining;
using OrleansCluster.Tenancy;

namespace OrleansCluster.Models;

/// <content>
/// Deletion. What is left of a version is its number, which stays taken: a job, a report or a cache that names it never comes to mean another one.
/// </content>
public sealed partial class ModelGrain
{
    public async Task<ImmutableArray<string>> Delete(ModelChange change, int version, bool force, CancellationToken cancellation = default)
    {
        RetrainingLease? retraining = await LiveRetraining(cancellation);
        bool done;
        try
        {
            done = Begin(change);
        }
        finally
        {
            // Also where it was deleted before, by one who did not come to this.
            if (Newest() == 0)
                await ForgetName(cancellation);
        }

        if (done)
        {
            // Unless there is another one of the name by now, whose windows they are.
            if (version != 0 || Newest() == 0)
                await Monitor.Forget(version, cancellation);
            await CollectLeftovers();
            return [];
        }

        if (version != 0)
            CheckVersion(version);
        if (version != 0 && Enumerable.Range(1, _model.Versions.Length).Count(IsThere) == 1)
            throw new ClusteringException($"Version {version} is the only one of the model '{Name}': delete the model.");
        ImmutableArray<string> needed = [.. version == 0 ? NeedsOfModel(retraining) : NeedsOf(version, retraining)];
        if (!needed.IsEmpty && !force)
        {
            throw new ClusteringException(
                $"{(version == 0 ? $"The model '{Name}'" : $"Version {version} of the model '{Name}'")} is needed: {string.Join("; ", needed)}. Nothing was "
                    + "deleted: end that first, or force it.");
        }

        await Commit(version == 0 ? WithoutAll() : Without(version, retraining), Event(change, ModelEvents.Deleted) with { Version = version });
        if (version == 0)
        {
            await ForgetName(cancellation);
            await GrainFactory.GetGrain<IRetrainingGrain>(GrainKeys.For(Tenant, Name)).Forget(cancellation);
        }

        // What was observed under it would otherwise be told of the next model of this name.
        await Monitor.Forget(version, cancellation);
        await CollectLeftovers();
        return needed;
    }

    private IMonitorGrain Monitor => GrainFactory.GetGrain<IMonitorGrain>(GrainKeys.For(Tenant, Name));

    private Task ForgetName(CancellationToken cancellation) =>
        GrainFactory.GetGrain<ICatalogGrain>(GrainKeys.For(Tenant, CatalogKinds.Models)).Remove(Name, cancellation);

    private IEnumerable<string> NeedsOfModel(RetrainingLease? retraining)
    {
        foreach (ModelAlias alias in _model.Aliases)
            yield return $"{alias.Name} points to version {Text(alias.Version)}";
        if (_model.Route is not null)
            yield return "a route divides its rows among versions";
        if (retraining is not null)
            yield return $"the job {retraining.Job} retrains it";
    }

    /// <summary>What needs a version, in words.</summary>
    private IEnumerable<string> NeedsOf(int version, RetrainingLease? retraining)
    {
        foreach (ModelAlias alias in _model.Aliases)
        {
            if (alias.Version == version)
                yield return $"{alias.Name} points to it";
            else if (alias.Earlier.Contains(version))
                yield return $"{alias.Name} can be rolled back to it";
        }

        if (_model.Route?.Versions().Contains(version) == true)
            yield return "the route gives it rows";
        if (retraining?.Parent == version)
            yield return $"the job {retraining.Job} retrains it";
        foreach (int child in Enumerable.Range(1, _model.Versions.Length).Where(IsThere))
        {
            if (_model.Versions[child - 1].Parent == version)
                yield return $"version {Text(child)} was aligned with it";
        }
    }

    private ModelState WithoutAll()
    {
        DateTimeOffset now = time.GetUtcNow();
        ModelState before = _model;
        (_columns, _packed) = ([], null);
        _told.Clear();
        return new ModelState
        {
            Versions = [.. before.Versions.Select(entry => Gone(entry, now))],
            Collecting = [.. Going(before, version => true)],
            Routes = before.Routes,
        };
    }

    private ModelState Without(int version, RetrainingLease? retraining)
    {
        ModelState next = WithVersion(_model, version, entry => Gone(entry, time.GetUtcNow()));
        return next with
        {
            Collecting = [.. Going(_model, one => one == version)],
            // A history ends where it meets a version that is gone; an alias that points to one goes.
            Aliases = [.. next.Aliases.Where(alias => alias.Version != version).Select(alias => alias with { Earlier = Reachable(next, alias.Earlier) })],
            Route = next.Route?.Versions().Contains(version) == true ? null : next.Route,
            Retraining = retraining?.Parent == version ? null : next.Retraining,
        };
    }

    /// <summary>The versions whose blobs are to be let go of.</summary>
    private static IEnumerable<int> Going(ModelState model, Func<int, bool> goes) =>
        model.Collecting.Concat(Enumerable.Range(1, model.Versions.Length).Where(version => goes(version) && model.Versions[version - 1].Deleted is null))
            .Distinct().Order();

    private static ModelVersionEntry Gone(ModelVersionEntry entry, DateTimeOffset now) => entry with
    {
        Deleted = entry.Deleted ?? now,
        Pruned = entry.Pruned ?? now,
        Facts = null,
        Tags = [],
        Description = "",
    };

    private static string Text(int version) => version.ToString(CultureInfo.InvariantCulture);
}
