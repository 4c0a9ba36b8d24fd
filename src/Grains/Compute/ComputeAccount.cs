namespace OrleansCluster.Compute;

/// <summary>What computations are done for, and how long threads of the pool have worked on them. Thread-safe.</summary>
/// <param name="share">Whose they are.</param>
public sealed class ComputeAccount(ComputeShare share)
{
    private long _ticks;

    public ComputeShare Share => share;

    /// <summary>
    /// How long threads have worked for it, in ticks of the pool's clock: from taking a piece of work to being done with it, without waiting for other
    /// threads and without what was put in between. On a machine with more to do than cores that is more than the processor's time.
    /// </summary>
    internal long Ticks => Interlocked.Read(ref _ticks);

    internal void Charge(long ticks)
    {
        Interlocked.Add(ref _ticks, ticks);
        share.Charge(ticks);
    }
}
