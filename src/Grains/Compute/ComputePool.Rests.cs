using System.Diagnostics;

namespace OrleansCluster.Compute;

/// <content>
/// How training leaves cores to answering, beside being nice. A question passes through several threads, and each of them waits where cores compute: a thread
/// that gives its core away for a moment, as those of the runtime do between two pieces of work, gets it back from one that computes at the next tick of the
/// clock (4 ms), and threads that wait are not taken over by a core that always has something to do. So threads of a training rest after slices, the more
/// the more is asked.
/// </content>
public sealed partial class ComputePool
{
    /// <summary>How long threads rest for each question, all together: some times as long as one takes that comes alone.</summary>
    private static readonly TimeSpan ForQuestion = TimeSpan.FromMilliseconds(0.8);

    /// <summary>The longest rest, after a slice of about a millisecond: what trains has at least a fifth of what niceness leaves it.</summary>
    private static readonly TimeSpan LongestRest = TimeSpan.FromMilliseconds(4);

    /// <summary>The shortest that a thread can sleep.</summary>
    private static readonly TimeSpan ShortestRest = TimeSpan.FromMilliseconds(1);

    /// <summary>How many questions there had been when the thread looked, and how long it still has to rest for them.</summary>
    [ThreadStatic]
    private static long _seenQuestions;

    [ThreadStatic]
    private static TimeSpan _owedRest;

    private readonly bool _givesWay;
    private readonly object _rest = new();
    private long _questions;

    /// <summary>Threads that rest: looked at without the lock.</summary>
    private int _resting;

    private void NoteQuestion()
    {
        if (_givesWay)
            Interlocked.Increment(ref _questions);
    }

    /// <summary>Wakes who rests: there is something to be answered here, or to go on with.</summary>
    private void EndRests()
    {
        if (Volatile.Read(ref _resting) == 0)
            return;
        lock (_rest)
            Monitor.PulseAll(_rest);
    }

    /// <summary>Rests for what was asked since the last time, but for what is to be answered here.</summary>
    /// <param name="loop">What the thread is in the middle of: it rests while that has slices; null: nothing that anybody waits for.</param>
    private void Rest(ParallelLoop? loop)
    {
        if (!_givesWay || loop is { HasSlices: false })
            return;
        long questions = Interlocked.Read(ref _questions);
        _owedRest = RestFor(questions - _seenQuestions, Workers, _owedRest);
        _seenQuestions = questions;
        if (_owedRest < ShortestRest)
            return;
        // Nobody is charged for it.
        Switch(null);
        long begun = Stopwatch.GetTimestamp();
        for (TimeSpan left = _owedRest; left > TimeSpan.Zero && loop is not { HasSlices: false }; left = _owedRest - Stopwatch.GetElapsedTime(begun))
        {
            lock (_rest)
            {
                Interlocked.Increment(ref _resting);
                if (Volatile.Read(ref _servingCount) == 0 && !Volatile.Read(ref _stopped) && loop is not { HasSlices: false })
                    Monitor.Wait(_rest, left);
                Interlocked.Decrement(ref _resting);
            }

            ServeWaiting();
        }

        _owedRest = TimeSpan.Zero;
    }

    /// <summary>How long a thread has to rest.</summary>
    /// <param name="questions">What was asked since it last looked.</param>
    /// <param name="threads">How many share the rest.</param>
    /// <param name="owed">What it still has to rest for those before.</param>
    internal static TimeSpan RestFor(long questions, int threads, TimeSpan owed)
    {
        TimeSpan all = owed + (Math.Min(questions, short.MaxValue) * ForQuestion / threads);
        return all < LongestRest ? all : LongestRest;
    }
}
