using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using OrleansCluster.Models;
using OrleansCluster.Tenancy;
using OrleansCluster.Training;

namespace OrleansCluster.Client;

/// <inheritdoc/>
internal sealed class JobClient(IGrainFactory grains, string tenant, Func<string> newId) : IJobClient
{
    private static readonly TimeSpan PageWait = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan PausedWait = TimeSpan.FromSeconds(1);

    public Task<string> StartAsync(TrainingRequest request, CancellationToken cancellation = default) => StartAsync(request, null, cancellation);

    public async Task<string> StartAsync(TrainingRequest request, string? job, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        job ??= newId();
        request = Composed(request);
        await Calls.Ask(() => Job(job).Start(request, cancellation), cancellation).ConfigureAwait(false);
        return job;
    }

    public Task<string> RetrainAsync(RetrainingOrder order, CancellationToken cancellation = default) => RetrainAsync(order, null, cancellation);

    public async Task<string> RetrainAsync(RetrainingOrder order, string? job, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(order);
        return await StartAsync(order.For(await ParentAsync(order, cancellation).ConfigureAwait(false)), job, cancellation).ConfigureAwait(false);
    }

    public Task<PlannedTraining?> PlanAsync(TrainingRequest request, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        request = Composed(request);
        return Calls.Ask(() => grains.GetGrain<IPlannerGrain>(GrainKeys.For(tenant, IPlannerGrain.Name)).Plan(request, cancellation), cancellation);
    }

    public async Task<PlannedTraining?> PlanAsync(RetrainingOrder order, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(order);
        return await PlanAsync(order.For(await ParentAsync(order, cancellation).ConfigureAwait(false)), cancellation).ConfigureAwait(false);
    }

    public IAsyncEnumerable<ProgressPage> WatchAsync(string job, CancellationToken cancellation = default) => WatchAsync(job, 0, cancellation);

    public async IAsyncEnumerable<ProgressPage> WatchAsync(string job, long after, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        long cursor = after;
        TimeSpan wait = TimeSpan.Zero;
        while (true)
        {
            (long known, TimeSpan patience) = (cursor, wait);
            ProgressPage page = await Calls.Ask(() => Job(job).Progress(known, patience, cancellation), cancellation).ConfigureAwait(false);
            // The state ends a job after its last events, so a page with a final state is the last when nothing came with it.
            bool ended = page.Status.State is not (JobState.Queued or JobState.Running);
            yield return page;
            if (ended && page.Cursor == cursor)
                yield break;
            (cursor, wait) = (page.Cursor, ended ? TimeSpan.Zero : PageWait);
            // A job that pauses, because its storage is away, say, answers at once and goes on by itself.
            if (page.Status is { State: JobState.Queued or JobState.Running, Error.Length: > 0 })
                await Task.Delay(PausedWait, cancellation).ConfigureAwait(false);
        }
    }

    public async Task<ImmutableArray<JobStatus>> ListAsync(CancellationToken cancellation = default)
    {
        ImmutableArray<string> jobs = await Calls.Ask(() => grains.GetGrain<ICatalogGrain>(GrainKeys.For(tenant, CatalogKinds.Jobs)).List(cancellation),
            cancellation).ConfigureAwait(false);
        JobStatus?[] statuses = await Task.WhenAll(jobs.Select(job => FindAsync(job, cancellation))).ConfigureAwait(false);
        return [.. statuses.OfType<JobStatus>().OrderBy(status => status.Created).ThenBy(status => status.Id, StringComparer.Ordinal)];
    }

    public Task<JobStatus?> FindAsync(string job, CancellationToken cancellation = default) =>
        Calls.Ask(() => Job(job).Status(cancellation), cancellation);

    public Task<JobStatus> ResumeAsync(string job, CancellationToken cancellation = default) =>
        Calls.Ask(() => Job(job).Resume(cancellation), cancellation);

    public Task<JobStatus> CancelAsync(string job, CancellationToken cancellation = default) =>
        Calls.Ask(() => Job(job).Cancel(cancellation), cancellation);

    public Task<string> DeleteAsync(string job, bool force = false, CancellationToken cancellation = default) =>
        Calls.Ask(() => Job(job).Delete(force, cancellation), cancellation);

    public Task<JobStatus> SuspendAsync(string job, CancellationToken cancellation = default) =>
        Calls.Ask(() => Job(job).Suspend(cancellation), cancellation);

    public Task<TrainingReport?> ReportAsync(string job, CancellationToken cancellation = default) =>
        Calls.Ask(() => Job(job).Report(cancellation), cancellation);

    private Task<ModelVersion?> ParentAsync(RetrainingOrder order, CancellationToken cancellation) => Calls.Ask(
        () => grains.GetGrain<IModelGrain>(GrainKeys.For(tenant, GrainKeys.CheckName("model", order.Model))).Get(0, cancellation), cancellation);

    private static TrainingRequest Composed(TrainingRequest request) => request with
    {
        Model = GrainKeys.CheckName("model", request.Model),
        Dataset = GrainKeys.CheckName("dataset", request.Dataset),
    };

    private ITrainingGrain Job(string job) => grains.GetGrain<ITrainingGrain>(GrainKeys.For(tenant, GrainKeys.CheckName("job", job)));
}
