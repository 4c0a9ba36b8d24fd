using OrleansCluster.Models;
using OrleansCluster.Models.Gates;
using OrleansCluster.Models.Routing;
using OrleansCluster.Tenancy;

namespace OrleansCluster.Client;

/// <content>Routes and gates.</content>
internal sealed partial class ModelClient
{
    public Task<RouteStatus?> RouteAsync(string name, CancellationToken cancellation = default) =>
        Calls.Ask(() => Of<IModelRoutes>(name).Route(cancellation), cancellation);

    public Task<RouteAgreement> AgreementAsync(string name, CancellationToken cancellation = default) =>
        Calls.Ask(() => Of<IAgreementGrain>(name).Get(cancellation), cancellation);

    public Task<ModelInfo> SetRouteAsync(string name, ModelChange change, RouteChange route, CancellationToken cancellation = default) =>
        Calls.Ask(() => Of<IModelRoutes>(name).SetRoute(change, route, cancellation), cancellation);

    public async Task<GatePolicy?> PolicyAsync(string name, CancellationToken cancellation = default) =>
        (await Calls.Ask(() => Of<IModelGates>(name).Plan(cancellation), cancellation).ConfigureAwait(false))?.Policy;

    public Task<ModelInfo> SetPolicyAsync(string name, ModelChange change, GatePolicy? policy, CancellationToken cancellation = default) =>
        Calls.Ask(() => Of<IModelGates>(name).SetPolicy(change, policy, cancellation), cancellation);

    private T Of<T>(string name)
        where T : IGrainWithStringKey => grains.GetGrain<T>(GrainKeys.For(tenant, GrainKeys.CheckName("model", name)));
}
