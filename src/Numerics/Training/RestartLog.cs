using OrleansCluster.Numerics.Encoding;

namespace OrleansCluster.Numerics.Training;

/// <summary>
/// What a training keeps of its restarts: how each ended, why some failed, and what is worth a warning. What happened in a restart is told only of the one
/// that is kept, and only at the end: of the others nothing is left that it could be said of.
/// </summary>
/// <param name="restarts">How many there are to be.</param>
internal sealed class RestartLog(int restarts)
{
    private const int MostReasons = 3;

    private readonly List<RestartEnded> _ended = [];
    private readonly List<string> _warnings = [];
    private readonly List<(int Restart, string Reason, string Advice)> _failures = [];
    private List<(string Message, TrainingScope Scope)> _running = [];
    private List<(string Message, TrainingScope Scope)> _kept = [];

    /// <summary>In order.</summary>
    public IReadOnlyList<RestartEnded> Ended => _ended;

    /// <summary>Those told so far, in order.</summary>
    public IReadOnlyList<string> Warnings => _warnings;

    /// <summary>A restart begins.</summary>
    public void Begin() => _running = [];

    /// <summary>Notes what is to be told of the restart under way if it is kept.</summary>
    public void Note(string message, TrainingScope scope = TrainingScope.Clusters) => _running.Add((message, scope));

    /// <summary>The clusters that the restart under way has told of are no longer at their positions.</summary>
    public void Lose() => _running = [.. _running.Select(note => (ClusterMark.Lose(note.Message), note.Scope))];

    /// <summary>The restart under way ended.</summary>
    /// <param name="restart">How.</param>
    /// <param name="best">Whether it is the one to keep, so far.</param>
    /// <param name="events">What is worth telling.</param>
    public void End(RestartEnded restart, bool best, List<TrainingEvent> events)
    {
        _ended.Add(restart);
        events.Add(restart);
        if (best)
            _kept = _running;
    }

    /// <summary>The restart under way cannot go on.</summary>
    /// <param name="restart">From 0.</param>
    /// <param name="iterations">Iterations that it finished.</param>
    /// <param name="failed">Why.</param>
    /// <param name="events">What is worth telling.</param>
    public void Fail(int restart, int iterations, TrainingException failed, List<TrainingEvent> events)
    {
        _failures.Add((restart, failed.Reason, failed.Advice));
        End(new RestartEnded(restart, iterations, double.NaN, RestartEnded.Failed), false, events);
    }

    /// <summary>Tells a warning at once.</summary>
    public void Warn(TrainingWarning warning, List<TrainingEvent> events)
    {
        _warnings.Add(warning.Message);
        events.Add(warning);
    }

    /// <summary>All restarts ended: tells which failed, and what is to be told of the one that is kept.</summary>
    /// <exception cref="TrainingException">All failed.</exception>
    public void Finish(List<TrainingEvent> events)
    {
        int last = restarts - 1;
        if (_failures.Count == restarts)
            throw new TrainingException(
                restarts == 1 ? $"{_failures[0].Reason}: {_failures[0].Advice}" : $"All {restarts} restarts failed. {Reasons()}", TrainingScope.Clusters);
        if (_failures.Count > 0)
            Warn(new TrainingWarning(last, $"{_failures.Count} of {restarts} restarts failed, and the best of the others is kept. {Reasons()}"), events);
        foreach ((string message, TrainingScope scope) in _kept)
            Warn(new TrainingWarning(last, message, scope), events);
    }

    public void Write(ByteWriter writer)
    {
        writer.Int32(_ended.Count);
        foreach (RestartEnded restart in _ended)
        {
            writer.Int32(restart.Restart);
            writer.Int32(restart.Iterations);
            writer.Double(restart.Objective);
            writer.String(restart.Stop);
        }

        writer.Int32(_warnings.Count);
        foreach (string warning in _warnings)
            writer.String(warning);
        Write(writer, _running);
        Write(writer, _kept);
        writer.Int32(_failures.Count);
        foreach ((int restart, string reason, string advice) in _failures)
        {
            writer.Int32(restart);
            writer.String(reason);
            writer.String(advice);
        }
    }

    /// <summary>Takes in what <see cref="Write(ByteWriter)"/> wrote.</summary>
    /// <param name="reader">At its beginning.</param>
    /// <param name="asOne">Whether an earlier build wrote it, which told every warning at once and went no further than the first failure.</param>
    public void Read(ByteReader reader, bool asOne)
    {
        for (int left = reader.Length(20); left > 0; left--)
            _ended.Add(new RestartEnded(reader.Int32(), reader.Int32(), reader.Double(), reader.String()));
        for (int left = reader.Length(4); left > 0; left--)
            _warnings.Add(reader.String());
        if (asOne)
            return;
        Read(reader, _running);
        Read(reader, _kept);
        for (int left = reader.Length(12); left > 0; left--)
            _failures.Add((reader.Int32(), reader.String(), reader.String()));
    }

    private static void Write(ByteWriter writer, List<(string Message, TrainingScope Scope)> notes)
    {
        writer.Int32(notes.Count);
        foreach ((string message, TrainingScope scope) in notes)
        {
            writer.String(message);
            writer.Byte((byte)scope);
        }
    }

    private static void Read(ByteReader reader, List<(string Message, TrainingScope Scope)> notes)
    {
        for (int left = reader.Length(5); left > 0; left--)
            notes.Add((reader.String(), (TrainingScope)reader.Byte()));
    }

    /// <summary>Each reason once, with the restarts that it ended, and then each advice once.</summary>
    private string Reasons()
    {
        IGrouping<string, int>[] reasons = [.. _failures.GroupBy(failure => failure.Reason, failure => failure.Restart, StringComparer.Ordinal)];
        IEnumerable<string> told = reasons.Take(MostReasons)
            .Select(reason => $"{(reason.Count() == 1 ? "Restart" : "Restarts")} {string.Join(", ", reason)}: {reason.Key}.");
        string more = reasons.Length > MostReasons ? $" And {reasons.Length - MostReasons} more reasons." : "";
        IEnumerable<string> advice = _failures.Select(failure => failure.Advice).Distinct(StringComparer.Ordinal).Take(MostReasons)
            .Select(one => char.ToUpperInvariant(one[0]) + one[1..]);
        return $"{string.Join(' ', told)}{more} {string.Join(' ', advice)}";
    }
}
