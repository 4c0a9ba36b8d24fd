using System.Net.Http.Headers;
using System.Security.Cryptography;
using Microsoft.IdentityModel.Tokens;
using OrleansCluster.Tenancy;
using OrleansCluster.Web.Access;
using OrleansCluster.Web.Hosting;

namespace OrleansCluster.Web.Tests.Access;

/// <summary>Tokens of an OpenID Connect provider, which runs here and publishes its keys.</summary>
[Collection(nameof(GuardedService))]
public sealed class TokenTests(GuardedService service) : IAsyncLifetime
{
    private readonly RsaSecurityKey _foreign = new(RSA.Create(2048)) { KeyId = "one" };
    private FakeProvider _provider = null!;
    private WebServer _server = null!;
    private HttpClient _http = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _provider = await FakeProvider.StartAsync();
        _server = await service.OpenAsync(
            new TokenIssuer { Issuer = new Uri(_provider.Issuer), Audience = "clusters", TenantClaim = "org", RoleClaim = "roles" });
        _http = new HttpClient { BaseAddress = _server.Address };
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _server.DisposeAsync();
        await _provider.DisposeAsync();
        _foreign.Rsa.Dispose();
    }

    [Fact]
    public async Task A_token_of_the_issuer_opens_what_its_role_does_for_its_tenant()
    {
        string tenant = await service.TenantWithModelAsync();
        (await AskAsync(HttpMethod.Get, "/api/v1/models", Token(tenant, ["reader"]))).Succeeded().GetProperty("items").GetArrayLength().ShouldBe(1);
        (await AskAsync(HttpMethod.Delete, "/api/v1/models/m/policy", Token(tenant, ["reader", "unrelated"]))).Refused(403).ShouldContain("operator");
        ((int)(await AskAsync(HttpMethod.Delete, "/api/v1/models/m/policy", Token(tenant, ["reader", "operator"]))).Status).ShouldNotBeOneOf([401, 403]);
        // Keys open as before.
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/models");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", (await service.KeyAsync(tenant, Roles.Reader)).Text);
        (await GuardedService.AnswerAsync(_http, request)).Succeeded();
    }

    [Fact]
    public async Task Tokens_that_are_not_to_be_believed_open_nothing()
    {
        string tenant = await service.TenantAsync();
        string good = Token(tenant, ["admin"]);
        string[] parts = good.Split('.');
        string none = Base64UrlEncoder.Encode("""{"alg":"none","typ":"JWT"}""") + "." + parts[1] + ".";
        (string Token, string Says)[] bad =
        [
            (Token(tenant, ["admin"], key: _foreign), "not signed by the issuer"),
            (none, "token"),
            (parts[0] + "." + Base64UrlEncoder.Encode("""{"org":"default","roles":["admin"]}""") + "." + parts[2], "token"),
            (Token(tenant, ["admin"], issuer: "https://elsewhere.example"), "another issuer"),
            (Token(tenant, ["admin"], audience: "others"), "another audience"),
            (Token(tenant, ["admin"], expires: DateTime.UtcNow.AddMinutes(-5)), "expired"),
            (Token(tenant, [], shared: true), "token"),
            (Token(tenant, []), "no role"),
            (Token(null, ["admin"]), "no tenant"),
            (Token("nowhere", ["admin"]), "not here"),
            ("a.b.c", "token"),
        ];
        (await AskAsync(HttpMethod.Get, "/api/v1/models", good)).Succeeded();
        foreach ((string token, string says) in bad)
        {
            string said = (await AskAsync(HttpMethod.Get, "/api/v1/models", token)).Refused(401, "unauthenticated");
            said.ShouldContain(says, Case.Insensitive);
            said.ShouldNotContain(token);
        }

        await service.Administration.SuspendAsync(tenant, cancellation: Stop);
        (await AskAsync(HttpMethod.Get, "/api/v1/models", good)).Refused(401);
    }

    private async Task<Answer> AskAsync(HttpMethod method, string path, string token)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return await GuardedService.AnswerAsync(_http, request);
    }

    /// <param name="shared">Signed with a secret that both sides would have to know: the public key, as a trick has it.</param>
    private string Token(
        string? tenant, string[] roles, RsaSecurityKey? key = null, string? issuer = null, string audience = "clusters", DateTime? expires = null,
        bool shared = false)
    {
        var claims = new Dictionary<string, object> { ["sub"] = "somebody" };
        if (tenant is not null)
            claims["org"] = tenant;
        if (roles.Length > 0)
            claims["roles"] = roles;
        return _provider.Token(claims, audience, key, issuer, expires, shared);
    }
}
