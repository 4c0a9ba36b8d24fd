using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Scalar.AspNetCore;

namespace OrleansCluster.Web.Descriptions;

/// <summary>The description of the service as a page for people, whose parts come from here alone: a browser without the internet shows it, too.</summary>
internal static class ReferencePage
{
    /// <summary>Where it is.</summary>
    public const string Path = "/reference";

    /// <summary>A browser is told to fetch nothing from elsewhere, whatever the page's program would.</summary>
    private const string Policy = "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
        + "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; frame-ancestors 'none'";

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapScalarApiReference(Path, options =>
        {
            options.Title = "OrleansCluster";
            options.OpenApiRoutePattern = "/openapi/{documentName}.json";
            options.DefaultFonts = false;
            options.Telemetry = false;
        }).ExcludeFromDescription().AddEndpointFilter(async (context, next) =>
        {
            context.HttpContext.Response.Headers.ContentSecurityPolicy = Policy;
            return await next(context).ConfigureAwait(false);
        });
    }
}
