using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using OrleansCluster.Models;
using OrleansCluster.Training;

namespace OrleansCluster.Client.Http;

/// <summary>Training jobs, over HTTP.</summary>
internal sealed class HttpJobClient(ServiceConnection service, IModelClient models, Func<string> newId) : IJobClient
{
    private static readonly TimeSpan BetweenStreams = TimeSpan.FromMilliseconds(500);

    public Task<string> StartAsync(TrainingRequest request, CancellationToken cancellation = default) => StartAsync(request, null, cancellation);

    public async Task<string> StartAsync(TrainingRequest request, string? job, CancellationToken cancellation = default)
    {
        // A name of its own, so that a start whose answer was lost is not made twice.
        job ??= newId();
        Of(job);
        await service.AskAsync<JobStatus>(
            HttpMethod.Post, "jobs", cancellation, Requests.Training(request), headers => headers.TryAddWithoutValidation("Idempotency-Key", job))
            .ConfigureAwait(false);
        return job;
    }

    public Task<string> RetrainAsync(RetrainingOrder order, CancellationToken cancellation = default) => RetrainAsync(order, null, cancellation);

    public async Task<string> RetrainAsync(RetrainingOrder order, string? job, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(order);
        ModelVersion? parent = await models.VersionAsync(order.Model, 0, cancellation).ConfigureAwait(false);
        return await StartAsync(order.For(parent), job, cancellation).ConfigureAwait(false);
    }

    public Task<PlannedTraining?> PlanAsync(TrainingRequest request, CancellationToken cancellation = default) =>
        service.AskAsync<PlannedTraining?>(HttpMethod.Post, "jobs/plan", cancellation, Requests.Training(request));

    public async Task<PlannedTraining?> PlanAsync(RetrainingOrder order, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(order);
        ModelVersion? parent = await models.VersionAsync(order.Model, 0, cancellation).ConfigureAwait(false);
        return await PlanAsync(order.For(parent), cancellation).ConfigureAwait(false);
    }

    public IAsyncEnumerable<ProgressPage> WatchAsync(string job, CancellationToken cancellation = default) => WatchAsync(job, 0, cancellation);

    public async IAsyncEnumerable<ProgressPage> WatchAsync(string job, long after, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        string path = Of(job) + "/events";
        for (bool ended = false; !ended;)
        {
            await using IAsyncEnumerator<ProgressPage> pages = service
                .EventsAsync<ProgressPage>(path + Requests.Query(("after", after)), cancellation).GetAsyncEnumerator(cancellation);
            while (await NextAsync(pages).ConfigureAwait(false))
            {
                (after, ended) = (pages.Current.Cursor, pages.Current.Status.State is not (JobState.Queued or JobState.Running));
                yield return pages.Current;
            }

            // A stream that ends before the job does broke off: what is missing is asked for at the next service.
            if (!ended)
                await Task.Delay(BetweenStreams, cancellation).ConfigureAwait(false);
        }
    }

    public Task<ImmutableArray<JobStatus>> ListAsync(CancellationToken cancellation = default) =>
        service.AskAsync<ImmutableArray<JobStatus>>(HttpMethod.Get, "jobs", cancellation);

    public Task<JobStatus?> FindAsync(string job, CancellationToken cancellation = default) =>
        service.AskAsync<JobStatus?>(HttpMethod.Get, Of(job), cancellation);

    public Task<JobStatus> ResumeAsync(string job, CancellationToken cancellation = default) => ChangeAsync(job, "resume", cancellation);

    public Task<JobStatus> CancelAsync(string job, CancellationToken cancellation = default) => ChangeAsync(job, "cancel", cancellation);

    public Task<JobStatus> SuspendAsync(string job, CancellationToken cancellation = default) => ChangeAsync(job, "suspend", cancellation);

    public Task<TrainingReport?> ReportAsync(string job, CancellationToken cancellation = default) =>
        service.AskAsync<TrainingReport?>(HttpMethod.Get, Of(job) + "/report", cancellation);

    private static string Of(string job) => Requests.Path("jobs", "job", job);

    private static async ValueTask<bool> NextAsync(IAsyncEnumerator<ProgressPage> pages)
    {
        try
        {
            return await pages.MoveNextAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            return false;
        }
    }

    private Task<JobStatus> ChangeAsync(string job, string change, CancellationToken cancellation) =>
        service.AskAsync<JobStatus>(HttpMethod.Post, $"{Of(job)}/{change}", cancellation, Requests.Nothing);
}
