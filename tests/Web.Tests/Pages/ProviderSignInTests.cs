using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.IdentityModel.Tokens;
using OrleansCluster.Web.Access;
using OrleansCluster.Web.Hosting;
using OrleansCluster.Web.Site;
using OrleansCluster.Web.Tests.Access;

namespace OrleansCluster.Web.Tests.Pages;

/// <summary>Signing in at a provider, which runs here.</summary>
[Collection(nameof(GuardedService))]
public sealed class ProviderSignInTests(GuardedService service) : IAsyncLifetime
{
    private FakeProvider _provider = null!;
    private WebServer _server = null!;
    private HttpClient _http = null!;

    /// <summary>What a browser keeps.</summary>
    private readonly CookieContainer _cookies = new();

    public async ValueTask InitializeAsync()
    {
        _provider = await FakeProvider.StartAsync();
        _server = await service.OpenAsync(Issuer());
        _http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, CookieContainer = _cookies });
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _server.DisposeAsync();
        await _provider.DisposeAsync();
    }

    [Fact]
    public async Task People_sign_in_at_the_provider_and_are_who_their_token_says()
    {
        string tenant = await service.TenantWithModelAsync();
        Claim(tenant, "operator");
        Answer page = await GoAsync(new Uri(_server.Address, "/sign-in?to=%2Fmodels%2Fm"));
        page.Text.ShouldContain("href=\"/sign-in/provider?to=%2Fmodels%2Fm\"");
        Answer begun = await GoAsync(new Uri(_server.Address, "/sign-in/provider?to=%2Fmodels%2Fm"));
        begun.Status.ShouldBe(HttpStatusCode.Redirect);
        begun.Headers.Location!.Query.ShouldNotContain(Uri.EscapeDataString(FakeProvider.Secret));
        foreach (string cookie in begun.Headers.GetValues("Set-Cookie"))
        {
            cookie.ShouldContain("httponly", Case.Insensitive);
            cookie.ShouldContain("samesite=lax", Case.Insensitive);
            cookie.ShouldContain("path=/sign-in", Case.Insensitive);
        }

        Answer back = await GoAsync(begun.Headers.Location!), signedIn = await GoAsync(back.Headers.Location!);
        _provider.Refused.ShouldBeNull();
        signedIn.Status.ShouldBe(HttpStatusCode.OK, signedIn.Text);
        // The page that people see goes on by itself: one that the provider had sent them to would not get a strict cookie.
        signedIn.Headers.GetValues("Refresh").Single().ShouldBe("0; url=/models/m");
        string kept = signedIn.Headers.GetValues("Set-Cookie").Single(cookie => cookie.StartsWith("oc_key=", StringComparison.Ordinal));
        foreach (string hardened in (string[])["httponly", "samesite=strict", "path=/"])
            kept.ShouldContain(hardened, Case.Insensitive);
        kept.ShouldNotContain("expires", Case.Insensitive);
        Answer model = await GoAsync(new Uri(_server.Address, "/models/m"));
        WebUtility.HtmlDecode(model.Text).ShouldContain($"token of somebody · operator · {tenant}");
        model.Text.ShouldContain("Promote version 1");
        // What is in the cookie is no bearer token: it was meant for the pages.
        using var asked = new HttpRequestMessage(HttpMethod.Get, new Uri(_server.Address, "/api/v1/models"));
        asked.Headers.Authorization = new("Bearer", _cookies.GetCookies(_server.Address)["oc_key"]!.Value);
        using var program = new HttpClient();
        (await GuardedService.AnswerAsync(program, asked)).Refused(401, "unauthenticated").ShouldContain("another audience");
        // The same code again opens nothing, and neither does another browser with it.
        (await GoAsync(back.Headers.Location!)).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Any_place_takes_up_what_another_one_began()
    {
        Claim(await service.TenantWithModelAsync(), "reader");
        await using WebServer other = await service.OpenAsync(Issuer());
        Answer begun = await GoAsync(new Uri(_server.Address, "/sign-in/provider")), back = await GoAsync(begun.Headers.Location!);
        // Cookies do not tell ports apart, and so not these two places.
        Answer signedIn = await GoAsync(new UriBuilder(back.Headers.Location!) { Port = other.Address.Port }.Uri);
        signedIn.Status.ShouldBe(HttpStatusCode.OK, signedIn.Text);
        (await GoAsync(new Uri(other.Address, "/models/m"))).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task What_does_not_belong_to_a_signing_in_that_began_here_opens_nothing()
    {
        Claim(await service.TenantAsync(), "admin");
        using var foreign = RSA.Create(2048);
        await RefusedAsync(() => _provider.OtherNonce = "another");
        await RefusedAsync(() => _provider.OtherAudience = "others");
        await RefusedAsync(() => _provider.OtherKey = new RsaSecurityKey(foreign) { KeyId = "one" });
        await RefusedAsync(() => { }, back => Regex.Replace(back, "state=[^&]+", "state=made-up"));
        await RefusedAsync(() => { }, back => Regex.Replace(back, "&state=[^&]+", ""));
        await RefusedAsync(() => { }, back => Regex.Replace(back, "code=[^&]+", "code=made-up"));
        await RefusedAsync(() => { }, back => Regex.Replace(back, "code=[^&]+", "error=access_denied"), "said no");
        // Another browser, which did not begin it.
        await RefusedAsync(() => { }, forgets: true);
        (await GoAsync(new Uri(_server.Address, "/sign-in/callback"))).Status.ShouldBe(HttpStatusCode.Unauthorized);
        // Who is known to the provider and not here.
        await RefusedAsync(() => Claim("nowhere", "admin"), told: "names a tenant that is not here");
        await RefusedAsync(() => Claim("default", "king"), told: "names no role");
        await RefusedAsync(() => _provider.Claims["much"] = new string('x', 4000), told: "fit a cookie");
        _cookies.GetCookies(_server.Address)["oc_key"].ShouldBeNull();
    }

    [Theory]
    [InlineData("//elsewhere.example")]
    [InlineData("https://elsewhere.example")]
    public async Task Nobody_is_sent_elsewhere(string to)
    {
        Claim(await service.TenantAsync(), "reader");
        (await SignInAsync("/sign-in/provider?to=" + Uri.EscapeDataString(to))).Headers.GetValues("Refresh").Single().ShouldBe("0; url=/");
    }

    [Fact]
    public void What_is_sealed_is_opened_with_the_same_secret_for_the_same_purpose_alone()
    {
        byte[] text = Encoding.UTF8.GetBytes("where to go then");
        byte[] sealedBytes = new SecretProtection("secret").CreateProtector("a").Protect(text);
        new SecretProtection("secret").CreateProtector("a").Unprotect(sealedBytes).ShouldBe(text);
        new SecretProtection("secret").CreateProtector("a").Protect(text).ShouldNotBe(sealedBytes);
        Should.Throw<CryptographicException>(() => new SecretProtection("other").CreateProtector("a").Unprotect(sealedBytes));
        Should.Throw<CryptographicException>(() => new SecretProtection("secret").CreateProtector("b").Unprotect(sealedBytes));
        for (int i = 0; i < sealedBytes.Length; i++)
        {
            byte[] changed = [.. sealedBytes];
            changed[i] ^= 1;
            Should.Throw<CryptographicException>(() => new SecretProtection("secret").CreateProtector("a").Unprotect(changed));
        }

        Should.Throw<CryptographicException>(() => new SecretProtection("secret").CreateProtector("a").Unprotect([1, 2, 3]));
    }

    private TokenIssuer Issuer() => new()
    {
        Issuer = new Uri(_provider.Issuer),
        Audience = "clusters",
        SignIn = new SignInClient(FakeProvider.Client, FakeProvider.Secret),
    };

    private void Claim(string tenant, string role)
    {
        _provider.Claims.Clear();
        (_provider.Claims["sub"], _provider.Claims["tenant"], _provider.Claims["role"]) = ("somebody", tenant, role);
    }

    /// <summary>Signs in after something was changed, which must come to nothing.</summary>
    private async Task RefusedAsync(Action change, Func<string, string>? bend = null, string told = "sign in again", bool forgets = false)
    {
        change();
        Answer answer = await SignInAsync("/sign-in/provider", bend, forgets);
        answer.Status.ShouldBe(HttpStatusCode.Unauthorized, answer.Text);
        answer.Text.ShouldContain(told);
        answer.Text.ShouldNotContain(FakeProvider.Secret);
        answer.Headers.TryGetValues("Set-Cookie", out IEnumerable<string>? set);
        (set ?? []).ShouldNotContain(cookie => cookie.StartsWith("oc_key=", StringComparison.Ordinal));
        (_provider.OtherNonce, _provider.OtherAudience, _provider.OtherKey) = (null, null, null);
    }

    private async Task<Answer> SignInAsync(string begin, Func<string, string>? bend = null, bool forgets = false)
    {
        Answer begun = await GoAsync(new Uri(_server.Address, begin));
        Answer back = await GoAsync(begun.Headers.Location!);
        var address = new Uri(bend is null ? back.Headers.Location!.AbsoluteUri : bend(back.Headers.Location!.AbsoluteUri));
        if (!forgets)
            return await GoAsync(address);
        using var stranger = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false });
        return await GuardedService.AnswerAsync(stranger, new HttpRequestMessage(HttpMethod.Get, address));
    }

    private Task<Answer> GoAsync(Uri address) => GuardedService.AnswerAsync(_http, new HttpRequestMessage(HttpMethod.Get, address));
}
