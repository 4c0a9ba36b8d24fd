using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OrleansCluster.Client;
using OrleansCluster.Tenancy;
using OrleansCluster.Web.Site;
using OrleansCluster.Web.Tests.Access;

namespace OrleansCluster.Web.Tests.Pages;

/// <summary>Every page and everything that is done on one, as nobody, as too little, and as another site would have a browser do it.</summary>
[Collection(nameof(GuardedService))]
public sealed partial class PageRightsTests(GuardedService service)
{
    /// <summary>Who may look at what and do what: decided here for each, so that a new one is decided, too. Null: everybody.</summary>
    private static readonly Dictionary<string, string?> Needed = new()
    {
        ["page.signIn"] = null,
        ["page.signInWith"] = null,
        ["page.signOut"] = null,
        ["page.home"] = Roles.Reader,
        ["page.model"] = Roles.Reader,
        ["page.clusters"] = Roles.Reader,
        ["page.selection"] = Roles.Reader,
        ["page.compare"] = Roles.Reader,
        ["page.datasets"] = Roles.Reader,
        ["page.dataset"] = Roles.Reader,
        ["page.jobs"] = Roles.Reader,
        ["page.watch"] = Roles.Reader,
        ["page.modelWatch"] = Roles.Reader,
        ["page.job"] = Roles.Reader,
        ["page.ask"] = Roles.Scorer,
        ["page.askRows"] = Roles.Scorer,
        ["page.train"] = Roles.Trainer,
        ["page.startJob"] = Roles.Trainer,
        ["page.planJob"] = Roles.Trainer,
        ["page.cancelJob"] = Roles.Trainer,
        ["page.suspendJob"] = Roles.Trainer,
        ["page.resumeJob"] = Roles.Trainer,
        ["page.promote"] = Roles.Operator,
        ["page.rollback"] = Roles.Operator,
        ["page.canary"] = Roles.Operator,
        ["page.abortRoute"] = Roles.Operator,
        ["page.nameCluster"] = Roles.Operator,
        ["page.tenant"] = Roles.Admin,
        ["page.cluster"] = Roles.Operator,
    };

    /// <summary>What tells of all tenants: for those of the default one alone.</summary>
    private static readonly string[] OfAllTenants = ["page.cluster"];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nobody_gets_in_and_every_role_gets_as_far_as_it_goes()
    {
        string tenant = await service.TenantWithModelAsync();
        Dictionary<string, ApiKey> keys = await service.KeysAsync(tenant);
        int walked = 0;
        foreach ((string method, string path, string name) in Endpoints())
        {
            Needed.ShouldContainKey(name, $"decide who may {name}");
            if (Needed[name] is not { } needed)
                continue;
            string asked = path.Replace("{model}", "m", StringComparison.Ordinal).Replace("{dataset}", "m", StringComparison.Ordinal)
                .Replace("{job}", "none", StringComparison.Ordinal);
            Answer nobody = await SendAsync(method, asked, null);
            nobody.Status.ShouldBe(HttpStatusCode.SeeOther, name);
            nobody.Headers.Location!.ToString().ShouldStartWith("/sign-in?to=%2F", Case.Sensitive, name);
            foreach (string role in Roles.All)
            {
                Answer answer = await SendAsync(method, asked, keys[role].Text);
                if (!Roles.Includes(role, needed))
                {
                    answer.Status.ShouldBe(HttpStatusCode.Forbidden, $"{role} {name}");
                    answer.Text.ShouldContain(needed);
                }
                else if (OfAllTenants.Contains(name))
                {
                    answer.Status.ShouldBe(HttpStatusCode.Forbidden, $"{role} {name}");
                    answer.Text.ShouldContain("tell of all tenants");
                }
                else if (method == HttpMethods.Get)
                {
                    ((int)answer.Status).ShouldNotBeOneOf([401, 403, 500], $"{role} {name}: {answer.Text}");
                }
                else
                {
                    // As another site would have the browser do it: the key is shown, the form is not ours.
                    answer.Status.ShouldBe(HttpStatusCode.Forbidden, $"{role} {name}");
                    answer.Text.ShouldContain("not made here");
                }
            }

            walked++;
        }

        walked.ShouldBe(Needed.Count(one => one.Value is not null));
    }

    [Fact]
    public async Task What_one_may_not_do_is_not_offered()
    {
        string tenant = await service.TenantWithModelAsync();
        string reader = (await service.KeyAsync(tenant, Roles.Reader)).Text, admin = (await service.KeyAsync(tenant, Roles.Admin)).Text;
        string seen = (await SendAsync("GET", "/models/m", reader)).Text, all = (await SendAsync("GET", "/models/m", admin)).Text;
        foreach (string offered in (string[])["Promote version 1", "/models/m/ask", "href=\"/train\"", "href=\"/tenants\""])
        {
            all.ShouldContain(offered);
            seen.ShouldNotContain(offered);
        }

        (await SendAsync("GET", "/models/m/clusters", reader)).Text.ShouldContain("Centres alone");
        (await SendAsync("GET", "/models/m/clusters", admin)).Text.ShouldContain("4 rows");
        Answer keys = await SendAsync("GET", "/tenants", admin);
        keys.Text.ShouldContain("reader");
        keys.Text.ShouldNotContain(admin);
    }

    [Fact]
    public async Task Who_signs_in_is_sent_where_they_wanted_to_go_with_a_cookie_that_no_script_reads()
    {
        string tenant = await service.TenantWithModelAsync();
        string key = (await service.KeyAsync(tenant, Roles.Operator)).Text;
        Answer signedIn = await FormAsync("/sign-in", null, ("key", key), ("to", "/models/m?version=1"));
        signedIn.Status.ShouldBe(HttpStatusCode.SeeOther);
        signedIn.Headers.Location!.ToString().ShouldBe("/models/m?version=1");
        string cookie = signedIn.Headers.GetValues("Set-Cookie").Single();
        cookie.ShouldContain("httponly", Case.Insensitive);
        cookie.ShouldContain("samesite=strict", Case.Insensitive);
        cookie.ShouldNotContain("expires", Case.Insensitive);
        // A page's own form, with its token, is carried out; the token of somebody else's is not.
        string page = (await SendAsync("GET", "/models/m", key)).Text;
        (await FormAsync("/models/m/promote", key, ("version", "1"), ("token", Token().Match(page).Groups[1].Value))).Status.ShouldBe(HttpStatusCode.SeeOther);
        string other = (await service.KeyAsync(tenant, Roles.Operator)).Text;
        (await FormAsync("/models/m/rollback", other, ("token", Token().Match(page).Groups[1].Value))).Status.ShouldBe(HttpStatusCode.Forbidden);
        // What a browser shows by itself changes nothing over the API.
        Answer api = await SendAsync("POST", "/api/v1/models/m/aliases/champion/rollback", key);
        ((int)api.Status).ShouldBe(401);
        (await SendAsync("GET", "/api/v1/models/m", key)).Succeeded();
        Answer wrong = await FormAsync("/sign-in", null, ("key", "oc_nobody_" + new string('A', 43)));
        wrong.Status.ShouldBe(HttpStatusCode.Unauthorized);
        wrong.Text.ShouldContain("opens nothing");
        wrong.Headers.Contains("Set-Cookie").ShouldBeFalse();
        Answer signedOut = await FormAsync("/sign-out", key, ("token", Token().Match(page).Groups[1].Value));
        signedOut.Headers.GetValues("Set-Cookie").Single().ShouldContain("expires=Thu, 01 Jan 1970");
    }

    [Theory]
    [InlineData("//elsewhere.example")]
    [InlineData("https://elsewhere.example")]
    [InlineData("/\\elsewhere.example")]
    [InlineData("javascript:alert(1)")]
    public async Task Nobody_is_sent_elsewhere(string to)
    {
        string key = (await service.KeyAsync(await service.TenantAsync(), Roles.Reader)).Text;
        (await FormAsync("/sign-in", null, ("key", key), ("to", to))).Headers.Location!.ToString().ShouldBe("/");
    }

    private IEnumerable<(string Method, string Path, string Name)> Endpoints() =>
        from endpoint in service.Server.Endpoints.OfType<RouteEndpoint>()
        where endpoint.Metadata.GetMetadata<PageMark>() is not null
        from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods
        where method != HttpMethods.Head
        select (method, endpoint.RoutePattern.RawText!, endpoint.Metadata.GetMetadata<EndpointNameMetadata>()!.EndpointName);

    private Task<Answer> SendAsync(string method, string path, string? cookie) => SendAsync(
        new HttpRequestMessage(HttpMethod.Parse(method), path) { Content = method == HttpMethods.Post ? new FormUrlEncodedContent([]) : null }, cookie);

    private Task<Answer> FormAsync(string path, string? cookie, params (string Name, string Value)[] fields) => SendAsync(
        new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value))),
        },
        cookie);

    private async Task<Answer> SendAsync(HttpRequestMessage request, string? cookie)
    {
        using HttpRequestMessage sent = request;
        using var handler = new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false };
        using var http = new HttpClient(handler) { BaseAddress = service.Address };
        if (cookie is not null)
            sent.Headers.Add("Cookie", "oc_key=" + cookie);
        Stop.ThrowIfCancellationRequested();
        return await GuardedService.AnswerAsync(http, sent);
    }

    [GeneratedRegex("name=\"token\" value=\"([0-9a-f]+)\"")]
    private static partial Regex Token();
}
