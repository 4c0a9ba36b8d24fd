using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using OrleansCluster.Contracts.Api;

namespace OrleansCluster.Web.Problems;

/// <summary>What a problem must say besides, because those who ask there read it so.</summary>
internal enum ProblemForm
{
    /// <summary>Nothing.</summary>
    Native,

    /// <summary>Of the Open Inference Protocol: <c>error</c>.</summary>
    Inference,

    /// <summary>Of MLflow's scoring protocol: <c>error_code</c> and <c>message</c>.</summary>
    Scoring,
}

/// <summary>
/// A problem that is written once and answered with many times, where the answer must cost next to nothing. It is told before anything else is.
/// </summary>
internal sealed class ReadyProblem(ProblemException problem)
{
    /// <summary>What problems are called (RFC 9457).</summary>
    public const string ContentType = "application/problem+json";

    private readonly byte[][] _bodies =
    [
        .. Enum.GetValues<ProblemForm>()
            .Select(form => JsonSerializer.SerializeToUtf8Bytes(ProblemMiddleware.Document(problem, form), ApiJson.Default.ProblemDocument)),
    ];

    private readonly string? _after = problem.RetryAfter?.ToString(CultureInfo.InvariantCulture);

    /// <summary>Answers with it.</summary>
    public async Task WriteAsync(HttpContext http)
    {
        HttpResponse response = http.Response;
        byte[] body = _bodies[(int)ProblemMiddleware.FormOf(http.Request)];
        response.StatusCode = problem.Status;
        if (_after is not null)
            response.Headers.RetryAfter = _after;
        response.ContentType = ContentType;
        response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(http.Request.Method))
            await response.BodyWriter.WriteAsync(body, CancellationToken.None).ConfigureAwait(false);
    }
}
