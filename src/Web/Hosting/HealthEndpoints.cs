using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OrleansCluster.Client;
using OrleansCluster.Web.Exchange;

namespace OrleansCluster.Web.Hosting;

/// <summary>Whether the service is well, for who starts it, watches it, and sends it requests.</summary>
internal sealed class HealthEndpoints(Func<IClusteringClient> client)
{
    private const string Heading = "health";

    /// <summary>How long an answer may take before the grains are taken for away.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>How long an answer holds, so that who watches costs little.</summary>
    private const long HoldsMilliseconds = 500;

    private long _asked = long.MinValue / 2;
    private bool _reached;
    private bool _started;

    /// <summary>Whether a path asks that.</summary>
    public static bool IsHealth(PathString path) => path.StartsWithSegments("/health") || path.StartsWithSegments("/v2/health");

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.Map("GET", "/health/live", "isLive", "Whether the process answers at all", LiveAsync).Under(Heading);
        routes.Map(
            "GET", "/health/ready", "isReady",
            "Whether requests should be sent here: 503 while the grains cannot be reached, and from the moment that the service is told to end",
            ReadyAsync).Under(Heading);
        routes.Map("GET", "/health/startup", "hasStarted", "Whether the grains were reached once", StartupAsync).Under(Heading);
        routes.Map("GET", "/v2/health/live", "inferenceIsLive", "Open Inference Protocol: whether the process answers", LiveAsync).Under(Heading);
        routes.Map("GET", "/v2/health/ready", "inferenceIsReady", "Open Inference Protocol: whether requests should be sent here", ReadyAsync).Under(Heading);
    }

    /// <summary>Whether requests should be sent here.</summary>
    public async Task<bool> IsReadyAsync(HttpContext http) =>
        !http.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.IsCancellationRequested
            && await ReachesAsync(http.RequestAborted).ConfigureAwait(false);

    private static Task LiveAsync(HttpContext http) => TellAsync(http, "live", true);

    private async Task ReadyAsync(HttpContext http) => await TellAsync(http, "ready", await IsReadyAsync(http).ConfigureAwait(false)).ConfigureAwait(false);

    private async Task StartupAsync(HttpContext http) =>
        await TellAsync(http, "started", _started || await ReachesAsync(http.RequestAborted).ConfigureAwait(false)).ConfigureAwait(false);

    private async Task<bool> ReachesAsync(CancellationToken cancellation)
    {
        if (Environment.TickCount64 - Volatile.Read(ref _asked) < HoldsMilliseconds)
            return Volatile.Read(ref _reached);
        bool reached;
        try
        {
            // A question that any silo answers from memory or a small file: there is no such dataset.
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            patience.CancelAfter(Patience);
            await client().Datasets.FindAsync("_ready", 0, patience.Token).WaitAsync(patience.Token).ConfigureAwait(false);
            reached = true;
        }
#pragma warning disable CA1031 // Whatever it is, they are not reached.
        catch (Exception)
        {
            cancellation.ThrowIfCancellationRequested();
            reached = false;
        }
#pragma warning restore CA1031
        Volatile.Write(ref _reached, reached);
        Volatile.Write(ref _asked, Environment.TickCount64);
        _started |= reached;
        return reached;
    }

    private static Task TellAsync(HttpContext http, string what, bool holds)
    {
        http.Response.StatusCode = holds ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        http.Response.Headers.CacheControl = "no-store";
        return Answers.WriteAsync(http, json =>
        {
            json.WriteStartObject();
            json.WriteBoolean(what, holds);
            json.WriteEndObject();
        });
    }
}
