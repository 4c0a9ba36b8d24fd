using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using OrleansCluster.Tenancy;
using OrleansCluster.Web.Access;
using OrleansCluster.Web.Problems;

namespace OrleansCluster.Web.Hosting;

/// <summary>Where metrics are read, in the format of Prometheus. They tell the names of all tenants and models.</summary>
internal static class MetricsEndpoint
{
    public const string Path = "/metrics";

    /// <summary>What <see cref="Rights"/> knows it by.</summary>
    public const string Name = "readMetrics";

    public static void Map(IEndpointRouteBuilder routes, TelemetryExport telemetry) =>
        routes.MapPrometheusScrapingEndpoint(Path, telemetry.Metrics, configureBranchedPipeline: null, optionsName: null)
            .WithMetadata(new EndpointNameMetadata(Name));

    /// <summary>Only who looks after the cluster may see whose models there are.</summary>
    /// <exception cref="ProblemException">The caller is of another tenant.</exception>
    public static void Check(Caller caller)
    {
        if (caller.Tenant != GrainKeys.DefaultTenant)
            throw new ProblemException(
                403, ProblemKinds.Forbidden, $"Metrics tell of all tenants: this needs a key of the tenant {GrainKeys.DefaultTenant} with the role operator.");
    }
}
