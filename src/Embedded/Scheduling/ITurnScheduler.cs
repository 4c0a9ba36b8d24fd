namespace Orleans.Embedded;

/// <summary>The turns that one activation has ready, in order.</summary>
public interface ITurnQueue
{
    /// <summary>Runs the next turn on this thread.</summary>
    /// <returns>Whether more turns are ready: then the queue must be run again, and nobody else will ask for it.</returns>
    bool RunTurn();
}

/// <summary>Decides when and on which thread activations run their turns. A queue is never run by two threads at once.</summary>
public interface ITurnScheduler
{
    /// <summary>A queue that had no turns has one now.</summary>
    /// <param name="queue">The queue. Run it until it has no more.</param>
    void Schedule(ITurnQueue queue);
}
