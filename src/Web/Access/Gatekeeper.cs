using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using OrleansCluster.Tenancy;
using OrleansCluster.Web.Hosting;
using OrleansCluster.Web.Inference;
using OrleansCluster.Web.Problems;
using OrleansCluster.Web.Site;

namespace OrleansCluster.Web.Access;

/// <summary>Finds out who asks, and refuses what they may not do. Runs when it is known what would answer, and before anything of the body is read.</summary>
internal sealed partial class Gatekeeper(RequestDelegate next, Callers callers, ILogger<Gatekeeper> log)
{
    private const string Bearer = "Bearer ";

    public async Task InvokeAsync(HttpContext http)
    {
        if (Rights.Needs(http.Request, http.GetEndpoint()) is not { } needed)
        {
            await next(http).ConfigureAwait(false);
            return;
        }

        Caller caller = await WhoAsync(http).ConfigureAwait(false);
        // Who is refused a page is told on one of theirs.
        http.Items[nameof(Caller)] = caller;
        if (!Roles.Includes(caller.Role, needed))
        {
            Forbidden(log, caller.Name, caller.Tenant, http.Request.Method, http.Request.Path);
            throw new ProblemException(403, ProblemKinds.Forbidden, $"This needs the role {needed}; whoever shows this has the role {caller.Role}.");
        }

        if (http.Request.Path == MetricsEndpoint.Path)
            caller.CheckLooksAfterCluster("Metrics");
        // A call of gRPC names its model in the body: it is checked where that is read.
        if (http.GetRouteValue("model") is string model)
            caller.CheckModel(model);
        else if (!caller.Models.IsEmpty && !InferenceEndpoints.IsCall(http.Request))
            throw new ProblemException(403, ProblemKinds.Forbidden, $"This key opens {string.Join(", ", caller.Models)} and nothing beside.");
        if (caller.Quotas.RequestBytes is > 0 and long most)
            Limit(http, most);
        caller.Enter();
        await next(http).ConfigureAwait(false);
    }

    private async ValueTask<Caller> WhoAsync(HttpContext http)
    {
        string header = http.Request.Headers.Authorization.ToString();
        string text = header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? header[Bearer.Length..].Trim()
            : http.Request.Headers["X-API-Key"].ToString();
        bool isBrowser = false;
        // What a browser shows by itself opens pages, whose forms bear tokens, and what is only read: nothing that another site could have it do.
        if (text.Length == 0 && (http.GetEndpoint()?.Metadata.GetMetadata<PageMark>() is not null || HttpMethods.IsGet(http.Request.Method)))
            (text, isBrowser) = (SessionCookie.Read(http) ?? "", true);
        return text.Length > 0 ? await callers.FindAsync(text, http.RequestAborted, isBrowser).ConfigureAwait(false)
            : throw new ProblemException(
                401, ProblemKinds.Unauthenticated, "Say who you are: send a key in the header Authorization, as Bearer KEY, or in X-API-Key.");
    }

    private static void Limit(HttpContext http, long most)
    {
        if (http.Request.ContentLength > most)
            throw ProblemException.TooLarge($"The request has {http.Request.ContentLength} bytes; this tenant may send {most}.");
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit && !(limit.MaxRequestBodySize < most))
            limit.MaxRequestBodySize = most;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Caller} of tenant {Tenant} may not {Method} {Path}")]
    private static partial void Forbidden(ILogger logger, string caller, string tenant, string method, PathString path);
}
