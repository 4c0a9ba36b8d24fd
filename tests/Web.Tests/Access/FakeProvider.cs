using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace OrleansCluster.Web.Tests.Access;

/// <summary>An OpenID Connect provider in this process: publishes its keys, sends people back with a code, and exchanges codes for tokens.</summary>
internal sealed class FakeProvider : IAsyncDisposable
{
    /// <summary>What it knows the service by.</summary>
    public const string Client = "pages", Secret = "the secret of the pages";

    private readonly ConcurrentDictionary<string, (string Challenge, string Nonce, string Redirect)> _codes = new();
    private WebApplication _app = null!;

    private FakeProvider()
    {
    }

    /// <summary>What it signs with.</summary>
    public RsaSecurityKey Key { get; } = new(RSA.Create(2048)) { KeyId = "one" };

    /// <summary>Where it is.</summary>
    public string Issuer { get; private set; } = "";

    /// <summary>What ID tokens say besides, and under which nonce and audience, where those are not what was asked for.</summary>
    public Dictionary<string, object> Claims { get; } = new();

    public string? OtherNonce { get; set; }

    public string? OtherAudience { get; set; }

    public RsaSecurityKey? OtherKey { get; set; }

    /// <summary>Why the last exchange of a code was refused; null: it was not.</summary>
    public string? Refused { get; private set; }

    public static async Task<FakeProvider> StartAsync()
    {
        var provider = new FakeProvider();
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRoutingCore();
        WebApplication app = provider._app = builder.Build();
        app.UseRouting();
        JsonWebKey published = JsonWebKeyConverter.ConvertFromRSASecurityKey(new RsaSecurityKey(provider.Key.Rsa.ExportParameters(false)) { KeyId = "one" });
        app.MapGet("/.well-known/openid-configuration", (HttpContext http) => http.Response.WriteAsync(
            $$"""
            {"issuer": "{{provider.Issuer}}", "jwks_uri": "{{provider.Issuer}}/keys", "authorization_endpoint": "{{provider.Issuer}}/authorize",
             "token_endpoint": "{{provider.Issuer}}/token"}
            """));
        app.MapGet("/keys", (HttpContext http) => http.Response.WriteAsync(
            $$"""{"keys": [{"kty": "RSA", "use": "sig", "kid": "one", "n": "{{published.N}}", "e": "{{published.E}}"}]}"""));
        app.MapGet("/authorize", provider.Authorize);
        app.MapPost("/token", provider.ExchangeAsync);
        await app.StartAsync(TestContext.Current.CancellationToken);
        provider.Issuer = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        return provider;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        Key.Rsa.Dispose();
    }

    /// <summary>A token.</summary>
    /// <param name="shared">Signed with a secret that both sides would have to know: the public key, as a trick has it.</param>
    public string Token(
        Dictionary<string, object> claims, string audience, RsaSecurityKey? key = null, string? issuer = null, DateTime? expires = null, bool shared = false)
    {
        DateTime end = expires ?? DateTime.UtcNow.AddMinutes(5);
        return new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            Issuer = issuer ?? Issuer,
            Audience = audience,
            NotBefore = end.AddMinutes(-10),
            IssuedAt = end.AddMinutes(-10),
            Expires = end,
            Claims = claims,
            SigningCredentials = shared
                ? new SigningCredentials(new SymmetricSecurityKey(Key.Rsa.ExportRSAPublicKey()) { KeyId = "one" }, SecurityAlgorithms.HmacSha256)
                : new SigningCredentials(key ?? Key, SecurityAlgorithms.RsaSha256),
        });
    }

    /// <summary>Somebody is known here already, and goes back at once.</summary>
    private void Authorize(HttpContext http)
    {
        IQueryCollection asked = http.Request.Query;
        asked["response_type"].ToString().ShouldBe("code");
        asked["client_id"].ToString().ShouldBe(Client);
        asked["code_challenge_method"].ToString().ShouldBe("S256");
        string code = Guid.NewGuid().ToString("N");
        _codes[code] = (asked["code_challenge"].ToString(), asked["nonce"].ToString(), asked["redirect_uri"].ToString());
        http.Response.Redirect(QueryHelpers.AddQueryString(
            asked["redirect_uri"].ToString(), new Dictionary<string, string?> { ["code"] = code, ["state"] = asked["state"].ToString() }));
    }

    private async Task ExchangeAsync(HttpContext http)
    {
        IFormCollection form = await http.Request.ReadFormAsync();
        Refused = !_codes.TryRemove(form["code"].ToString(), out var asked) ? "no such code"
            : form["client_id"] != Client || form["client_secret"] != Secret ? "another client"
            : form["redirect_uri"] != asked.Redirect ? "another address"
            : Base64UrlEncoder.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(form["code_verifier"].ToString()))) != asked.Challenge ? "another verifier"
            : null;
        http.Response.ContentType = "application/json";
        if (Refused is not null)
        {
            http.Response.StatusCode = 400;
            await http.Response.WriteAsync("""{"error": "invalid_grant"}""");
            return;
        }

        var claims = new Dictionary<string, object>(Claims) { ["nonce"] = OtherNonce ?? asked.Nonce };
        string token = Token(claims, OtherAudience ?? Client, OtherKey);
        await http.Response.WriteAsync(JsonSerializer.Serialize(new { access_token = "opaque", token_type = "Bearer", expires_in = 300, id_token = token }));
    }
}
