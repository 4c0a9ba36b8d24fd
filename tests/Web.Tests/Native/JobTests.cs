using System.Net;
using System.Text.Json;

namespace OrleansCluster.Web.Tests.Native;

/// <summary>Trainings over HTTP.</summary>
public sealed class JobTests(Service service)
{
    [Fact]
    public async Task A_training_is_started_watched_to_its_end_and_tells_its_report()
    {
        string name = service.Name();
        await service.UploadAsync(name, Service.Corners);
        Answer started = await service.PostAsync("/api/v1/jobs",
            $$"""{"family": "kmeans", "dataset": "{{name}}", "options": {"k": 3, "seed": 1, "restarts": 3}, "by": "test"}""");
        JsonElement job = started.Succeeded(HttpStatusCode.Accepted);
        string id = job.GetProperty("id").GetString()!;
        started.Headers.Location!.ToString().ShouldBe($"/api/v1/jobs/{id}");

        using HttpResponseMessage events = await service.Http.GetAsync($"/api/v1/jobs/{id}/events");
        events.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        string[] lines = (await events.Content.ReadAsStringAsync()).Split('\n');
        lines.ShouldContain("event: ended");
        JsonElement last = JsonDocument.Parse(lines.Last(line => line.StartsWith("data: ", StringComparison.Ordinal))[6..]).RootElement;
        last.GetProperty("job").GetProperty("state").GetString().ShouldBe("succeeded");
        lines.Where(line => line.StartsWith("data: ", StringComparison.Ordinal))
            .Sum(line => JsonDocument.Parse(line[6..]).RootElement.GetProperty("iterations").GetArrayLength()).ShouldBeGreaterThan(0);

        JsonElement ended = (await service.GetAsync($"/api/v1/jobs/{id}")).Succeeded();
        (ended.GetProperty("version").GetInt32(), ended.GetProperty("k").GetInt32(), ended.GetProperty("dataset").GetProperty("rows").GetInt64())
            .ShouldBe((1, 3, 12));
        // Twelve rows at distance 1 of their corners.
        ended.GetProperty("objective").GetDouble().ShouldBe(12, 1e-9);
        JsonElement report = (await service.GetAsync($"/api/v1/jobs/{id}/report")).Succeeded();
        report.GetProperty("clusters").EnumerateArray().Select(cluster => cluster.GetProperty("size").GetInt64()).ShouldBe([4L, 4L, 4L]);
        report.GetProperty("options").GetProperty("seed").GetInt32().ShouldBe(1);
        (await service.GetAsync("/api/v1/jobs?limit=1000")).Succeeded().GetProperty("items").EnumerateArray()
            .Select(item => item.GetProperty("id").GetString()).ShouldContain(id);
        (await service.PostAsync($"/api/v1/jobs/{id}/cancel")).Refused(409, "conflict").ShouldContain("succeeded already");
    }

    [Fact]
    public async Task A_plan_tells_what_a_training_takes_and_begins_nothing()
    {
        string name = service.Name();
        await service.UploadAsync(name, Service.Corners);
        const string asked = "/api/v1/jobs/plan";
        JsonElement plan = (await service.PostAsync(
            asked, $$"""{"family": "kmeans", "dataset": "{{name}}", "options": {"k": 3, "restarts": 2, "max_iterations": 10} }""")).Succeeded();
        (plan.GetProperty("rows").GetInt64(), plan.GetProperty("columns").GetInt32(), plan.GetProperty("mapped_bytes").GetInt64())
            .ShouldBe((12, 2, 12 * 2 * 8));
        // As PlanTests has it of the command: three of every training, and of each start four to begin and ten iterations.
        plan.GetProperty("most_passes").GetInt64().ShouldBe(3 + (2 * (4 + 10)));
        (plan.GetProperty("silos").GetInt32(), plan.GetProperty("threads").GetInt32(), plan.GetProperty("fits").GetBoolean()).ShouldBe((1, 1, true));
        (await service.PostAsync(asked, $$"""{"family": "kmeans", "dataset": "{{name}}", "options": {"k": "2..9"} }""")).Succeeded()
            .GetProperty("clusters").GetInt32().ShouldBe(9);
        // Five hundred million centres are more than any machine here has memory for: told, and refused where it would start.
        string huge = $$"""{"family": "gmm", "dataset": "{{name}}", "options": {"k": 500000000} }""";
        JsonElement refused = (await service.PostAsync(asked, huge)).Succeeded();
        refused.GetProperty("fits").GetBoolean().ShouldBeFalse();
        refused.GetProperty("refusal").GetString()!.ShouldContain("may be taken");
        (await service.PostAsync(asked, """{"family": "kmeans", "dataset": "nowhere", "options": {"k": 3} }""")).Refused(404, "not-found");
        (await service.PostAsync(asked, $$"""{"family": "kmeans", "dataset": "{{name}}", "options": {"k": 0} }""")).Refused(400)
            .ShouldContain("The option k is 0");
        (await service.SendAsync(HttpMethod.Get, $"/api/v1/models/{name}")).Refused(404);
        (await service.GetAsync("/api/v1/jobs/plan")).Refused(404, "not-found");
    }

    [Fact]
    public async Task The_same_request_with_the_same_key_is_one_job_and_another_with_it_is_refused()
    {
        string name = service.Name();
        await service.UploadAsync(name, Service.Corners);
        (string, string) key = ("Idempotency-Key", service.Name("key"));
        string request = $$"""{"family": "kmeans", "dataset": "{{name}}", "options": {"k": 3} }""";
        string first = (await service.SendAsync(HttpMethod.Post, "/api/v1/jobs", request, key)).Succeeded().GetProperty("id").GetString()!;
        string again = (await service.SendAsync(HttpMethod.Post, "/api/v1/jobs", request, key)).Succeeded().GetProperty("id").GetString()!;
        again.ShouldBe(first);
        await service.EndAsync(first);
        (await service.SendAsync(HttpMethod.Post, "/api/v1/jobs", request, key)).Succeeded().GetProperty("state").GetString().ShouldBe("succeeded");
        (await service.SendAsync(HttpMethod.Post, "/api/v1/jobs", request.Replace("\"k\": 3", "\"k\": 2", StringComparison.Ordinal), key))
            .Refused(422, "reused-key");
        (await service.GetAsync($"/api/v1/models/{name}")).Succeeded().GetProperty("versions").GetArrayLength().ShouldBe(1);
        (await service.SendAsync(HttpMethod.Post, "/api/v1/jobs", request, ("Idempotency-Key", new string('x', 300)))).Refused(400).ShouldContain("1 to 200");
    }

    [Fact]
    public async Task A_model_is_retrained_with_its_own_options()
    {
        string model = await service.ModelAsync();
        JsonElement job = await service.TrainAsync($$"""{"retraining": "warm", "model": "{{model}}", "dataset": "{{model}}"}""");
        (job.GetProperty("state").GetString(), job.GetProperty("version").GetInt32()).ShouldBe(("succeeded", 2));
        (await service.PostAsync("/api/v1/jobs", $$"""{"retraining": "warm", "model": "{{model}}", "dataset": "{{model}}", "options": {"k": 2} }"""))
            .Refused(400).ShouldContain("leave k out");
        (await service.PostAsync("/api/v1/jobs", $$"""{"retraining": "warm", "model": "no-such", "dataset": "{{model}}"}""")).Refused(404, "not-found");
        (await service.PostAsync("/api/v1/jobs", $$"""{"retraining": "hot", "model": "{{model}}", "dataset": "{{model}}"}""")).Refused(400)
            .ShouldContain("must be none, warm");
    }

    [Fact]
    public async Task A_job_is_suspended_gone_on_with_and_cancelled()
    {
        string name = service.Name();
        var rows = new System.Text.StringBuilder("x,y\n");
        var random = new Random(1);
        for (int i = 0; i < 20_000; i++)
            rows.Append(System.Globalization.CultureInfo.InvariantCulture, $"{random.NextDouble()},{random.NextDouble()}\n");
        await service.UploadAsync(name, rows.ToString());
        string job = (
            await service.PostAsync("/api/v1/jobs",
                $$"""{"family": "kmeans", "dataset": "{{name}}", "options": {"k": 40, "restarts": 1000, "tolerance": 0} }""")).Succeeded().GetProperty("id")
                    .GetString()!;
        (await service.GetAsync($"/api/v1/jobs/{job}/report")).Refused(409, "conflict").ShouldContain("has no report");
        (await service.PostAsync($"/api/v1/jobs/{job}/suspend")).Succeeded().GetProperty("state").GetString().ShouldBe("interrupted");
        (await service.PostAsync($"/api/v1/jobs/{job}/resume")).Succeeded().GetProperty("state").GetString().ShouldBeOneOf("queued", "running");
        (await service.PostAsync($"/api/v1/jobs/{job}/cancel")).Succeeded().GetProperty("state").GetString().ShouldBe("cancelled");
        (await service.PostAsync($"/api/v1/jobs/{job}/resume")).Refused(409, "conflict");
        (await service.GetAsync($"/api/v1/models/{name}")).Refused(404);
    }

    [Theory]
    [InlineData("""{"family": "nope", "dataset": "D", "options": {"k": 3}}""", 400, "There is no family 'nope': there are kmeans")]
    [InlineData("""{"dataset": "D", "options": {"k": 3}}""", 400, "names no family")]
    [InlineData("""{"family": "kmeans", "options": {"k": 3}}""", 400, "names no dataset")]
    [InlineData("""{"family": "kmeans", "dataset": "D"}""", 400, "lack k")]
    [InlineData("""{"family": "kmeans", "dataset": "D", "options": {"k": 0}}""", 400, "The option k is 0, which is neither a whole number from 1")]
    [InlineData("""{"family": "kmeans", "dataset": "D", "options": {"k": 3, "restart": 3}}""", 400, "has no option 'restart'")]
    [InlineData("""{"family": "kmeans", "dataset": "D", "options": {"k": 3, "restarts": -1}}""", 400, "The option restarts is -1, which is too small")]
    [InlineData("""{"family": "kmeans", "dataset": "D", "options": {"k": 3, "init": "best"}}""", 400, "is not one of")]
    [InlineData("""{"family": "kmeans", "dataset": "D", "options": {"k": [3]}}""", 400, "The option k is [3]")]
    [InlineData("""{"family": "kmeans", "dataset": "D", "options": {"k": 13}}""", 400, "has only 12 rows")]
    [InlineData("""{"family": "kmeans", "dataset": "no-such", "options": {"k": 3}}""", 404, "There is no dataset 'no-such'")]
    [InlineData("""{"family": "kmeans", "dataset": "D", "dataset_version": 7, "options": {"k": 3}}""", 404, "There is no version 7")]
    [InlineData("""{"family": "kmeans", "dataset": "D", "options": {"k": 3}, "modle": "m"}""", 400, "Nothing knows the member 'modle'")]
    [InlineData("""{"family": "kmeans", "dataset": 3, "options": {"k": 3}}""", 400, "at $.dataset (line 1) is of another kind")]
    [InlineData("""{"family": "kmeans", "family": "gmm", "dataset": "D"}""", 400, "'family' is given twice")]
    [InlineData("""{"family": "kmeans",""", 400, "this is no JSON")]
    [InlineData("null", 400, "The body is null")]
    public async Task What_cannot_be_trained_is_refused_with_what_to_change(string request, int status, string why)
    {
        string name = service.Name();
        await service.UploadAsync(name, Service.Corners);
        (await service.PostAsync("/api/v1/jobs", request.Replace("\"D\"", $"\"{name}\"", StringComparison.Ordinal))).Refused(status).ShouldContain(why);
    }

    [Fact]
    public async Task What_is_not_there_is_said_as_such()
    {
        foreach (string path in new[] { "", "/events", "/report" })
            (await service.GetAsync($"/api/v1/jobs/nosuchjob{path}")).Refused(404, "not-found").ShouldBe("There is no job 'nosuchjob'.");
        (await service.PostAsync("/api/v1/jobs/nosuchjob/cancel")).Refused(404);
    }
}
