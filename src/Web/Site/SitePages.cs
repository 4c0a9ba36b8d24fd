using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using OrleansCluster.Web.Access;
using OrleansCluster.Web.Hosting;
using OrleansCluster.Web.Native;

namespace OrleansCluster.Web.Site;

/// <summary>All pages for people. They look up and change what the native API does, with the same rights.</summary>
internal static class SitePages
{
    /// <summary>Where what pages load is.</summary>
    public const string Assets = "/assets";

    public static void Map(IEndpointRouteBuilder routes, NativeApi api, HealthEndpoints health)
    {
        routes.MapGet(Assets + "/{name}", PageAnswers.AssetAsync).ExcludeFromDescription();
        SignIn.Map(routes);
        if (routes.ServiceProvider.GetService<WebAccess>()?.Issuer?.SignIn is not null)
            ProviderSignIn.Map(routes);
        new HomePages(api, health).Map(routes);
        new ModelPages(api).Map(routes);
        new WatchPages(api).Map(routes);
        new ModelActs(api).Map(routes);
        new AskPage(api).Map(routes);
        new DataPages(api).Map(routes);
        new JobPages(api).Map(routes);
        new TrainPage(api).Map(routes);
        new ClusterPage(api).Map(routes);
    }
}
