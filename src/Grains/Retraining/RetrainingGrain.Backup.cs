using OrleansCluster.Datasets;

namespace OrleansCluster.Retraining;

/// <content>The plan in a backup. Where it comes out nothing begins by itself before somebody says so: it may be a copy of what goes on elsewhere.</content>
public sealed partial class RetrainingGrain
{
    private const string OutOfBackup = "it came out of a backup: resume it where the model is to be retrained";

    public Task<PackedState?> PackState(CancellationToken cancellation = default) => Task.FromResult(state.State.Plan is not { } plan ? null : new PackedState
    {
        State = states.SerializeToArray(AtRest(state.State)),
        Datasets = [plan.Dataset],
    });

    public async Task UnpackState(ReadOnlyMemory<byte> packed, CancellationToken cancellation = default)
    {
        RetrainingState next = states.Read(packed, $"plan of retraining the model '{Name}'");
        if (state.State.Plan is null && next.Plan is not null)
        {
            await this.Write(state, AtRest(next) with { Runs = Math.Max(next.Runs, state.State.Runs) });
            await HaveReminded(cancellation);
        }
        else if (!packed.Span.SequenceEqual(states.SerializeToArray(AtRest(state.State))))
        {
            throw new ClusteringException($"The model '{Name}' is retrained by another plan here already: nothing was changed.");
        }
    }

    /// <summary>With nothing under way: what was, was left to whoever has the cluster that it was under way in.</summary>
    private static RetrainingState AtRest(RetrainingState known)
    {
        RetrainingState stopped = known with { Stopped = known.Stopped.Length > 0 ? known.Stopped : OutOfBackup };
        return known.Current is not { } run ? stopped : stopped with
        {
            Current = null,
            Ended = [run with { Step = RetrainingStep.Left, EndedAt = run.Began, Why = "it was under way when the backup was made" }, .. known.Ended],
        };
    }
}
