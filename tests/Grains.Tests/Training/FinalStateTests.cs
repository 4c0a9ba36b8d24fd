using System.Runtime.InteropServices;
using OrleansCluster.Client;
using OrleansCluster.Datasets;
using OrleansCluster.Families.KMeans;
using OrleansCluster.Grains.Tests.Fixtures;
using OrleansCluster.Models;
using OrleansCluster.Training;

namespace OrleansCluster.Grains.Tests.Training;

/// <summary>A job that has ended stays ended, whatever was still under way.</summary>
public sealed class FinalStateTests : IAsyncDisposable
{
    private readonly TemporaryHome _home = new();
    private ClusterFixture _cluster = null!;
    private ClusteringClient _client = null!;

    /// <summary>Whether checkpoints are to be held back.</summary>
    private bool _holds;
    private int _held;
    private TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The third centre is nobody's nearest, which the first iteration finds: after the survey, and after the checkpoint that follows it.</summary>
    private static TrainingRequest Failing => new()
    {
        Dataset = "points",
        Model = "m",
        Options = new KMeansOptions { K = 3, Empty = "fail", Init = "given", InitialCentroids = Bytes(0, 0, 5, 5, 1e6, 1e6) },
    };

    public async ValueTask DisposeAsync()
    {
        await _cluster.DisposeAsync();
        _home.Dispose();
    }

    [Fact]
    public async Task A_checkpoint_that_comes_after_the_failure_leaves_the_job_failed()
    {
        await StartHoldingAsync();
        List<string> blobs = await Blobs();
        _holds = true;
        string job = await _client.Jobs.StartAsync(Failing);
        JobStatus end = await _client.Finish(job);
        (end.State, end.Error).ShouldBe((JobState.Failed, end.Error));
        end.Error.ShouldContain("empty", Case.Insensitive);
        await LetTheRunGoAsync(job);
        _held.ShouldBeGreaterThan(0, "no checkpoint was held back");

        foreach (JobStatus? later in new[] { await _client.Jobs.FindAsync(job), await _client.Jobs.ResumeAsync(job), await _client.Jobs.SuspendAsync(job),
            await _client.Jobs.CancelAsync(job) })
            (later!.State, later.Error).ShouldBe((JobState.Failed, end.Error));
        // Neither does what the checkpoint wrote stay behind; the centres given are the job's own.
        (await Blobs()).Except(blobs).ShouldHaveSingleItem();

        await RestartAsync();
        JobStatus after = (await _client.Jobs.FindAsync(job))!;
        (after.State, after.Error).ShouldBe((JobState.Failed, end.Error));
        (await _client.Jobs.ListAsync()).Count(known => known.State == JobState.Failed).ShouldBe(1);
    }

    [Fact]
    public async Task A_retraining_that_failed_frees_the_model_and_its_parent()
    {
        await StartHoldingAsync();
        await _client.Train(new TrainingRequest { Dataset = "points", Model = "m", Options = new KMeansOptions { K = 3, Empty = "fail", Seed = 1 } });
        await _client.Import("bad", [.. Rows.Clouds(300, clouds: 1).Select(value => value + 1e6f)]);
        var order = new RetrainingOrder { Model = "m", Dataset = "bad" };
        _holds = true;
        string job = await _client.Jobs.RetrainAsync(order);
        JobStatus end = await _client.Finish(job);
        (end.State, end.Error).ShouldBe((JobState.Failed, end.Error));
        await LetTheRunGoAsync(job);
        _held.ShouldBeGreaterThan(0, "no checkpoint was held back");
        _holds = false;

        string again = await _client.Jobs.RetrainAsync(order with { Dataset = "points" });
        (await _client.Finish(again)).State.ShouldBe(JobState.Succeeded);
        // A second failure does not hold the version that it started from.
        (await _client.Finish(await _client.Jobs.RetrainAsync(order))).State.ShouldBe(JobState.Failed);
        await _client.Train(new TrainingRequest { Dataset = "points", Model = "m", Options = new KMeansOptions { K = 3, Seed = 2 } });
        ModelChange change = _client.Models.Change((await _client.Models.FindAsync("m"))!.Info);
        (await _client.Models.PruneAsync("m", change, new RetentionPolicy { Keep = 1, DryRun = true })).Select(verdict => verdict.Why)
            .ShouldBe(["", "", "newest"]);
    }

    [Theory]
    [InlineData(JobState.Succeeded)]
    [InlineData(JobState.Failed)]
    [InlineData(JobState.Cancelled)]
    public async Task A_host_that_resumes_by_itself_leaves_ended_jobs_alone(JobState state)
    {
        await StartHoldingAsync();
        string job = await _client.Jobs.StartAsync(state switch
        {
            JobState.Failed => Failing,
            JobState.Cancelled => Rows.Request("points", "m", restarts: 1_000_000),
            _ => Rows.Request("points", "m"),
        });
        if (state == JobState.Cancelled)
            await _client.Jobs.CancelAsync(job);
        (await _client.Finish(job)).State.ShouldBe(state);
        await RestartAsync(autoResume: true);
        (await _client.Jobs.FindAsync(job))!.State.ShouldBe(state);
        (await _cluster.Grains.GetGrain<ITrainingGrain>($"default/{job}").Wake()).ShouldBeFalse();
        (await _client.Jobs.FindAsync(job))!.State.ShouldBe(state);
    }

    /// <summary>A cluster in which every checkpoint takes until a job's end is written down, once they are to be held back.</summary>
    private async Task StartHoldingAsync()
    {
        bool running = false;
        _cluster = await ClusterFixture.StartAsync(new ClusterSetup
        {
            Home = _home.Path,
            Training = options => options.CheckpointInterval = TimeSpan.Zero,
            Faults = new WriteFaults
            {
                Before = async record =>
                {
                    // While a job runs, what it writes to the blob store are its checkpoints.
                    if (!_holds || !running || record is not null)
                        return;
                    Interlocked.Increment(ref _held);
                    await _ended.Task;
                },
                Written = state =>
                {
                    if (state is not JobRecord job)
                        return;
                    running = !job.HasEnded();
                    if (running && job.Resumed == 0 && job.Phase == JobPhases.Survey)
                        _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
                    if (!running)
                        _ended.TrySetResult();
                },
            },
        });
        _client = _cluster.Client();
        await _client.Import("points", Rows.Clouds(3000));
    }

    private async Task RestartAsync(bool autoResume = false)
    {
        await _cluster.DisposeAsync();
        _cluster = await ClusterFixture.StartAsync(new ClusterSetup { Home = _home.Path, AutoResume = autoResume });
        _client = _cluster.Client();
    }

    /// <summary>Waits until nothing of the job is under way: whoever cancels it does.</summary>
    private async Task LetTheRunGoAsync(string job) => await _client.Jobs.CancelAsync(job);

    private async Task<List<string>> Blobs() => await _cluster.Service<IBlobStore>().ListAsync().ToListAsync();

    private static byte[] Bytes(params double[] values) => MemoryMarshal.AsBytes(values.AsSpan()).ToArray();
}
