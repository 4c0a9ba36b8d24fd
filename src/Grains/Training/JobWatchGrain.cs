using System.Collections.Immutable;
using Microsoft.Extensions.Logging;

namespace OrleansCluster.Training;

/// <inheritdoc cref="IJobWatchGrain"/>
public sealed class JobWatchGrain([PersistentState("watch", StorageNames.Grains)] IPersistentState<JobWatchState> state, TimeProvider time,
    ILogger<JobWatchGrain> log) : Grain, IJobWatchGrain
{
    /// <summary>However many silos ask, jobs are not asked more often than this.</summary>
    private static readonly TimeSpan LeastPause = TimeSpan.FromSeconds(1);

    /// <summary>Longest pause before a job that cannot go on is woken again.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    private readonly Dictionary<string, Watched> _watched = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _oneWrite = new(1);

    public async Task Add(string job, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(job);
        await Write(jobs => jobs.Contains(job) ? jobs : jobs.Add(job));
    }

    public Task Look(CancellationToken cancellation = default)
    {
        foreach (string job in state.State.Jobs)
        {
            if (!_watched.TryGetValue(job, out Watched? watched))
                _watched.Add(job, watched = new Watched());
            if (!watched.Asking && time.GetTimestamp() >= watched.NotBefore)
                _ = Ask(job, watched);
        }

        return Task.CompletedTask;
    }

    private async Task Ask(string job, Watched watched)
    {
        watched.Asking = true;
        try
        {
            if (await GrainFactory.GetGrain<ITrainingGrain>(job).Wake())
            {
                watched.Pause = LeastPause;
            }
            else
            {
                await Write(jobs => jobs.Remove(job));
                _watched.Remove(job);
            }
        }
#pragma warning disable CA1031 // Whatever keeps the job from being asked, it is asked again after a pause.
        catch (Exception e)
        {
            watched.Pause = TimeSpan.FromTicks(Math.Min(watched.Pause.Ticks * 2, LongestPause.Ticks));
            log.CannotWake(job, watched.Pause, e.Message);
        }
#pragma warning restore CA1031
        finally
        {
            watched.NotBefore = time.GetTimestamp() + (long)(watched.Pause.TotalSeconds * time.TimestampFrequency);
            watched.Asking = false;
        }
    }

    private async Task Write(Func<ImmutableArray<string>, ImmutableArray<string>> change)
    {
        await _oneWrite.WaitAsync();
        try
        {
            ImmutableArray<string> changed = change(state.State.Jobs);
            if (changed != state.State.Jobs)
                await this.Write(state, new JobWatchState { Jobs = changed });
        }
        finally
        {
            _oneWrite.Release();
        }
    }

    private sealed class Watched
    {
        public bool Asking { get; set; }

        public TimeSpan Pause { get; set; } = LeastPause;

        /// <summary>Timestamp before which the job is left alone.</summary>
        public long NotBefore { get; set; }
    }
}

/// <summary>What the watch remembers.</summary>
[GenerateSerializer, Immutable, Alias("oc.JobWatchState")]
public sealed record JobWatchState
{
    /// <summary>Keys of the coordinators of running jobs.</summary>
    [Id(0)] public ImmutableArray<string> Jobs { get; init; } = [];
}
