using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Core.Internal;
using Orleans.Storage;
using OrleansCluster.Client;
using OrleansCluster.Contracts;
using OrleansCluster.Datasets;
using OrleansCluster.Grains.Tests.Fixtures;
using OrleansCluster.Models;
using OrleansCluster.Tenancy;

namespace OrleansCluster.Grains.Tests.Tenancy;

/// <summary>What grains write into audit logs.</summary>
public sealed class AuditTests(SharedCluster cluster)
{
    /// <summary>What is no change, and reads no rows: decided here for each method, so that a new one is decided, too.</summary>
    private static readonly string[] Untold =
    [
        // Descriptions of what there is.
        "IAccessGrain.Tenants", "IAccessGrain.Tenant", "IAccessGrain.Keys", "IAccessGrain.Admit", "IAccessGrain.Pack", "ICatalogGrain.List",
        "IAuditGrain.Read", "IAuditGrain.Blobs", "IUsageGrain.Days",
        "IDatasetGrain.Get", "IDatasetGrain.Entries", "IDatasetGrain.Origins", "ITrainingGrain.Status", "ITrainingGrain.Progress", "ITrainingGrain.IsLive",
        "ITrainingGrain.Needs", "ITrainingGrain.Report", "IModelGrain.Get", "IModelGrain.FindByJob", "IModelGrain.Summary", "IModelGrain.Info",
        "IModelGrain.Resolve", "IModelGrain.ResolveAlias", "IModelGrain.Parameters", "IModelGrain.Package", "IModelGrain.Alignment", "IModelGrain.Compare",
        "IModelGrain.Distances", "IModelGrain.Events", "IModelGrain.Expects", "IModelTransfer.Pack", "IModelRoutes.Serve", "IModelRoutes.Route",
        "IModelGates.Plan", "IMonitorGrain.Windows", "IMonitorGrain.Checks", "IMonitorGrain.Find",
        "IObserverGrain.Compare", "IAgreementGrain.Get", "IRowsGrain.Verify", "IRowsGrain.Head",
        "IAssignerGrain.Diverge", "IStorageGrain.List", "IStorageGrain.Shards", "IAlertsGrain.Status", "IRetrainingGrain.Status",
        "IRetrainingBudgetGrain.Budget", "IPlannerGrain.Plan", "ISilosGrain.Look", "ISiloGrain.Tell",
        // Parts of what is told, and what grains do by themselves on its account.
        "IAuditGrain.Append", "IAuditGrain.Begin", "IAuditGrain.End", "ICatalogGrain.Add", "ICatalogGrain.Remove", "IQuotaGrain.AdmitJob",
        "IQuotaGrain.AdmitModel", "IQuotaGrain.AdmitRows",
        "IQuotaGrain.StoredBytes", "IUsageGrain.Add", "IUsageGrain.Measure",
        "IImportGrain.Begin", "IImportGrain.Append", "IImportGrain.Continue",
        "IImportGrain.AddCategories", "IImportGrain.Expect", "IImportGrain.Commit", "IImportGrain.Abort", "IRowsGrain.Close", "IBlobImportGrain.Append",
        "IBlobImportGrain.Commit", "ISentBlobsGrain.Note", "ISentBlobsGrain.Lacks",
        "ITrainingGrain.Wake", "ITrainingGrain.ReadStep", "IModelGates.BeginRetraining", "IModelRoutes.Climb", "IMonitorGrain.Forget", "IAgreementGrain.Add",
        "IAlertsGrain.Watch", "IAlertsGrain.Look", "IRetrainingGrain.Look", "IRetrainingGrain.Forget", "IRetrainingBudgetGrain.Take",
        "IShardAssignerGrain.Assign", "IBlobOwnersGrain.Claim", "IBlobOwnersGrain.Release",
        // Nobody's: what keeps the cluster.
        "IStorageGrain.Sweep", "IStorageGrain.SweepUnfinished", "IStorageGrain.Read",
    ];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void Of_every_method_of_every_grain_it_is_decided_whether_the_log_tells_it()
    {
        MethodInfo[] methods = [.. typeof(ICatalogGrain).Assembly.GetTypes()
            .Where(type => type.IsInterface && type.IsAssignableTo(typeof(IGrainWithStringKey)) && !Inner(type))
            .SelectMany(type => type.GetMethods())];
        string[] untold = [.. methods.Where(method => method.GetCustomAttribute<AuditedAttribute>() is null)
            .Select(method => $"{method.DeclaringType!.Name}.{method.Name}")];
        untold.Except(Untold).ShouldBeEmpty("give these [Audited], or say above why not");
        Untold.Except(untold).ShouldBeEmpty("these are gone, or told");
        methods.Select(method => method.GetCustomAttribute<AuditedAttribute>()?.What).OfType<string>().ShouldBeUnique();
        foreach (MethodInfo method in methods)
            AuditedCall.Of(method);

        // Grains that training has for itself, and that nobody else calls.
        static bool Inner(Type type) => type.Name is "IPartitionGrain" or "IReducerGrain" or "IJobWatchGrain";
    }

    [Fact]
    public async Task Changes_are_told_with_who_asked_and_how_it_ended_and_questions_are_counted()
    {
        SharedCluster.Tenant tenant = cluster.NewTenant();
        ClusteringClient client = tenant.Client();
        RequestContext.Set(GrainKeys.CallerContext, "key 17");
        DatasetVersion rows = await client.Import("points", [0, 1, 10, 11], columns: 1);
        string job = await client.Jobs.StartAsync(Rows.Request("points", "m", k: 2) with { By = "somebody" }, Stop);
        await client.Finish(job);
        ModelInfo model = (await client.Models.FindAsync("m", Stop))!.Info;
        var change = new ModelChange { Id = "a", Expected = model.Revision, By = "anna" };
        await client.Models.SetAliasAsync("m", change, "live", 1, Stop);
        await Should.ThrowAsync<ClusteringException>(
            client.Models.SetAliasAsync("m", change with { Id = "b", Expected = model.Revision + 1 }, "live", 7, Stop));
        for (int i = 0; i < 3; i++)
            await client.Models.AssignAsync("m", 0, RowsPayloads.Of(new double[] { 1, 2 }, 1), Stop);
        await foreach (DatasetRows _ in client.Datasets.ReadAsync(rows, [0], Stop))
        {
        }

        foreach (IServiceProvider silo in cluster.Silos)
            (await silo.GetRequiredService<AuditTally>().FlushAsync(Stop)).ShouldBeNull();
        AuditEntryDocument[] entries = [.. (await client.Audit.LinesAsync(Stop).ToListAsync(Stop)).Select(line => AuditChain.Open(line)!)];
        entries.Select(entry => $"{entry.What} {entry.Which} {entry.Detail} {entry.Outcome}".Replace(job, "JOB", StringComparison.Ordinal)).ShouldBe(
            [
                "dataset.commit points  done", "job.start JOB model=m dataset=points done", "model.publish m job=JOB done",
                "model.set-alias m alias=live version=1 done", "model.set-alias m alias=live version=7 refused", "model.assign m  done",
                "rows.read points  done",
            ],
            ignoreOrder: true);
        // The coordinator publishes by itself, for who asked for the training.
        entries.ShouldAllBe(entry => entry.Who == "key 17");
        entries.Single(entry => entry.What == "model.assign").ShouldSatisfyAllConditions(
            counted => counted.Times.ShouldBe(3), counted => counted.Rows.ShouldBe(6), counted => counted.Since.ShouldNotBeNull());
        entries.Single(entry => entry.What == "rows.read").Rows.ShouldBe(4);
        AuditCheck check = await client.Audit.VerifyAsync(cancellation: Stop);
        (check.Broken, check.Entries).ShouldBe((0, entries.Length));
    }

    [Fact]
    public async Task A_long_log_is_kept_in_pages_and_a_byte_that_is_changed_in_the_store_is_named()
    {
        SharedCluster.Tenant tenant = cluster.NewTenant();
        ClusteringClient client = tenant.Client();
        IAuditGrain log = tenant.Grain<IAuditGrain>(IAuditGrain.Name);
        // More than 64 pages, so that there is an index.
        const int Entries = (64 * 64) + 200;
        for (int first = 0; first < Entries; first += 1000)
        {
            await log.Append(
                [.. Enumerable.Range(first, Math.Min(1000, Entries - first)).Select(i => new AuditRecord { What = $"test.{i + 1}", Outcome = "done" })], Stop);
        }

        List<string> lines = await client.Audit.LinesAsync(Stop).ToListAsync(Stop);
        lines.Select(line => AuditChain.Open(line)!.What).ShouldBe(Enumerable.Range(1, Entries).Select(i => $"test.{i}"));
        (await client.Audit.NewestAsync(Stop).Take(100).Select(entry => entry.Number).ToListAsync(Stop))
            .ShouldBe(Enumerable.Range(0, 100).Select(i => (long)Entries - i));
        (await client.Audit.VerifyAsync(cancellation: Stop)).Entries.ShouldBe(Entries);
        (await log.Read(70, Stop)).Lines.ShouldBeEmpty();
        (await log.Blobs(Stop)).Length.ShouldBe((Entries / 64) + 1);

        await TamperAsync(log, state => state with { Lines = state.Lines.SetItem(3, state.Lines[3].Replace("test.", "Test.", StringComparison.Ordinal)) });
        AuditCheck check = await client.Audit.VerifyAsync(cancellation: Stop);
        (check.Broken, check.Entries).ShouldBe((Entries / 64 * 64 + 4, Entries / 64 * 64 + 3));
        check.Why.ShouldContain("not as it was written");

        // A page that another was put in the place of.
        await TamperAsync(log, state => state with { Pages = state.Pages.SetItem(1, state.Pages[0]) });
        (await client.Audit.VerifyAsync(cancellation: Stop)).Broken.ShouldBe((65 * 64) + 1);
        await TamperAsync(log, state => state with { Pages = state.Pages.SetItem(0, new string('0', 64)) });
        check = await client.Audit.VerifyAsync(cancellation: Stop);
        check.Broken.ShouldBe((64 * 64) + 1);
        check.Why.ShouldContain("cannot be read");
    }

    [Fact]
    public async Task Entries_that_come_together_are_all_there()
    {
        SharedCluster.Tenant tenant = cluster.NewTenant();
        IAuditGrain log = tenant.Grain<IAuditGrain>(IAuditGrain.Name);
        string silo = cluster.Silos[0].GetRequiredService<ILocalSiloDetails>().SiloAddress.ToParsableString();
        await Task.WhenAll(Enumerable.Range(0, 100).Select(async i =>
        {
            var record = new AuditRecord { What = $"test.{i}", Outcome = AuditOutcomes.Done };
            if (i % 2 == 0)
            {
                await log.Append([record], Stop);
                return;
            }

            await log.Begin(new AuditIntent { Id = $"i{i}", Silo = silo, Begun = DateTimeOffset.UnixEpoch, Record = record }, Stop);
            await log.End($"i{i}", record, Stop);
        }));

        string[] lines = [.. await tenant.Client().Audit.LinesAsync(Stop).ToListAsync(Stop)];
        lines.Select(line => AuditChain.Open(line)!).OrderBy(entry => int.Parse(entry.What[5..], CultureInfo.InvariantCulture))
            .Select(entry => $"{entry.What} {entry.Outcome}").ShouldBe(Enumerable.Range(0, 100).Select(i => $"test.{i} done"));
        (await tenant.Client().Audit.VerifyAsync(cancellation: Stop)).Entries.ShouldBe(100);
    }

    [Fact]
    public async Task What_a_silo_had_begun_that_is_gone_is_told_as_unfinished_and_what_another_has_begun_waits()
    {
        SharedCluster.Tenant tenant = cluster.NewTenant();
        IAuditGrain log = tenant.Grain<IAuditGrain>(IAuditGrain.Name);
        SiloAddress here = cluster.Silos[0].GetRequiredService<ILocalSiloDetails>().SiloAddress;
        // A silo where this one is, and before it.
        string gone = SiloAddress.New(here.Endpoint, here.Generation - 1).ToParsableString();
        DateTimeOffset begun = new(2026, 3, 4, 5, 6, 7, TimeSpan.Zero);
        AuditRecord Record(string what) => new() { Who = "anna", What = what, Which = "points", Detail = "version=3", Outcome = AuditOutcomes.Done };
        await log.Begin(new AuditIntent { Id = "a", Silo = gone, Begun = begun, Record = Record("dataset.delete") }, Stop);
        await log.Begin(new AuditIntent { Id = "b", Silo = here.ToParsableString(), Begun = begun, Record = Record("dataset.rename") }, Stop);
        await log.AsReference<IGrainManagementExtension>().DeactivateOnIdle();

        IAuditClient audit = tenant.Client().Audit;
        AuditEntryDocument told = (await audit.LinesAsync(Stop).Select(line => AuditChain.Open(line)!).ToListAsync(Stop)).ShouldHaveSingleItem();
        (told.Who, told.What, told.Which, told.Detail, told.Outcome, told.Since)
            .ShouldBe(("anna", "dataset.delete", "points", "version=3 unfinished", AuditOutcomes.Failed, begun));
        await log.End("b", Record("dataset.rename"), Stop);
        (await audit.LinesAsync(Stop).Select(line => AuditChain.Open(line)!.What).ToListAsync(Stop)).ShouldBe(["dataset.delete", "dataset.rename"]);
        (await audit.VerifyAsync(cancellation: Stop)).Entries.ShouldBe(2);
    }

    /// <summary>Changes what is stored behind the grain's back.</summary>
    private async Task TamperAsync(IAuditGrain log, Func<AuditState, AuditState> change)
    {
        IGrainStorage storage = cluster.Silos[0].GetRequiredKeyedService<IGrainStorage>(StorageNames.Grains);
        await log.AsReference<IGrainManagementExtension>().DeactivateOnIdle();
        var stored = new GrainState<AuditState>(new AuditState());
        await storage.ReadStateAsync("audit", log.GetGrainId(), stored);
        stored.State = change(stored.State!);
        await storage.WriteStateAsync("audit", log.GetGrainId(), stored);
        await log.AsReference<IGrainManagementExtension>().DeactivateOnIdle();
    }
}
