using Microsoft.AspNetCore.Http;

namespace OrleansCluster.Web.Site;

/// <summary>
/// The key that a browser shows: a cookie of this service alone, which no script reads, no other site has sent, and which ends with the browser. Nothing is
/// kept here, so that any of several places before a cluster answers, and a key that is revoked opens nothing.
/// </summary>
internal static class SessionCookie
{
    private const string Plain = "oc_key", Encrypted = "__Host-oc_key";

    /// <summary>What the browser shows; null: nothing.</summary>
    public static string? Read(HttpContext http) => http.Request.Cookies[http.Request.IsHttps ? Encrypted : Plain] is { Length: > 0 } key ? key : null;

    /// <summary>Whether a key is shown in a header, as programs do.</summary>
    public static bool HasHeader(HttpContext http) => http.Request.Headers.Authorization.Count > 0 || http.Request.Headers.ContainsKey("X-API-Key");

    public static void Write(HttpContext http, string key) => http.Response.Cookies.Append(http.Request.IsHttps ? Encrypted : Plain, key, Options(http));

    public static void Delete(HttpContext http) => http.Response.Cookies.Delete(http.Request.IsHttps ? Encrypted : Plain, Options(http));

    private static CookieOptions Options(HttpContext http) =>
        new() { HttpOnly = true, SameSite = SameSiteMode.Strict, Secure = http.Request.IsHttps, Path = "/", IsEssential = true };
}
