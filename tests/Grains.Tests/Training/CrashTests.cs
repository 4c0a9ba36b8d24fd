using Orleans.Storage;
using OrleansCluster.Client;
using OrleansCluster.Families.SphericalKMeans;
using OrleansCluster.Grains.Tests.Fixtures;
using OrleansCluster.Training;
using static OrleansCluster.Grains.Tests.Training.CrashedJob;

namespace OrleansCluster.Grains.Tests.Training;

/// <summary>A process that ends at any write of a job, and another one that goes on with it.</summary>
public sealed class CrashTests(ImportedHome imported) : IClassFixture<ImportedHome>
{
    [Fact]
    public async Task A_host_that_resumes_by_itself_goes_on_when_the_job_is_looked_at()
    {
        using var home = new TemporaryHome();
        imported.CopyTo(home.Path);
        await RunUntilWriteFails(home.Path, new WriteFaults { FailFrom = 8 });

        await using ClusterFixture cluster = await ClusterFixture.StartAsync(Setup(home.Path) with { AutoResume = true });
        (await cluster.Client().Jobs.FindAsync(JobId))!.State.ShouldBe(JobState.Running);
        (await cluster.Client().Finish(JobId)).State.ShouldBe(JobState.Succeeded);
        (await cluster.Client().Jobs.ReportAsync(JobId))!.Resumed.ShouldBe(1);
    }

    [Theory]
    [InlineData(7)]
    [InlineData(13)]
    public async Task A_training_by_the_cosine_goes_on_to_the_same_bits(int write)
    {
        using var home = new TemporaryHome();
        imported.CopyTo(home.Path);
        TrainingRequest request = CrashedRequest with
        {
            Options = new SphericalKMeansOptions { K = 4, Restarts = 2, Seed = 3, Tolerance = 0, MaxIterations = 30 },
        };
        await RunUntilWriteFails(home.Path, new WriteFaults { FailFrom = write }, request);

        await using ClusterFixture cluster = await ClusterFixture.StartAsync(Setup(home.Path));
        ClusteringClient client = cluster.Client();
        (await client.Jobs.FindAsync(JobId))!.State.ShouldBe(JobState.Interrupted);
        await client.Jobs.ResumeAsync(JobId);
        JobStatus end = await client.Finish(JobId);
        end.State.ShouldBe(JobState.Succeeded, end.Error);
        TrainingReport report = (await client.Jobs.ReportAsync(JobId))!;
        report.Resumed.ShouldBe(1);
        report.Digest.ShouldBe((await client.Train(request with { Model = "other" })).Digest);
    }

    [Fact]
    public async Task A_job_that_pauses_is_watched_without_asking_all_the_time()
    {
        using var home = new TemporaryHome();
        imported.CopyTo(home.Path);
        var faults = new WriteFaults { FailFrom = 8 };
        await using ClusterFixture cluster = await ClusterFixture.StartAsync(
            Setup(home.Path) with { AutoResume = true, Faults = faults, Training = training => training.ReminderPeriod = TimeSpan.FromSeconds(5) });
        await Job(cluster).Start(CrashedRequest);
        await faults.Reached;

        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(3));
        int pages = 0, paused = 0;
        await Should.ThrowAsync<OperationCanceledException>(async () =>
        {
            await foreach (ProgressPage page in cluster.Client().Jobs.WatchAsync(JobId, patience.Token))
            {
                pages++;
                paused += page.Status is { State: JobState.Running, Error.Length: > 0 } ? 1 : 0;
            }
        });
        paused.ShouldBeGreaterThan(0);
        // Hundreds without the wait; a slow machine asks less often still.
        pages.ShouldBeLessThan(20);

        faults.FailFrom = 0;
        (await cluster.Client().Finish(JobId)).State.ShouldBe(JobState.Succeeded);
    }

    [Fact]
    public async Task A_host_that_does_not_resume_by_itself_says_that_the_job_was_interrupted()
    {
        using var home = new TemporaryHome();
        imported.CopyTo(home.Path);
        await RunUntilWriteFails(home.Path, new WriteFaults { FailFrom = 8 });

        await using ClusterFixture cluster = await ClusterFixture.StartAsync(Setup(home.Path));
        (await cluster.Client().Jobs.FindAsync(JobId))!.State.ShouldBe(JobState.Interrupted);
        (await cluster.Client().Models.FindAsync("model")).ShouldBeNull();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task When_the_disk_fails_for_a_while_the_job_says_so_and_can_be_gone_on_with(int failures)
    {
        using var home = new TemporaryHome();
        imported.CopyTo(home.Path);
        var faults = new WriteFaults { FailFrom = 8, FailUntil = 8 + failures - 1 };
        await using ClusterFixture cluster = await ClusterFixture.StartAsync(Setup(home.Path) with { Faults = faults });
        ClusteringClient client = cluster.Client();
        await Job(cluster).Start(CrashedRequest);

        JobStatus stopped = await client.Finish(JobId);
        stopped.State.ShouldBe(JobState.Interrupted);
        stopped.Error.ShouldContain("fails on purpose");
        (await client.Models.FindAsync("model")).ShouldBeNull();
        for (int i = 0; i < failures && stopped.State != JobState.Succeeded; i++)
            stopped = await TryResume(client);
        stopped.State.ShouldBe(JobState.Succeeded, stopped.Error);
    }

    [Theory]
    [InlineData(6)]
    [InlineData(9)]
    [InlineData(12)]
    public async Task When_somebody_else_has_written_the_job_s_state_this_activation_leaves_quietly(int write)
    {
        using var home = new TemporaryHome();
        imported.CopyTo(home.Path);
        var faults = new WriteFaults { FailFrom = write, FailUntil = write, Failure = message => new InconsistentStateException(message) };
        await using ClusterFixture cluster = await ClusterFixture.StartAsync(Setup(home.Path) with { Faults = faults });
        ClusteringClient client = cluster.Client();
        await Job(cluster).Start(CrashedRequest);

        JobStatus end = await client.Finish(JobId);
        end.State.ShouldBeOneOf(JobState.Interrupted, JobState.Succeeded);
        await client.Jobs.ResumeAsync(JobId);
        (await client.Finish(JobId)).State.ShouldBe(JobState.Succeeded);
        (await client.Models.FindAsync("model"))!.Versions.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task What_was_published_before_the_crash_cannot_be_cancelled()
    {
        (string digest, _) = await Undisturbed(imported);
        using var crashed = new TemporaryHome();
        imported.CopyTo(crashed.Path);
        // Between publishing and its note in the job.
        await RunUntilWriteFails(crashed.Path, new WriteFaults { FailAfter = "model" });

        await using ClusterFixture cluster = await ClusterFixture.StartAsync(Setup(crashed.Path));
        ClusteringClient client = cluster.Client();
        (await client.Jobs.FindAsync(JobId))!.State.ShouldBe(JobState.Interrupted);
        (await client.Models.FindAsync("model")).ShouldNotBeNull();
        (await client.Jobs.CancelAsync(JobId)).State.ShouldBe(JobState.Succeeded);
        (await client.Jobs.ReportAsync(JobId))!.Digest.ShouldBe(digest);
    }

    [Fact]
    public async Task A_host_that_is_stopped_leaves_its_jobs_to_the_next_one()
    {
        using var home = new TemporaryHome();
        imported.CopyTo(home.Path);
        TrainingRequest request = CrashedRequest with { Options = CrashedRequest.KMeans() with { Restarts = 30 } };
        await using (ClusterFixture first = await ClusterFixture.StartAsync(Setup(home.Path)))
        {
            await Job(first).Start(request);
            await Job(first).Progress(0, TimeSpan.FromSeconds(5));
        }

        await using ClusterFixture second = await ClusterFixture.StartAsync(Setup(home.Path));
        ClusteringClient client = second.Client();
        (await client.Jobs.ListAsync()).ShouldHaveSingleItem().State.ShouldBe(JobState.Interrupted);
        await client.Jobs.ResumeAsync(JobId);
        (await client.Finish(JobId)).State.ShouldBe(JobState.Succeeded);
        string digest = (await client.Jobs.ReportAsync(JobId))!.Digest;
        digest.ShouldBe((await client.Train(request)).Digest);
    }

    [Fact]
    public async Task A_reminder_wakes_a_job_that_nobody_drives()
    {
        using var home = new TemporaryHome();
        imported.CopyTo(home.Path);
        // The first attempt to go on, at activation, meets a failing disk; the reminder's does not.
        await RunUntilWriteFails(home.Path, new WriteFaults { FailFrom = 8 });
        var faults = new WriteFaults { FailFrom = 1, FailUntil = 1 };
        await using ClusterFixture cluster = await ClusterFixture.StartAsync(Setup(home.Path) with { AutoResume = true, Faults = faults });
        await Job(cluster).Status();
        await faults.Reached;
        await Job(cluster).AsReference<IRemindable>().ReceiveReminder("drive", default);
        (await cluster.Client().Finish(JobId)).State.ShouldBe(JobState.Succeeded);
        await Job(cluster).AsReference<IRemindable>().ReceiveReminder("drive", default);
        (await cluster.Client().Models.FindAsync("model"))!.Versions.ShouldHaveSingleItem();
    }

    private static async Task<JobStatus> TryResume(ClusteringClient client)
    {
        try
        {
            await client.Jobs.ResumeAsync(JobId);
        }
        catch (ClusteringException)
        {
            // The disk still fails.
        }

        return await client.Finish(JobId);
    }
}
