using OrleansCluster.Numerics.Parallelism;

namespace OrleansCluster.Compute;

/// <content>Loops of computations: how their slices are dealt out, and what goes between two of them.</content>
public sealed partial class ComputePool
{
    /// <summary>Serves whoever waits; called between two slices of a training loop.</summary>
    private void ServeWaiting()
    {
        while (Volatile.Read(ref _servingCount) != 0)
        {
            Found found;
            lock (_lock)
                found = Find(ComputePriority.Serving, loops: false);
            if (found.IsNothing)
                return;
            Do(found);
        }
    }

    /// <summary>
    /// Between two slices of a training loop: serves whoever waits, rests for what is answered elsewhere, and lets shares go first that are behind. Who only
    /// helps leaves for that; who owns the loop, and must stay, works for them here. A loop that is waited for was begun before whatever its helpers wait for,
    /// so that nobody waits in a circle.
    /// </summary>
    /// <returns>Whether the thread goes on with the loop.</returns>
    private bool GoesOn(ParallelLoop loop, bool owns)
    {
        ServeWaiting();
        Rest(loop);
        // What was worked so far moves the clock.
        Switch(loop.Account);
        while (Volatile.Read(ref _trainedCount) > 1 && _nested < MostNested)
        {
            Found found;
            lock (_lock)
            {
                if (!owns && _nested == 0)
                    return !IsAnyBehind(loop.Account.Share);
                found = Find(ComputePriority.Training, loop.Account.Share, computations: _nested == 0);
            }

            if (found.IsNothing)
                break;
            _nested++;
            Do(found);
            _nested--;
        }

        return true;
    }

    private bool IsAnyBehind(ComputeShare share)
    {
        long clock = share.Clock;
        foreach (ComputeShare other in _trained)
        {
            ComputeShare.Lane its = other.Of(ComputePriority.Training);
            if (other != share && other.Clock < clock && (its.Items.Count > 0 || its.Loop() is not null))
                return true;
        }

        return false;
    }

    private void RunLoop(ComputePriority priority, ComputeAccount account, int slices, Action<int> body, CancellationToken cancellation)
    {
        // Nobody waits any more for an answer that was given up; a trainer that is broken off midway could not be gone on with.
        ParallelLoop loop = priority == ComputePriority.Training
            ? new(account, slices, body, GoesOn, CancellationToken.None) : new(account, slices, body, null, cancellation);
        bool shared = slices > 1;
        if (shared)
        {
            lock (_lock)
            {
                Occupy(account.Share, priority);
                account.Share.Of(priority).Loops.Add(loop);
                _arrivals++;
                Monitor.PulseAll(_lock);
            }
        }

        loop.TakePart(owns: true);
        if (shared)
        {
            lock (_lock)
            {
                account.Share.Of(priority).Loops.Remove(loop);
                Leave(account.Share, priority);
            }
        }

        // Who rests has no slice of it any more, and is waited for.
        if (priority == ComputePriority.Training)
            EndRests();
        // Waiting is not work.
        Switch(null);
        try
        {
            loop.Finish();
            if (priority == ComputePriority.Training)
                Rest(null);
        }
        finally
        {
            Switch(account);
        }
    }

    private sealed class PoolParallel(ComputePool pool, ComputePriority priority, ComputeAccount account, CancellationToken cancellation) : IParallel
    {
        public int Workers => pool.Workers;

        public void For(int slices, Action<int> body)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(slices);
            ArgumentNullException.ThrowIfNull(body);
            if (slices > 0)
                pool.RunLoop(priority, account, slices, body, cancellation);
        }
    }
}
