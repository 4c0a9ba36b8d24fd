using System.Diagnostics;

namespace OrleansCluster.Bench.Load;

/// <summary>Ways to put load on a service, on one thread.</summary>
internal static class Loops
{
    /// <summary>How long a connection rests that failed.</summary>
    private static readonly long Rest = Stopwatch.Frequency / 100;

    /// <summary>How long an answer is waited for before what fell due is looked at.</summary>
    private static readonly long Breath = Stopwatch.Frequency / 1000;

    /// <summary>Each connection asks again as soon as it is answered: what the service does at most.</summary>
    public static Observed Closed(Line[] lines, double warm, double seconds)
    {
        var observed = new Observed(warm, seconds);
        using var poller = new Poller();
        var resting = new Queue<(int Place, long Until)>(lines.Select((_, place) => (place, 0L)));
        int number = 0;
        for (long now = Stopwatch.GetTimestamp(); observed.GoesOn(now); now = Stopwatch.GetTimestamp())
        {
            (int Place, long Until) rested;
            while (resting.TryPeek(out rested) && rested.Until <= now)
                Ask(resting.Dequeue().Place, now);
            int ready = poller.Wait(Until(resting.TryPeek(out rested) ? Math.Min(rested.Until, observed.Until) : observed.Until));
            now = Stopwatch.GetTimestamp();
            for (int i = 0; i < ready; i++)
            {
                int place = poller[i];
                if (lines[place].Receive() is not { } told)
                    continue;
                observed.Note(told, lines[place].Due, now);
                if (told == Told.Failed)
                    resting.Enqueue((place, now + Rest));
                else
                    Ask(place, Stopwatch.GetTimestamp());
            }
        }

        return observed;

        void Ask(int place, long due)
        {
            if (lines[place].Ask(poller, place, number++ & int.MaxValue, due))
                return;
            observed.Note(Told.Failed, due, due);
            resting.Enqueue((place, due + Rest));
        }
    }

    /// <summary>
    /// Questions fall due at a rate, whether those before them are answered or not, and their latencies count from when they were due: a service that stalls
    /// is not asked less for it.
    /// </summary>
    /// <param name="lines">Connections: what is due waits for a free one.</param>
    /// <param name="rate">Questions a second.</param>
    /// <param name="patience">Seconds after which what is due is given up where no connection was free for it; 0: at once.</param>
    /// <param name="warm">Seconds before it is measured.</param>
    /// <param name="seconds">Seconds for which it is.</param>
    public static Observed Open(Line[] lines, double rate, double patience, double warm, double seconds)
    {
        var observed = new Observed(warm, seconds);
        using var poller = new Poller();
        var free = new Stack<int>(Enumerable.Range(0, lines.Length));
        var waiting = new Queue<long>();
        (long begin, long number, int asked) = (Stopwatch.GetTimestamp(), 0, 0);
        long longest = (long)(patience * Stopwatch.Frequency);
        for (long now = begin; observed.GoesOn(now); now = Stopwatch.GetTimestamp())
        {
            AskDue(now);
            // While no connection is free nothing can be sent: looking at what falls due meanwhile would take the core that the service has left.
            Take(poller.Wait(Until(Math.Min(free.Count == 0 ? now + Breath : DueAt(number), observed.Until))));
        }

        // Nobody is left in the middle of an answer.
        for (long now = observed.Until; free.Count < lines.Length && Stopwatch.GetElapsedTime(now) < TimeSpan.FromSeconds(5);)
            Take(poller.Wait(TimeSpan.FromMilliseconds(100)), goesOn: false);
        return observed;

        long DueAt(long which) => begin + (long)(which * Stopwatch.Frequency / rate);

        void AskDue(long now)
        {
            for (; DueAt(number) <= now; number++)
                waiting.Enqueue(DueAt(number));
            while (waiting.TryPeek(out long due))
            {
                // One that no connection was free for is given up, but not for this loop's own lateness.
                if (now - due > longest && (longest > 0 || free.Count == 0))
                {
                    observed.NoteUnsent(waiting.Dequeue());
                    continue;
                }

                if (!free.TryPop(out int place))
                    return;
                waiting.Dequeue();
                if (lines[place].Ask(poller, place, asked++ & int.MaxValue, due))
                    continue;
                observed.Note(Told.Failed, due, now);
                free.Push(place);
            }
        }

        void Take(int ready, bool goesOn = true)
        {
            long now = Stopwatch.GetTimestamp();
            for (int i = 0; i < ready; i++)
            {
                int place = poller[i];
                if (lines[place].Receive() is not { } told)
                    continue;
                observed.Note(told, lines[place].Due, now);
                free.Push(place);
                // What is due goes out by the connection that was just looked at, and not after all others.
                if (goesOn)
                    AskDue(Stopwatch.GetTimestamp());
            }
        }
    }

    private static TimeSpan Until(long time) => Stopwatch.GetTimestamp() is var now && now < time ? Stopwatch.GetElapsedTime(now, time) : TimeSpan.Zero;
}
