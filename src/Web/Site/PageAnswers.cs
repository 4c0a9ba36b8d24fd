using System.IO.Compression;
using System.Text;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;
using OrleansCluster.Pages.Frame;
using OrleansCluster.Tenancy;
using OrleansCluster.Web.Access;
using OrleansCluster.Web.Exchange;
using OrleansCluster.Web.Hosting;
using OrleansCluster.Web.Problems;

namespace OrleansCluster.Web.Site;

/// <summary>Answers with pages, and with the pictures and tables of them.</summary>
internal static class PageAnswers
{
    /// <summary>Everything comes from here, and nothing is run that stands in a page.</summary>
    private const string Policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; "
        + "base-uri 'none'; frame-ancestors 'none'";

    /// <summary>A picture has its styles with it, and nothing else.</summary>
    private const string PicturePolicy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";

    private const string Svg = "svg", Csv = "csv";

    /// <summary>Answers with a page, or with what of it is asked for.</summary>
    public static async Task WriteAsync<TView>(
        HttpContext http, string title, IReadOnlyDictionary<string, object?> parameters, int status = StatusCodes.Status200OK)
        where TView : IComponent
    {
        Visit visit = Visit(http);
        string page = await PageWriter.RenderAsync<TView>(visit, title, parameters).ConfigureAwait(false);
        HttpResponse response = http.Response;
        response.Headers.CacheControl = "no-store";
        response.Headers.XContentTypeOptions = "nosniff";
        // Forms tell their own site where they come from, and no other.
        response.Headers["Referrer-Policy"] = "same-origin";
        response.Headers["Cross-Origin-Opener-Policy"] = "same-origin";
        if (visit.Wanted is not { } wanted)
        {
            response.StatusCode = status;
            response.Headers.ContentSecurityPolicy = Policy;
            await SendAsync(http, page, "text/html; charset=utf-8").ConfigureAwait(false);
            return;
        }

        string file = wanted.File
            ?? throw ProblemException.Missing($"This page has no {(wanted.IsTable ? "table" : "picture")} that is called '{wanted.Id}'.");
        string name = wanted.Id + (wanted.IsTable ? ".csv" : ".svg");
        response.Headers.ContentDisposition = $"attachment; filename=\"{name}\"";
        response.Headers.ContentSecurityPolicy = PicturePolicy;
        await SendAsync(http, file, wanted.IsTable ? "text/csv; charset=utf-8" : "image/svg+xml").ConfigureAwait(false);
    }

    /// <summary>Sends whoever did something to the page that shows what came of it.</summary>
    public static Task GoTo(HttpContext http, string path)
    {
        http.Response.StatusCode = StatusCodes.Status303SeeOther;
        // Heads are of ASCII; what of it is escaped in a path is so already.
        http.Response.Headers.Location = string.Concat(
            path.EnumerateRunes().Select(one => one.IsAscii ? one.ToString() : Uri.EscapeDataString(one.ToString())));
        http.Response.Headers.CacheControl = "no-store";
        return Task.CompletedTask;
    }

    /// <summary>Answers with what pages load.</summary>
    public static async Task AssetAsync(HttpContext http)
    {
        string name = Queries.Path(http, "name");
        string content = SiteAssets.Find(name) ?? throw ProblemException.Missing($"There is nothing at {http.Request.Path}.");
        http.Response.Headers.CacheControl = Queries.Text(http.Request, "v") == SiteAssets.Version ? "public, max-age=31536000, immutable" : "no-cache";
        http.Response.Headers.XContentTypeOptions = "nosniff";
        await SendAsync(http, content, name.EndsWith(".css", StringComparison.Ordinal) ? "text/css; charset=utf-8" : "text/javascript; charset=utf-8")
            .ConfigureAwait(false);
    }

    /// <summary>Who looks.</summary>
    private static Visit Visit(HttpContext http)
    {
        Caller caller = http.Items[nameof(Caller)] as Caller ?? Caller.Current;
        bool hasKeys = !ReferenceEquals(caller, Caller.Anybody) || http.RequestServices.GetService(typeof(WebAccess)) is not null;
        bool isKnown = !hasKeys || !ReferenceEquals(caller, Caller.Anybody);
        HttpRequest request = http.Request;
        Func<string, string> suggest = WebOptions.Of(http).Suggest;
        string tenant = caller.Tenant == GrainKeys.DefaultTenant ? "" : " --tenant " + caller.Tenant;
        return new Visit
        {
            Path = request.Path.Value ?? "/",
            Query = [.. request.Query.Where(part => part.Key is not (Svg or Csv)).Select(part => KeyValuePair.Create(part.Key, part.Value.ToString()))],
            Role = isKnown ? caller.Role : "",
            Who = !hasKeys || !isKnown ? "" : $"{caller.Name} · {caller.Role} · {caller.Tenant}",
            HasKeys = hasKeys,
            LooksAfterCluster = isKnown && caller.LooksAfterCluster,
            IsSignedIn = hasKeys && isKnown && SessionCookie.Read(http) is not null,
            Token = () => FormTokens.Make(http),
            Suggest = arguments => suggest(arguments) + tenant,
            Wanted = Queries.Text(request, Svg) is { } picture ? new Wanted(picture, IsTable: false)
                : Queries.Text(request, Csv) is { } table ? new Wanted(table, IsTable: true) : null,
        };
    }

    private static async Task SendAsync(HttpContext http, string text, string type)
    {
        HttpResponse response = http.Response;
        response.ContentType = type;
        response.Headers.Vary = "Accept-Encoding";
        byte[] body = Encoding.UTF8.GetBytes(text);
        string accepted = http.Request.Headers.AcceptEncoding.ToString();
        string? packing = accepted.Contains("br", StringComparison.Ordinal) ? "br" : accepted.Contains("gzip", StringComparison.Ordinal) ? "gzip" : null;
        if (packing is not null && body.Length > 1000)
        {
            using var packed = new MemoryStream();
            await using (Stream pack = packing == "br" ? new BrotliStream(packed, CompressionLevel.Fastest, leaveOpen: true)
                : new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
                await pack.WriteAsync(body, http.RequestAborted).ConfigureAwait(false);
            response.Headers.ContentEncoding = packing;
            body = packed.ToArray();
        }

        response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(http.Request.Method))
            await response.BodyWriter.WriteAsync(body, CancellationToken.None).ConfigureAwait(false);
    }
}
