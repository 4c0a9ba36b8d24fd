using System.Text.Json;

namespace OrleansCluster.Web.Tests.Native;

/// <summary>Models, and what is said of them, over HTTP.</summary>
public sealed class ModelTests(Service service)
{
    [Fact]
    public async Task A_model_is_read_with_its_revision_as_its_tag()
    {
        string model = await service.ModelAsync(versions: 2);
        Answer read = await service.GetAsync($"/api/v1/models/{model}");
        JsonElement document = read.Succeeded();
        read.ETag.ShouldBe($"\"{document.GetProperty("revision").GetInt64()}\"");
        document.GetProperty("columns").EnumerateArray().Select(column => column.GetString()).ShouldBe(["x", "y"]);
        document.GetProperty("versions").EnumerateArray().Select(version => version.GetProperty("version").GetInt32()).ShouldBe([1, 2]);
        ((int)(await service.SendAsync(HttpMethod.Get, $"/api/v1/models/{model}", null, ("If-None-Match", read.ETag!))).Status).ShouldBe(304);
        JsonElement version = (await service.GetAsync($"/api/v1/models/{model}/versions/newest")).Succeeded();
        (version.GetProperty("version").GetInt32(), version.GetProperty("training").GetProperty("k").GetInt32()).ShouldBe((2, 3));
        version.GetProperty("capabilities").EnumerateArray().Select(one => one.GetString()).ShouldContain("labels");
        JsonElement package = (await service.GetAsync($"/api/v1/models/{model}/versions/1/package")).Succeeded();
        package.GetProperty("parameters").GetProperty("hash").GetString()
            .ShouldBe((await service.GetAsync($"/api/v1/models/{model}/versions/1")).Json.GetProperty("parameters").GetString());
        (await service.GetAsync($"/api/v1/models/{model}/versions/1/profile")).Succeeded().GetProperty("profile").GetProperty("rows").GetInt64().ShouldBe(12);
        JsonElement summary = (await service.GetAsync("/api/v1/models?limit=1000")).Succeeded().GetProperty("items").EnumerateArray()
            .Single(item => item.GetProperty("name").GetString() == model);
        (summary.GetProperty("versions").GetInt32(), summary.GetProperty("algorithm").GetString()).ShouldBe((2, "kmeans"));
    }

    [Fact]
    public async Task A_change_of_what_was_not_seen_is_refused()
    {
        string model = await service.ModelAsync(versions: 2), path = $"/api/v1/models/{model}";
        string before = (await service.GetAsync(path)).ETag!;
        Answer promoted =
            await service.SendAsync(HttpMethod.Put, $"{path}/aliases/champion", """{"version": 1, "reason": "the first"}""", ("If-Match", before));
        promoted.Succeeded().GetProperty("default").GetInt32().ShouldBe(1);
        promoted.ETag.ShouldNotBe(before);
        (await service.SendAsync(HttpMethod.Put, $"{path}/aliases/champion", """{"version": 2}""", ("If-Match", before))).Refused(412, "stale-revision")
            .ShouldContain("pointed 'champion' to version 1");
        (await service.GetAsync(path)).Json.GetProperty("default").GetInt32().ShouldBe(1);
        (await service.SendAsync(HttpMethod.Put, $"{path}/aliases/champion", """{"version": 2}""", ("If-Match", "7"))).Refused(400).ShouldContain("If-Match");
        (await service.SendAsync(HttpMethod.Put, $"{path}/aliases/champion", """{"version": 2}""", ("If-Match", promoted.ETag!))).Succeeded();
        (await service.PostAsync($"{path}/aliases/champion/rollback")).Succeeded().GetProperty("default").GetInt32().ShouldBe(1);
        JsonElement audit = (await service.GetAsync($"{path}/audit?limit=2")).Succeeded();
        audit.GetProperty("items").EnumerateArray().Select(e => e.GetProperty("kind").GetString()).ShouldBe(["rollback", "alias"]);
        JsonElement older = (await service.GetAsync($"{path}/audit?after={audit.GetProperty("next").GetString()}")).Succeeded();
        older.GetProperty("items").EnumerateArray().Select(e => e.GetProperty("reason").GetString()).ShouldContain("the first");
        older.GetProperty("next").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public async Task A_change_that_is_asked_for_again_with_its_key_is_made_once()
    {
        string model = await service.ModelAsync(versions: 2), path = $"/api/v1/models/{model}";
        string seen = (await service.GetAsync(path)).ETag!;
        (string, string)[] headers = [("If-Match", seen), ("Idempotency-Key", "promote-1")];
        long first = (await service.SendAsync(HttpMethod.Put, $"{path}/aliases/best", """{"version": 1}""", headers)).Succeeded().GetProperty("revision")
            .GetInt64();
        long again = (await service.SendAsync(HttpMethod.Put, $"{path}/aliases/best", """{"version": 1}""", headers)).Succeeded().GetProperty("revision")
            .GetInt64();
        again.ShouldBe(first);
        (await service.SendAsync(HttpMethod.Put, $"{path}/aliases/best", """{"version": 2}""", headers)).Refused(412);
    }

    [Fact]
    public async Task Tags_descriptions_and_names_of_clusters_are_set_and_shown()
    {
        string model = await service.ModelAsync(), path = $"/api/v1/models/{model}";
        (await service.SendAsync(HttpMethod.Patch, $"{path}/tags", """{"tags": {"team": "blue"}}""")).Succeeded().GetProperty("tags").GetProperty("team")
            .GetString().ShouldBe("blue");
        (await service.SendAsync(HttpMethod.Patch, $"{path}/tags", """{"tags": {"team": 3}}""")).Refused(400)
            .ShouldBe("The tag 'team' is 3: its value must be a text.");
        (await service.SendAsync(HttpMethod.Put, $"{path}/description", """{"text": "Corners"}""")).Succeeded().GetProperty("description").GetString()
            .ShouldBe("Corners");
        JsonElement named = (await service.SendAsync(HttpMethod.Put, $"{path}/clusters/1", """{"name": "east", "colour": "#ff0000"}""")).Succeeded();
        (named.GetProperty("named_clusters")[0].GetProperty("cluster").GetInt32(), named.GetProperty("named_clusters")[0].GetProperty("name").GetString())
            .ShouldBe((1, "east"));
        (await service.SendAsync(HttpMethod.Put, $"{path}/clusters/9", """{"name": "none"}""")).Refused(400).ShouldContain("never had a cluster 9");
        (await service.SendAsync(HttpMethod.Put, $"{path}/clusters/x", """{"name": "none"}""")).Refused(404);
        (await service.SendAsync(HttpMethod.Put, $"{path}/clusters/1", """{"name": "east", "colour": "red"}""")).Refused(400)
            .ShouldContain("write it as #rrggbb");
    }

    [Fact]
    public async Task Policies_are_set_kept_and_taken_away()
    {
        string model = await service.ModelAsync(), path = $"/api/v1/models/{model}/policy";
        (await service.GetAsync(path)).Refused(404).ShouldContain("has no policy");
        (await service.SendAsync(HttpMethod.Put, path, """{"rules": [{"metric": "churn", "limit": 0.05}]}""")).Succeeded();
        JsonElement rule = (await service.GetAsync(path)).Succeeded().GetProperty("rules")[0];
        (rule.GetProperty("metric").GetString(), rule.GetProperty("limit").GetDouble(), rule.GetProperty("otherwise").GetString())
            .ShouldBe(("churn", 0.05, "challenger"));
        (await service.SendAsync(HttpMethod.Put, path, """{"rules": [{"metric": "beauty", "limit": 1}]}""")).Refused(400).ShouldContain("beauty");
        (await service.SendAsync(HttpMethod.Delete, path)).Succeeded();
        (await service.GetAsync(path)).Refused(404);
    }

    [Fact]
    public async Task Old_versions_are_pruned_and_then_gone()
    {
        string model = await service.ModelAsync(versions: 3), path = $"/api/v1/models/{model}";
        JsonElement would = (await service.PostAsync($"{path}/prune", """{"keep": 1, "dry_run": true}""")).Succeeded();
        would.GetProperty("versions").EnumerateArray().Select(version => version.GetProperty("pruned").GetBoolean()).ShouldBe([true, true, false]);
        (await service.PostAsync($"/api/v1/models/{model}@1/assign", """{"rows": [[0, 0]]}""")).Succeeded();
        (await service.PostAsync($"{path}/prune", """{"keep": 1}""")).Succeeded();
        (await service.PostAsync($"/api/v1/models/{model}@1/assign", """{"rows": [[0, 0]]}""")).Refused(410, "gone").ShouldContain("pruned");
        (await service.GetAsync($"{path}/versions/1/package")).Refused(410, "gone");
        (await service.GetAsync($"{path}/versions/1")).Succeeded().GetProperty("pruned").ValueKind.ShouldBe(JsonValueKind.String);
        (await service.PostAsync($"{path}/prune", """{"keep": 0}""")).Refused(400).ShouldContain("keep at least 1");
    }

    [Fact]
    public async Task Two_versions_are_compared()
    {
        string model = await service.ModelAsync(versions: 2);
        JsonElement diff = (await service.GetAsync($"/api/v1/models/{model}/diff?from=1&to=newest")).Succeeded();
        (diff.GetProperty("from").GetInt32(), diff.GetProperty("to").GetInt32(), diff.GetProperty("clusters").GetArrayLength(),
            diff.GetProperty("died").GetArrayLength()).ShouldBe((1, 2, 3, 0));
        diff.GetProperty("clusters").EnumerateArray()
            .ShouldAllBe(cluster => !cluster.GetProperty("born").GetBoolean() && cluster.GetProperty("size").GetInt64() == 4);
        (await service.GetAsync($"/api/v1/models/{model}/diff?from=1")).Refused(400).ShouldContain("to is missing");
        (await service.GetAsync($"/api/v1/models/{model}/diff?from=1&to=9")).Refused(404).ShouldContain("There is no version 9");
        (await service.GetAsync($"/api/v1/models/{model}/diff?from=1&to=best")).Refused(404).ShouldContain("has no alias 'best'");
    }

    [Fact]
    public async Task What_is_not_there_is_said_as_such()
    {
        (await service.GetAsync("/api/v1/models/no-such")).Refused(404, "not-found")
            .ShouldBe("There is no model 'no-such': train it first, or correct the name.");
        (await service.SendAsync(HttpMethod.Put, "/api/v1/models/no-such/aliases/champion", """{"version": 1}""")).Refused(404);
        string model = await service.ModelAsync();
        (await service.SendAsync(HttpMethod.Put, $"/api/v1/models/{model}/aliases/v3", """{"version": 1}""")).Refused(400)
            .ShouldContain("reads like a version");
        (await service.SendAsync(HttpMethod.Put, $"/api/v1/models/{model}/aliases/best", """{"version": 8}""")).Refused(400)
            .ShouldContain("There is no version 8");
        (await service.SendAsync(HttpMethod.Delete, $"/api/v1/models/{model}/aliases/best")).Refused(400).ShouldContain("no alias");
        (await service.GetAsync("/api/v1/families/nope")).Refused(404);
        (await service.GetAsync("/api/v1/families/kmeans")).Succeeded().GetProperty("options").GetProperty("properties").TryGetProperty("k", out _)
            .ShouldBeTrue();
    }
}
