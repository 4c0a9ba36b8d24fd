using OrleansCluster.Alerts;
using OrleansCluster.Client;
using OrleansCluster.Grains.Tests.Fixtures;
using OrleansCluster.Retraining;
using OrleansCluster.Tenancy;

namespace OrleansCluster.Grains.Tests.Tenancy;

/// <summary>Tenants that go with all they have.</summary>
public sealed class TenantRemovalTests(SharedCluster cluster)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_tenant_goes_with_all_it_has_and_others_keep_theirs()
    {
        SharedCluster.Tenant tenant = cluster.NewTenant(), other = cluster.NewTenant();
        ClusteringClient client = tenant.Client();
        var administration = new Administration(cluster.Grains);
        foreach (SharedCluster.Tenant one in (SharedCluster.Tenant[])[tenant, other])
        {
            await administration.CreateAsync(one.Name, cancellation: Stop);
            await one.Client().Import("points", Rows.Clouds(300));
            await one.Client().Train(Rows.Request("points", "m"));
        }

        await client.Alerts.SetRuleAsync(new AlertRule { Name = "mine", Figure = "drift", Above = 0.5 }, Stop);
        await client.Retraining.SetAsync("m", new RetrainingPlan { Dataset = "points", Schedule = "0 2 * * *", Steps = [500] }, Stop);
        await client.Retraining.LimitAsync(3, Stop);
        string running = await client.Jobs.StartAsync(Rows.Request("points", "slow", restarts: 10_000), Stop);
        (ApiKey key, KeyInfo info) = await administration.MakeKeyAsync(new KeyInfo { Id = "", Tenant = tenant.Name, Role = Roles.Reader }, Stop);
        // Half of it is gone already, as when whoever began was killed.
        await administration.SuspendAsync(tenant.Name, cancellation: Stop);
        await client.Datasets.DeleteAsync("points", 0, force: true, Stop);
        // A name with nothing behind it, as one that was killed leaves it.
        foreach (string kind in (string[])[CatalogKinds.Jobs, CatalogKinds.Models, CatalogKinds.Datasets])
            await tenant.Grain<ICatalogGrain>(kind).Add("ghost", Stop);

        (await Should.ThrowAsync<ClusteringException>(administration.DeleteAsync(tenant.Name, cancellation: Stop))).Message.ShouldContain("force it");
        TenantDeletion gone = await administration.DeleteAsync(tenant.Name, force: true, "anna", Stop);
        gone.Plans.ShouldBe(["m"]);
        gone.Jobs.Length.ShouldBe(3);
        gone.Jobs.ShouldContain(running);
        (gone.Models, gone.Datasets, gone.Rules, gone.Keys).ShouldSatisfyAllConditions(
            all => all.Models.ShouldBe(["ghost", "m"]), all => all.Datasets.ShouldBe(["ghost"]), all => all.Rules.ShouldBe(["mine"]),
            all => all.Keys.ShouldBe([info.Id]));

        (await administration.TenantAsync(tenant.Name, Stop)).ShouldBeNull();
        (await administration.AdmitAsync(key, Stop)).ShouldBeNull();
        (await client.Jobs.ListAsync(Stop)).ShouldBeEmpty();
        (await client.Models.ListAsync(Stop)).ShouldBeEmpty();
        (await client.Datasets.ListAsync(Stop)).ShouldBeEmpty();
        (await client.Retraining.ListAsync(Stop)).ShouldBeEmpty();
        (await client.Retraining.BudgetAsync(Stop)).MostADay.ShouldBe(0);
        AlertStatus alerts = await client.Alerts.StatusAsync(Stop);
        alerts.Rules.Select(rule => rule.Name).ShouldBe(AlertRule.Usual.Select(rule => rule.Name), ignoreOrder: true);
        // What was published of a job that was stopped would be there by now.
        (await client.Models.FindAsync("slow", Stop)).ShouldBeNull();
        (await client.Audit.NewestAsync(Stop).FirstAsync(Stop)).What.ShouldBe("tenant.delete");

        (await other.Client().Models.AssignAsync("m", 0, RowsPayloads.Of(new float[2], 2), Stop)).Version.ShouldBe(1);
        (await Should.ThrowAsync<ClusteringException>(administration.DeleteAsync(tenant.Name, force: true, cancellation: Stop))).Message
            .ShouldContain("no tenant");
        ClusteringException always = await Should.ThrowAsync<ClusteringException>(
            administration.DeleteAsync(GrainKeys.DefaultTenant, force: true, cancellation: Stop));
        always.Message.ShouldContain("always there");
        (await administration.TenantAsync(GrainKeys.DefaultTenant, Stop)).ShouldNotBeNull().Suspended.ShouldBeNull();
    }
}
