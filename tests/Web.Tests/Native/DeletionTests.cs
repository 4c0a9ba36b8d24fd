using System.Text.Json;

namespace OrleansCluster.Web.Tests.Native;

/// <summary>What goes over HTTP, and what needs it.</summary>
public sealed class DeletionTests(Service service)
{
    private async Task<string> TrainAsync(string dataset, string model, string csv)
    {
        await service.UploadAsync(dataset, csv);
        JsonElement job = await service.TrainAsync($$"""{"family": "kmeans", "dataset": "{{dataset}}", "model": "{{model}}", "options": {"k": 2} }""");
        job.GetProperty("state").GetString().ShouldBe("succeeded", job.GetProperty("error").GetString());
        return job.GetProperty("id").GetString()!;
    }

    private Task<Answer> DeleteAsync(string path) => service.SendAsync(HttpMethod.Delete, "/api/v1/" + path);

    [Fact]
    public async Task What_something_needs_is_a_conflict_unless_it_is_forced()
    {
        string dataset = service.Name("d"), model = service.Name("m");
        string job = await TrainAsync(dataset, model, "x,y\n0,0\n1,1\n9,9\n8,8\n");
        (await DeleteAsync($"datasets/{dataset}")).Refused(409, "conflict").ShouldContain($"model {model} version 1 was trained on version 1");
        (await DeleteAsync($"datasets/{dataset}/versions/2")).Refused(404);
        (await DeleteAsync($"datasets/{dataset}?force=yes")).Refused(400);
        JsonElement compact = (await service.PostAsync($"/api/v1/datasets/{dataset}/compact?dry_run=true", "")).Succeeded();
        (compact.GetProperty("versions").GetArrayLength(), compact.GetProperty("after").GetProperty("versions").GetInt32()).ShouldBe((0, 1));
        (await service.PostAsync("/api/v1/datasets/none/compact", "")).Refused(404);
        JsonElement renamed = (await service.PostAsync($"/api/v1/datasets/{dataset}/rename", $$"""{"name": "{{dataset}}-b"}""")).Succeeded();
        renamed.GetProperty("name").GetString().ShouldBe(dataset + "-b");
        (await DeleteAsync($"datasets/{dataset}")).Refused(404);
        JsonElement gone = (await DeleteAsync($"datasets/{dataset}-b?force=true")).Succeeded();
        (gone.GetProperty("deleted")[0].GetInt32(), gone.GetProperty("lost").GetArrayLength()).ShouldBe((1, 1));
        (await DeleteAsync($"jobs/{job}")).Succeeded();
        (await DeleteAsync($"jobs/{job}")).Refused(404);
        (await DeleteAsync($"models/{model}/versions/1")).Refused(409).ShouldContain("is the only one");
        (await DeleteAsync($"models/{model}")).Succeeded();
        (await service.GetAsync($"/api/v1/models/{model}")).Refused(404);
    }

    /// <summary>Its columns are another model's, in another order; nobody waits until what was known of the first one is forgotten.</summary>
    [Fact]
    public async Task A_model_that_is_made_again_is_asked_by_its_own_columns()
    {
        string dataset = service.Name("d"), model = service.Name("m");
        await TrainAsync(dataset, model, "x,y\n0,100\n0,101\n9,100\n9,101\n");
        string first = await LabelsAsync(model, """{"rows": [{"x": 0, "y": 100}, {"x": 9, "y": 100}]}""");
        (await DeleteAsync($"models/{model}")).Succeeded();
        await TrainAsync(dataset + "2", model, "y,x\n100,0\n101,0\n100,9\n101,9\n");
        (await LabelsAsync(model, """{"rows": [{"x": 0, "y": 100}, {"x": 9, "y": 100}]}""")).Order().ShouldBe(first.Order());
        (await LabelsAsync(model, """{"rows": [{"x": 0, "y": 100}, {"x": 0, "y": 101}]}""")).Distinct().Count().ShouldBe(1);
        (await DeleteAsync($"models/{model}")).Succeeded();
        (await service.PostAsync($"/api/v1/models/{model}/assign", """{"rows": [[1, 2]]}""")).Refused(404);
    }

    private async Task<string> LabelsAsync(string model, string rows) => string.Concat((await service.PostAsync(
        $"/api/v1/models/{model}/assign", rows)).Succeeded().GetProperty("labels").EnumerateArray());
}
