using System.Collections.Frozen;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OrleansCluster.Tenancy;
using OrleansCluster.Web.Hosting;
using OrleansCluster.Web.Site;

namespace OrleansCluster.Web.Access;

/// <summary>
/// Which role each endpoint needs: the one place that says so. What reads needs a reader, and what is not named here an operator, so that an endpoint that is
/// forgotten is closed to most and open to nobody by accident.
/// </summary>
internal static class Rights
{
    /// <summary>Calls of gRPC that ask whether the service is well.</summary>
    private static readonly FrozenSet<string> OpenCalls = FrozenSet.Create(
        StringComparer.Ordinal, "/inference.GRPCInferenceService/ServerLive", "/inference.GRPCInferenceService/ServerReady");

    /// <summary>Where the service is described, what pages load, and where people sign in and out: nothing of any tenant's is told there.</summary>
    private static readonly PathString[] Open = ["/openapi", "/reference", SitePages.Assets, SignIn.Path, SignIn.OutPath];

    private static readonly FrozenDictionary<string, string> Named = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["assignRows"] = Roles.Scorer,
        ["scoreRows"] = Roles.Scorer,
        ["sampleRows"] = Roles.Scorer,
        ["explainRows"] = Roles.Scorer,
        ["profileClusters"] = Roles.Scorer,
        ["evaluateRows"] = Roles.Scorer,
        ["assignDataset"] = Roles.Scorer,
        ["getDivergence"] = Roles.Scorer,
        ["inferModel"] = Roles.Scorer,
        ["inferVersion"] = Roles.Scorer,
        ["invocations"] = Roles.Scorer,
        ["uploadDataset"] = Roles.Trainer,
        ["appendDataset"] = Roles.Trainer,
        ["beginImport"] = Roles.Trainer,
        ["importRows"] = Roles.Trainer,
        ["continueImport"] = Roles.Trainer,
        ["importCategories"] = Roles.Trainer,
        ["importExpectations"] = Roles.Trainer,
        ["commitImport"] = Roles.Trainer,
        ["abortImport"] = Roles.Trainer,
        ["startJob"] = Roles.Trainer,
        ["planJob"] = Roles.Trainer,
        ["suspendJob"] = Roles.Trainer,
        ["resumeJob"] = Roles.Trainer,
        ["cancelJob"] = Roles.Trainer,
        ["tellSegmentCheck"] = Roles.Trainer,
        ["packModel"] = Roles.Operator,
        ["readBlob"] = Roles.Operator,
        ["writeBlob"] = Roles.Admin,
        // Whoever unpacks a model says what its versions are and where they are from.
        ["unpackModel"] = Roles.Admin,
        ["readAudit"] = Roles.Admin,
        ["readUsage"] = Roles.Admin,
        ["listKeys"] = Roles.Admin,
        ["makeKey"] = Roles.Admin,
        ["rotateKey"] = Roles.Admin,
        ["revokeKey"] = Roles.Admin,
        [MetricsEndpoint.Name] = Roles.Operator,
        ["getCluster"] = Roles.Operator,
        ["page.cluster"] = Roles.Operator,
        ["page.ask"] = Roles.Scorer,
        ["page.askRows"] = Roles.Scorer,
        ["page.train"] = Roles.Trainer,
        ["page.startJob"] = Roles.Trainer,
        ["page.planJob"] = Roles.Trainer,
        ["page.cancelJob"] = Roles.Trainer,
        ["page.suspendJob"] = Roles.Trainer,
        ["page.resumeJob"] = Roles.Trainer,
        ["page.tenant"] = Roles.Admin,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The role that a request needs; null: anybody may ask.</summary>
    /// <param name="request">The request.</param>
    /// <param name="endpoint">What answers it; null: nothing does, which nobody need know who may not read.</param>
    public static string? Needs(HttpRequest request, Endpoint? endpoint)
    {
        if (HealthEndpoints.IsHealth(request.Path) || Open.Any(path => request.Path.StartsWithSegments(path)))
            return null;
        bool reads = HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method);
        string? name = endpoint?.Metadata.GetMetadata<EndpointNameMetadata>()?.EndpointName;
        if (name is not null)
            return Named.TryGetValue(name, out string? role) ? role : reads ? Roles.Reader : Roles.Operator;
        if (OpenCalls.Contains(request.Path.Value ?? ""))
            return null;
        // Calls of gRPC, which ask models, and whether they are there; heads of what can be read; paths at which there is nothing.
        return reads || endpoint is null ? Roles.Reader : Roles.Scorer;
    }
}
