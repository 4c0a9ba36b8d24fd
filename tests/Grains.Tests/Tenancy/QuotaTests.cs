using OrleansCluster.Client;
using OrleansCluster.Datasets;
using OrleansCluster.Grains.Tests.Fixtures;
using OrleansCluster.Tenancy;
using OrleansCluster.Training;

namespace OrleansCluster.Grains.Tests.Tenancy;

/// <summary>What a tenant may have, heeded where the work is done.</summary>
public sealed class QuotaTests(SharedCluster cluster)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Jobs_models_versions_and_rows_are_admitted_up_to_what_a_tenant_may_have()
    {
        SharedCluster.Tenant tenant = cluster.NewTenant();
        ClusteringClient client = tenant.Client();
        IAccessGrain access = cluster.Grains.GetGrain<IAccessGrain>(IAccessGrain.Key);
        await access.Create(tenant.Name, new TenantQuotas { Jobs = 1, Models = 1 }, "", Stop);
        await client.Import("points", Rows.Clouds(300));
        string job = await client.Jobs.StartAsync(Rows.Request("points", "m", restarts: 10_000), Stop);
        await client.Jobs.SuspendAsync(job, Stop);
        // What is interrupted has not ended, and will be a model.
        await RefusedAsync(client.Jobs.StartAsync(Rows.Request("points", "m"), Stop), "has 1 jobs that have not ended and may have 1");
        // One that is there already is answered.
        await client.Jobs.StartAsync(Rows.Request("points", "m", restarts: 10_000), job, Stop);
        await access.Limit(tenant.Name, new TenantQuotas { Models = 1 }, Stop);
        await RefusedAsync(client.Jobs.StartAsync(Rows.Request("points", "other"), Stop), "has 1 models and may have 1");
        await client.Jobs.CancelAsync(job, Stop);
        await client.Train(Rows.Request("points", "m"));
        await RefusedAsync(client.Jobs.StartAsync(Rows.Request("points", "other"), Stop), "has 1 models and may have 1");
        await client.Train(Rows.Request("points", "m", seed: 8));
        await access.Limit(tenant.Name, new TenantQuotas { Versions = 2 }, Stop);
        await RefusedAsync(client.Jobs.StartAsync(Rows.Request("points", "m", seed: 9), Stop), "has 2 versions of models and may have 2");

        DatasetVersion points = (await client.Datasets.FindAsync("points", cancellation: Stop))!;
        await access.Limit(tenant.Name, new TenantQuotas { StoredBytes = points.Bytes + 1 }, Stop);
        // The same rows take nothing; others would take more than there may be, and are not published.
        (await client.Import("points", Rows.Clouds(300))).Version.ShouldBe(1);
        await RefusedAsync(client.Import("more", Rows.Clouds(10, seed: 2)), $"take {points.Bytes} bytes and may take {points.Bytes + 1}; these rows");
        (await client.Datasets.FindAsync("more", cancellation: Stop)).ShouldBeNull();
        await access.Limit(tenant.Name, new TenantQuotas { StoredBytes = points.Bytes }, Stop);
        await RefusedAsync(client.Datasets.ImportAsync(Rows.Schema("more"), Stop), $"may take {points.Bytes}: delete some first");
        await access.Limit(tenant.Name, new TenantQuotas(), Stop);
        (await client.Import("more", Rows.Clouds(10, seed: 2))).Version.ShouldBe(1);
    }

    [Fact]
    public async Task Of_jobs_that_start_together_only_as_many_are_admitted_as_may_be()
    {
        SharedCluster.Tenant tenant = cluster.NewTenant();
        ClusteringClient client = tenant.Client();
        await cluster.Grains.GetGrain<IAccessGrain>(IAccessGrain.Key).Create(tenant.Name, new TenantQuotas { Jobs = 2 }, "", Stop);
        await client.Import("points", Rows.Clouds(300));
        Task<string>[] starts = [.. Enumerable.Range(0, 6).Select(i => client.Jobs.StartAsync(Rows.Request("points", $"m{i}", restarts: 10_000), Stop))];
        await Task.WhenAll(starts).ContinueWith(_ => { }, Stop, TaskContinuationOptions.None, TaskScheduler.Default);
        starts.Count(start => start.IsCompletedSuccessfully).ShouldBe(2);
        foreach (Task<string> start in starts.Where(start => start.IsCompletedSuccessfully))
            await client.Jobs.CancelAsync(await start, Stop);
    }

    [Fact]
    public async Task Rows_a_second_are_counted_whoever_asks()
    {
        SharedCluster.Tenant tenant = cluster.NewTenant();
        ClusteringClient client = tenant.Client();
        await client.Import("points", Rows.Clouds(300));
        await client.Train(Rows.Request("points", "m"));
        await cluster.Grains.GetGrain<IAccessGrain>(IAccessGrain.Key).Create(tenant.Name, new TenantQuotas { RowsPerSecond = 2 }, "", Stop);
        // Each of the two silos answers one such question.
        var answers = new List<Exception?>();
        for (int i = 0; i < 4; i++)
            answers.Add(await Record.ExceptionAsync(() => client.Models.AssignAsync("m", 0, RowsPayloads.Of(new float[200], 2), Stop)));
        answers[0].ShouldBeNull();
        ClusteringException[] refused = [.. answers.OfType<ClusteringException>()];
        refused.Length.ShouldBeInRange(2, 3);
        refused.ShouldAllBe(e => e.RetryAfter > 40 && e.Message.Contains("may ask about 2 rows a second", StringComparison.Ordinal));
    }

    private static async Task RefusedAsync(Task asked, string why)
    {
        ClusteringException e = await Should.ThrowAsync<ClusteringException>(asked);
        e.Message.ShouldContain(why);
        e.RetryAfter.ShouldNotBeNull();
    }
}
