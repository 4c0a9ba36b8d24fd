using System.Text.Json;
using OrleansCluster.Alerts;
using OrleansCluster.Client;

namespace OrleansCluster.Web.Tests.Native;

/// <summary>Rules, alerts and silences over HTTP.</summary>
public sealed class AlertTests(Service service)
{
    private const string Path = "/api/v1/alerts";

    [Fact]
    public async Task Rules_and_silences_are_set_and_told_alike_to_both_clients()
    {
        (await service.GetAsync(Path)).Succeeded().GetProperty("receivers").EnumerateArray().Select(one => one.GetString()).ShouldBe(["log"]);
        const string gaps = """{"figure": "missing", "above": 0.05, "for_seconds": 60}""";
        JsonElement set = (await service.SendAsync(HttpMethod.Put, $"{Path}/rules/gaps", gaps)).Succeeded();
        set.GetProperty("rules").EnumerateArray().Single(rule => rule.GetProperty("name").GetString() == "gaps").GetProperty("repeat_seconds").GetDouble()
            .ShouldBe(14_400);
        (await service.SendAsync(HttpMethod.Put, $"{Path}/rules/gaps", """{"figure": "weather", "above": 1}""")).Refused(400).ShouldContain("weather");
        (await service.SendAsync(HttpMethod.Put, $"{Path}/rules/gaps", """{"figure": "missing", "over": 1}""")).Refused(400).ShouldContain("'over'");
        (await service.SendAsync(HttpMethod.Delete, $"{Path}/rules/nothing")).Refused(404);
        (await service.PostAsync($"{Path}/a9/acknowledge")).Refused(404);
        (await service.PostAsync($"{Path}/silences", """{"rule": "gaps"}""")).Refused(400).ShouldContain("for_seconds");
        string id = (await service.PostAsync($"{Path}/silences", """{"rule": "gaps", "for_seconds": 600}""")).Succeeded().GetProperty("id").GetString()!;

        using var client = new ClusteringClient(service.Address);
        AlertStatus told = await client.Alerts.LookAsync();
        told.Rules.ShouldContain(rule => rule.Name == "gaps" && rule.For == TimeSpan.FromMinutes(1));
        told.Silences.ShouldContain(silence => silence.Id == id);
        await client.Alerts.UnsilenceAsync(id);
        AlertSilence made = await client.Alerts.SilenceAsync(new AlertSilence { Cause = "x" }, TimeSpan.FromHours(1));
        (await service.SendAsync(HttpMethod.Delete, $"{Path}/silences/{made.Id}")).Succeeded().GetProperty("silences").GetArrayLength().ShouldBe(0);
        (await client.Alerts.RemoveRuleAsync("gaps")).Rules.ShouldNotContain(rule => rule.Name == "gaps");
        await Should.ThrowAsync<ClusteringException>(client.Alerts.AcknowledgeAsync("a9", ""));
        AlertRule burn = new()
        {
            Name = "burn",
            Figure = AlertFigures.AnomalyBurn,
            Above = 6,
            Objective = 0.02,
            Fast = TimeSpan.FromMinutes(30),
            Slow = TimeSpan.FromHours(3),
            IsLess = true,
        };
        (await client.Alerts.SetRuleAsync(burn)).Rules.ShouldContain(burn);
        await client.Alerts.RemoveRuleAsync("burn");
        (await client.Alerts.SetRuleAsync(AlertRule.Usual[0] with { Above = 0.4 })).Rules.Single(rule => rule.Name == "drift").Above.ShouldBe(0.4);
    }
}
