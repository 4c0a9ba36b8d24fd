using OrleansCluster.Numerics.Encoding;
using OrleansCluster.Numerics.Parallelism;
using OrleansCluster.Numerics.Statistics;

namespace OrleansCluster.Numerics.Training;

/// <summary>
/// A training run as a pure state machine: it says which step every shard must compute next, takes the merged
/// statistic of all shards, and moves on. It knows nothing of where rows are, and can be saved between any two steps.
/// </summary>
public interface ITrainer
{
    /// <summary>The algorithm's name, which finds its worker: <c>kmeans</c>.</summary>
    string Algorithm { get; }

    /// <summary>What the run is doing, for people: <c>survey</c>, <c>init</c>, <c>iterate</c>, <c>final</c>, <c>done</c>.</summary>
    string Phase { get; }

    /// <summary>The restart under way, from 0.</summary>
    int Restart { get; }

    /// <summary>Iterations finished in this restart.</summary>
    int Iteration { get; }

    /// <summary>The kinds of statistics that its steps have.</summary>
    StatisticKinds Statistics => StatisticKinds.Shared;

    /// <summary>The step that every shard must compute now; null when the run is done.</summary>
    EncodedStep? Next { get; }

    /// <summary>Takes the merged statistic of <see cref="Next"/> and moves on. May take a while; call it off the scheduler.</summary>
    /// <param name="statistic">The statistic of all shards, merged in shard order; not kept.</param>
    /// <param name="parallel">Where to run the heavier parts.</param>
    /// <returns>What is worth telling: iterations finished, restarts finished, warnings.</returns>
    /// <exception cref="TrainingException">The run cannot go on; the message says why and what to change.</exception>
    IReadOnlyList<TrainingEvent> Advance(ReadOnlyMemory<byte> statistic, IParallel parallel);

    /// <summary>The whole state in a versioned little-endian encoding, from which <c>Restore</c> goes on with the same bits.</summary>
    byte[] Save();
}

/// <summary>Computes steps over the rows of one shard. Keeps caches (labels, bounds) that change time, never bits. Not thread-safe.</summary>
public interface IShardWorker
{
    /// <summary>The statistic of <paramref name="step"/> over this shard's rows, which is the caller's to give back.</summary>
    PooledBytes Execute(EncodedStep step, IParallel parallel, CancellationToken cancellation = default);
}

/// <summary>Something worth telling that happened in a run.</summary>
public abstract record TrainingEvent(int Restart);

/// <summary>An iteration ended.</summary>
/// <param name="Restart">From 0.</param>
/// <param name="Iteration">From 1.</param>
/// <param name="Objective">Of the parameters that the iteration started from.</param>
/// <param name="Shift">Sum over clusters of the squared distance that a centre moved.</param>
/// <param name="Moved">Rows whose label changed from the iteration before (all rows in the first).</param>
/// <param name="Distances">Distances evaluated: a cost, which varies with what was cached.</param>
public sealed record IterationEnded(int Restart, int Iteration, double Objective, double Shift, long Moved, long Distances) : TrainingEvent(Restart);

/// <summary>A restart ended.</summary>
/// <param name="Restart">From 0.</param>
/// <param name="Iterations">How many it took.</param>
/// <param name="Objective">Of its final parameters, on all rows; NaN when it failed.</param>
/// <param name="Stop">Why: <c>converged</c> (no row or no centre moved), <c>tolerance</c>, <c>max-iterations</c>, or <c>failed</c>.</param>
public sealed record RestartEnded(int Restart, int Iterations, double Objective, string Stop) : TrainingEvent(Restart)
{
    /// <summary>The stop of a restart that could not go on.</summary>
    public const string Failed = "failed";
}

/// <summary>Something the user must know, told once: of the rows, of restarts that failed, of the restart that is kept.</summary>
/// <param name="Restart">The restart that told it, from 0.</param>
/// <param name="Message">For people.</param>
/// <param name="Scope">How far it reaches: of several numbers of clusters it need not be told of each.</param>
public sealed record TrainingWarning(int Restart, string Message, TrainingScope Scope = TrainingScope.Clusters) : TrainingEvent(Restart);
