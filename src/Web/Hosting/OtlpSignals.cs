using OpenTelemetry.Exporter;

namespace OrleansCluster.Web.Hosting;

/// <summary>What OpenTelemetry's standard variables say of one signal alone: the exporter reads by itself those that all signals share.</summary>
internal static class OtlpSignals
{
    /// <summary>The settings of a signal: <c>TRACES</c>, <c>METRICS</c> or <c>LOGS</c>.</summary>
    public static Action<OtlpExporterOptions> Of(string signal) => options =>
    {
        string? Read(string what) => Environment.GetEnvironmentVariable($"OTEL_EXPORTER_OTLP_{signal}_{what}") is { Length: > 0 } told ? told : null;
        options.Protocol = Read("PROTOCOL") switch
        {
            "grpc" => OtlpExportProtocol.Grpc,
            "http/protobuf" => OtlpExportProtocol.HttpProtobuf,
            _ => options.Protocol,
        };
        // As it stands, the path too: only the endpoint of all signals is added to.
        if (Uri.TryCreate(Read("ENDPOINT"), UriKind.Absolute, out Uri? endpoint))
            options.Endpoint = endpoint;
        options.Headers = Read("HEADERS") ?? options.Headers;
        if (int.TryParse(Read("TIMEOUT"), out int milliseconds))
            options.TimeoutMilliseconds = milliseconds;
    };
}
