namespace OrleansCluster.Monitoring;

/// <summary>Where the program's metrics and spans come from, and where the standard variables of OpenTelemetry want them.</summary>
public static class TelemetryNames
{
    /// <summary>The meter and the activity source of the grains.</summary>
    public const string Cluster = "OrleansCluster";

    /// <summary>The meter of the service over HTTP.</summary>
    public const string Web = "OrleansCluster.Web";

    /// <summary>Whether spans are wanted somewhere: <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> or <c>OTEL_EXPORTER_OTLP_TRACES_ENDPOINT</c> is set.</summary>
    public static bool AreTracesWanted => IsWanted("TRACES");

    /// <summary>Whether metrics are wanted somewhere: <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> or <c>OTEL_EXPORTER_OTLP_METRICS_ENDPOINT</c> is set.</summary>
    public static bool AreMetricsWanted => IsWanted("METRICS");

    /// <summary>Whether the log is wanted somewhere: <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> or <c>OTEL_EXPORTER_OTLP_LOGS_ENDPOINT</c> is set.</summary>
    public static bool AreLogsWanted => IsWanted("LOGS");

    private static bool IsWanted(string signal) => !IsSet("OTEL_SDK_DISABLED", "true")
        && (IsSet("OTEL_EXPORTER_OTLP_ENDPOINT") || IsSet($"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT")) && !IsSet($"OTEL_{signal}_EXPORTER", "none");

    private static bool IsSet(string variable, string? value = null) => Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text
        && (value is null || text.Equals(value, StringComparison.OrdinalIgnoreCase));
}
