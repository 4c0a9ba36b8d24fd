using System.Collections.Immutable;
using OrleansCluster.Numerics.Training;

namespace OrleansCluster.Training;

/// <summary>
/// What happened in a run, in order, with how long it took. Part of every checkpoint. Positions in it are the cursors of progress:
/// a run that goes on from an older checkpoint repeats the same entries at the same positions.
/// </summary>
internal sealed class TrainingTrace
{
    private const int NewestIterations = 1000;
    private const int OfJob = -1;

    private readonly List<object> _entries = [];
    private double _sinceIteration;

    /// <summary>How many entries there are.</summary>
    public long Count => _entries.Count;

    public double InitSeconds { get; private set; }

    public double IterateSeconds { get; private set; }

    public double TotalSeconds => InitSeconds + IterateSeconds;

    /// <summary>The newest iteration of all; null before the first.</summary>
    public IterationRecord? Newest { get; private set; }

    public IEnumerable<IterationRecord> Iterations => _entries.OfType<IterationRecord>();

    public IEnumerable<RestartRecord> Restarts => _entries.OfType<RestartRecord>();

    /// <summary>Warnings, each with the restart that it is of, or −1: of the job.</summary>
    public IEnumerable<(int Restart, string Message)> Warnings => _entries.OfType<TrainingWarning>().Select(warning => (warning.Restart, warning.Message));

    /// <summary>Adds what a step told.</summary>
    /// <param name="events">In order.</param>
    /// <param name="phase">The phase that the step belonged to.</param>
    /// <param name="seconds">How long the step took.</param>
    /// <returns>The iterations that ended.</returns>
    public ImmutableArray<IterationRecord> Add(IReadOnlyList<TrainingEvent> events, string phase, double seconds)
    {
        if (phase is JobPhases.Prepare or JobPhases.Survey or JobPhases.Init)
        {
            InitSeconds += seconds;
        }
        else
        {
            IterateSeconds += seconds;
            _sinceIteration += seconds;
        }

        var ended = ImmutableArray.CreateBuilder<IterationRecord>();
        foreach (TrainingEvent happened in events)
        {
            switch (happened)
            {
                case IterationEnded i:
                    Newest = new IterationRecord
                    {
                        Restart = i.Restart,
                        Iteration = i.Iteration,
                        Objective = i.Objective,
                        Shift = i.Shift,
                        Moved = i.Moved,
                        Distances = i.Distances,
                        Seconds = _sinceIteration,
                    };
                    _sinceIteration = 0;
                    _entries.Add(Newest);
                    ended.Add(Newest);
                    break;
                case RestartEnded r:
                    _entries.Add(new RestartRecord { Restart = r.Restart, Iterations = r.Iterations, Objective = r.Objective, Stop = r.Stop });
                    _sinceIteration = 0;
                    break;
                case TrainingWarning w:
                    _entries.Add(w);
                    break;
            }
        }

        return ended.ToImmutable();
    }

    /// <summary>Adds a warning of the coordinator itself.</summary>
    public void Warn(string message) => _entries.Add(new TrainingWarning(OfJob, message));

    /// <summary>What happened after a cursor; of iterations at most the newest thousand.</summary>
    public (ImmutableArray<IterationRecord> Iterations, ImmutableArray<string> Warnings) After(long cursor)
    {
        int from = (int)Math.Clamp(cursor, 0, _entries.Count);
        var iterations = new Queue<IterationRecord>();
        var warnings = ImmutableArray.CreateBuilder<string>();
        for (int i = from; i < _entries.Count; i++)
        {
            if (_entries[i] is TrainingWarning warning)
            {
                // Which clusters of a model they are about is not known yet.
                warnings.Add(ClusterMark.Lose(warning.Message));
            }
            else if (_entries[i] is IterationRecord iteration)
            {
                iterations.Enqueue(iteration);
                if (iterations.Count > NewestIterations)
                    iterations.Dequeue();
            }
        }

        return ([.. iterations], warnings.ToImmutable());
    }

    public void Write(BinaryWriter writer)
    {
        writer.Write(InitSeconds);
        writer.Write(IterateSeconds);
        writer.Write(_sinceIteration);
        writer.Write(_entries.Count);
        foreach (object entry in _entries)
        {
            switch (entry)
            {
                case IterationRecord i:
                    writer.Write((byte)1);
                    writer.Write(i.Restart);
                    writer.Write(i.Iteration);
                    writer.Write(i.Objective);
                    writer.Write(i.Shift);
                    writer.Write(i.Moved);
                    writer.Write(i.Distances);
                    writer.Write(i.Seconds);
                    break;
                case RestartRecord r:
                    writer.Write((byte)2);
                    writer.Write(r.Restart);
                    writer.Write(r.Iterations);
                    writer.Write(r.Objective);
                    writer.Write(r.Stop);
                    break;
                case TrainingWarning w:
                    writer.Write((byte)4);
                    writer.Write(w.Restart);
                    writer.Write(w.Message);
                    break;
            }
        }
    }

    /// <exception cref="InvalidDataException">The bytes are no trace.</exception>
    public static TrainingTrace Read(BinaryReader reader)
    {
        var trace = new TrainingTrace
        {
            InitSeconds = reader.ReadDouble(),
            IterateSeconds = reader.ReadDouble(),
            _sinceIteration = reader.ReadDouble(),
        };
        int count = reader.ReadInt32();
        for (int i = 0; i < count; i++)
        {
            switch (reader.ReadByte())
            {
                case 1:
                    trace.Newest = new IterationRecord
                    {
                        Restart = reader.ReadInt32(),
                        Iteration = reader.ReadInt32(),
                        Objective = reader.ReadDouble(),
                        Shift = reader.ReadDouble(),
                        Moved = reader.ReadInt64(),
                        Distances = reader.ReadInt64(),
                        Seconds = reader.ReadDouble(),
                    };
                    trace._entries.Add(trace.Newest);
                    break;
                case 2:
                    trace._entries.Add(new RestartRecord
                    {
                        Restart = reader.ReadInt32(),
                        Iterations = reader.ReadInt32(),
                        Objective = reader.ReadDouble(),
                        Stop = reader.ReadString(),
                    });
                    break;
                case 3:
                    // As earlier builds wrote them, without the restart.
                    trace._entries.Add(new TrainingWarning(OfJob, reader.ReadString()));
                    break;
                case 4:
                    trace._entries.Add(new TrainingWarning(reader.ReadInt32(), reader.ReadString()));
                    break;
                default:
                    throw new InvalidDataException("The trace of a checkpoint holds an entry of an unknown kind.");
            }
        }

        return trace;
    }
}
