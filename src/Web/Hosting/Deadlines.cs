using System.Globalization;
using Microsoft.AspNetCore.Http;
using OrleansCluster.Client.Http;
using OrleansCluster.Web.Problems;

namespace OrleansCluster.Web.Hosting;

/// <summary>
/// Gives up requests whose sender waits no longer (<c>X-Request-Timeout</c>, in seconds): what was begun for them ends, down to the loops that compute.
/// Deadlines of gRPC are kept by its own part of the server, in the same way.
/// </summary>
internal sealed class Deadlines(RequestDelegate next)
{
    private const double Longest = 24 * 3600;

    public Task InvokeAsync(HttpContext http) => http.Request.Headers.TryGetValue(WireFormat.TimeoutHeader, out var values)
        ? WithinAsync(http, Read(values.ToString()))
        : next(http);

    private static TimeSpan Read(string text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double seconds) && seconds is >= 0.001 and <= Longest
            ? TimeSpan.FromSeconds(seconds)
            : throw ProblemException.Bad($"{WireFormat.TimeoutHeader} is '{text}', and must be a number of seconds from 0.001 to {Longest}.");

    private async Task WithinAsync(HttpContext http, TimeSpan time)
    {
        CancellationToken gone = http.RequestAborted;
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(gone);
        deadline.CancelAfter(time);
        http.RequestAborted = deadline.Token;
        try
        {
            await next(http).ConfigureAwait(false);
        }
        catch (Exception e) when (deadline.IsCancellationRequested && !gone.IsCancellationRequested && e is not ProblemException { Status: < 500 })
        {
            string seconds = time.TotalSeconds.ToString(CultureInfo.InvariantCulture);
            throw new ProblemException(
                504, ProblemKinds.Deadline, $"The answer did not come within {seconds} s, and was given up: ask for less, or wait longer.", e);
        }
        finally
        {
            http.RequestAborted = gone;
        }
    }
}
