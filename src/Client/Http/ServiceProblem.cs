using System.Net;
using System.Text.Json;
using OrleansCluster.Contracts.Api;

namespace OrleansCluster.Client.Http;

/// <summary>What a service answers instead of what it was asked for, as whoever asks the grains themselves would see it.</summary>
internal static class ServiceProblem
{
    private const string ProblemType = "application/problem+json";

    /// <summary>Passes answers that are none.</summary>
    /// <exception cref="ClusteringException">The question was refused.</exception>
    /// <exception cref="AwayException">Asking again may help.</exception>
    public static async Task CheckAsync(HttpResponseMessage response, Uri address, CancellationToken cancellation)
    {
        if (response.IsSuccessStatusCode)
            return;
        ProblemDocument? problem = await ReadAsync(response, cancellation).ConfigureAwait(false);
        int status = (int)response.StatusCode;
        if (problem is null)
        {
            if (response.StatusCode is HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout)
            {
                throw new AwayException(
                    After(response), new UnavailableException($"What stands before the service at {address} does not reach it ({status})."));
            }

            throw new ClusteringException(status is >= 300 and < 400
                ? $"{address} leads elsewhere ({response.Headers.Location}): name the address of the service itself."
                : $"{address} answered {status}, not as this service does: the address is another's, or the service is of another version.");
        }

        var refused = new ClusteringException(problem.Detail) { Row = (int?)problem.Row, Column = problem.ColumnPosition, Problem = problem.Reason };
        throw response.StatusCode switch
        {
            HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout => new AwayException(After(response), new UnavailableException(problem.Detail)),
            HttpStatusCode.TooManyRequests => new AwayException(After(response), refused),
            // What such a service has at no address it would have if it were of this version.
            HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed => Older(address),
            _ => refused,
        };
    }

    /// <summary>The service speaks otherwise than this client.</summary>
    public static ClusteringException Older(Uri address) => new(
        $"The service at {address} is of another version than this client and cannot answer it: use the same version of both.");

    private static async Task<ProblemDocument?> ReadAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        if (response.Content.Headers.ContentType?.MediaType != ProblemType)
            return null;
        try
        {
            byte[] body = await response.Content.ReadAsByteArrayAsync(cancellation).ConfigureAwait(false);
            // Later versions may say more.
            using var json = JsonDocument.Parse(body);
            return new ProblemDocument
            {
                Detail = json.RootElement.GetProperty("detail").GetString()!,
                Row = Number(json, "row"),
                ColumnPosition = (int?)Number(json, "column_position"),
                Reason = json.RootElement.TryGetProperty("reason", out JsonElement reason) ? reason.GetString() : null,
            };
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    private static long? Number(JsonDocument json, string name) =>
        json.RootElement.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number ? value.GetInt64() : null;

    private static TimeSpan? After(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date > DateTimeOffset.UtcNow ? date - DateTimeOffset.UtcNow : TimeSpan.Zero,
        _ => null,
    };
}

/// <summary>A question came at a bad moment: asking again may help.</summary>
/// <param name="after">How long the service asks to wait; null: it does not say.</param>
/// <param name="final">What is told when it is not asked again.</param>
internal sealed class AwayException(TimeSpan? after, Exception final) : Exception(final.Message, final)
{
    public TimeSpan? After => after;

    public Exception Final => InnerException!;
}
