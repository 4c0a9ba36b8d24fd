using OrleansCluster.Client;
using OrleansCluster.Grains.Tests.Fixtures;
using OrleansCluster.Training;

namespace OrleansCluster.Grains.Tests.Training;

public sealed class JobTests : IAsyncLifetime
{
    private readonly SharedCluster.Tenant _tenant;
    private readonly ClusteringClient _client;

    public JobTests(SharedCluster shared)
    {
        _tenant = shared.NewTenant();
        _client = _tenant.Client();
    }

    /// <summary>A job that would run for a very long time.</summary>
    private static TrainingRequest Endless => Rows.Request("points", "endless", restarts: 1_000_000);

    public async ValueTask InitializeAsync()
    {
        await _client.Import("points", Rows.Clouds(20_000));
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Starting_twice_with_the_same_request_starts_once()
    {
        ITrainingGrain job = Job("twice");
        await job.Start(Rows.Request("points", "m"));
        await job.Start(Rows.Request("points", "m"));
        (await _client.Finish("twice")).State.ShouldBe(JobState.Succeeded);
        (await job.Start(Rows.Request("points", "m"))).State.ShouldBe(JobState.Succeeded);

        (await _client.Models.FindAsync("m"))!.Versions.ShouldHaveSingleItem();
        (await _client.Jobs.ListAsync()).ShouldHaveSingleItem().Id.ShouldBe("twice");
    }

    [Fact]
    public async Task Starting_again_with_another_request_is_refused()
    {
        await Job("taken").Start(Rows.Request("points", "m"));
        await Refused(() => Job("taken").Start(Rows.Request("points", "m", k: 4)), "'taken' exists already");
    }

    [Theory]
    [InlineData(0, "k is 0")]
    [InlineData(20_001, "only 20000 rows")]
    public async Task A_number_of_clusters_that_cannot_be_is_refused_at_once(int k, string why)
    {
        await Refused(() => _client.Jobs.StartAsync(Rows.Request("points", "m", k)), why);
        (await _client.Jobs.ListAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_does_not_exist_is_named()
    {
        await Refused(() => _client.Jobs.StartAsync(Rows.Request("nothing", "m")), "no dataset 'nothing'");
        await Refused(() => _client.Jobs.StartAsync(Rows.Request("points", "m") with { DatasetVersion = 3 }), "no version 3 of the dataset 'points'");
        await Refused(() => _client.Jobs.StartAsync(Rows.Request("points", "a/b")), "contains '/'");
        await Refused(() => _client.Jobs.ResumeAsync("nobody"), "no job 'nobody'");
        (await _client.Jobs.FindAsync("nobody")).ShouldBeNull();
    }

    [Fact]
    public async Task Given_centroids_are_where_the_training_starts()
    {
        TrainingReport first = await _client.Train(Rows.Request("points", "m"));
        ReadOnlyMemory<byte> centroids = (await _client.Models.ParametersAsync("m"))!.Centroids;
        TrainingRequest request = Rows.Request("points", "m", restarts: 1);
        TrainingReport again = await _client.Train(request with { Options = request.KMeans() with { Init = "given", InitialCentroids = centroids } });

        again.Iterations.ShouldHaveSingleItem();
        again.Digest.ShouldBe(first.Digest);
        again.Options.Start.IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public async Task Progress_by_cursor_gives_every_iteration_once()
    {
        string job = await _client.Jobs.StartAsync(Rows.Request("points", "m"));
        var pages = new List<ProgressPage>();
        await foreach (ProgressPage page in _client.Jobs.WatchAsync(job))
            pages.Add(page);
        TrainingReport report = (await _client.Jobs.ReportAsync(job))!;

        IterationRecord[] watched = [.. pages.SelectMany(page => page.Iterations)];
        watched.Length.ShouldBe(report.Restarts.Sum(restart => restart.Iterations));
        watched.Select(iteration => (iteration.Restart, iteration.Iteration)).ShouldBeUnique();
        ProgressPage all = await Job(job).Progress(0, TimeSpan.Zero);
        all.Iterations.ShouldBe(watched);
        (await Job(job).Progress(all.Cursor, TimeSpan.Zero)).Iterations.ShouldBeEmpty();
        pages[^1].Status.State.ShouldBe(JobState.Succeeded);
        pages[^1].Status.Phase.ShouldBe("done");
    }

    [Fact]
    public async Task A_cancelled_job_stops_for_good_and_publishes_nothing()
    {
        string job = await _client.Jobs.StartAsync(Endless);
        await FirstIteration(job);
        (await _client.Jobs.CancelAsync(job)).State.ShouldBe(JobState.Cancelled);

        (await _client.Jobs.ResumeAsync(job)).State.ShouldBe(JobState.Cancelled);
        (await _client.Jobs.ReportAsync(job)).ShouldBeNull();
        (await _client.Models.FindAsync("endless")).ShouldBeNull();
        (await _client.Jobs.CancelAsync(job)).State.ShouldBe(JobState.Cancelled);
    }

    [Fact]
    public async Task A_suspended_job_goes_on_where_it_was_to_the_same_bits()
    {
        TrainingRequest request = Rows.Request("points", "m", restarts: 40);
        string job = await _client.Jobs.StartAsync(request);
        ProgressPage page = await FirstIteration(job);
        (await _client.Jobs.SuspendAsync(job)).State.ShouldBe(JobState.Interrupted);
        (await _client.Jobs.FindAsync(job))!.State.ShouldBe(JobState.Interrupted);

        (await _client.Jobs.ResumeAsync(job)).State.ShouldBe(JobState.Running);
        (await _client.Finish(job)).State.ShouldBe(JobState.Succeeded);
        TrainingReport report = (await _client.Jobs.ReportAsync(job))!;
        report.Resumed.ShouldBe(1);
        report.Restarts.Length.ShouldBe(40);
        page.Iterations[0].Objective.ShouldBeGreaterThan(0);
        (await _client.Train(request)).Digest.ShouldBe(report.Digest);
    }

    [Fact]
    public async Task A_job_over_a_range_tells_the_range_and_then_what_it_published()
    {
        TrainingRequest request = Rows.Request("points", "m", k: 2, restarts: 3);
        request = request with { Options = request.KMeans() with { LargestK = 7, Select = "calinski-harabasz" } };
        string job = await _client.Jobs.StartAsync(request);
        await FirstIteration(job);
        await _client.Jobs.SuspendAsync(job);
        JobStatus suspended = (await _client.Jobs.ListAsync()).ShouldHaveSingleItem();
        (suspended.K, suspended.LargestK).ShouldBe((2, 7));
        await _client.Jobs.ResumeAsync(job);
        (await _client.Finish(job)).State.ShouldBe(JobState.Succeeded);
        TrainingReport report = (await _client.Jobs.ReportAsync(job))!;
        report.K.ShouldBeGreaterThan(2);
        // The best start of the number chosen is not the last iteration of all.
        JobStatus listed = (await _client.Jobs.ListAsync()).ShouldHaveSingleItem();
        (listed.K, listed.Version, listed.Objective).ShouldBe((report.K, report.Version, report.Objective));
    }

    [Fact]
    public async Task Jobs_of_one_tenant_are_not_seen_by_another()
    {
        await _client.Train(Rows.Request("points", "m"));
        ClusteringClient other = _tenant.Client("other");
        (await other.Jobs.ListAsync()).ShouldBeEmpty();
        (await other.Models.ListAsync()).ShouldBeEmpty();
        (await other.Datasets.FindAsync("points")).ShouldBeNull();
    }

    private static async Task Refused(Func<Task> action, string why) =>
        (await Should.ThrowAsync<ClusteringException>(action)).Message.ShouldContain(why);

    private ITrainingGrain Job(string job) => _tenant.Grain<ITrainingGrain>(job);

    private async Task<ProgressPage> FirstIteration(string job)
    {
        await foreach (ProgressPage page in _client.Jobs.WatchAsync(job))
        {
            if (!page.Iterations.IsEmpty)
                return page;
        }

        throw new InvalidOperationException("The job ended without an iteration.");
    }
}
