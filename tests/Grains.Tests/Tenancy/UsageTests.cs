using System.Text;
using Microsoft.Extensions.DependencyInjection;
using OrleansCluster.Client;
using OrleansCluster.Contracts.Api;
using OrleansCluster.Datasets;
using OrleansCluster.Grains.Tests.Fixtures;
using OrleansCluster.Json;
using OrleansCluster.Serving;
using OrleansCluster.Tenancy;

namespace OrleansCluster.Grains.Tests.Tenancy;

/// <summary>What tenants use, counted where it is used, and what it costs.</summary>
public sealed class UsageTests(SharedCluster cluster)
{
    private static readonly UsagePart Part = new() { Teller = "a", Number = 1, Day = "2026-11-03", Models = [Used("m", 2, 1, 3, 30)] };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Trainings_questions_and_rows_are_counted_by_model_and_told_once()
    {
        SharedCluster.Tenant tenant = cluster.NewTenant();
        ClusteringClient client = tenant.Client();
        DatasetVersion points = await client.Import("points", Rows.Clouds(3000));
        await client.Train(Rows.Request("points", "m"));
        await client.Train(Rows.Request("points", "other"));
        for (int i = 0; i < 3; i++)
            await client.Models.AssignAsync("m", 0, RowsPayloads.Of(new float[20], 2), Stop);
        long rows = 0;
        await foreach (Assignments answer in client.Models.AssignDatasetAsync("m", 1, "points", 1, Stop))
            rows += answer.Labels.Length / sizeof(int);
        await Should.ThrowAsync<ClusteringException>(client.Models.AssignAsync("nowhere", 0, RowsPayloads.Of(new float[20], 2), Stop));
        foreach (int _ in (int[])[1, 2])
        {
            foreach (IServiceProvider silo in cluster.Silos)
                (await silo.GetRequiredService<UsageMeter>().FlushAsync(Stop)).ShouldBeNull();
        }

        DateOnly today = UsageDays.Of(DateTimeOffset.UtcNow);
        UsageReport usage = await client.Usage.ReadAsync(today.AddDays(-1), today, Stop);
        Dictionary<string, ModelUsage> models = usage.Days.SelectMany(day => day.Models).GroupBy(model => model.Model)
            .ToDictionary(same => same.Key, same => same.Aggregate((sum, one) => sum.Plus(one)));
        models.Keys.Order(StringComparer.Ordinal).ShouldBe(["", "m", "other"]);
        (models["m"].Requests, models["m"].Rows).ShouldBe((4, 30 + rows));
        rows.ShouldBe(3000);
        (models["other"].Requests, models["other"].Serving).ShouldBe((0, TimeSpan.Zero));
        foreach (TimeSpan time in (TimeSpan[])[models["m"].Training, models["m"].Serving, models["other"].Training, models[""].Training])
            time.ShouldBeInRange(TimeSpan.FromTicks(1), TimeSpan.FromMinutes(1));
        usage.Days[^1].StoredBytes.ShouldBe(points.Bytes);
    }

    [Fact]
    public async Task A_part_that_is_told_again_counts_once_and_days_without_a_look_have_the_bytes_of_the_day_before()
    {
        SharedCluster.Tenant tenant = cluster.NewTenant();
        IUsageGrain month = cluster.Grains.GetGrain<IUsageGrain>(UsageDays.KeyOf(tenant.Name, new DateOnly(2026, 11, 3)));
        await month.Add(Part, Stop);
        await month.Add(Part, Stop);
        await month.Add(Part with { Teller = "b" }, Stop);
        await month.Add(Part with { Number = 2, Day = "2026-11-05", Models = [Used("m", 1, 0, 0, 0), Used("n", 0, 1, 1, 1)] }, Stop);
        System.Collections.Immutable.ImmutableArray<UsageDay> days = await month.Days(Stop);
        days.Select(day => day.Day).ShouldBe(["2026-11-03", "2026-11-05"]);
        days[0].Models.ShouldBe([Used("m", 4, 2, 6, 60)]);
        days[1].Models.ShouldBe([Used("m", 1, 0, 0, 0), Used("n", 0, 1, 1, 1)]);
        (await Should.ThrowAsync<ClusteringException>(month.Add(Part with { Number = 3, Day = "2026-12-01" }, Stop))).Message.ShouldContain("2026-12-01");
        // More models than are told apart are one beside.
        await month.Add(Part with { Teller = "c", Day = "2026-11-07", Models = [.. Enumerable.Range(0, 600).Select(i => Used($"m{i:D3}", 1, 0, 1, 0))] }, Stop);
        UsageDay many = (await month.Days(Stop))[^1];
        many.Models.Length.ShouldBe(UsageGrain.MostModels + 1);
        many.Models.Single(model => model.Model == ModelUsage.Others).Requests.ShouldBe(100);
        many.Models.Sum(model => model.Requests).ShouldBe(600);

        IUsageClient client = tenant.Client().Usage;
        (await Should.ThrowAsync<ClusteringException>(client.ReadAsync(new(2026, 2, 1), new(2026, 1, 1), Stop))).Message.ShouldContain("before 2026-02-01");
        (await Should.ThrowAsync<ClusteringException>(client.ReadAsync(new(2020, 1, 1), new(2026, 1, 1), Stop))).Message.ShouldContain("366");
    }

    [Fact]
    public void Costs_are_those_of_the_price_list()
    {
        var usage = new UsageReport
        {
            Tenant = "acme",
            Since = "2026-11-01",
            Until = "2026-11-02",
            Days =
            [
                new UsageDay { Day = "2026-11-01", StoredBytes = 3_000_000_000, Models = [Used("m", 3600, 1800, 2_000_000, 5_000_000)] },
                new UsageDay { Day = "2026-11-02", StoredBytes = 6_000_000_000, Models = [Used("m", 1800, 0, 0, 1)] },
            ],
        };
        PriceListDocument prices = Read("""
            {"currency": "EUR", "training_hour": 0.40, "serving_hour": 1, "stored_gigabyte_month": 0.1, "million_requests": 0.5, "million_rows": 0.02}
            """);
        UsageDocument told = UsageDocuments.Of(usage, prices);
        // 1.5 h × 0.40 + 0.5 h × 1 + 2 × 0.5 + 5.000001 × 0.02, and 9 GB·days of 30 × 0.1.
        told.Models.Single().Cost.ShouldBe(2.2m);
        (told.StoredGigabyteDays, told.StoredCost, told.Cost, told.Currency).ShouldBe((9m, 0.03m, 2.23m, "EUR"));
        told.Days.Select(day => day.Models.Single().Cost).ShouldBe([2.0m, 0.2m]);
        (UsageDocuments.Of(usage, null).Cost, UsageDocuments.Of(usage, null).Models[0].Cost).ShouldBe((null, null));
    }

    [Theory]
    [InlineData("""{"currency": "EUR", "serving_minute": 1}""", "$.serving_minute")]
    [InlineData("""{"training_hour": 1}""", "$.currency")]
    [InlineData("""{"currency": "euro"}""", "$.currency")]
    [InlineData("""{"currency": "EUR", "million_rows": -1}""", "$.million_rows")]
    [InlineData("""{"currency": "EUR", "million_rows": "much"}""", "$.million_rows")]
    [InlineData("""{"currency": "EUR", """, "line 1")]
    [InlineData("null", "is null")]
    public void A_list_that_is_none_is_refused_where_it_is_wrong(string json, string where) =>
        Should.Throw<ClusteringException>(() => Read(json)).Message.ShouldContain(where);

    private static PriceListDocument Read(string json) => PriceLists.Read(Encoding.UTF8.GetBytes(json), "prices.json");

    private static ModelUsage Used(string model, double training, double serving, long requests, long rows) => new()
    {
        Model = model,
        Training = TimeSpan.FromSeconds(training),
        Serving = TimeSpan.FromSeconds(serving),
        Requests = requests,
        Rows = rows,
    };
}
