using System.Collections.Immutable;

namespace OrleansCluster.Retraining;

/// <inheritdoc cref="IRetrainingBudgetGrain"/>
public sealed class RetrainingBudgetGrain(
    [PersistentState("retraining-budget", StorageNames.Grains)] IPersistentState<RetrainingBudgetState> state, TimeProvider time)
    : Grain, IRetrainingBudgetGrain
{
    /// <summary>Runs of a day that are remembered where nothing limits them.</summary>
    private const int MostRemembered = 1000;

    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    public Task<RetrainingBudget> Budget(CancellationToken cancellation = default) =>
        Task.FromResult(new RetrainingBudget { MostADay = state.State.MostADay, Taken = Recent() });

    public async Task<RetrainingBudget> Limit(int mostADay, CancellationToken cancellation = default)
    {
        if (mostADay is < 0 or > MostRemembered)
            throw new ClusteringException($"The most retrainings a day are {mostADay}: give 1 to {MostRemembered}, or 0 for as many as the plans say.");
        await this.Write(state, state.State with { MostADay = mostADay });
        return await Budget(cancellation);
    }

    public async Task<bool> Take(string job, CancellationToken cancellation = default)
    {
        ImmutableArray<RetrainingTaken> recent = Recent();
        if (recent.Any(taken => taken.Job == job))
            return true;
        if (state.State.MostADay > 0 && recent.Length >= state.State.MostADay)
            return false;
        ImmutableArray<RetrainingTaken> next = [.. recent.TakeLast(MostRemembered - 1), new RetrainingTaken { Job = job, At = time.GetUtcNow() }];
        await this.Write(state, state.State with { Taken = next });
        return true;
    }

    private ImmutableArray<RetrainingTaken> Recent()
    {
        DateTimeOffset since = time.GetUtcNow() - Day;
        return [.. state.State.Taken.Where(taken => taken.At > since)];
    }
}
