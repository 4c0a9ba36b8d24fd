using System.Diagnostics.Metrics;
using OrleansCluster.Monitoring;

namespace OrleansCluster.Web.Hosting;

/// <summary>What the service over HTTP counts beside what its server does (<c>http.server.*</c>).</summary>
internal static class WebTelemetry
{
    private static readonly Meter Meter = new(TelemetryNames.Web);

    /// <summary>Requests that were told to ask again, because all places were taken.</summary>
    public static Counter<long> Shed { get; } =
        Meter.CreateCounter<long>("cluster.http.shed", "{request}", "Requests turned away because all places were taken");
}
