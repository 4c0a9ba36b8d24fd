using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace OrleansCluster.Web.Site;

/// <summary>That an endpoint is a page for people: what goes wrong there is told as one.</summary>
internal sealed class PageMark
{
    public static PageMark Only { get; } = new();
}

/// <summary>Adds pages.</summary>
internal static class PageRoutes
{
    /// <summary>A page that is looked at.</summary>
    /// <param name="name">Its name, by which <see cref="Access.Rights"/> says who may.</param>
    public static IEndpointConventionBuilder Page(this IEndpointRouteBuilder routes, string pattern, string name, RequestDelegate handler) =>
        routes.MapMethods(pattern, [HttpMethods.Get, HttpMethods.Head], handler)
            .WithMetadata(PageMark.Only, new EndpointNameMetadata(name)).ExcludeFromDescription();

    /// <summary>Something that is done on a page: what is sent is a form that was made here.</summary>
    /// <param name="name">Its name, by which <see cref="Access.Rights"/> says who may.</param>
    public static IEndpointConventionBuilder Act(this IEndpointRouteBuilder routes, string pattern, string name, RequestDelegate handler) =>
        routes.MapMethods(pattern, [HttpMethods.Post], async http =>
        {
            FormTokens.Check(http, await Forms.ReadAsync(http).ConfigureAwait(false));
            await handler(http).ConfigureAwait(false);
        }).WithMetadata(PageMark.Only, new EndpointNameMetadata(name)).ExcludeFromDescription();
}
