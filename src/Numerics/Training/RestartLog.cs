namespace OrleansCluster.Numerics.Training;

/// <summary>What a training keeps of its restarts: how each ended, and what was worth a warning.</summary>
/// <param name="restarts">How many there are to be: a warning of several names its own.</param>
internal sealed class RestartLog(int restarts)
{
    private readonly List<RestartEnded> ended = [];
    private readonly List<string> warnings = [];

    /// <summary>In order.</summary>
    public IReadOnlyList<RestartEnded> Ended => ended;

    /// <summary>In order.</summary>
    public IReadOnlyList<string> Warnings => warnings;

    public void End(RestartEnded restart, List<TrainingEvent> events)
    {
        ended.Add(restart);
        events.Add(restart);
    }

    public void Warn(int restart, string message, List<TrainingEvent> events)
    {
        string told = restarts == 1 ? message : $"Restart {restart}: {message}";
        warnings.Add(told);
        events.Add(new TrainingWarning(restart, told));
    }

    public void Write(ByteWriter writer)
    {
        writer.Int32(ended.Count);
        foreach (RestartEnded restart in ended)
        {
            writer.Int32(restart.Restart);
            writer.Int32(restart.Iterations);
            writer.Double(restart.Objective);
            writer.String(restart.Stop);
        }

        writer.Int32(warnings.Count);
        foreach (string warning in warnings)
            writer.String(warning);
    }

    /// <summary>Takes in what <see cref="Write"/> wrote.</summary>
    public void Read(ByteReader reader)
    {
        for (int left = reader.Length(20); left > 0; left--)
            ended.Add(new RestartEnded(reader.Int32(), reader.Int32(), reader.Double(), reader.String()));
        for (int left = reader.Length(4); left > 0; left--)
            warnings.Add(reader.String());
    }
}
