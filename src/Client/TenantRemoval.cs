using System.Collections.Immutable;
using OrleansCluster.Alerts;
using OrleansCluster.Datasets;
using OrleansCluster.Models;
using OrleansCluster.Retraining;
using OrleansCluster.Tenancy;
using OrleansCluster.Training;

namespace OrleansCluster.Client;

/// <summary>
/// Takes away all that a tenant has, and then the tenant. What makes things goes before what it makes: keys open nothing from the beginning on, plans go
/// before jobs, and jobs before models. Each step finds for itself what is still there, so that one who was killed midway is followed by another.
/// </summary>
/// <param name="grains">Where grains are reached.</param>
/// <param name="tenant">The tenant.</param>
/// <param name="by">Who asks.</param>
internal sealed class TenantRemoval(IGrainFactory grains, string tenant, string by)
{
    /// <summary>How often what came meanwhile, from who needs no key, is looked for again.</summary>
    private const int MostRounds = 3;

    private readonly SortedSet<string> _plans = new(StringComparer.Ordinal), _jobs = new(StringComparer.Ordinal), _models = new(StringComparer.Ordinal),
        _datasets = new(StringComparer.Ordinal), _rules = new(StringComparer.Ordinal);

    private IAccessGrain Access => grains.GetGrain<IAccessGrain>(IAccessGrain.Key);

    /// <summary>Does it.</summary>
    /// <param name="force">Whether what the tenant has goes with it.</param>
    /// <param name="cancellation">Ends it between two steps; asked again, it goes on.</param>
    /// <exception cref="ClusteringException">There is no such tenant, it is the default one, or it has something and that was not to go.</exception>
    public async Task<TenantDeletion> RunAsync(bool force, CancellationToken cancellation)
    {
        ImmutableArray<KeyInfo> keys = await Calls.Ask(() => Access.Keys(tenant, cancellation), cancellation).ConfigureAwait(false);
        // Whatever would be refused at the end is refused before anything is done.
        if (force && tenant != GrainKeys.DefaultTenant
            && await Calls.Ask(() => Access.Tenant(tenant, cancellation), cancellation).ConfigureAwait(false) is not null)
        {
            await Calls.Ask(() => Access.Suspend(tenant, suspended: true, cancellation), cancellation).ConfigureAwait(false);
            for (int round = 0; round < MostRounds && await EmptyAsync(cancellation).ConfigureAwait(false); round++)
            {
            }
        }

        await Calls.Ask(() => Access.Delete(tenant, cancellation), cancellation).ConfigureAwait(false);
        return new TenantDeletion
        {
            Tenant = tenant,
            Plans = [.. _plans],
            Jobs = [.. _jobs],
            Models = [.. _models],
            Datasets = [.. _datasets],
            Rules = [.. _rules],
            Keys = [.. keys.Select(key => key.Id)],
        };
    }

    /// <summary>Takes away what is there.</summary>
    /// <returns>Whether there was anything.</returns>
    private async Task<bool> EmptyAsync(CancellationToken cancellation)
    {
        bool any = await EachAsync(CatalogKinds.Retraining, _plans, async name =>
            await Calls.Ask(() => Of<IRetrainingGrain>(name).Forget(cancellation), cancellation).ConfigureAwait(false), cancellation).ConfigureAwait(false);
        any |= await EachAsync(CatalogKinds.Jobs, _jobs, name => JobAsync(name, cancellation), cancellation).ConfigureAwait(false);
        any |= await EachAsync(CatalogKinds.Models, _models, name => ModelAsync(name, cancellation), cancellation).ConfigureAwait(false);
        any |= await EachAsync(CatalogKinds.Datasets, _datasets, async name =>
            await Calls.Ask(() => Of<IDatasetGrain>(name).Delete(0, cancellation), cancellation).ConfigureAwait(false), cancellation).ConfigureAwait(false);
        _rules.UnionWith(await Calls.Ask(() => Of<IAlertsGrain>(AlertStatus.Key).Forget(cancellation), cancellation).ConfigureAwait(false));
        IRetrainingBudgetGrain budget = Of<IRetrainingBudgetGrain>(RetrainingBudget.Key);
        if ((await Calls.Ask(() => budget.Budget(cancellation), cancellation).ConfigureAwait(false)).MostADay > 0)
            await Calls.Ask(() => budget.Limit(0, cancellation), cancellation).ConfigureAwait(false);
        return any;
    }

    private async Task<bool> EachAsync(string kind, SortedSet<string> gone, Func<string, Task> delete, CancellationToken cancellation)
    {
        ImmutableArray<string> names = await Calls.Ask(() => Of<ICatalogGrain>(kind).List(cancellation), cancellation).ConfigureAwait(false);
        foreach (string name in names)
        {
            await delete(name).ConfigureAwait(false);
            gone.Add(name);
        }

        return !names.IsEmpty;
    }

    private async Task JobAsync(string name, CancellationToken cancellation)
    {
        if (await Calls.Ask(() => Of<ITrainingGrain>(name).Status(cancellation), cancellation).ConfigureAwait(false) is not null)
            await Calls.Ask(() => Of<ITrainingGrain>(name).Delete(force: true, cancellation), cancellation).ConfigureAwait(false);
        else
            await Calls.Ask(() => Of<ICatalogGrain>(CatalogKinds.Jobs).Remove(name, cancellation), cancellation).ConfigureAwait(false);
    }

    private async Task ModelAsync(string name, CancellationToken cancellation)
    {
        IModelGrain model = Of<IModelGrain>(name);
        if (await Calls.Ask(() => model.Summary(cancellation), cancellation).ConfigureAwait(false) is { Versions.IsEmpty: false } seen)
        {
            var change = new ModelChange { Id = Ids.Random(), Expected = seen.Info.Revision, By = by, Reason = $"the tenant {tenant} is deleted" };
            await Calls.Ask(() => model.Delete(change, 0, force: true, cancellation), cancellation).ConfigureAwait(false);
        }
        else
        {
            await Calls.Ask(() => Of<ICatalogGrain>(CatalogKinds.Models).Remove(name, cancellation), cancellation).ConfigureAwait(false);
        }
    }

    private T Of<T>(string name)
        where T : IGrainWithStringKey => grains.GetGrain<T>(GrainKeys.For(tenant, name));
}
