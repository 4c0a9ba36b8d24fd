using System.Collections.Immutable;
using System.Net.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OrleansCluster.Client;
using OrleansCluster.Families;
using OrleansCluster.Monitoring;
using OrleansCluster.Tenancy;
using OrleansCluster.Web.Access;
using OrleansCluster.Web.Descriptions;
using OrleansCluster.Web.Inference;
using OrleansCluster.Web.Inference.Grpc;
using OrleansCluster.Web.Native;
using OrleansCluster.Web.Problems;
using OrleansCluster.Web.Rows;
using OrleansCluster.Web.Scoring;
using OrleansCluster.Web.Site;

namespace OrleansCluster.Web.Hosting;

/// <summary>The service over HTTP: what a client can ask of a cluster, for everybody who reaches the address.</summary>
public sealed class WebServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly TelemetryExport? _telemetry;

    private WebServer(WebApplication app, TelemetryExport? telemetry) => (_app, _telemetry) = (app, telemetry);

    /// <summary>Where it listens.</summary>
    public Uri Address => Addresses[0];

    /// <summary>Where it listens for gRPC; null: nowhere.</summary>
    public Uri? GrpcAddress => Addresses.Length > 1 ? Addresses[1] : null;

    /// <summary>All that answers.</summary>
    internal IEnumerable<Endpoint> Endpoints => ((IEndpointRouteBuilder)_app).DataSources.SelectMany(source => source.Endpoints);

    private Uri[] Addresses =>
        [.. _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Select(address => new Uri(address))];

    /// <summary>Begins to listen.</summary>
    /// <param name="options">Where, and how much is taken.</param>
    /// <param name="client">What answers; asked for with every request, because it may change.</param>
    /// <param name="families">What can be trained.</param>
    /// <param name="access">Who may ask; null: everybody, as the default tenant.</param>
    /// <param name="logging">Where is told what goes wrong; null: nowhere.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="ClusteringException">The address may not be listened at, or is taken; the message says what to do.</exception>
    public static async Task<WebServer> StartAsync(
        WebOptions options, Func<IClusteringClient> client, ImmutableArray<FamilyDescription> families, Action<ILoggingBuilder>? logging = null,
            WebAccess? access = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (!options.MayListen(keys: access is not null))
        {
            throw new ClusteringException(
                $"{options.Address} is reached from other machines: have everybody say who they are (--keys) over an encrypted connection "
                    + "(--certificate FILE), listen at loopback, or insist with --insecure.");
        }

        TelemetryExport? telemetry = options.Telemetry ? TelemetryExport.Start(isScraped: true) : null;
        WebApplication app = Create(options, client, families, logging, access, telemetry);
        try
        {
            await app.StartAsync(cancellation).ConfigureAwait(false);
            return new WebServer(app, telemetry);
        }
        catch (IOException taken)
        {
            await app.DisposeAsync().ConfigureAwait(false);
            telemetry?.Dispose();
            string ports = options.GrpcPort is { } grpc ? $"Ports {options.Port} and {grpc}" : $"Port {options.Port}";
            throw new ClusteringException(
                options.Port > 0
                    ? $"{ports} of {options.Address} cannot be listened at: {taken.Message} Name another with --port or --grpc-port, or end what listens there."
                    : $"No port of {options.Address} is free: {taken.Message} End something that listens.",
                taken);
        }
        catch
        {
            await app.DisposeAsync().ConfigureAwait(false);
            telemetry?.Dispose();
            throw;
        }
    }

    /// <summary>Takes no more requests, waits for those that are under way, and ends.</summary>
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync().ConfigureAwait(false);
        await _app.DisposeAsync().ConfigureAwait(false);
        _telemetry?.Dispose();
    }

    private static WebApplication Create(
        WebOptions options, Func<IClusteringClient> client, ImmutableArray<FamilyDescription> families, Action<ILoggingBuilder>? logging,
            WebAccess? access, TelemetryExport? telemetry)
    {
        // Nothing of the environment: what it does is said by who starts it.
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(
            new WebApplicationOptions { ApplicationName = typeof(WebServer).Assembly.GetName().Name });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Configure(kestrel, options));
        logging?.Invoke(builder.Logging);
        // It makes a span of each request for lines that nobody reads; where the log is sent, its lines bear the ids of spans.
        if (!TelemetryNames.AreLogsWanted)
            builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        builder.Services.AddRouting();
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<Places>();
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = options.Drain);
        ServiceDescription.AddTo(builder.Services);
        if (access is not null)
        {
            builder.Services.AddSingleton(access);
            builder.Services.AddSingleton<KeyCallers>();
            builder.Services.AddSingleton<Callers>();
            if (access.Issuer is { SignIn: { } at } issuer)
                ProviderSignIn.AddTo(builder.Services, issuer, at);
            client = () => access.Clients(Caller.Current.Tenant);
        }

        var questions = new ModelQuestions(client);
        var health = new HealthEndpoints(client);
        if (options.GrpcPort is not null)
            AddGrpc(builder.Services, new InferenceService(client, questions, health), options);
        WebApplication app = builder.Build();
        ProviderSignIn.KeepToItsPages(app);
        app.UseMiddleware<ProblemMiddleware>();
        app.UseMiddleware<Doorway>();
        app.UseMiddleware<Deadlines>();
        app.UseRouting();
        app.UseMiddleware<PageProblems>();
        if (access is not null)
            app.UseMiddleware<Gatekeeper>();
        else
            app.Use(AsAnybody);
        health.Map(app);
        if (telemetry is not null)
            MetricsEndpoint.Map(app, telemetry);
        var native = new NativeApi(client, questions, families, options);
        native.Map(app);
        SitePages.Map(app, native, health);
        new InferenceEndpoints(client, questions, health, options).Map(app);
        new ScoringEndpoints(questions).Map(app);
        ServiceDescription.Map(app);
        ReferencePage.Map(app);
        if (options.GrpcPort is not null)
            app.MapGrpcService<InferenceService>();
        return app;
    }

    /// <summary>Where nobody is asked who they are, the audit log tells at least which way they came; the client says whose tenant it is.</summary>
    private static Task AsAnybody(HttpContext http, RequestDelegate next)
    {
        RequestContext.Set(GrainKeys.CallerContext, Caller.Anybody.Name);
        return next(http);
    }

    private static void AddGrpc(IServiceCollection services, InferenceService service, WebOptions options)
    {
        services.AddSingleton(service);
        services.AddSingleton<StatusInterceptor>();
        services.AddGrpc(grpc =>
        {
            grpc.MaxReceiveMessageSize = (int)Math.Min(options.MostQuestionBytes, int.MaxValue);
            // Answers are of the size of questions.
            grpc.MaxSendMessageSize = null;
            grpc.Interceptors.Add<StatusInterceptor>();
        });
    }

    private static void Configure(KestrelServerOptions kestrel, WebOptions options)
    {
        kestrel.AddServerHeader = false;
        // Without TLS nobody can say before the first byte which protocol it is; with it, the handshake does.
        Listen(options.Port, options.Certificate is null ? HttpProtocols.Http1 : HttpProtocols.Http1AndHttp2);
        if (options.GrpcPort is { } port)
            Listen(port, HttpProtocols.Http2);
        KestrelServerLimits limits = kestrel.Limits;
        limits.MaxRequestBodySize = options.MostUploadBytes;
        limits.MaxRequestHeaderCount = 100;
        limits.MaxRequestHeadersTotalSize = 32 << 10;
        limits.MaxConcurrentConnections = 4096;
        limits.RequestHeadersTimeout = options.Patience;
        limits.MinRequestBodyDataRate = new MinDataRate(options.LeastBytesPerSecond, options.Patience);
        limits.MinResponseDataRate = new MinDataRate(options.LeastBytesPerSecond, options.Patience);

        void Listen(int port, HttpProtocols protocols) => kestrel.Listen(options.Address, port, listen =>
        {
            listen.Protocols = protocols;
            if (options.Certificate is { } certificate)
            {
                listen.UseHttps(new TlsHandshakeCallbackOptions
                {
                    OnConnection = _ => ValueTask.FromResult(new SslServerAuthenticationOptions { ServerCertificateContext = certificate.Current }),
                });
            }
        });
    }

    /// <summary>Signals are answered by the process, which knows what else must end.</summary>
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
