using System.Diagnostics;
using System.Runtime.InteropServices;

namespace OrleansCluster.Bench.Load;

/// <summary>What a loop saw.</summary>
internal sealed class Observed
{
    private readonly Lock _lock = new();
    private readonly List<long> _latencies = [];

    public long Answered { get; private set; }

    public long TurnedAway { get; private set; }

    public long Failed { get; private set; }

    /// <summary>Questions whose time was over before a connection was free for them.</summary>
    public long Unsent { get; set; }

    /// <summary>From when until when it was measured: timestamps.</summary>
    public long From { get; set; }

    public long Until { get; set; }

    /// <summary>Processor time of this process meanwhile.</summary>
    public TimeSpan Processor { get; set; }

    public double Seconds => Stopwatch.GetElapsedTime(From, Until).TotalSeconds;

    /// <summary>Notes what became of a question that was due at the given time.</summary>
    public void Note(Told told, long due)
    {
        long now = Stopwatch.GetTimestamp();
        if (now < From || now >= Until)
            return;
        lock (_lock)
        {
            if (told == Told.Answered)
            {
                Answered++;
                _latencies.Add(now - due);
            }
            else if (told == Told.TurnedAway)
            {
                TurnedAway++;
            }
            else
            {
                Failed++;
            }
        }
    }

    /// <summary>Latencies of what was answered, ascending, in milliseconds.</summary>
    public double[] Latencies()
    {
        lock (_lock)
            return [.. _latencies.Select(ticks => ticks * 1e3 / Stopwatch.Frequency).Order()];
    }
}

/// <summary>Ways to put load on a service.</summary>
internal static partial class Loops
{
    /// <summary>Each connection asks again as soon as it is answered: what the service does at most.</summary>
    public static async Task<Observed> ClosedAsync(ILine[] lines, double warm, double seconds)
    {
        Observed observed = Begin(warm, seconds);
        Task ends = MeasureAsync(observed);
        await Task.WhenAll(lines.Select((line, place) => Task.Run(async () =>
        {
            for (int number = place; Stopwatch.GetTimestamp() < observed.Until; number++)
            {
                long begun = Stopwatch.GetTimestamp();
                Told told = await line.AskAsync(number).ConfigureAwait(false);
                observed.Note(told, begun);
                if (told == Told.Failed)
                    await Task.Delay(10).ConfigureAwait(false);
            }
        }))).ConfigureAwait(false);
        await ends.ConfigureAwait(false);
        return observed;
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
    public static async Task<Observed> OpenAsync(ILine[] lines, double rate, double patience, double warm, double seconds)
    {
        Observed observed = Begin(warm, seconds);
        Task ends = MeasureAsync(observed);
        var desk = new Desk(lines, observed, (long)(patience * Stopwatch.Frequency));
        var clock = new Thread(() =>
        {
            long begin = Stopwatch.GetTimestamp();
            for (long number = 0; ; number++)
            {
                long due = begin + (long)(number * Stopwatch.Frequency / rate);
                if (due >= observed.Until)
                    return;
                for (long now = Stopwatch.GetTimestamp(); now < due; now = Stopwatch.GetTimestamp())
                    Wait(Stopwatch.GetElapsedTime(now, due));
                desk.Take(due);
            }
        })
        { IsBackground = true };
        clock.Start();
        await ends.ConfigureAwait(false);
        clock.Join();
        await desk.EmptiedAsync(TimeSpan.FromSeconds(5)).ConfigureAwait(false);
        return observed;
    }

    private static Observed Begin(double warm, double seconds)
    {
        long from = Stopwatch.GetTimestamp() + (long)(warm * Stopwatch.Frequency);
        return new Observed { From = from, Until = from + (long)(seconds * Stopwatch.Frequency) };
    }

    private static async Task MeasureAsync(Observed observed)
    {
        await DelayAsync(observed.From).ConfigureAwait(false);
        TimeSpan before = Process.GetCurrentProcess().TotalProcessorTime;
        await DelayAsync(observed.Until).ConfigureAwait(false);
        observed.Processor = Process.GetCurrentProcess().TotalProcessorTime - before;
    }

    private static Task DelayAsync(long until) =>
        Stopwatch.GetTimestamp() is var now && now < until ? Task.Delay(Stopwatch.GetElapsedTime(now, until)) : Task.CompletedTask;

    /// <summary>The runtime's own sleep is never shorter than a millisecond.</summary>
    private static void Wait(TimeSpan time)
    {
        if (OperatingSystem.IsWindows())
            Thread.Sleep(0);
        else
            _ = Sleep([0, Math.Min((long)time.TotalNanoseconds, 999_999_999)], 0);
    }

    [LibraryImport("libc", EntryPoint = "nanosleep")]
    private static partial int Sleep(long[] time, nint rest);

    /// <summary>Hands what is due to connections that are free.</summary>
    private sealed class Desk(ILine[] lines, Observed observed, long patience)
    {
        private readonly Lock _lock = new();
        private readonly Queue<long> _due = new();
        private readonly Stack<ILine> _free = new(lines);
        private int _number;

        public void Take(long due)
        {
            ILine? line;
            lock (_lock)
            {
                if (!_free.TryPop(out line) && patience > 0)
                    _due.Enqueue(due);
                else if (line is null && due >= observed.From)
                    observed.Unsent++;
            }

            if (line is not null)
                _ = WorkAsync(line, due);
        }

        /// <summary>Waits until all connections are free.</summary>
        public async Task EmptiedAsync(TimeSpan most)
        {
            for (long begun = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(begun) < most; await Task.Delay(10).ConfigureAwait(false))
            {
                lock (_lock)
                {
                    if (_free.Count == lines.Length)
                        return;
                }
            }
        }

        private async Task WorkAsync(ILine line, long due)
        {
            while (true)
            {
                observed.Note(await line.AskAsync(Interlocked.Increment(ref _number) & int.MaxValue).ConfigureAwait(false), due);
                lock (_lock)
                {
                    long now = Stopwatch.GetTimestamp();
                    while (_due.TryPeek(out due) && now - due > patience)
                    {
                        _due.Dequeue();
                        observed.Unsent += now >= observed.From ? 1 : 0;
                    }

                    if (now >= observed.Until || !_due.TryDequeue(out due))
                    {
                        _free.Push(line);
                        return;
                    }
                }
            }
        }
    }
}
