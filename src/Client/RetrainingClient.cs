using System.Collections.Immutable;
using OrleansCluster.Retraining;
using OrleansCluster.Tenancy;

namespace OrleansCluster.Client;

/// <inheritdoc/>
internal sealed class RetrainingClient(IGrainFactory grains, string tenant) : IRetrainingClient
{
    private IRetrainingBudgetGrain Purse => grains.GetGrain<IRetrainingBudgetGrain>(GrainKeys.For(tenant, RetrainingBudget.Key));

    public async Task<ImmutableArray<RetrainingStatus>> ListAsync(CancellationToken cancellation = default)
    {
        ICatalogGrain catalog = grains.GetGrain<ICatalogGrain>(GrainKeys.For(tenant, CatalogKinds.Retraining));
        ImmutableArray<string> names = await Calls.Ask(() => catalog.List(cancellation), cancellation).ConfigureAwait(false);
        RetrainingStatus?[] all = await Task.WhenAll(names.Select(name => StatusAsync(name, cancellation))).ConfigureAwait(false);
        return [.. all.OfType<RetrainingStatus>()];
    }

    public Task<RetrainingStatus?> StatusAsync(string model, CancellationToken cancellation = default) =>
        Calls.Ask(() => Of(model).Status(cancellation), cancellation);

    public Task<RetrainingStatus> SetAsync(string model, RetrainingPlan plan, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(plan);
        plan = plan with { Dataset = GrainKeys.CheckName("dataset", plan.Dataset) };
        return Calls.Ask(() => Of(model).Set(plan, cancellation), cancellation);
    }

    public Task RemoveAsync(string model, CancellationToken cancellation = default) => Calls.Ask(() => Of(model).Remove(cancellation), cancellation);

    public Task<RetrainingStatus> BeginAsync(string model, string by, CancellationToken cancellation = default) =>
        Calls.Ask(() => Of(model).Begin(by, cancellation), cancellation);

    public Task<RetrainingStatus> LookAsync(string model, CancellationToken cancellation = default) =>
        Calls.Ask(() => Of(model).Look(cancellation), cancellation);

    public Task<RetrainingStatus> ResumeAsync(string model, CancellationToken cancellation = default) =>
        Calls.Ask(() => Of(model).Resume(cancellation), cancellation);

    public Task<RetrainingBudget> BudgetAsync(CancellationToken cancellation = default) => Calls.Ask(() => Purse.Budget(cancellation), cancellation);

    public Task<RetrainingBudget> LimitAsync(int mostADay, CancellationToken cancellation = default) =>
        Calls.Ask(() => Purse.Limit(mostADay, cancellation), cancellation);

    private IRetrainingGrain Of(string model) => grains.GetGrain<IRetrainingGrain>(GrainKeys.For(tenant, GrainKeys.CheckName("model", model)));
}
