using System.Collections.Immutable;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OrleansCluster.Client.Http;
using OrleansCluster.Contracts.Api;

namespace OrleansCluster.Web.Exchange;

/// <summary>Endpoints, with what the description of the service says of them.</summary>
internal static class Endpoints
{
    /// <summary>Adds an endpoint.</summary>
    /// <param name="method">GET, POST, PUT, PATCH or DELETE.</param>
    /// <param name="name">Its name in generated clients.</param>
    /// <param name="summary">What it does.</param>
    public static IEndpointConventionBuilder Map(
        this IEndpointRouteBuilder routes, string method, string pattern, string name, string summary, RequestDelegate handler)
    {
        // What can be read can be asked about; that is not worth a word in the description.
        if (method == HttpMethods.Get)
            routes.MapMethods(pattern, [HttpMethods.Head], handler);
        return routes.MapMethods(pattern, [method], AnswerAsync).WithMetadata(
            handler.Method,
            new EndpointNameMetadata(name),
            new EndpointSummaryAttribute(summary),
            new ProducesResponseTypeMetadata(StatusCodes.Status400BadRequest, typeof(ProblemDocument), ["application/problem+json"]));

        Task AnswerAsync(HttpContext http) =>
            http.GetEndpoint()?.Metadata.GetMetadata<WireHandler>() is { } wired && WireAnswers.AreWanted(http.Request) ? wired.Answer(http) : handler(http);
    }

    /// <summary>Adds an endpoint that answers with one of the cluster's own types alone.</summary>
    public static IEndpointConventionBuilder MapWire<T>(
        this IEndpointRouteBuilder routes, string method, string pattern, string name, string summary, Func<HttpContext, Task<T>> ask) =>
        routes.Map(method, pattern, name, summary, async http => await WireAnswers.WriteAsync(http, await ask(http).ConfigureAwait(false))
            .ConfigureAwait(false)).WithMetadata(new BytesDescription(WireFormat.MediaType));

    /// <summary>Adds an endpoint that answers with a stream of the cluster's own types.</summary>
    public static IEndpointConventionBuilder MapWireStream<T>(
        this IEndpointRouteBuilder routes, string method, string pattern, string name, string summary, Func<HttpContext, IAsyncEnumerable<T>> ask) =>
        routes.Map(method, pattern, name, summary, http => WireAnswers.WriteAsync(http, ask(http))).WithMetadata(new BytesDescription(WireFormat.MediaType));

    /// <summary>What it answers the .NET client (<see cref="WireAnswers"/>).</summary>
    public static IEndpointConventionBuilder Wired<T>(this IEndpointConventionBuilder endpoint, Func<HttpContext, Task<T>> ask) =>
        endpoint.WithMetadata(new WireHandler(
            async http => await WireAnswers.WriteAsync(http, await ask(http).ConfigureAwait(false)).ConfigureAwait(false)));

    /// <summary>Under which heading it stands.</summary>
    public static TBuilder Under<TBuilder>(this TBuilder endpoint, string heading)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new TagsAttribute(heading));

    /// <summary>What it is sent.</summary>
    public static IEndpointConventionBuilder Takes<T>(this IEndpointConventionBuilder endpoint, params string[] types) =>
        endpoint.WithMetadata(new BodyDescription(typeof(T), types.Length == 0 ? [Answers.Json] : [.. types]));

    /// <summary>What it answers.</summary>
    public static IEndpointConventionBuilder Gives<T>(
        this IEndpointConventionBuilder endpoint, int status = StatusCodes.Status200OK, string type = Answers.Json) =>
        endpoint.WithMetadata(new ProducesResponseTypeMetadata(status, typeof(T), [type]));

    /// <summary>What it answers when it has nothing to say.</summary>
    public static IEndpointConventionBuilder GivesNothing(this IEndpointConventionBuilder endpoint, int status = StatusCodes.Status204NoContent) =>
        endpoint.WithMetadata(new ProducesResponseTypeMetadata(status));

    /// <summary>A parameter behind the question mark, or in the head.</summary>
    public static IEndpointConventionBuilder Knows(
        this IEndpointConventionBuilder endpoint, string name, string help, bool number = false, bool header = false) =>
        endpoint.WithMetadata(new ParameterDescription(name, help, number, header));

    /// <summary>The parameters of a list.</summary>
    public static IEndpointConventionBuilder Pages(this IEndpointConventionBuilder endpoint) => endpoint
        .Knows("limit", "How many there are on a page, at most 1000 [default: 100]", number: true)
        .Knows("after", "The next of the page before");

    /// <summary>The headers of a change.</summary>
    public static IEndpointConventionBuilder Changes(this IEndpointConventionBuilder endpoint) => endpoint
        .Knows("If-Match", "ETag of the model as it was read: the change is refused with 412 when another one came first", header: true)
        .Knows("Idempotency-Key", "Any text: what is asked again with the same key and body is done once", header: true)
        .Knows("reason", "Why, for the audit trail, where the body does not say")
        .Knows("by", "Who asks, for the audit trail of a service that asks nobody for a key");
}

/// <summary>A parameter of an endpoint.</summary>
internal sealed record ParameterDescription(string Name, string Help, bool IsNumber, bool IsHeader);

/// <summary>Bytes that an endpoint answers with.</summary>
internal sealed record BytesDescription(string ContentType);

/// <summary>The body of an endpoint's requests.</summary>
/// <remarks>Not ASP.NET Core's own metadata: that would have routing choose by the body's type, and refuse before an endpoint can say what it reads.</remarks>
internal sealed record BodyDescription(Type Type, ImmutableArray<string> ContentTypes);
