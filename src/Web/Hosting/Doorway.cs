using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Http;
using OrleansCluster.Client.Http;
using OrleansCluster.Web.Inference;
using OrleansCluster.Web.Problems;

namespace OrleansCluster.Web.Hosting;

/// <summary>Lets requests in: as many as there are places for, and none that a page in a browser was made to send by another site.</summary>
internal sealed class Doorway(RequestDelegate next, Places places, WebOptions options)
{
    private const long MostSmallBytes = 64 << 10;

    private static readonly ReadyProblem Busy = new(
        new ProblemException(503, ProblemKinds.Unavailable, "As many requests are being answered as can be at a time: ask again.") { RetryAfter = 1 });

    private readonly bool _isLocal = IPAddress.IsLoopback(options.Address);

    /// <summary>The name that was asked for last and is this machine's: nearly all ask for the same.</summary>
    private string? _known;

    public Task InvokeAsync(HttpContext http)
    {
        CheckHost(http.Request);
        // Who asks whether the service is well is answered when it is busy, too.
        if (HealthEndpoints.IsHealth(http.Request.Path) || http.Request.Path == MetricsEndpoint.Path)
            return next(http);
        if (places.TryEnter(IsSmall(http.Request) ? Patience(http.Request) : null))
            return WithinAsync(http);
        WebTelemetry.Shed.Add(1);
        // Neither thrown nor made anew: turning away must cost little, because there is much of it when there is little time.
        return Busy.WriteAsync(http);
    }

    private async Task WithinAsync(HttpContext http)
    {
        try
        {
            await next(http).ConfigureAwait(false);
        }
        finally
        {
            places.Leave();
        }
    }

    /// <summary>Whether it is a question with little in it.</summary>
    private static bool IsSmall(HttpRequest request) =>
        HttpMethods.IsPost(request.Method) && (request.ContentLength <= MostSmallBytes || InferenceEndpoints.IsCall(request));

    /// <summary>How long the sender waits, as far as can be told here: what is wrong with what it says is said later.</summary>
    private static TimeSpan Patience(HttpRequest request) =>
        request.Headers.TryGetValue(WireFormat.TimeoutHeader, out var text)
            && double.TryParse(text.ToString(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double seconds)
            && seconds < Places.UsualPatience.TotalSeconds
            ? TimeSpan.FromSeconds(seconds)
            : Places.UsualPatience;

    /// <summary>
    /// Without keys, whatever a browser on this machine sends would be believed: so the name that was asked for must be this machine's, and the page must come
    /// from here.
    /// </summary>
    private void CheckHost(HttpRequest request)
    {
        HostString host = request.Host;
        if (_isLocal && (host.Value is null || host.Value != _known))
        {
            if (!IsLoopback(host.Host))
                throw new ProblemException(421, ProblemKinds.WrongHost, $"This service answers to localhost, not to '{host.Host}'.");
            _known = host.Value;
        }

        if (request.Headers.Origin is not [_, ..])
            return;
        string origin = request.Headers.Origin.ToString();
        bool isOurs = Uri.TryCreate(origin, UriKind.Absolute, out Uri? page) && page.Authority.Equals(request.Host.Value, StringComparison.OrdinalIgnoreCase);
        if (origin.Length > 0 && !isOurs)
            throw new ProblemException(403, ProblemKinds.WrongHost, $"Pages of other sites ({origin}) may not ask this service.");
    }

    private static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(host.Trim('[', ']'), out IPAddress? address) && IPAddress.IsLoopback(address));
}
