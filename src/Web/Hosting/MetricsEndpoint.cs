using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using OrleansCluster.Web.Access;

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
}
