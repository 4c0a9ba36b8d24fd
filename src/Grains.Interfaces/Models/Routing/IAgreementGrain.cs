namespace OrleansCluster.Models.Routing;

/// <summary>Adds up what all silos compared under a model's route; key: <c>tenant/model</c>.</summary>
[Alias("oc.IAgreementGrain")]
public interface IAgreementGrain : IGrainWithStringKey
{
    /// <summary>
    /// Adds counts. Those of a route that another has taken the place of are dropped; those of a newer one begin anew. A call whose answer is lost may count
    /// twice or not at all: these numbers help to judge, nothing rests on them.
    /// </summary>
    [Alias("Add")]
    Task Add(RouteAgreement counts, CancellationToken cancellation = default);

    /// <summary>The counts of the newest route that any came of.</summary>
    [Alias("Get")]
    Task<RouteAgreement> Get(CancellationToken cancellation = default);
}
