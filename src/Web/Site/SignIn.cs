using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OrleansCluster.Pages.Frame;
using OrleansCluster.Pages.Views;
using OrleansCluster.Web.Access;
using OrleansCluster.Web.Exchange;

namespace OrleansCluster.Web.Site;

/// <summary>How people show their key once, and take it back.</summary>
internal static class SignIn
{
    /// <summary>Where.</summary>
    public const string Path = "/sign-in", OutPath = "/sign-out";

    /// <summary>A key or a token is no longer than this.</summary>
    public const int Longest = 3500;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.Page(Path, "page.signIn", http => WriteAsync(http, Target(Queries.Text(http.Request, "to")), null));
        // Nobody is signed in yet whom another site could use, and the door lets no other site's forms in.
        routes.MapMethods(Path, [HttpMethods.Post], InAsync).WithMetadata(PageMark.Only, new EndpointNameMetadata("page.signInWith")).ExcludeFromDescription();
        routes.Act(OutPath, "page.signOut", http =>
        {
            SessionCookie.Delete(http);
            return PageAnswers.GoTo(http, Path);
        });
    }

    /// <summary>Where whoever asks for a page signs in.</summary>
    public static string AddressFor(HttpRequest request)
    {
        string wanted = HttpMethods.IsGet(request.Method) ? request.Path.ToUriComponent() + request.QueryString.ToUriComponent() : "/";
        return Visit.Address(Path, new KeyValuePair<string, string>("to", wanted));
    }

    private static async Task InAsync(HttpContext http)
    {
        IFormCollection form = await Forms.ReadAsync(http).ConfigureAwait(false);
        (string key, string to) = (form["key"].ToString().Trim(), Target(form["to"].ToString()));
        if (http.RequestServices.GetService(typeof(Callers)) is not Callers callers)
        {
            await PageAnswers.GoTo(http, "/").ConfigureAwait(false);
            return;
        }

        Caller caller;
        try
        {
            caller = key.Length is > 0 and <= Longest && key.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.')
                ? await callers.FindAsync(key, http.RequestAborted, isBrowser: true).ConfigureAwait(false)
                : throw Callers.OpensNothing();
        }
        catch (Problems.ProblemException refused) when (refused.Status == StatusCodes.Status401Unauthorized)
        {
            await WriteAsync(http, to, refused.Message).ConfigureAwait(false);
            return;
        }

        SessionCookie.Write(http, key);
        // A key of some models opens nothing beside.
        await PageAnswers.GoTo(http, caller.Models.IsEmpty || to != "/" ? to : Visit.OfModel(caller.Models[0])).ConfigureAwait(false);
    }

    /// <summary>Asks for a key, or to sign in elsewhere.</summary>
    /// <param name="to">Where to go then.</param>
    /// <param name="problem">Why it did not work; null: nobody tried.</param>
    public static Task WriteAsync(HttpContext http, string to, string? problem) => PageAnswers.WriteAsync<SignInView>(
        http, "Sign in",
        new Dictionary<string, object?>
        {
            [nameof(SignInView.To)] = to,
            [nameof(SignInView.Problem)] = problem,
            [nameof(SignInView.Provider)] = ProviderSignIn.AddressFor(http, to),
        },
        problem is null ? StatusCodes.Status200OK : StatusCodes.Status401Unauthorized);

    /// <summary>A page here: what leads elsewhere, as <c>//elsewhere</c> and <c>/\elsewhere</c> do, is none.</summary>
    public static string Target(string? to) =>
        to is ['/', ..] && !(to.Length > 1 && to[1] is '/' or '\\') && to.All(c => char.IsAscii(c) && !char.IsControl(c))
            && !to.StartsWith(Path, StringComparison.Ordinal) ? to : "/";
}
