using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Logging;
using OrleansCluster.Pages.Views;
using OrleansCluster.Web.Problems;

namespace OrleansCluster.Web.Site;

/// <summary>What goes wrong on a page is told as a page; who has not signed in is asked to.</summary>
internal sealed partial class PageProblems(RequestDelegate next, ILogger<PageProblems> log)
{
    public Task InvokeAsync(HttpContext http)
    {
        Endpoint? endpoint = http.GetEndpoint();
        bool isPage = endpoint?.Metadata.GetMetadata<PageMark>() is not null || (endpoint is null && IsBrowser(http.Request));
        return isPage ? InvokeAsync(http, endpoint) : next(http);
    }

    private async Task InvokeAsync(HttpContext http, Endpoint? endpoint)
    {
        try
        {
            await next(http).ConfigureAwait(false);
            if (endpoint is null && http.Response is { StatusCode: StatusCodes.Status404NotFound, HasStarted: false })
                await TellAsync(http, ProblemException.Missing($"There is nothing at {http.Request.Path}.")).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            throw;
        }
#pragma warning disable CA1031 // Whatever it is, it is told.
        catch (Exception e) when (!http.Response.HasStarted)
#pragma warning restore CA1031
        {
            ProblemException problem = ProblemMiddleware.Explain(e);
            if (problem.Status >= 500)
                Failed(log, http.Request.Method, http.Request.Path, e);
            if (problem.Status == StatusCodes.Status401Unauthorized && !SessionCookie.HasHeader(http))
                await PageAnswers.GoTo(http, SignIn.AddressFor(http.Request)).ConfigureAwait(false);
            else
                await TellAsync(http, problem).ConfigureAwait(false);
        }
    }

    private static Task TellAsync(HttpContext http, ProblemException problem)
    {
        http.Response.Clear();
        // A part of a page that cannot be had is told as the page would be.
        http.Request.QueryString = QueryString.Empty;
        string title = problem.Status == StatusCodes.Status404NotFound ? "Not here" : ReasonPhrases.GetReasonPhrase(problem.Status);
        return PageAnswers.WriteAsync<ProblemView>(
            http, title, new Dictionary<string, object?> { [nameof(ProblemView.Title)] = title, [nameof(ProblemView.Detail)] = problem.Message },
            problem.Status);
    }

    /// <summary>Whether a person asks, and no program.</summary>
    private static bool IsBrowser(HttpRequest request) =>
        (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
            && request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Path} failed")]
    private static partial void Failed(ILogger logger, string method, PathString path, Exception exception);
}
