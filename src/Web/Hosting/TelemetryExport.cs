using System.Reflection;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using OrleansCluster.Monitoring;

namespace OrleansCluster.Web.Hosting;

/// <summary>
/// Sends this process's metrics and spans to where OpenTelemetry's standard variables say, and keeps metrics for those who read them. Nothing else loads
/// OpenTelemetry.
/// </summary>
public sealed class TelemetryExport : IDisposable
{
    private const string Service = "orleanscluster", Orleans = "Microsoft.Orleans";

    private static readonly string[] Meters =
    [
        TelemetryNames.Cluster, TelemetryNames.Web, Orleans, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel",
        "System.Runtime",
    ];

    /// <summary>Orleans' instruments that are worth their price: most others count every message, which costs answers more than all the rest.</summary>
    private static readonly string[] Kept =
        ["orleans-catalog", "orleans-consistent-ring", "orleans-membership", "orleans-reminders", "orleans-runtime", "orleans-storage"];

    private static readonly string[] Sources =
        [TelemetryNames.Cluster, "Microsoft.Orleans.Application", "Microsoft.Orleans.Runtime", "Microsoft.AspNetCore"];

    private readonly TracerProvider? _spans;

    private TelemetryExport(MeterProvider metrics, TracerProvider? spans) => (Metrics, _spans) = (metrics, spans);

    internal MeterProvider Metrics { get; }

    /// <summary>Begins.</summary>
    /// <param name="isScraped">Whether metrics are read here, too.</param>
    public static TelemetryExport Start(bool isScraped)
    {
        MeterProviderBuilder metrics = Sdk.CreateMeterProviderBuilder().ConfigureResource(Describe).AddMeter(Meters);
        metrics.AddView(instrument => instrument.Meter.Name != Orleans || Kept.Any(kept => instrument.Name.StartsWith(kept, StringComparison.Ordinal))
            ? null : MetricStreamConfiguration.Drop);
        if (isScraped)
            metrics.AddPrometheusExporter(options => options.ScopeInfoEnabled = false);
        if (TelemetryNames.AreMetricsWanted)
            metrics.AddOtlpExporter(OtlpSignals.Of("METRICS"));
        TracerProvider? spans = TelemetryNames.AreTracesWanted
            ? Sdk.CreateTracerProviderBuilder().ConfigureResource(Describe).AddSource(Sources).AddOtlpExporter(OtlpSignals.Of("TRACES")).Build()
            : null;
        return new TelemetryExport(metrics.Build(), spans);
    }

    /// <summary>Sends what is left.</summary>
    public void Dispose()
    {
        Metrics.Dispose();
        _spans?.Dispose();
    }

    /// <summary>What the environment says (OTEL_SERVICE_NAME, OTEL_RESOURCE_ATTRIBUTES) wins.</summary>
    internal static void Describe(ResourceBuilder resource) => resource.Clear()
        .AddService(Service, serviceVersion: typeof(TelemetryExport).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion)
        .AddTelemetrySdk().AddEnvironmentVariableDetector();
}
