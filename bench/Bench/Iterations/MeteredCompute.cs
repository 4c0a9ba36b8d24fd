using System.Diagnostics;
using OrleansCluster.Compute;
using OrleansCluster.Numerics.Parallelism;

namespace OrleansCluster.Bench.Iterations;

/// <summary>How long threads computed.</summary>
/// <param name="Busy">Seconds, summed over threads; waiting for a loop's last slices is left out.</param>
/// <param name="Some">Seconds in which some thread computed and another did not.</param>
/// <param name="None">Seconds in which no thread computed.</param>
internal readonly record struct Occupation(double Busy, double Some, double None);

/// <summary>The product's pool, with a clock. Slices must not run loops of their own.</summary>
internal sealed class MeteredCompute(ComputePool pool) : ICompute, IDisposable
{
    private readonly Lock _gate = new();
    private readonly long[] _ticks = new long[pool.Workers + 1];
    private long _changed = Stopwatch.GetTimestamp();
    private int _computing;

    public int Workers => pool.Workers;

    /// <summary>Since the beginning.</summary>
    public Occupation Occupation
    {
        get
        {
            Change(0);
            lock (_gate)
            {
                double unit = 1.0 / Stopwatch.Frequency;
                return new Occupation(_ticks.Index().Sum(entry => entry.Index * entry.Item) * unit, _ticks[1..^1].Sum() * unit, _ticks[0] * unit);
            }
        }
    }

    public Task<T> Run<T>(
        ComputePriority priority, ComputeAccount? account, Func<IParallel, T> work, CancellationToken cancellation = default) => pool.Run(
        priority,
        account,
        parallel =>
        {
            Change(1);
            try
            {
                return work(new MeteredParallel(this, parallel));
            }
            finally
            {
                Change(-1);
            }
        },
        cancellation);

    public void Dispose() => pool.Dispose();

    /// <summary>So many threads more compute from now on.</summary>
    private void Change(int by)
    {
        lock (_gate)
        {
            long now = Stopwatch.GetTimestamp();
            _ticks[_computing] += now - _changed;
            (_changed, _computing) = (now, _computing + by);
        }
    }

    private sealed class MeteredParallel(MeteredCompute compute, IParallel parallel) : IParallel
    {
        public int Workers => parallel.Workers;

        public void For(int slices, Action<int> body)
        {
            compute.Change(-1);
            try
            {
                parallel.For(slices, slice =>
                {
                    compute.Change(1);
                    try
                    {
                        body(slice);
                    }
                    finally
                    {
                        compute.Change(-1);
                    }
                });
            }
            finally
            {
                compute.Change(1);
            }
        }
    }
}
