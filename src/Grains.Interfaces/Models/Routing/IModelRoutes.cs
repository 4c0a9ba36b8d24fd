using Orleans.Concurrency;
using OrleansCluster.Tenancy;

namespace OrleansCluster.Models.Routing;

/// <summary>
/// The route of a model, kept with its aliases and versions under one revision; key: <c>tenant/name</c>. Moving the alias <c>champion</c> ends the route.
/// </summary>
[Alias("oc.IModelRoutes")]
public interface IModelRoutes : IGrainWithStringKey
{
    /// <summary>What the bare name means now; null when there is no such model.</summary>
    [Alias("Serve"), AlwaysInterleave]
    Task<ServingPlan?> Serve(CancellationToken cancellation = default);

    /// <summary>How the bare name is answered now; null when there is no such model.</summary>
    [Alias("Route"), AlwaysInterleave]
    Task<RouteStatus?> Route(CancellationToken cancellation = default);

    /// <summary>
    /// Takes the canary to its next step when that is due and its guards pass, else does nothing. Whoever asks for the route asks for this, too.
    /// </summary>
    [Alias("Climb")]
    Task Climb(CancellationToken cancellation = default);

    /// <summary>Changes the route.</summary>
    /// <exception cref="ClusteringException">Another change came first, or the change cannot be made: shares that are not the whole, versions that are not
    /// there, no champion.</exception>
    [Alias("SetRoute"), Audited("model.set-route")]
    Task<ModelInfo> SetRoute(ModelChange change, RouteChange route, CancellationToken cancellation = default);
}
