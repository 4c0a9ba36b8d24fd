using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OrleansCluster.Pages.Views;
using OrleansCluster.Silos;
using OrleansCluster.Web.Access;
using OrleansCluster.Web.Native;

namespace OrleansCluster.Web.Site;

/// <summary>The silos that do the work, for who looks after them.</summary>
internal sealed class ClusterPage(NativeApi api)
{
    public void Map(IEndpointRouteBuilder routes) => routes.Page("/cluster", "page.cluster", ShowAsync);

    private async Task ShowAsync(HttpContext http)
    {
        Caller.Current.CheckLooksAfterCluster("The silos");
        ClusterReport report = await api.Client.Silos.LookAsync(http.RequestAborted).ConfigureAwait(false);
        await PageAnswers.WriteAsync<SilosView>(
            http, "Cluster", new Dictionary<string, object?> { [nameof(SilosView.Report)] = report }).ConfigureAwait(false);
    }
}
