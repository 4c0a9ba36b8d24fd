namespace OrleansCluster.Compute;

/// <summary>
/// A tenant's part of a silo's threads. Each has a clock that runs while threads work for it, the slower the greater its weight; who is behind goes first, so
/// that those who always have something to do get as much as their weights say (start-time fair queueing). Nobody saves up what they did not use.
/// </summary>
public sealed class ComputeShare
{
    /// <summary>The weight of those of whom nothing is said, and the greatest.</summary>
    public const int UsualWeight = 100, MostWeight = 10_000;

    private readonly Lane _serving = new(), _training = new();
    private long _clock;
    private int _weight = UsualWeight;

    /// <summary>How much of the threads it gets, beside others: 1 to <see cref="MostWeight"/>.</summary>
    public int Weight
    {
        get => Volatile.Read(ref _weight);
        set => Volatile.Write(ref _weight, Math.Clamp(value, 1, MostWeight));
    }

    internal long Clock => Interlocked.Read(ref _clock);

    /// <summary>Whether there is nothing to do for it. Under the pool's lock, as all that waits.</summary>
    internal bool IsIdle => _serving.IsIdle && _training.IsIdle;

    /// <summary>What waits. Under the pool's lock.</summary>
    internal Lane Of(ComputePriority priority) => priority == ComputePriority.Serving ? _serving : _training;

    internal void Charge(long ticks) => Interlocked.Add(ref _clock, ticks * UsualWeight / Weight);

    /// <summary>Begins to have something to do, at no earlier time than the pool's. Under the pool's lock.</summary>
    internal void Begin(long clock)
    {
        long behind = clock - Clock;
        if (behind > 0)
            Interlocked.Add(ref _clock, behind);
    }

    /// <summary>What waits of one priority.</summary>
    internal sealed class Lane
    {
        public Queue<ComputeItem> Items { get; } = new();

        public List<ParallelLoop> Loops { get; } = [];

        public bool IsIdle => Items.Count == 0 && Loops.Count == 0;

        /// <summary>A loop that has slices to be taken; null: none has.</summary>
        public ParallelLoop? Loop()
        {
            foreach (ParallelLoop loop in Loops)
            {
                if (loop.HasSlices)
                    return loop;
            }

            return null;
        }
    }
}
