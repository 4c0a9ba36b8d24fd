using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using OrleansCluster.Pages.Views;
using OrleansCluster.Web.Access;
using OrleansCluster.Web.Exchange;
using OrleansCluster.Web.Problems;

namespace OrleansCluster.Web.Site;

/// <summary>
/// Signing in at an OpenID Connect provider: people are sent there, and come back with a code that this service exchanges (PKCE). What they then show is the
/// provider's ID token, in the same cookie as a key and with the same claims as bearer tokens have; it opens pages for as long as it is valid.
/// </summary>
internal static class ProviderSignIn
{
    private const string Scheme = "provider", BeginPath = SignIn.Path + "/provider", CallbackPath = SignIn.Path + "/callback";

    /// <summary>How long people may take at the provider.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    /// <summary>Registers it.</summary>
    /// <param name="issuer">The provider.</param>
    /// <param name="client">How this service is known there.</param>
    public static void AddTo(IServiceCollection services, TokenIssuer issuer, SignInClient client)
    {
        services.AddAuthenticationCore();
        services.AddWebEncoders();
        services.AddSingleton<IAuthenticationConfigurationProvider, NoConfiguration>();
        // Not the framework's ring of keys in files: whichever place before a cluster people come back to can read what another one sent with them.
        services.AddSingleton<IDataProtectionProvider>(new SecretProtection(client.Secret));
        new AuthenticationBuilder(services).AddOpenIdConnect(Scheme, options =>
        {
            options.Authority = issuer.Issuer.ToString().TrimEnd('/');
            options.RequireHttpsMetadata = !issuer.Issuer.IsLoopback;
            options.ClientId = client.Id;
            options.ClientSecret = client.Secret;
            options.ResponseType = OpenIdConnectResponseType.Code;
            // A form that the provider's page sends would come from another site, and so without cookies.
            options.ResponseMode = OpenIdConnectResponseMode.Query;
            options.UsePkce = true;
            options.CallbackPath = CallbackPath;
            options.RemoteAuthenticationTimeout = options.ProtocolValidator.NonceLifetime = Patience;
            options.MapInboundClaims = false;
            options.DisableTelemetry = true;
            // Kept until the answer is made, and nowhere: the ID token is what the browser will show.
            options.SaveTokens = true;
            options.SignInScheme = Scheme + ".none";
            options.TokenValidationParameters.ValidAlgorithms = TokenCallers.Algorithms;
            options.TokenValidationParameters.ClockSkew = TokenCallers.Skew;
            foreach (CookieBuilder cookie in (CookieBuilder[])[options.CorrelationCookie, options.NonceCookie])
                (cookie.HttpOnly, cookie.SameSite, cookie.SecurePolicy, cookie.Path) = (true, SameSiteMode.Lax, CookieSecurePolicy.SameAsRequest, SignIn.Path);
            options.Events.OnTicketReceived = ReceivedAsync;
            options.Events.OnRemoteFailure = FailedAsync;
        });
    }

    /// <summary>Has the framework leave requests alone that are not about signing in: who asks is found out by the gatekeeper.</summary>
    public static void KeepToItsPages(IApplicationBuilder app) => app.Properties["__AuthenticationMiddlewareSet"] = true;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.Page(BeginPath, "page.signInAtProvider", http => http.ChallengeAsync(
            Scheme, new AuthenticationProperties { RedirectUri = SignIn.Target(Queries.Text(http.Request, "to")) }));
        routes.Page(CallbackPath, "page.signedInAtProvider", async http =>
        {
            IAuthenticationHandlerProvider handlers = http.RequestServices.GetRequiredService<IAuthenticationHandlerProvider>();
            var handler = (IAuthenticationRequestHandler)(await handlers.GetHandlerAsync(http, Scheme).ConfigureAwait(false))!;
            if (!await handler.HandleRequestAsync().ConfigureAwait(false))
                throw ProblemException.Missing("Nobody is signing in here.");
        });
    }

    /// <summary>Where people begin to sign in there; null: there is no provider.</summary>
    public static string? AddressFor(HttpContext http, string to) => http.RequestServices.GetService<WebAccess>()?.Issuer?.SignIn is null ? null
        : Pages.Frame.Visit.Address(BeginPath, new KeyValuePair<string, string>("to", to));

    /// <summary>The provider has said who it is: whether that opens something here is asked as of every token.</summary>
    private static async Task ReceivedAsync(TicketReceivedContext ticket)
    {
        HttpContext http = ticket.HttpContext;
        string to = SignIn.Target(ticket.ReturnUri), token = ticket.Properties?.GetTokenValue("id_token") ?? "";
        ticket.HandleResponse();
        try
        {
            if (token.Length > SignIn.Longest)
                throw new ProblemException(
                    401, ProblemKinds.Unauthenticated,
                    $"The provider's token has {token.Length} letters, and {SignIn.Longest} fit a cookie: have it name less.");
            await http.RequestServices.GetRequiredService<Callers>().FindAsync(token, http.RequestAborted, isBrowser: true).ConfigureAwait(false);
        }
        catch (ProblemException refused) when (refused.Status == StatusCodes.Status401Unauthorized)
        {
            await SignIn.WriteAsync(http, to, refused.Message).ConfigureAwait(false);
            return;
        }

        SessionCookie.Write(http, token);
        // Whoever was sent here by another site does not bring the cookie where this sends them; whoever goes on from a page of ours does.
        http.Response.Headers["Refresh"] = "0; url=" + to;
        await PageAnswers.WriteAsync<SignedInView>(
            http, "Signed in", new Dictionary<string, object?> { [nameof(SignedInView.To)] = to }).ConfigureAwait(false);
    }

    /// <summary>It came to nothing: people may try again. What exactly was wrong is nobody's business who made it up.</summary>
    private static Task FailedAsync(RemoteFailureContext failure)
    {
        failure.HandleResponse();
        string? said = failure.HttpContext.Request.Query["error"].ToString() is { Length: > 0 } error ? error : null;
        return SignIn.WriteAsync(
            failure.HttpContext, SignIn.Target(failure.Properties?.RedirectUri),
            said == "access_denied" ? "You, or the provider, said no: sign in again."
                : "What the provider sent back does not belong to a signing in that began here a short while ago, or is not to be believed: sign in again.");
    }

    /// <summary>What is to be known is said in code by who starts the service.</summary>
    private sealed class NoConfiguration : IAuthenticationConfigurationProvider
    {
        public IConfiguration AuthenticationConfiguration { get; } = new ConfigurationBuilder().Build();
    }
}
