using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Logging;
using OrleansCluster.Contracts.Api;
using OrleansCluster.Datasets;
using OrleansCluster.Web.Exchange;

namespace OrleansCluster.Web.Problems;

/// <summary>Answers what goes wrong with a problem (RFC 9457), whoever finds it: an endpoint, the search for one, or the server.</summary>
internal sealed partial class ProblemMiddleware(RequestDelegate next, ILogger<ProblemMiddleware> log)
{
    public async Task InvokeAsync(HttpContext http)
    {
        try
        {
            await next(http).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // Who asked has gone.
            return;
        }
#pragma warning disable CA1031 // Whatever it is, it is told.
        catch (Exception e)
#pragma warning restore CA1031
        {
            if (http.Response.HasStarted)
            {
                // Half an answer must not look like a whole one.
                Broken(log, http.Request.Method, http.Request.Path, e.Message);
                http.Abort();
                return;
            }

            ProblemException problem = Explain(e);
            if (problem.Status >= 500 && problem.Kind != ProblemKinds.Deadline)
                Failed(log, http.Request.Method, http.Request.Path, e);
            await WriteAsync(http, problem).ConfigureAwait(false);
            return;
        }

        if (http.Response is { StatusCode: >= 400, HasStarted: false, ContentLength: null, ContentType: null })
            await WriteAsync(http, OfStatus(http)).ConfigureAwait(false);
    }

    /// <summary>What an exception is to who asked.</summary>
    internal static ProblemException Explain(Exception e) => e switch
    {
        ProblemException problem => problem,
        BadHttpRequestException bad => new ProblemException(bad.StatusCode, KindOf(bad.StatusCode), Sentence(bad), bad),
        DataFormatException { InnerException: BadHttpRequestException bad } => Explain(bad),
        DataFormatException data => ProblemException.Content(data.Message, data),
        ClusteringException { RetryAfter: { } seconds } much => new ProblemException(429, ProblemKinds.TooMany, much.Message, much) { RetryAfter = seconds },
        ClusteringException refused => new ProblemException(400, ProblemKinds.BadRequest, refused.Message, refused)
        {
            Row = refused.Row,
            ColumnPosition = refused.Column,
            Reason = refused.Problem,
        },
        UnavailableException or TimeoutException or OrleansException =>
            new ProblemException(
                503, ProblemKinds.Unavailable, "What is needed for the answer does not answer at the moment: ask again.", e)
            { RetryAfter = 1 },
        OperationCanceledException => new ProblemException(503, ProblemKinds.Unavailable, "The service is ending: ask again.", e) { RetryAfter = 1 },
        _ => new ProblemException(500, ProblemKinds.Failure, "The service failed to answer. Its log says why.", e),
    };

    /// <summary>Answers with a problem.</summary>
    internal static Task WriteAsync(HttpContext http, ProblemException problem)
    {
        HttpResponse response = http.Response;
        string? allow = response.Headers.Allow;
        response.Clear();
        response.StatusCode = problem.Status;
        if (allow is not null)
            response.Headers.Allow = allow;
        if (problem.Status == StatusCodes.Status401Unauthorized)
            response.Headers.WWWAuthenticate = "Bearer";
        if (problem.RetryAfter is { } seconds)
            response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        return Answers.WriteAsync(
            http, problem.Status, Document(problem, FormOf(http.Request)), ApiJson.Default.ProblemDocument, ReadyProblem.ContentType);
    }

    /// <summary>What else a problem must say where a request came to.</summary>
    internal static ProblemForm FormOf(HttpRequest request) => request.Path.StartsWithSegments("/v2") ? ProblemForm.Inference
        : request.Path.StartsWithSegments("/models") ? ProblemForm.Scoring : ProblemForm.Native;

    /// <summary>A problem as it is told.</summary>
    internal static ProblemDocument Document(ProblemException problem, ProblemForm form) => new()
    {
        Type = "urn:orleanscluster:" + problem.Kind,
        Title = ReasonPhrases.GetReasonPhrase(problem.Status),
        Status = problem.Status,
        Detail = problem.Message,
        Row = problem.Row,
        Column = problem.Column,
        ColumnPosition = problem.ColumnPosition,
        Reason = problem.Reason,
        Error = form == ProblemForm.Inference ? problem.Message : null,
        ErrorCode = form != ProblemForm.Scoring ? null
            : problem.Status >= 500 ? "INTERNAL_ERROR" : problem.Status == 404 ? "RESOURCE_DOES_NOT_EXIST" : "BAD_REQUEST",
        Message = form == ProblemForm.Scoring ? problem.Message : null,
    };

    /// <summary>Why nobody answered.</summary>
    private static ProblemException OfStatus(HttpContext http)
    {
        (int status, string path) = (http.Response.StatusCode, http.Request.Path);
        return status switch
        {
            404 => ProblemException.Missing($"There is nothing at {path}. /openapi/v1.json lists what there is, and /reference shows it in a browser."),
            405 => new ProblemException(405, ProblemKinds.NotAllowed, $"{path} takes {http.Response.Headers.Allow}, not {http.Request.Method}."),
            415 =>
                ProblemException.Format(
                    $"{path} does not read {(string.IsNullOrEmpty(http.Request.ContentType) ? "content without a Content-Type" : http.Request.ContentType)}: "
                        + "/openapi/v1.json says what it reads."),
            _ => new ProblemException(status, KindOf(status), ReasonPhrases.GetReasonPhrase(status) + "."),
        };
    }

    private static string KindOf(int status) => status switch
    {
        400 => ProblemKinds.BadRequest,
        408 => ProblemKinds.Slow,
        413 => ProblemKinds.TooLarge,
        _ => ProblemKinds.Other,
    };

    private static string Sentence(BadHttpRequestException bad) => bad.StatusCode switch
    {
        408 => "The request's body came too slowly: send it faster, or in smaller parts.",
        400 when bad.Message.Contains("end of request content", StringComparison.OrdinalIgnoreCase) =>
            "The request's body ended before all that its length promised had come: send it again.",
        _ => bad.Message,
    };

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Path} failed")]
    private static partial void Failed(ILogger logger, string method, PathString path, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Method} {Path} broke off: {Reason}")]
    private static partial void Broken(ILogger logger, string method, PathString path, string reason);
}
