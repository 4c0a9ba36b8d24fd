using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace OrleansCluster.Web.Tests;

/// <summary>What came back.</summary>
public sealed record Answer(HttpStatusCode Status, byte[] Body, string? Type, HttpResponseHeaders Headers, HttpContentHeaders ContentHeaders)
{
    public string Text => Encoding.UTF8.GetString(Body);

    public JsonElement Json => JsonDocument.Parse(Body).RootElement;

    public string? ETag => Headers.ETag?.ToString();

    /// <summary>Fails, with what was said, unless it succeeded.</summary>
    public JsonElement Succeeded(HttpStatusCode? status = null)
    {
        if (status is { } wanted)
            Status.ShouldBe(wanted, Text);
        ((int)Status).ShouldBeInRange(200, 299, Text);
        return Json;
    }

    /// <summary>Checks that it is a problem of this status and kind.</summary>
    /// <returns>Its detail.</returns>
    public string Refused(int status, string kind = "")
    {
        ((int)Status).ShouldBe(status, Text);
        Type.ShouldBe("application/problem+json");
        JsonElement problem = Json;
        problem.GetProperty("status").GetInt32().ShouldBe(status);
        problem.GetProperty("title").GetString().ShouldNotBeNullOrEmpty();
        if (kind.Length > 0)
            problem.GetProperty("type").GetString().ShouldBe("urn:orleanscluster:" + kind);
        string detail = problem.GetProperty("detail").GetString()!;
        detail.ShouldNotBeNullOrEmpty();
        detail.ShouldNotContain("   at ");
        detail.ShouldNotContain("Exception");
        detail.ShouldNotContain("System.");
        detail.ShouldNotContain("OrleansCluster.");
        return detail;
    }
}
