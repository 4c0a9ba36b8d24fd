using System.Text.Json;
using OrleansCluster.Client;
using OrleansCluster.Models.Gates;
using OrleansCluster.Retraining;

namespace OrleansCluster.Web.Tests.Native;

/// <summary>Models that are retrained by themselves, over HTTP.</summary>
public sealed class RetrainingTests(Service service)
{
    [Fact]
    public async Task A_plan_is_put_a_run_begun_and_both_are_told_alike_to_both_clients()
    {
        string model = await service.ModelAsync(), path = $"/api/v1/models/{model}/retraining";
        (await service.GetAsync(path)).Refused(404).ShouldContain("PUT a plan there");
        (await service.PostAsync($"{path}/runs")).Refused(404);
        string dataset = (await service.Client.Models.VersionAsync(model))!.Training.Dataset;
        string plan = $$"""{"dataset": "{{dataset}}", "schedule": "0 2 * * *", "canary": [0.1, 0.5], "every_seconds": 60}""";
        (await service.SendAsync(HttpMethod.Put, path, plan.Replace("0.5", "0.05", StringComparison.Ordinal))).Refused(400).ShouldContain("10%, 5%");
        (await service.SendAsync(HttpMethod.Put, path, plan.Replace("0.5", "0.12345", StringComparison.Ordinal))).Refused(400).ShouldContain("0.12345");
        (await service.SendAsync(HttpMethod.Put, path, plan.Replace("canary", "canaries", StringComparison.Ordinal))).Refused(400).ShouldContain("canaries");
        JsonElement set = (await service.SendAsync(HttpMethod.Put, path, plan)).Succeeded();
        set.GetProperty("plan").GetProperty("canary").EnumerateArray().Select(step => step.GetDouble()).ShouldBe([0.1, 0.5]);
        set.GetProperty("next").GetDateTimeOffset().TimeOfDay.ShouldBe(TimeSpan.FromHours(2));
        (await service.GetAsync("/api/v1/retraining")).Succeeded().GetProperty("items").EnumerateArray()
            .ShouldContain(item => item.GetProperty("model").GetString() == model);

        using var client = new ClusteringClient(service.Address);
        RetrainingStatus told = (await client.Retraining.StatusAsync(model))!, known = (await service.Client.Retraining.StatusAsync(model))!;
        (told.Plan.Schedule, told.Plan.Steps.Length, told.Next).ShouldBe((known.Plan.Schedule, 2, known.Next));
        var policy = new GatePolicy { Rules = [new GateRule { Metric = GateMetrics.Size, Limit = 1 }] };
        await client.Models.SetPolicyAsync(model, client.Models.Change((await client.Models.FindAsync(model))!.Info), policy);
        (await client.Retraining.SetAsync(model, told.Plan with { Steps = [] })).Plan.Steps.ShouldBeEmpty();
        string job = (await service.PostAsync($"{path}/runs")).Succeeded().GetProperty("current").GetProperty("job").GetString()!;
        await service.EndAsync(job);
        RetrainingStatus status;
        do
            status = await client.Retraining.LookAsync(model);
        while (status.Current is not null);
        (status.Ended[0].Step, status.Ended[0].Version).ShouldBe((RetrainingStep.Promoted, 2));
        (await client.Retraining.BudgetAsync()).MostADay.ShouldBe(0);
        (await service.SendAsync(HttpMethod.Delete, path)).Succeeded();
        await Should.ThrowAsync<ClusteringException>(client.Retraining.LookAsync(model));
    }
}
