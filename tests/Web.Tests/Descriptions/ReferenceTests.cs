using System.Net;
using System.Text.RegularExpressions;

namespace OrleansCluster.Web.Tests.Descriptions;

/// <summary>The page that describes the service to people.</summary>
public sealed partial class ReferenceTests(Service service)
{
    [Fact]
    public async Task Who_asks_for_what_is_not_there_is_told_of_the_page() =>
        (await service.GetAsync("/no-such-page")).Refused(404).ShouldContain("/reference");

    [Fact]
    public async Task The_page_and_all_that_it_loads_come_from_here()
    {
        using var http = new HttpClient { BaseAddress = service.Address };
        using HttpResponseMessage page = await http.GetAsync("/reference");
        string text = await page.Content.ReadAsStringAsync();
        page.StatusCode.ShouldBe(HttpStatusCode.OK, text);
        page.Content.Headers.ContentType!.MediaType.ShouldBe("text/html");
        text.ShouldContain("openapi/v1.json", customMessage: text);
        page.Headers.GetValues("Content-Security-Policy").Single().ShouldStartWith("default-src 'self'");
        Address().Matches(text).Select(match => match.Value).ShouldBeEmpty(text);
        string[] parts = [.. Source().Matches(text).Select(match => match.Groups[1].Value)];
        parts.ShouldNotBeEmpty(text);
        foreach (string part in parts)
        {
            using HttpResponseMessage loaded = await http.GetAsync(new Uri(page.RequestMessage!.RequestUri!, part));
            loaded.StatusCode.ShouldBe(HttpStatusCode.OK, $"{part} of {page.RequestMessage.RequestUri}: {text}");
            (await loaded.Content.ReadAsByteArrayAsync()).Length.ShouldBeGreaterThan(100, part);
        }
    }

    /// <summary>An address elsewhere: of what names are for, not what is loaded, pages have none.</summary>
    [GeneratedRegex("https?://[^\"' )]+|[\"'(]//[a-z][^\"' )]+")]
    private static partial Regex Address();

    [GeneratedRegex("(?:src=\"|from ')([^\"']+)[\"']")]
    private static partial Regex Source();
}
