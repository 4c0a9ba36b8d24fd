using System.Runtime.InteropServices;
using System.Text.Json;
using OrleansCluster.Client;
using OrleansCluster.Monitoring;
using OrleansCluster.Serving;

namespace OrleansCluster.Web.Tests.Native;

/// <summary>Windows of observed rows over HTTP.</summary>
public sealed class MonitorTests(Service service)
{
    [Fact]
    public async Task Windows_are_listed_and_compared()
    {
        string model = await service.ModelAsync(), path = $"/api/v1/models/{model}";
        (await service.GetAsync($"{path}/windows")).Succeeded().GetProperty("windows").GetArrayLength().ShouldBe(0);
        (await service.GetAsync($"{path}/drift")).Refused(404).ShouldContain("Nothing was observed yet");
        double[] rows = [.. Enumerable.Range(0, 200).SelectMany(i => new[] { 50.0 + (i % 7), 50 })];
        Observation seen = await service.Client.Monitor.ObserveAsync(model, new ObserveQuery
        {
            Version = 1,
            Rows = new RowsPayload { Precision = "f8", Columns = 2, Values = MemoryMarshal.AsBytes<double>(rows).ToArray() },
        });
        await service.Client.Monitor.KeepAsync(model, "monday", seen);
        JsonElement window = (await service.GetAsync($"{path}/windows")).Succeeded().GetProperty("windows")[0];
        (window.GetProperty("name").GetString(), window.GetProperty("version").GetInt32(), window.GetProperty("rows").GetInt64()).ShouldBe(("monday", 1, 200));
        // Twelve training rows are too few to judge by; the figures are told.
        JsonElement report = (await service.GetAsync($"{path}/drift?window=monday&version=newest")).Succeeded();
        (report.GetProperty("drifted").GetBoolean(), report.GetProperty("enough_rows").GetBoolean()).ShouldBe((false, false));
        report.GetProperty("columns")[0].GetProperty("outside").GetProperty("now").GetDouble().ShouldBe(1);
        // All training rows are as far from their centres as each other, so that there is no unit for inertia; between clusters silhouettes are small.
        JsonElement fit = report.GetProperty("fits").EnumerateArray().ShouldHaveSingleItem();
        fit.GetProperty("name").GetString().ShouldBe("simplified_silhouette");
        fit.GetProperty("mean").GetDouble().ShouldBeLessThan(fit.GetProperty("mean_before").GetDouble() / 2);
        report.GetProperty("cluster_shifts")[0].GetProperty("enough_rows").GetBoolean().ShouldBeFalse();
        string page = (await service.GetAsync($"/models/{model}/watch")).Text;
        page.ShouldContain("simplified silhouette");
        page.ShouldContain("too few rows");
        (await service.GetAsync($"{path}/drift?window=sunday")).Refused(404).ShouldContain("there are monday");
        (await service.GetAsync($"{path}/drift?windw=x")).Refused(400);

        const string check = """
            {"data": "rows.csv", "metric": "accuracy", "passed": false, "max_drop": 0.05, "overall": {"name": "all rows", "rows": 100, "value": 0.9},
             "segments": [{"name": "country=FR", "rows": 40, "value": 0.6, "rest": 0.95, "drop": 0.35, "p": 0.001, "failed": true}]}
            """;
        JsonElement kept = (await service.PostAsync($"{path}/segments", check)).Succeeded().GetProperty("checks")[0];
        (kept.GetProperty("segments")[0].GetProperty("value").GetDouble(), kept.GetProperty("overall").GetProperty("rest").ValueKind)
            .ShouldBe((0.6, JsonValueKind.Null));
        (await service.PostAsync($"{path}/segments", check.Replace("accuracy", "luck", StringComparison.Ordinal))).Refused(400).ShouldContain("'luck'");

        using var client = new ClusteringClient(service.Address);
        SegmentCheck first = (await client.Monitor.ChecksAsync(model)).ShouldHaveSingleItem();
        (await client.Monitor.TellAsync(model, first with { Id = "" })).Length.ShouldBe(2);
        (await client.Monitor.TellAsync(model, first)).Length.ShouldBe(2);
        (await client.Monitor.WindowsAsync(model)).ShouldHaveSingleItem().Rows.ShouldBe(200);
        DriftReport told = await client.Monitor.CompareAsync(model, new DriftQuery { Version = 1, Window = "monday", Against = "monday" });
        JsonDocument.Parse(told.Document).RootElement.GetProperty("columns")[0].GetProperty("wasserstein").GetDouble().ShouldBe(0);
        await Should.ThrowAsync<ClusteringException>(() => client.Monitor.ObserveAsync(model, new ObserveQuery { Version = 1, Rows = null! }));
    }
}
