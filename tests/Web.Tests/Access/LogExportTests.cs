using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text;
using Microsoft.Extensions.Logging;
using OrleansCluster.Monitoring;
using OrleansCluster.Web.Hosting;

namespace OrleansCluster.Web.Tests.Access;

/// <summary>The log as it is sent, at something that takes it.</summary>
[Collection(nameof(GuardedService))]
public sealed class LogExportTests
{
    private const string Endpoint = "OTEL_EXPORTER_OTLP_LOGS_ENDPOINT", Protocol = "OTEL_EXPORTER_OTLP_LOGS_PROTOCOL";

    [Fact]
    public void Lines_are_sent_with_the_ids_of_their_span_and_the_tenant_and_without_what_is_hidden()
    {
        using var sink = new Sink();
        using var source = new ActivitySource("log-export-test");
        using var listener = new ActivityListener
        {
            ShouldListenTo = one => one.Name == source.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
        };
        ActivitySource.AddActivityListener(listener);
        string? endpoint = Environment.GetEnvironmentVariable(Endpoint), protocol = Environment.GetEnvironmentVariable(Protocol);
        try
        {
            Environment.SetEnvironmentVariable(Protocol, "http/protobuf");
            Environment.SetEnvironmentVariable(Endpoint, $"{sink.Address}v1/logs");
            using Activity span = source.StartActivity("assign")!.SetTag("tenant", "acme");
            using (LogExport export = LogExport.Start()!)
            {
                using ILoggerProvider provider = export.Provider(text => text.Replace("hunter2", "…", StringComparison.Ordinal));
                ILogger logger = provider.CreateLogger("OrleansCluster.Training");
                KeyValuePair<string, object?>[] state = [new("NextModel", "visitors"), new("Version", 7), new("{OriginalFormat}", "form")];
                var error = new InvalidOperationException("the row was 47.11");
                logger.Log(LogLevel.Warning, new EventId(3, "Refused"), state, error, (_, _) => "the store refused hunter2");
            }

            byte[] sent = sink.Bodies.ShouldHaveSingleItem("All is sent when it ends.");
            foreach (string text in (string[])["the store refused …", "next_model", "visitors", "model_version", "tenant", "acme", "OrleansCluster.Training",
                "System.InvalidOperationException", "service.name", "orleanscluster"])
                Has(sent, Encoding.UTF8.GetBytes(text)).ShouldBeTrue(text);
            foreach (string text in (string[])["hunter2", "47.11"])
                Has(sent, Encoding.UTF8.GetBytes(text)).ShouldBeFalse(text);
            Has(sent, Convert.FromHexString(span.TraceId.ToHexString())).ShouldBeTrue();
            Has(sent, Convert.FromHexString(span.SpanId.ToHexString())).ShouldBeTrue();
        }
        finally
        {
            Environment.SetEnvironmentVariable(Endpoint, endpoint);
            Environment.SetEnvironmentVariable(Protocol, protocol);
        }
    }

    [Fact]
    public void Spans_are_sent_where_the_variable_of_their_own_says()
    {
        using var sink = new Sink();
        const string traces = "OTEL_EXPORTER_OTLP_TRACES_";
        string? endpoint = Environment.GetEnvironmentVariable(traces + "ENDPOINT"), protocol = Environment.GetEnvironmentVariable(traces + "PROTOCOL");
        try
        {
            Environment.SetEnvironmentVariable(traces + "PROTOCOL", "http/protobuf");
            Environment.SetEnvironmentVariable(traces + "ENDPOINT", $"{sink.Address}v1/traces");
            using (TelemetryExport.Start(isScraped: false))
            {
                using var source = new ActivitySource(TelemetryNames.Cluster);
                source.StartActivity("only-in-this-test")!.Dispose();
            }

            sink.Bodies.Any(body => Has(body, Encoding.UTF8.GetBytes("only-in-this-test"))).ShouldBeTrue();
        }
        finally
        {
            Environment.SetEnvironmentVariable(traces + "ENDPOINT", endpoint);
            Environment.SetEnvironmentVariable(traces + "PROTOCOL", protocol);
        }
    }

    [Fact]
    public void Nothing_is_begun_where_no_log_is_wanted() => LogExport.Start().ShouldBeNull();

    private static bool Has(byte[] sent, byte[] what) => sent.AsSpan().IndexOf(what) >= 0;

    /// <summary>Takes what is sent to it by OTLP over HTTP.</summary>
    private sealed class Sink : IDisposable
    {
        private readonly HttpListener _listener = new();

        public Sink()
        {
            // Nobody gives out a free port to this listener: one is tried after the other.
            for (int port = 20_000 + (Environment.ProcessId % 20_000); !_listener.IsListening; port++)
            {
                Address = $"http://127.0.0.1:{port}/";
                _listener.Prefixes.Clear();
                _listener.Prefixes.Add(Address);
                try
                {
                    _listener.Start();
                }
                catch (HttpListenerException)
                {
                }
            }

            _ = TakeAsync();
        }

        public string Address { get; private set; } = "";

        public ConcurrentQueue<byte[]> Bodies { get; } = [];

        public void Dispose() => _listener.Close();

        private async Task TakeAsync()
        {
            while (true)
            {
                HttpListenerContext context;
                try
                {
                    context = await _listener.GetContextAsync();
                }
                catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
                {
                    return;
                }

                using var body = new MemoryStream();
                await context.Request.InputStream.CopyToAsync(body);
                if (context.Request.Url!.AbsolutePath is "/v1/logs" or "/v1/traces")
                    Bodies.Enqueue(body.ToArray());
                context.Response.Close();
            }
        }
    }
}
