namespace OrleansCluster.Models.Routing;

/// <inheritdoc cref="IAgreementGrain"/>
public sealed class AgreementGrain([PersistentState("agreement", StorageNames.Grains)] IPersistentState<RouteAgreement> state) : Grain, IAgreementGrain
{
    public async Task Add(RouteAgreement counts, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(counts);
        RouteAgreement merged = RouteAgreements.Merge(state.State, counts);
        if (merged != state.State)
            await this.Write(state, merged);
    }

    public Task<RouteAgreement> Get(CancellationToken cancellation = default) => Task.FromResult(state.State);
}
