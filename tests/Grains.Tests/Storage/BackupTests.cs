using System.Collections.Immutable;
using System.Runtime.InteropServices;
using OrleansCluster.Alerts;
using OrleansCluster.Client;
using OrleansCluster.Client.Storage;
using OrleansCluster.Datasets;
using OrleansCluster.Grains.Tests.Fixtures;
using OrleansCluster.Monitoring;
using OrleansCluster.Retraining;
using OrleansCluster.Serving;
using OrleansCluster.Silo;
using OrleansCluster.Tenancy;
using OrleansCluster.Training;

namespace OrleansCluster.Grains.Tests.Storage;

/// <summary>What a backup of a tenant of a cluster has comes out in a home, the same to the bit.</summary>
public sealed class BackupTests(SharedCluster shared, BackupTests.Elsewhere elsewhere) : IClassFixture<BackupTests.Elsewhere>
{
    private static readonly float[] Points = Rows.Clouds(70_000);

    private readonly SharedCluster.Tenant _tenant = shared.NewTenant();

    private ClusteringClient Here => _tenant.Client();

    private ClusteringClient There => new(elsewhere.Host.Grains, _tenant.Name);

    private Administration Keys => new(_tenant.Grains);

    private static RowsPayload Some => new() { Precision = "f4", Columns = 2, Values = MemoryMarshal.AsBytes(Points.AsSpan(0, 400)).ToArray() };

    [Fact]
    public async Task All_that_a_tenant_has_comes_out_elsewhere_and_lives_on()
    {
        await Keys.CreateAsync(_tenant.Name, new TenantQuotas { Models = 7 });
        (ApiKey key, _) = await Keys.MakeKeyAsync(new KeyInfo { Id = "", Tenant = _tenant.Name, Role = Roles.Reader });
        DatasetVersion first = await Here.Import("before", Points[..^2000]);
        await using (IDatasetImport import = await Here.Datasets.AppendAsync(first, "more"))
        {
            await import.AppendAsync(MemoryMarshal.AsBytes(Points.AsSpan(^2000)).ToArray(), default, []);
            await import.CommitAsync();
        }

        await Here.Train(Rows.Request("before", "m", 3));
        // By its old name the model speaks of it.
        await Here.Datasets.RenameAsync("before", "points");
        await Here.Train(Rows.Request("points", "m", 3, seed: 8));
        await Here.Import("gone", Points[..200]);
        await Here.Train(Rows.Request("gone", "lost", 2));
        await Here.Datasets.DeleteAsync("gone", 0, force: true);
        await Here.Monitor.KeepAsync("m", "monday", await Here.Monitor.ObserveAsync("m", new ObserveQuery { Version = 1, Rows = Some }));
        string job = await Here.Jobs.RetrainAsync(new RetrainingOrder { Model = "m", Dataset = "points" });
        await Here.Jobs.SuspendAsync(job);

        await Here.Retraining.SetAsync("m", new RetrainingPlan { Dataset = "points", Schedule = "0 2 * * *", Steps = [1_000] });
        await Here.Alerts.SetRuleAsync(new AlertRule { Name = "gaps", Figure = AlertFigures.Missing, Above = 0.05 });
        await Here.Alerts.RemoveRuleAsync("drift");

        byte[] backup = await BackupAsync();
        BackupContent content = await RestoreAsync(backup);
        (content.Tenants.Single(), content.Datasets, content.Models, content.Jobs, content.Known).ShouldBe((_tenant.Name, 3, 2, 4, 0));
        foreach (int version in new[] { 1, 2 })
        {
            DatasetVersion rows = (await There.Datasets.FindAsync("before", version))!;
            (rows.Name, rows.Manifest).ShouldBe(("points", (await Here.Datasets.FindAsync("points", version))!.Manifest));
            for (int shard = 0; shard < rows.Shards; shard++)
                (await There.Datasets.VerifyAsync(rows, shard)).ShouldBeEmpty();
            (Assignments one, Assignments other) = (await Here.Models.AssignAsync("m", version, Some), await There.Models.AssignAsync("m", version, Some));
            Rows.Labels(other.Labels).ShouldBe(Rows.Labels(one.Labels));
            other.Distances.ToArray().ShouldBe(one.Distances.ToArray());
            (await There.Models.VersionAsync("m", version))!.Training.Digest.ShouldBe((await Here.Models.VersionAsync("m", version))!.Training.Digest);
        }

        (await There.Datasets.ListAsync()).Select(dataset => dataset.Name).ShouldBe(["points"]);
        // The number of rows that are gone is not given to others.
        (await There.Import("gone", Points[..300])).Version.ShouldBe(2);
        RetrainingStatus plan = (await There.Retraining.StatusAsync("m"))!;
        (plan.Plan.Schedule, plan.Stopped, (await There.Retraining.ListAsync()).Length).ShouldBe(
            ("0 2 * * *", "it came out of a backup: resume it where the model is to be retrained", 1));
        (await There.Alerts.StatusAsync()).Rules.Select(rule => rule.Name).ShouldBe(["gaps", "retraining-failed", "retraining-stopped"]);
        (await There.Monitor.WindowsAsync("m")).Single().Counts.ShouldBe((await Here.Monitor.WindowsAsync("m")).Single().Counts);
        (await new Administration(elsewhere.Host.Grains).AdmitAsync(ApiKey.Parse(key.Text)!))!.Quotas.Models.ShouldBe(7);

        // The job is gone on with in both places, and ends with the same version.
        (await There.Jobs.FindAsync(job))!.State.ShouldBe(JobState.Interrupted);
        foreach (ClusteringClient client in new[] { Here, There })
        {
            await client.Jobs.ResumeAsync(job);
            (await client.Finish(job)).State.ShouldBe(JobState.Succeeded);
        }

        (await There.Models.VersionAsync("m", 3))!.Training.Digest.ShouldBe((await Here.Models.VersionAsync("m", 3))!.Training.Digest);
        (await Should.ThrowAsync<ClusteringException>(RestoreAsync(backup))).Message.ShouldStartWith(
            $"There is something else here already under these names: job '{job}' of {_tenant.Name}; model 'm' of {_tenant.Name}; dataset 'gone' of "
                + $"{_tenant.Name}. Nothing was restored: ");
    }

    [Fact]
    public async Task What_was_written_while_a_job_ran_is_whole_and_a_second_time_changes_nothing()
    {
        await Here.Import("points", Points[..4000]);
        string job = await Here.Jobs.StartAsync(Rows.Request("points", "m", 5, restarts: 20));
        byte[] backup = await BackupAsync();
        JobStatus end = await Here.Finish(job);
        byte[] later = await BackupAsync();

        await RestoreAsync(backup);
        (await RestoreAsync(backup)).Known.ShouldBe(2);
        if ((await There.Jobs.FindAsync(job))!.State == JobState.Interrupted)
            await There.Jobs.ResumeAsync(job);
        (await There.Finish(job)).Objective.ShouldBe(end.Objective);
        (await There.Models.VersionAsync("m", 1))!.Training.Digest.ShouldBe((await Here.Models.VersionAsync("m", 1))!.Training.Digest);
        // Each has its own moment of publication; the rows, which are the same, are no hindrance.
        (await Should.ThrowAsync<ClusteringException>(RestoreAsync(later))).Message.ShouldContain($"job '{job}' of {_tenant.Name}; ");
    }

    [Fact]
    public async Task What_goes_while_it_is_read_is_asked_for_again()
    {
        await Here.Import("points", Points[..400]);
        await Here.Train(Rows.Request("points", "m", 2));
        Observation seen = await Here.Monitor.ObserveAsync("m", new ObserveQuery { Version = 1, Rows = Some });
        await KeepAsync();
        // While the counts of the first window are written, both windows get new ones, and the old ones go.
        using var stream = new Interrupted(KeepAsync);
        await new Backups(_tenant.Grains).WriteAsync(stream, _tenant.Name, "m");
        await RestoreAsync(stream.ToArray());
        ImmutableArray<ObservedWindow> windows = await There.Monitor.WindowsAsync("m");
        windows.Select(window => window.Rows).ShouldBe([2 * seen.Rows, 2 * seen.Rows]);
        windows.Select(window => window.Counts).ShouldBe((await Here.Monitor.WindowsAsync("m")).Select(window => window.Counts));
        (await There.Monitor.CompareAsync("m", new DriftQuery { Version = 1, Window = "monday" })).ShouldNotBeNull();

        async Task KeepAsync()
        {
            await Here.Monitor.KeepAsync("m", "monday", seen);
            await Here.Monitor.KeepAsync("m", "tuesday", seen);
        }
    }

    [Fact]
    public async Task A_model_alone_takes_along_what_it_was_trained_on()
    {
        await Here.Import("points", Points[..2000]);
        await Here.Import("others", Points[..300]);
        await Here.Train(Rows.Request("points", "m", 3));
        await Here.Train(Rows.Request("others", "n", 3));
        BackupContent content = await RestoreAsync(await BackupAsync("m"));
        (content.Datasets, content.Models, content.Jobs).ShouldBe((1, 1, 0));
        string job = await There.Jobs.RetrainAsync(new RetrainingOrder { Model = "m", Dataset = "points" });
        (await There.Finish(job)).State.ShouldBe(JobState.Succeeded);
        (await Should.ThrowAsync<ClusteringException>(BackupAsync("nothing"))).Message.ShouldBe("There is no model 'nothing'.");
    }

    [Fact]
    public async Task A_file_that_is_cut_or_damaged_anywhere_is_refused_by_the_part_and_restores_nothing()
    {
        await Here.Import("points", Points[..200]);
        await Here.Train(Rows.Request("points", "m", 2));
        byte[] backup = await BackupAsync();
        for (int length = 0; length < backup.Length; length += length < 400 ? 1 : 97)
            (await Should.ThrowAsync<ClusteringException>(CheckAsync(backup[..length]), $"{length}")).Message.ShouldMatch("^b.ocb(: part| is no backup)");
        for (int at = 0; at < backup.Length; at += at < 400 ? 1 : 89)
        {
            byte[] damaged = [.. backup];
            damaged[at] ^= 0x10;
            (await Should.ThrowAsync<ClusteringException>(CheckAsync(damaged), $"{at}")).Message.ShouldStartWith("b.ocb");
        }

        (await Should.ThrowAsync<ClusteringException>(CheckAsync([.. backup, 0]))).Message.ShouldContain("goes on behind its end");
        byte[] wrong = [.. backup];
        wrong[^60] ^= 1;
        (await Should.ThrowAsync<ClusteringException>(RestoreAsync(wrong))).Message.ShouldMatch(
            @"^b\.ocb: part \d+ \(.*\), from byte \d+ on, .*\. Nothing was restored: take another copy of the backup\.$");
        (await There.Datasets.ListAsync()).ShouldBeEmpty();
        await CheckAsync(backup);
    }

    private async Task<byte[]> BackupAsync(string? model = null)
    {
        using var stream = new MemoryStream();
        await new Backups(_tenant.Grains).WriteAsync(stream, _tenant.Name, model);
        return stream.ToArray();
    }

    private Task<BackupContent> RestoreAsync(byte[] backup) => new Backups(elsewhere.Host.Grains).RestoreAsync(() => new MemoryStream(backup), "b.ocb");

    private static Task<BackupStates> CheckAsync(byte[] backup) => BackupStates.ReadAsync(() => new MemoryStream(backup), "b.ocb", default);

    /// <summary>Does something once, when the first blob comes.</summary>
    private sealed class Interrupted(Func<Task> act) : MemoryStream
    {
        private bool _done;

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (!_done && buffer.Length == 67 && buffer.Span[0] == (byte)BackupPart.Blob)
            {
                _done = true;
                await act();
            }

            await base.WriteAsync(buffer, cancellationToken);
        }
    }

    /// <summary>A home where nothing is.</summary>
    public sealed class Elsewhere : IAsyncLifetime
    {
        private readonly TemporaryHome _folder = new();

        internal ClusterHost Host { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Host = await ClusterHost.StartAsync(new ClusterHostOptions { Home = _folder.Path, Threads = 2 });

        public async ValueTask DisposeAsync()
        {
            await Host.DisposeAsync();
            _folder.Dispose();
        }
    }
}
