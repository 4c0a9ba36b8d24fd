using System.Diagnostics;

namespace Orleans.Embedded;

/// <summary>Runs activations on the thread pool, each for a slice of time before others have their turn.</summary>
internal sealed class ThreadPoolTurnScheduler : ITurnScheduler
{
    private static readonly long s_slice = Stopwatch.Frequency / 10;

    public void Schedule(ITurnQueue queue) =>
        ThreadPool.UnsafeQueueUserWorkItem((IThreadPoolWorkItem)queue, preferLocal: true);

    /// <summary>Runs a queue until it is empty or its slice is over; then it goes to the end of the global line.</summary>
    public static void Run(TurnQueue queue)
    {
        // The clock is read once for several turns: reading it costs about as much as a short turn.
        const int TurnsBetweenLooks = 32;
        var start = Stopwatch.GetTimestamp();
        for (var turns = 1; queue.RunTurn(); turns++)
        {
            if (turns % TurnsBetweenLooks == 0 && Stopwatch.GetTimestamp() - start > s_slice)
            {
                ThreadPool.UnsafeQueueUserWorkItem(queue, preferLocal: false);
                return;
            }
        }
    }
}
