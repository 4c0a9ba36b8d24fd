using System.Text.Json;

namespace OrleansCluster.Web.Tests.Native;

/// <summary>Routes over HTTP.</summary>
public sealed class RouteTests(Service service)
{
    [Fact]
    public async Task After_canaries_come_and_go_only_the_newest_gets_its_share()
    {
        string model = await service.ModelAsync(versions: 3), path = $"/api/v1/models/{model}";
        (await service.SendAsync(HttpMethod.Put, $"{path}/aliases/champion", """{"version": 1}""")).Succeeded();
        foreach ((int version, string share) in new[] { (2, "0.2"), (2, "0"), (3, "0.2") })
            (await service.SendAsync(HttpMethod.Put, $"{path}/route", $$"""{"kind": "canary", "version": {{version}}, "steps": [{{share}}]}""")).Succeeded();
        JsonElement answer =
            (await service.PostAsync($"{path}/assign",
                $$"""
                {"rows": [{{string.Join(',', Enumerable.Repeat("[0, 0]", 1000))}}],
                "ids": [{{string.Join(',', Enumerable.Range(0, 1000).Select(i => $"\"user-{i}\""))}}]}
                """)).Succeeded();
        answer.GetProperty("version").ValueKind.ShouldBe(JsonValueKind.Null);
        Dictionary<int, int> counts = answer.GetProperty("row_versions").EnumerateArray().CountBy(version => version.GetInt32()).ToDictionary();
        counts.Keys.Order().ShouldBe([1, 3]);
        counts[3].ShouldBeInRange(130, 270);
        // A key keeps its version.
        JsonElement again = (await service.PostAsync($"{path}/assign", """{"rows": [[0, 0], [0, 0]], "ids": ["user-0", "user-1"]}""")).Succeeded();
        int[] versions = again.TryGetProperty("row_versions", out JsonElement told) ? [.. told.EnumerateArray().Select(version => version.GetInt32())]
            : [.. Enumerable.Repeat(again.GetProperty("version").GetInt32(), 2)];
        versions.ShouldBe(answer.GetProperty("row_versions").EnumerateArray().Take(2).Select(version => version.GetInt32()));

        JsonElement route = (await service.GetAsync($"{path}/route")).Succeeded();
        (route.GetProperty("champion").GetInt32(), route.GetProperty("canary").GetProperty("version").GetInt32()).ShouldBe((1, 3));
        route.GetProperty("shares").EnumerateArray().Select(share => (share.GetProperty("version").GetInt32(), share.GetProperty("share").GetDouble()))
            .ShouldBe([(1, 0.8), (3, 0.2)]);
        (await service.SendAsync(HttpMethod.Delete, $"{path}/route")).Succeeded();
        (await service.PostAsync($"{path}/assign", """{"rows": [[0, 0]]}""")).Succeeded().GetProperty("version").GetInt32().ShouldBe(1);
        (await service.GetAsync($"{path}/route")).Succeeded().GetProperty("route").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Theory]
    [InlineData("""{"kind": "canary", "version": 2, "steps": [1.5]}""", "is not from 0 to 1")]
    [InlineData("""{"kind": "canary", "version": 2, "steps": [0.00001]}""", "in steps of 0.0001")]
    [InlineData("""{"kind": "set", "shares": [{"version": 1, "share": 0.5}]}""", "50")]
    [InlineData("""{"kind": "set", "shares": [{"version": 9, "share": 1}]}""", "There is no version 9")]
    [InlineData("""{"kind": "mirror"}""", "must be set, canary or shadow")]
    [InlineData("""{"kind": "canary", "version": 2, "steps": [0.1, 1], "every_seconds": -3}""", "must be 0 or more")]
    public async Task Routes_that_cannot_be_are_refused(string route, string why)
    {
        string model = await service.ModelAsync(versions: 2), path = $"/api/v1/models/{model}";
        (await service.SendAsync(HttpMethod.Put, $"{path}/aliases/champion", """{"version": 1}""")).Succeeded();
        (await service.SendAsync(HttpMethod.Put, $"{path}/route", route)).Refused(400).ShouldContain(why);
    }
}
