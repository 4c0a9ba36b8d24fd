using System.Collections.Concurrent;
using System.Security.Claims;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;
using OrleansCluster.Tenancy;
using OrleansCluster.Web.Problems;

namespace OrleansCluster.Web.Access;

/// <summary>
/// Callers by a token of the issuer that is believed. Its keys are fetched from where it publishes them, and again when an unknown one appears.
/// </summary>
internal sealed class TokenCallers
{
    /// <summary>Signed with a key pair: with a shared secret, or with nothing (<c>none</c>), anybody could have made them who reads.</summary>
    internal static readonly string[] Algorithms =
    [
        SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512,
        SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.RsaSsaPssSha384, SecurityAlgorithms.RsaSsaPssSha512,
        SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.EcdsaSha512,
    ];

    /// <summary>How far clocks may be apart.</summary>
    internal static readonly TimeSpan Skew = TimeSpan.FromSeconds(30);

    private readonly WebAccess _access;
    private readonly TokenIssuer _issuer;
    private readonly TimeProvider _time;
    private readonly ConfigurationManager<OpenIdConnectConfiguration> _configuration;
    private readonly JsonWebTokenHandler _handler = new();
    private readonly ConcurrentDictionary<string, (TenantInfo? Tenant, DateTimeOffset Until)> _tenants = new(StringComparer.Ordinal);

    /// <param name="issuer">Who is believed.</param>
    public TokenCallers(WebAccess access, TokenIssuer issuer, TimeProvider time)
    {
        (_access, _issuer, _time) = (access, issuer, time);
        string address = issuer.Issuer.ToString().TrimEnd('/') + "/.well-known/openid-configuration";
        _configuration = new ConfigurationManager<OpenIdConnectConfiguration>(
            address, new OpenIdConnectConfigurationRetriever(), new HttpDocumentRetriever { RequireHttps = !issuer.Issuer.IsLoopback });
    }

    /// <summary>Whether a text has the form of a token.</summary>
    public static bool IsToken(string text) => text.Count(c => c == '.') == 2;

    /// <summary>Who a token speaks of.</summary>
    /// <param name="token">The token.</param>
    /// <param name="isBrowser">Whether one of signing in will do, which is meant for this service as a client of the provider.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="ProblemException">It is not to be believed, or says too little.</exception>
    public async Task<Caller> FindAsync(string token, bool isBrowser, CancellationToken cancellation)
    {
        TokenValidationResult result = await _handler.ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidIssuer = _issuer.Issuer.ToString().TrimEnd('/'),
            // An address with and without a slash at its end is the same issuer.
            ValidIssuers = [_issuer.Issuer.ToString()],
            ValidAudiences = isBrowser && _issuer.SignIn is { } client ? [_issuer.Audience, client.Id] : [_issuer.Audience],
            ValidAlgorithms = Algorithms,
            RequireSignedTokens = true,
            RequireExpirationTime = true,
            ClockSkew = Skew,
            ConfigurationManager = _configuration,
        }).ConfigureAwait(false);
        if (!result.IsValid)
            throw Refused(Reason(result.Exception));
        ClaimsIdentity identity = result.ClaimsIdentity;
        string tenant = identity.FindFirst(_issuer.TenantClaim)?.Value
            ?? throw Refused($"names no tenant: the claim '{_issuer.TenantClaim}' is missing");
        string role = identity.FindAll(_issuer.RoleClaim).Select(claim => claim.Value).Where(Roles.All.Contains).MaxBy(name => Roles.All.IndexOf(name))
            ?? throw Refused($"names no role: the claim '{_issuer.RoleClaim}' must be one of {string.Join(", ", Roles.All)}");
        string subject = identity.FindFirst("sub")?.Value ?? "";
        return await TenantAsync(tenant, cancellation).ConfigureAwait(false) is { Suspended: null } known
            ? new Caller(known.Name, role, "token of " + subject) { Quotas = known.Quotas }
            : throw Refused("names a tenant that is not here, or is suspended");
    }

    private static ProblemException Refused(string why) => new(401, ProblemKinds.Unauthenticated, $"The token {why}.");

    /// <summary>In few words: what exactly differs is nobody's business who cannot make a token.</summary>
    private static string Reason(Exception? e) => e switch
    {
        SecurityTokenExpiredException => "has expired",
        SecurityTokenNotYetValidException => "is not valid yet",
        SecurityTokenInvalidIssuerException => "is of another issuer",
        SecurityTokenInvalidAudienceException => "is meant for another audience",
        SecurityTokenInvalidAlgorithmException => "is signed in a way that is not believed",
        _ => "is not signed by the issuer that is believed, or damaged",
    };

    private async Task<TenantInfo?> TenantAsync(string name, CancellationToken cancellation)
    {
        DateTimeOffset now = _time.GetUtcNow();
        if (_tenants.TryGetValue(name, out var known) && now < known.Until)
            return known.Tenant;
        TenantInfo? tenant = await _access.Administration.TenantAsync(name, cancellation).ConfigureAwait(false);
        // Who can sign tokens is believed: there are not more names than tenants.
        _tenants[name] = (tenant, now + _access.Holds);
        return tenant;
    }
}
