using System.Diagnostics;

namespace OrleansCluster.Bench.Load;

/// <summary>What a loop saw.</summary>
internal sealed class Observed
{
    private readonly List<long> _latencies = [];
    private TimeSpan? _before;

    /// <param name="warm">Seconds before it is measured.</param>
    /// <param name="seconds">Seconds for which it is.</param>
    public Observed(double warm, double seconds)
    {
        From = Stopwatch.GetTimestamp() + (long)(warm * Stopwatch.Frequency);
        Until = From + (long)(seconds * Stopwatch.Frequency);
    }

    public long Answered => _latencies.Count;

    public long TurnedAway { get; private set; }

    public long Failed { get; private set; }

    /// <summary>Questions whose time was over before a connection was free for them.</summary>
    public long Unsent { get; private set; }

    /// <summary>From when until when it was measured: timestamps.</summary>
    public long From { get; }

    public long Until { get; }

    /// <summary>Processor time of this process meanwhile.</summary>
    public TimeSpan Processor { get; private set; }

    public double Seconds => Stopwatch.GetElapsedTime(From, Until).TotalSeconds;

    /// <summary>Notes what became of a question that was due at the given time.</summary>
    public void Note(Told told, long due, long now)
    {
        if (now < From || now >= Until)
            return;
        if (told == Told.Answered)
            _latencies.Add(now - due);
        else if (told == Told.TurnedAway)
            TurnedAway++;
        else
            Failed++;
    }

    /// <summary>Notes questions for which no connection was free.</summary>
    public void NoteUnsent(long due, long count = 1) => Unsent += due >= From && due < Until ? count : 0;

    /// <summary>Notes the time; whether it goes on.</summary>
    public bool GoesOn(long now)
    {
        if (_before is null && now >= From)
            _before = Environment.CpuUsage.TotalTime;
        if (now < Until)
            return true;
        Processor = Environment.CpuUsage.TotalTime - _before ?? TimeSpan.Zero;
        return false;
    }

    /// <summary>Latencies of what was answered, ascending, in milliseconds.</summary>
    public double[] Latencies() => [.. _latencies.Select(ticks => ticks * 1e3 / Stopwatch.Frequency).Order()];
}
