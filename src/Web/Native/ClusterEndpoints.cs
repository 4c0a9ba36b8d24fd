using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OrleansCluster.Contracts.Api;
using OrleansCluster.Json;
using OrleansCluster.Silos;
using OrleansCluster.Web.Access;
using OrleansCluster.Web.Exchange;

namespace OrleansCluster.Web.Native;

/// <summary>The silos of the cluster, for who looks after it: they tell the jobs of all tenants.</summary>
internal sealed class ClusterEndpoints(NativeApi api)
{
    public void Map(IEndpointRouteBuilder routes) => routes.Map(
        "GET", NativeApi.Root + "/cluster", "getCluster", "The silos of the cluster: how they are, their load, and the shards that they hold", async http =>
        {
            ClusterReport report = await LookAsync(http).ConfigureAwait(false);
            await Answers.WriteAsync(http, SiloDocuments.Of(report), ApiJson.Default.SilosDocument).ConfigureAwait(false);
        }).Under("cluster").Gives<SilosDocument>().Wired(LookAsync);

    private Task<ClusterReport> LookAsync(HttpContext http)
    {
        Caller.Current.CheckLooksAfterCluster("The silos");
        Queries.Check(http.Request);
        return api.Client.Silos.LookAsync(http.RequestAborted);
    }
}
